"""Who pronouns and definite descriptions go back to, by recency and type among the mentions of a document."""

import functools
from collections import Counter
from collections.abc import Callable, Iterator

from spacy.tokens import Doc, Span, Token

from schemas.tags import Actor, ActorType, Mention
from transforms.tagging.gazetteer import states
from transforms.tagging.leaders import HEADS, leader_called
from transforms.tagging.mentions import Mentions, mentions_of
from transforms.tagging.naming import find_titles

# Sentences that a pronoun, and a description ("the company"), may go back.
_PRONOUN_REACH, _DESCRIPTION_REACH = 3, 40

_PERSONAL = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
_NEUTRAL = frozenset({"it", "its", "itself"})
_PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
_FIRST = frozenset({"we", "us", "our", "ours", "ourselves", "i", "me", "my", "mine", "myself"})
_JOINERS = frozenset({",", "and", "&", "the", "or", "both"})
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_MAIN_STATE = "pledgeline_main_state"
PRONOUNS = _PERSONAL | _NEUTRAL | _PLURAL | _FIRST | _RELATIVE

# Whom the holder of an international office speaks for.
_BODIES = {
    "united nations": ("igo:UN", "United Nations"),
    "un ": ("igo:UN", "United Nations"),
    "nato": ("igo:NATO", "NATO"),
    "european commission": ("igo:EC", "European Commission"),
    "european council": ("igo:EU", "European Union"),
    "eu ": ("igo:EU", "European Union"),
    "european parliament": ("igo:EP", "European Parliament"),
    "european central bank": ("igo:ECB", "European Central Bank"),
    "imf": ("igo:IMF", "International Monetary Fund"),
    "world bank": ("igo:WB", "World Bank"),
    "iaea": ("igo:IAEA", "International Atomic Energy Agency"),
    "who": ("igo:WHO", "World Health Organization"),
    "wto": ("igo:WTO", "World Trade Organization"),
    "oecd": ("igo:OECD", "OECD"),
    "arab league": ("igo:AL", "Arab League"),
    "african union": ("igo:AU", "African Union"),
    "oas": ("igo:OAS", "Organization of American States"),
}


def mention_actor(mention: Mention) -> Actor:
    """Make the party that a mention names."""
    return Actor(mention.actor_id, mention.name, mention.type, mention.country)


def mentions_before(doc: Doc, place: int, reach: int) -> Iterator[Span]:
    """Yield the mentions before a token, sentence by sentence backwards, and within a sentence in text order.

    What opens a sentence is mostly its subject, and the likeliest to be taken up again.
    """
    index = mentions_of(doc)
    here = index.sentence(place)
    group: list[Span] = []
    for span in reversed(index.before(place)):
        number = index.sentence(span.start)
        if here - number > reach:
            break
        if group and index.sentence(group[-1].start) != number:
            yield from reversed(group)
            group = []
        group.append(span)
    yield from reversed(group)


def resolve_pronoun(token: Token, speaker: Actor | None) -> tuple[Actor, ...]:
    """Find whom a pronoun stands for; nothing where no mention fits."""
    word = token.lower_
    if word in _FIRST:
        return spoken_for(token.doc, speaker)
    if word in _PERSONAL:
        return _first(token, lambda mention: mention.type is ActorType.PERSON)
    if word in _NEUTRAL:
        return _first(token, lambda mention: mention.type is not ActorType.PERSON)
    if word in _PLURAL:
        return _coordinated(token) or _first(token, lambda mention: mention.type is not ActorType.PERSON)
    return _nearest(token)


def spoken_for(doc: Doc, speaker: Actor | None) -> tuple[Actor, ...]:
    """Find the state or body that a speaker's "we" or "I" binds; without a speaker, the document's own state."""
    if speaker is None:
        home = main_state(doc)
        return (home,) if home else ()
    if speaker.type is not ActorType.PERSON:
        return (speaker,)
    body = _body(speaker) or _affiliation(doc, speaker)
    if body is not None:
        return (body,)
    if speaker.country is not None and (state := state_in(doc, speaker.country)) is not None:
        return (state,)
    return (speaker,)


def main_state(doc: Doc) -> Actor | None:
    """Give the state that a document names most; counted once and kept with the document's index of mentions."""
    index = mentions_of(doc)
    kept = doc.user_data.get(_MAIN_STATE)
    if kept is None or kept[0] is not index:
        kept = doc.user_data[_MAIN_STATE] = (index, _most_named_state(index))
    state: Actor | None = kept[1]
    return state


def _most_named_state(index: Mentions) -> Actor | None:
    counts: Counter[str] = Counter()
    actors: dict[str, Actor] = {}
    for span in index.spans:
        mention = span._.mention
        if mention.type is ActorType.STATE:
            counts[mention.actor_id] += 1
            actors[mention.actor_id] = mention_actor(mention)
    return actors[counts.most_common(1)[0][0]] if counts else None


def state_in(doc: Doc, country: str) -> Actor | None:
    """Give the state of an ISO code as a party."""
    state = states().get(country)
    return Actor(f"state:{country}", state.name, ActorType.STATE, state.country) if state else None


def latest(doc: Doc, place: int, fits: Callable[[Mention], bool]) -> Actor | None:
    """Give the party last named before a token among those that fit; None where there is none."""
    found = None
    best = -1
    for span in mentions_before(doc, place, _DESCRIPTION_REACH):
        if fits(span._.mention) and span.start > best:
            found, best = mention_actor(span._.mention), span.start
    return found


def earliest(doc: Doc, place: int, fits: Callable[[Mention], bool]) -> Actor | None:
    """Give the party named next after a token among those that fit; None where there is none."""
    index = mentions_of(doc)
    here = index.sentence(place)
    for span in index.spans[len(index.before(place)) :]:
        if index.sentence(span.start) - here > _DESCRIPTION_REACH:
            return None
        if fits(span._.mention):
            return mention_actor(span._.mention)
    return None


def _first(token: Token, fits: Callable[[Mention], bool]) -> tuple[Actor, ...]:
    for span in mentions_before(token.doc, token.i, _PRONOUN_REACH):
        if fits(span._.mention) and not _modifies(span):
            return (mention_actor(span._.mention),)
    return ()


def _modifies(span: Span) -> bool:
    """Tell whether a mention only qualifies a noun that follows: a demonym, or a name with "'s"."""
    rest = span.doc[span.end : span.end + 1].text
    return span._.mention.rule == "gazetteer_demonym" or rest in ("'s", "’s", "'", "’")


def _coordinated(token: Token) -> tuple[Actor, ...]:
    """Give the last parties before a token that stand side by side: "Italy, Germany and Poland"."""
    doc, index = token.doc, mentions_of(token.doc)
    reach = index.sentence(token.i) - 1
    group: list[Span] = []
    for span in reversed(index.before(token.i)):
        if index.sentence(span.start) < reach:
            break
        if span._.mention.rule == "gazetteer_demonym" and not _ends_phrase(span):
            continue
        if group and not _beside(doc, span, group[0]):
            if len(group) > 1:
                break
            group = []
        group.insert(0, span)
    return tuple(mention_actor(span._.mention) for span in group) if len(group) > 1 else ()


def _ends_phrase(span: Span) -> bool:
    """Tell whether a demonym is a noun of its own: "the Italians", not "the Italian president"."""
    return span.text.endswith("s")


def _beside(doc: Doc, left: Span, right: Span) -> bool:
    """Tell whether only joining words, and titles with their demonyms, stand between two mentions."""
    between = doc[left.end : right.start]
    named = {token.lower_ for token in between} - _JOINERS
    titled = {word for title in find_titles(between) for word in between[title.start : title.end].text.lower().split()}
    return (
        len(between) > 0 and len(between) < 9 and not {word for word in named - titled if word.islower()} - _demonyms()
    )


@functools.cache
def _demonyms() -> frozenset[str]:
    return frozenset(state.demonym.lower() for state in states().values())


def _nearest(token: Token) -> tuple[Actor, ...]:
    for span in mentions_of(token.doc).before(token.i)[-1:]:
        if token.i - span.end <= 3:
            return (mention_actor(span._.mention),)
    return ()


def _body(speaker: Actor) -> Actor | None:
    if speaker.country is not None:
        return None
    leader = leader_called(speaker.actor_id)
    terms = leader.terms if leader is not None else ()
    offices = " | ".join(f"{term.office} " for term in terms if term.country is None)
    for word, (actor_id, name) in _BODIES.items():
        if word in offices:
            return Actor(actor_id, name, ActorType.ORGANISATION)
    return None


def _affiliation(doc: Doc, speaker: Actor) -> Actor | None:
    """Find the organisation named beside a person who leads or speaks for it; heads of state speak for the state."""
    leader = leader_called(speaker.actor_id)
    if leader is not None and any(term.office in HEADS for term in leader.terms):
        return None
    spans = mentions_of(doc).spans
    for place, span in enumerate(spans):
        if span._.mention.actor_id != speaker.actor_id:
            continue
        for other in (*spans[max(0, place - 1) : place], *spans[place + 1 : place + 2]):
            near = abs(other.start - span.end) < 8 or abs(span.start - other.end) < 5
            same = other._.mention.sentence == span._.mention.sentence
            if same and near and other._.mention.type in (ActorType.ORGANISATION, ActorType.ARMED_GROUP):
                return mention_actor(other._.mention)
    return None
