"""To whom a commitment is made, or at whom it is aimed."""

from collections.abc import Callable, Iterable, Iterator

from spacy.tokens import Doc, Span, Token

from schemas.tags import Actor, ActorType, Kind
from transforms.tagging import arguments, grammar
from transforms.tagging.antecedents import Parties, distinct, parties_of, to_actor
from transforms.tagging.candidate import Candidate
from transforms.tagging.gazetteer import slugify
from transforms.tagging.harms import within
from transforms.tagging.places import mention_at, mentions_in, state_at
from transforms.tagging.spans import condition_of, noun_phrase
from transforms.tagging.triggers import in_class, word_class

# Prepositions that lead to whom an act is made or at whom it is aimed, at the trigger or in the act.
_TOWARDS = frozenset({"to", "with", "against", "on"})
_OWN = frozenset({"its", "their", "his", "her", "our", "my"})
_PLACING = frozenset("in at within via through under across inside outside near around by".split())


def find_counterparties(candidate: Candidate, act: Span, voice: Parties, actors: Parties) -> Parties:
    """Find to whom it is made, or at whom it is aimed: the first place that names others than the bound."""
    speaker = voice[0] if voice else None
    barred = {actor.actor_id for actor in (*actors, *voice[:1])}
    home = {actor.country for actor in actors if actor.country}

    def fits(actor: Actor) -> bool:
        words = actor.name.lower().split()
        if actor.type is ActorType.GROUP and (words[-1] not in word_class("crowd", "noun") or words[0] in _OWN):
            return False
        return actor.actor_id not in barred and not (actor.type is ActorType.STATE and actor.country in home)

    if candidate.kind is Kind.AGREEMENT and len(actors) > 1 and in_class(candidate.act, "deal"):
        return ()
    for heads in _addressed(candidate):
        named = distinct(a for head in heads for a in _people(head) or _parties_at(head, speaker))
        found = tuple(actor for actor in named if fits(actor))
        if found:
            return found
    condition = condition_of(candidate.act, candidate.anchor)
    for group in (
        *_mentioned(candidate, act, _is_named),
        _subjects_in(condition, speaker) if condition is not None else (),
        _other_side(act.doc, actors),
        *_mentioned(candidate, act, _is_origin),
        *(_mentioned(candidate, act, _is_place) if candidate.kind is Kind.THREAT else ()),
    ):
        found = tuple(actor for actor in group if fits(actor))
        if found:
            return found
    return ()


def _other_side(doc: Doc, actors: Parties) -> Parties:
    """Give the other of the two sides that the headline names, as the reader set them (`doc.user_data["sides"]`)."""
    sides: Parties = doc.user_data.get("sides", ())
    bound = [side for side in sides if any(_same_side(side, actor) for actor in actors)]
    return tuple(side for side in sides if side not in bound) if len(bound) == 1 else ()


def _same_side(side: Actor, actor: Actor) -> bool:
    return side.actor_id == actor.actor_id or (side.country is not None and side.country == actor.country)


def _parties_at(head: Token, speaker: Actor | None) -> Parties:
    if mention_at(head) is None and (state := state_at(head)) is not None:
        return (to_actor(state),)
    return parties_of(head, speaker)


def nearest_other(candidate: Candidate, actors: Parties) -> Parties:
    """Give the party named last before a threat or a refusal that names none: whom it answers."""
    barred = {actor.actor_id for actor in actors}
    home = {actor.country for actor in actors if actor.country}
    sentence = candidate.anchor.sent
    earlier = sentence.doc[sentence.start - 1].sent if sentence.start else sentence
    for place in (sentence.doc[sentence.start : candidate.start], earlier):
        for span in reversed(mentions_in(place)):
            actor = to_actor(span)
            other = actor.actor_id not in barred and actor.country not in home
            if other and actor.country is not None and not _is_place(span) and not _binds(candidate, span):
                return (actor,)
    return ()


def _addressed(candidate: Candidate) -> Iterator[list[Token]]:
    """Yield heads of phrases that say to or at whom, place by place, the likeliest first."""
    anchor, act = candidate.anchor, candidate.act
    if "target" in candidate.flags and candidate.holder is not None:
        yield [candidate.holder]
    yield arguments.recipients(anchor)
    if "addressee" in candidate.flags and grammar.is_verbal(anchor):
        yield arguments.objects(anchor)
    if (
        candidate.complement.relation in ("inf", "that", "to")
        and grammar.is_verbal(anchor)
        and not grammar.is_passive(anchor)
    ):
        yield [noun for noun in arguments.objects(anchor) if noun != act]
    yield _towards(anchor, act)
    if grammar.is_nominal(act):
        owner = grammar.possessor(act)
        makers = [phrase.head for phrase in grammar.obliques(act) if phrase.word in ("from", "by")]
        yield [*([owner] if owner is not None else []), *makers]
        yield [child for child in act.lefts if state_at(child) is not None]
    if act != anchor:
        yield arguments.recipients(act)
    if grammar.is_verbal(act) and candidate.kind is Kind.THREAT:
        hurt = [one for noun in arguments.objects(act) for one in within(noun)]
        yield [token for token in hurt if mention_at(token) is not None or state_at(token) is not None]
    if grammar.is_verbal(act):
        yield [noun for noun in arguments.objects(act) if mention_at(noun) is not None or in_class(noun, "crowd")]
        yield _towards(act, act)
        yield [p.head for noun in arguments.objects(act) for p in grammar.obliques(noun) if p.word == "between"]


def _towards(token: Token, act: Token) -> list[Token]:
    phrases = grammar.obliques(token)
    return [p.head for p in phrases if p.word in _TOWARDS and p.head != act and grammar.is_nominal(p.head)]


def _mentioned(candidate: Candidate, act: Span, wanted: Callable[[Span], bool]) -> list[Parties]:
    """Give the parties that the act names in the way wanted, those side by side together; firms are left out."""
    found: list[Parties] = []
    for span in mentions_in(act):
        actor = to_actor(span)
        public = actor.type is not ActorType.ORGANISATION or actor.actor_id.startswith("igo:")
        unknown = actor.type is ActorType.PERSON and actor.country is None
        if not public or unknown or not wanted(span) or _binds(candidate, span):
            continue
        noun = span.root.head
        group = (_people(noun) or (parties_of(noun) if in_class(noun, "crowd") else ())) if noun.i >= span.end else ()
        found.append(group or parties_of(span.root) or (actor,))
    return found


def _people(head: Token) -> Parties:
    """Match "Palestinian gunmen", "the Syrian opposition": people of a state, who are not the state."""
    if not in_class(head, "people") or not any(mention_at(child) is not None for child in head.lefts):
        return ()
    name = noun_phrase(head).text
    bare = name.split(" ", 1)[1] if name.lower().startswith(("the ", "a ", "some ")) else name
    return (Actor(f"group:{slugify(bare)}", bare, ActorType.GROUP),)


def _binds(candidate: Candidate, span: Span) -> bool:
    """Tell whether the mention stands in the phrase that names who is bound."""
    holder = candidate.holder
    if holder is None or holder.i < candidate.start <= span.start:
        return False
    return holder in (span.root, *span.root.ancestors)


def _is_named(span: Span) -> bool:
    return not _is_place(span) and not _is_origin(span)


def _is_origin(span: Span) -> bool:
    """Tell whether a name only qualifies a thing: "Russian oil"; "Russian soldiers" are Russia's people."""
    noun = span.root.head
    before = noun.i >= span.end and span.root.dep_ in ("amod", "compound")
    return before and not _is_place(span) and not in_class(noun, "crowd") and not in_class(noun, "people")


def _is_place(span: Span) -> bool:
    words = {phrase.lower_ for phrase in grammar.children(span.root, "case")}
    if span.root.dep_ == "pobj":
        words.add(span.root.head.lower_)
    return bool(words & _PLACING)


def _subjects_in(clause: Span, speaker: Actor | None) -> Parties:
    heads = [token for token in clause if token.dep_ in grammar.SUBJECTS and token.pos_ != "PRON"]
    return parties_of(heads[0], speaker) if heads else ()


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
