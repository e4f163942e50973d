"""Parties for phrases: who a noun, a pronoun or "the two sides" is, by mentions and by what was named before."""

from collections.abc import Iterable

from spacy.tokens import Doc, Span, Token

from schemas.tags import Actor, ActorType
from transforms.tagging import arguments, grammar
from transforms.tagging.gazetteer import slugify, states
from transforms.tagging.parties import resolve_party
from transforms.tagging.places import mention_at, mentions_in
from transforms.tagging.spans import noun_phrase
from transforms.tagging.triggers import in_class

Parties = tuple[Actor, ...]

_COLLECTIVES = frozenset(
    "sides countries leaders parties nations governments states ministers presidents allies powers neighbors "
    "neighbours".split()
)
_SIDES = frozenset({"leaders", "sides", "parties", "ministers", "presidents"})
_LEADERS = frozenset({"leaders", "presidents", "ministers", "they", "both"})
_STATES = frozenset({"countries", "nations", "governments", "states", "neighbors", "neighbours"})
_PAIRING = frozenset({"two", "both", "three", "four"})
_OPENING_LIST = frozenset({"–", "—", "-", ":", "(", ",", "including", "namely"})
_JOINERS = frozenset({",", "and", "the", "of", "kingdom", "&", "as", "well", "both"})
_CONTINENTS = frozenset({"europe", "europeans", "africa", "africans", "arabs", "west", "asia"})
_HOSTS = frozenset({"host", "hosts", "convener", "organiser", "organizer"})
_HOSTING = frozenset({"convened", "hosted", "organised", "organized", "hosting", "hosts", "called"})
# Tokens back to the verb that tells who the host is.
_HOST_REACH = 400
# Sentences back to a coordination that "the two sides" can mean.
_SENTENCES_BACK = 12


def parties_of(head: Token, speaker: Actor | None = None) -> Parties:
    """Give the parties that a phrase and what is coordinated with it denote."""
    found: list[Actor] = []
    for one in grammar.conjuncts(head):
        phrase = noun_phrase(one)
        if in_class(one, "instrument") and mention_at(one) is None:
            continue
        mention = mention_at(one) or _person_with_title(one, phrase)
        if mention is not None:
            found.append(to_actor(mention))
        else:
            resolved = (
                _part_of(one)
                or _joint(phrase)
                or _host(one)
                or resolve_party(phrase, speaker=speaker)
                or _continent(phrase)
            )
            found.extend((_spelled_out(phrase) if _is_crowd(resolved) else ()) or resolved)
    return distinct(found)


def _is_crowd(parties: Parties) -> bool:
    return bool(parties) and all(actor.type is ActorType.GROUP for actor in parties)


def _spelled_out(phrase: Span) -> Parties:
    """Match "the founding states – Canada, Finland and Iceland": the members that follow the name of a group."""
    doc, place = phrase.doc, phrase.end
    opened = False
    while place < min(phrase.end + 3, len(doc)) and doc[place].lower_ in _OPENING_LIST:
        opened = opened or doc[place].text != ","
        place += 1
    members = _run_of_mentions(doc, place) if opened else []
    return distinct(to_actor(span) for span in members) if len(members) > 1 else ()


def _run_of_mentions(doc: Doc, start: int) -> list[Span]:
    """Give the mentions that stand side by side from a token on, joined by commas and "and"."""
    run: list[Span] = []
    place = start
    while place < len(doc):
        mention = mention_at(doc[place])
        if mention is not None and mention.start >= place:
            run.append(mention)
            place = mention.end
        elif doc[place].lower_ in _JOINERS:
            place += 1
        else:
            break
    return run


def _runs(doc: Doc, start: int, end: int) -> Parties:
    """Find mentions side by side that act together, where the parse does not show it: a verb follows them."""
    for span in mentions_in(doc[start:end]):
        run = _run_of_mentions(doc, span.start)
        follows = doc[run[-1].end] if run and run[-1].end < end else None
        if len(run) > 1 and follows is not None and grammar.is_verbal(follows):
            return distinct(to_actor(mention) for mention in run)
    return ()


def _part_of(head: Token) -> Parties:
    """Match "the UNITA leadership", "the Hamas military wing": a part acts for the whole."""
    if not in_class(head, "part"):
        return ()
    named = [mention_at(child) for child in head.lefts if grammar.base(child) in ("compound", "amod", "nmod", "poss")]
    return tuple(to_actor(mention) for mention in named[:1] if mention is not None)


def _person_with_title(head: Token, phrase: Span) -> Span | None:
    """Match "Defence Secretary Jane Roe", "the prosecutor, Jane Roe,": a person bears the office."""
    if not in_class(head, "office"):
        return None
    beside = [mention_at(child) for child in grammar.children(head, "appos")]
    named = [m for m in (*mentions_in(phrase)[-1:], *beside) if m is not None and m.start > head.i]
    return next((m for m in named if m._.mention.type is ActorType.PERSON and not _is_owner(m)), None)


def _is_owner(mention: Span) -> bool:
    return mention.root.dep_ in ("nmod:poss", "poss")


def _continent(phrase: Span) -> Parties:
    """Match "Europe", "the Europeans", "the West": a group that acts together without a name as a body."""
    if phrase[-1].lower_ not in _CONTINENTS or not phrase[-1].is_title:
        return ()
    return (Actor(f"group:{slugify(phrase[-1].text)}", phrase.text, ActorType.GROUP),)


def _host(head: Token) -> Parties:
    """Match "according to the host": who convened or hosted the meeting named before."""
    if head.lower_ not in _HOSTS:
        return ()
    for token in reversed(list(head.doc[max(0, head.i - _HOST_REACH) : head.i])):
        if token.lower_ in _HOSTING and grammar.is_verbal(token):
            hosts = [phrase.head for phrase in arguments.agents(token)] or grammar.own_subjects(token)
            found = distinct(actor for host in hosts for actor in named_by(host))
            if found:
                return found
    return ()


def _joint(phrase: Span) -> Parties:
    """Match "the two sides", "both countries", "the leaders": the parties last named together."""
    words = [token.lower_ for token in phrase]
    paired = bool(_PAIRING & set(words))
    bare = len(words) == 2 and words[0] == "the" and words[1] in _SIDES
    if (words[-1] in _COLLECTIVES and (paired or bare)) or words in (["they"], ["both"]):
        return _meeting(phrase) or _as_states(last_together(phrase.root), words[-1])
    return ()


def _meeting(phrase: Span) -> Parties:
    """Give the two leaders that the headline names, where "the two leaders" are meant."""
    sides: Parties = phrase.doc.user_data.get("sides", ())
    persons = bool(sides) and all(actor.type is ActorType.PERSON for actor in sides)
    return sides if persons and phrase[-1].lower_ in _LEADERS else ()


def _as_states(parties: Parties, word: str) -> Parties:
    """Read "both countries" after two leaders as the states that they lead."""
    if word not in _STATES:
        return parties
    led = (
        states()[actor.country] if actor.type is ActorType.PERSON and actor.country in states() else None
        for actor in parties
    )
    return distinct(
        Actor(f"state:{state.country}", state.name, ActorType.STATE, state.country) if state is not None else actor
        for state, actor in zip(led, parties, strict=True)
    )


def last_together(token: Token) -> Parties:
    """Find the parties that were last named side by side, in the token's sentence or before it."""
    doc, sentence = token.doc, token.sent
    found = _together(doc, sentence.start, token.i)
    for _ in range(_SENTENCES_BACK):
        if found or sentence.start == 0:
            break
        sentence = doc[sentence.start - 1].sent
        found = _together(doc, sentence.start, sentence.end)
    return found or _together(doc, token.i + 1, token.sent.end)


def _together(doc: Doc, start: int, end: int) -> Parties:
    cache: dict[tuple[int, int], Parties] = doc.user_data.setdefault("together", {})
    if (start, end) not in cache:
        cache[start, end] = next(filter(None, map(_side_by_side, doc[start:end])), ()) or _runs(doc, start, end)
    return cache[start, end]


def _side_by_side(token: Token) -> Parties:
    """Give the parties that the token heads in coordination, where they are the subject or between whom it is."""
    if not grammar.is_nominal(token) or token.dep_ == "conj" or not _leads(token):
        return ()
    heads = grammar.conjuncts(token)
    if len(heads) < 2:
        return ()
    found = distinct(a for head in heads for a in named_by(head))
    return found if len(found) > 1 and all(actor.type is not ActorType.GROUP for actor in found) else ()


def named_by(head: Token) -> Parties:
    """Give whom a single phrase names, without looking at what is coordinated with it."""
    mention = mention_at(head)
    return (to_actor(mention),) if mention is not None else resolve_party(noun_phrase(head))


def _leads(token: Token) -> bool:
    """Tell whether the phrase is a subject, stands in one ("envoys of Peru and Chile met") or after "between"."""
    if (
        token.dep_ in grammar.SUBJECTS
        or any(c.lower_ == "between" for c in token.lefts)
        or token.head.lower_ == "between"
    ):
        return True
    noun = token.head.head if token.dep_ == "pobj" else token.head
    return token.dep_ in ("nmod", "pobj") and noun.dep_ in grammar.SUBJECTS


def to_actor(span: Span) -> Actor:
    """Make the party of a mention."""
    mention = span._.mention
    return Actor(mention.actor_id, mention.name, mention.type, mention.country)


def distinct(actors: Iterable[Actor]) -> Parties:
    """Drop repeats; the first of each stays in its place."""
    return tuple({actor.actor_id: actor for actor in actors}.values())
