"""Who is bound, to whom, and who says so: parties for the phrases that the grammar points at."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from schemas.tags import Actor, ActorType, Kind
from transforms import grammar, speech
from transforms.candidate import Candidate
from transforms.gazetteer import slugify
from transforms.leaders import all_leaders
from transforms.parties import resolve_party
from transforms.places import mention_at, mentions_in, places_of
from transforms.spans import condition_of, noun_phrase
from transforms.triggers import in_class

Parties = tuple[Actor, ...]

# Prepositions that lead to whom an act is made or at whom it is aimed, at the trigger or in the act.
_TOWARDS = frozenset({"to", "with", "against", "on"})
_PLACING = frozenset(
    {"in", "at", "within", "via", "through", "under", "across", "inside", "outside", "near", "around", "by"}
)
_COLLECTIVES = frozenset(
    {
        "sides",
        "countries",
        "leaders",
        "parties",
        "nations",
        "governments",
        "states",
        "ministers",
        "presidents",
        "allies",
        "powers",
        "neighbors",
        "neighbours",
    }
)
_SIDES = frozenset({"leaders", "sides", "parties", "ministers", "presidents"})
_PAIRING = frozenset({"two", "both", "three", "four"})
_QUANTIFIERS = frozenset({"all", "many", "how", "no", "any", "every", "each", "most", "which", "what"})
# Whoever speaks without a name: shown in the words of the text.
_NAMELESS = frozenset(
    "official officials officer officers spokesman spokeswoman spokesperson spokesmen aide aides diplomat diplomats "
    "source sources lawmaker adviser advisor".split()
)
_SINGULAR = frozenset({"i", "me", "my", "myself"})
_PERSONAL = frozenset({"he", "she", "his", "her"})
_POSSESSIVES = frozenset({"its", "their", "his", "her"})
_PRONOUNS = frozenset({"it", "they", "he", "she"})
_STANCES = frozenset(
    {
        "stance",
        "position",
        "view",
        "decision",
        "move",
        "policy",
        "refusal",
        "approach",
        "pledge",
        "commitment",
        "promise",
        "step",
    }
)
_SHARING = frozenset({"shared", "echoed", "backed", "endorsed", "joined", "supported", "adopted", "followed", "taken"})
# Sentences back to a coordination that "the two sides" can mean.
_SENTENCES_BACK = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Roles:
    """The parties of one commitment; each tuple in text order, without repeats."""

    actors: Parties
    counterparties: Parties
    speaker: Actor | None


def find_roles(candidate: Candidate, act: Span) -> Roles | None:
    """Find the parties of a candidate; None where no party is bound."""
    source = _source(candidate)
    voice = _voice(source, candidate.anchor)
    actors = tuple(actor for actor in _bound(candidate, voice) if _is_public(actor, candidate))
    if not actors:
        return None
    speaker = _speaker(source, voice, actors)
    if _predicts(candidate, source, speaker, actors):
        return None
    taken = (*actors, *voice)
    return Roles(actors, _counterparties(candidate, act, voice, taken), speaker)


def _is_public(actor: Actor, candidate: Candidate) -> bool:
    """Tell whether the party acts in public affairs: an unknown person without office or country is private, and a
    bare crowd binds itself only in words of its own.
    """
    if actor.type is ActorType.GROUP and candidate.holder is not None:
        quantified = any(child.lower_ in _QUANTIFIERS for child in candidate.holder.children)
        return in_class(candidate.holder, "crowd") and not quantified
    if actor.type is not ActorType.PERSON or actor.country is not None:
        return True
    spans = places_of(candidate.anchor.doc).mentions
    return any(s._.mention.role for s in spans if s._.mention.actor_id == actor.actor_id) or any(
        leader.actor_id == actor.actor_id for leader in all_leaders()
    )


def _speaker(source: speech.Attribution | None, voice: Parties, actors: Parties) -> Actor | None:
    """Give who reports it, where that is not bound: a nameless official in the text's own words."""
    if (
        source is None
        or not voice
        or (_same(voice[0], actors) and len(actors) == 1 and not _is_nameless(source.source))
    ):
        return None
    if _is_nameless(source.source):
        phrase = noun_phrase(source.source)
        return Actor(f"group:{slugify(phrase.text)}", phrase.text, ActorType.GROUP, voice[0].country)
    return None if _same(voice[0], actors) else voice[0]


def _is_nameless(head: Token) -> bool:
    return head.lower_ in _NAMELESS and mention_at(head) is None


def _source(candidate: Candidate) -> speech.Attribution | None:
    found = speech.attribution(candidate.anchor) or speech.quoted_source(candidate.anchor)
    if found is None or found.word == candidate.anchor:
        return None
    return found


def _voice(source: speech.Attribution | None, anchor: Token) -> Parties:
    """Give who speaks: the source named, or the author of a document that speaks for itself."""
    if source is not None:
        return parties_of(source.source)
    return ()


def parties_of(head: Token, speaker: Actor | None = None) -> Parties:
    """Give the parties that a phrase and what is coordinated with it denote."""
    found: list[Actor] = []
    for one in grammar.conjuncts(head):
        phrase = noun_phrase(one)
        if in_class(one, "instrument") and mention_at(one) is None:
            continue
        mention = mention_at(one)
        if mention is not None:
            found.append(to_actor(mention))
        else:
            found.extend(_joint(phrase) or resolve_party(phrase, speaker=speaker))
    return _distinct(found)


def _bound(candidate: Candidate, voice: Parties) -> Parties:
    holder = candidate.holder
    if candidate.rule == "let-us":
        return voice[:1]
    if holder is None:
        return _unnamed(candidate, voice)
    if speech.is_first_person(holder):
        return _speaking(holder, voice or document_author(holder.doc)) or _last_together(holder)
    found = (
        _same_clause(candidate, holder, voice)
        or _qualifier(candidate)
        or parties_of(holder, voice[0] if voice else None)
    )
    return _distinct([*found, *_taken_along(candidate), *_sharers(candidate.anchor.sent)]) if found else ()


def _taken_along(candidate: Candidate) -> Parties:
    """ "withdrew Britain from the treaty": the state that a leader takes out is bound as he is."""
    if "exit" not in candidate.flags:
        return ()
    named = [
        actor for head in grammar.objects(candidate.anchor) for actor in _named(head) if mention_at(head) is not None
    ]
    return tuple(actor for actor in named if actor.type is ActorType.STATE)


def _same_clause(candidate: Candidate, pronoun: Token, voice: Parties) -> Parties:
    """Read a pronoun by grammar where it can be: "Poland kept its promise", "Hanoi said it would sign"."""
    word = pronoun.lower_
    if word in _POSSESSIVES:
        verb = grammar.governor(pronoun.head)
        owner = grammar.subject(verb) if verb is not None else None
        if owner is not None and owner != pronoun:
            own = () if speech.is_first_person(owner) else parties_of(owner)
            return tuple(actor for actor in own if _agrees(word, actor))
    if word in _PRONOUNS and voice and speech.attribution(candidate.anchor) is not None:
        return tuple(actor for actor in voice if _agrees(word, actor))
    return ()


def _agrees(pronoun: str, actor: Actor) -> bool:
    personal = actor.type is ActorType.PERSON
    return personal if pronoun in _PERSONAL else not personal or pronoun in ("they", "their")


def _qualifier(candidate: Candidate) -> Parties:
    """ "reaffirmed the U.S. commitment": who is bound stands before the noun."""
    if not candidate.rule.startswith("noun") or grammar.possessor(candidate.anchor) is not None:
        return ()
    mentions = [
        mention_at(child) for child in candidate.anchor.lefts if grammar.base(child) in ("compound", "amod", "nmod")
    ]
    return tuple(to_actor(m) for m in mentions if m is not None)


def _unnamed(candidate: Candidate, voice: Parties) -> Parties:
    """ "Officials say every claim will be assessed": an official's passive binds the body that he speaks for."""
    if candidate.rule.endswith("passive"):
        told = speech.attribution(candidate.anchor)
        direct = told is not None and candidate.anchor.head == told.word
        return voice if direct else ()
    if candidate.kind is Kind.AGREEMENT:
        return _settled_between(candidate, voice)
    return ()


def _settled_between(candidate: Candidate, voice: Parties) -> Parties:
    """ "the agreement reached between A and B", "a deal has been reached with A": who settled it."""
    found: list[Actor] = []
    for token in (candidate.anchor, candidate.act):
        for phrase in grammar.obliques(token):
            if phrase.word in ("between", "among"):
                found.extend(parties_of(phrase.head))
            elif phrase.word == "with":
                found.extend([*voice, *parties_of(phrase.head)])
    return _distinct(found) or _last_together(candidate.anchor)


def _speaking(pronoun: Token, voice: Parties) -> Parties:
    """ "We" binds the state or body that the speaker speaks for, "I" the speaker."""
    if pronoun.lower_ in _SINGULAR:
        return voice[:1]
    phrase = noun_phrase(pronoun)
    return _distinct(actor for party in voice for actor in resolve_party(phrase, speaker=party))


def document_author(doc: Doc) -> Parties:
    """Give whom the document speaks for, as the reader set it beforehand (`doc.user_data["author"]`)."""
    found: Parties = doc.user_data.get("author", ())
    return found


def _joint(phrase: Span) -> Parties:
    """ "the two sides", "both countries", "the leaders": the parties last named together."""
    words = [token.lower_ for token in phrase]
    paired = bool(_PAIRING & set(words))
    bare = len(words) == 2 and words[0] == "the" and words[1] in _SIDES
    if (words[-1] in _COLLECTIVES and (paired or bare)) or words in (["they"], ["both"]):
        return _last_together(phrase.root)
    return ()


def _last_together(token: Token) -> Parties:
    """Find the parties that were last named side by side, in the token's sentence or before it."""
    doc, sentence = token.doc, token.sent
    found = _together(doc, sentence.start, token.i)
    for _ in range(_SENTENCES_BACK):
        if found or sentence.start == 0:
            break
        sentence = doc[sentence.start - 1].sent
        found = _together(doc, sentence.start, sentence.end)
    return found


def _together(doc: Doc, start: int, end: int) -> Parties:
    cache: dict[tuple[int, int], Parties] = doc.user_data.setdefault("together", {})
    if (start, end) not in cache:
        cache[start, end] = next(filter(None, map(_side_by_side, doc[start:end])), ())
    return cache[start, end]


def _side_by_side(token: Token) -> Parties:
    """Give the parties that the token heads in coordination, where they are the subject or between whom it is."""
    if not grammar.is_nominal(token) or token.dep_ == "conj" or not _leads(token):
        return ()
    heads = grammar.conjuncts(token)
    if len(heads) < 2:
        return ()
    found = _distinct(a for head in heads for a in _named(head))
    return found if len(found) > 1 and all(actor.type is not ActorType.GROUP for actor in found) else ()


def _named(head: Token) -> Parties:
    mention = mention_at(head)
    return (to_actor(mention),) if mention is not None else resolve_party(noun_phrase(head))


def _leads(token: Token) -> bool:
    """Tell whether the phrase is a subject, stands in one ("ministers of Russia and Ukraine met") or after "between"."""
    if (
        token.dep_ in grammar.SUBJECTS
        or any(c.lower_ == "between" for c in token.lefts)
        or token.head.lower_ == "between"
    ):
        return True
    noun = token.head.head if token.dep_ == "pobj" else token.head
    return token.dep_ in ("nmod", "pobj") and noun.dep_ in grammar.SUBJECTS


def _sharers(sentence: Span) -> Parties:
    """ "..., a stance also shared by Italy and Poland": who is bound to the same."""
    found: list[Actor] = []
    for token in sentence:
        if (
            token.lower_ in _SHARING
            and token.head.lower_ in _STANCES
            and grammar.base(token) in ("acl", "amod", "relcl")
        ):
            for phrase in grammar.agents(token):
                found.extend(parties_of(phrase.head))
    return _distinct(found)


def _predicts(candidate: Candidate, source: speech.Attribution | None, speaker: Actor | None, actors: Parties) -> bool:
    """Tell whether a speaker foretells what others will do, which binds nobody."""
    if not candidate.entry_id.startswith("g:") or speaker is None or source is None:
        return False
    if speaker.type is ActorType.GROUP or speaker.country is None:
        return False
    return all(actor.country is not None and actor.country != speaker.country for actor in actors)


def _same(speaker: Actor, actors: Parties) -> bool:
    return any(speaker.actor_id == actor.actor_id for actor in actors)


def _counterparties(candidate: Candidate, act: Span, voice: Parties, taken: Sequence[Actor]) -> Parties:
    """Find to whom it is made, or at whom it is aimed: the first place in the clause that names others than the bound."""
    speaker = voice[0] if voice else None
    barred = {actor.actor_id for actor in taken}
    home = {actor.country for actor in taken if actor.country}

    def fits(actor: Actor) -> bool:
        return actor.actor_id not in barred and not (actor.type is ActorType.STATE and actor.country in home)

    for heads in _addressed(candidate):
        found = tuple(a for a in _distinct(a for head in heads for a in parties_of(head, speaker)) if fits(a))
        if found:
            return found
    mentioned = [actor for actor in _mentioned(act) if fits(actor)]
    if mentioned:
        return tuple(mentioned[:1])
    condition = condition_of(candidate.act, candidate.anchor)
    opponents = _subjects_in(condition, speaker) if condition is not None else ()
    return tuple(actor for actor in opponents if fits(actor))


def _addressed(candidate: Candidate) -> Iterator[list[Token]]:
    """Yield heads of phrases that say to or at whom, place by place, the likeliest first."""
    anchor, act = candidate.anchor, candidate.act
    yield grammar.recipients(anchor)
    if (
        candidate.complement.relation in ("inf", "that", "to")
        and grammar.is_verbal(anchor)
        and not grammar.is_passive(anchor)
    ):
        yield [noun for noun in grammar.objects(anchor) if noun != act]
    yield _towards(anchor, act)
    if act != anchor:
        yield grammar.recipients(act)
    if grammar.is_verbal(act):
        yield grammar.objects(act)
        yield _towards(act, act)


def _towards(token: Token, act: Token) -> list[Token]:
    phrases = grammar.obliques(token)
    return [p.head for p in phrases if p.word in _TOWARDS and p.head != act and grammar.is_nominal(p.head)]


def _mentioned(act: Span) -> list[Actor]:
    """Give the parties that the act names, in text order, places left out."""
    found: list[Actor] = []
    for span in mentions_in(act):
        if not _is_place(span):
            noun = span.root.head
            people = parties_of(noun) if noun.i >= span.end and in_class(noun, "crowd") else ()
            found.extend(people or (to_actor(span),))
    return found


def _is_place(span: Span) -> bool:
    words = {phrase.lower_ for phrase in grammar.children(span.root, "case")}
    if span.root.dep_ == "pobj":
        words.add(span.root.head.lower_)
    return bool(words & _PLACING)


def _subjects_in(clause: Span, speaker: Actor | None) -> Parties:
    heads = [token for token in clause if token.dep_ in grammar.SUBJECTS and token.pos_ != "PRON"]
    return parties_of(heads[0], speaker) if heads else ()


def to_actor(span: Span) -> Actor:
    """Make the party of a mention."""
    mention = span._.mention
    return Actor(mention.actor_id, mention.name, mention.type, mention.country)


def names_party(taken: Iterable[str] = ()) -> Callable[[Token], bool]:
    """Make a test for tokens that name a party other than those taken."""
    barred = set(taken)

    def names(token: Token) -> bool:
        if in_class(token, "instrument"):
            return False
        mention = mention_at(token)
        if mention is not None:
            return mention._.mention.actor_id not in barred
        return token.lower_ in ("them", "us", "you")

    return names


def _distinct(actors: Iterable[Actor]) -> Parties:
    return tuple({actor.actor_id: actor for actor in actors}.values())
