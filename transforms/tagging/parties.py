"""Parties: which actors a noun phrase denotes, in a document whose mentions have been found."""

import datetime
import functools
import itertools

from spacy.tokens import Span, Token

from schemas.tags import Actor, ActorType, Mention
from transforms.tagging.anaphora import (
    PRONOUNS,
    earliest,
    latest,
    main_state,
    mention_actor,
    mentions_before,
    resolve_pronoun,
    state_in,
)
from transforms.tagging.gazetteer import slugify, states
from transforms.tagging.groups import counted, heads, is_plural, nameless_group, whole_of
from transforms.tagging.leaders import holders, leader_called
from transforms.tagging.lexicon import read_table
from transforms.tagging.mentions import mentions_of
from transforms.tagging.naming import Title, find_titles

# What opens a list of the members that a plural noun stands for.
_LISTING = frozenset({"–", "—", ":", "-", "including", "namely", "("})
# What may stand between the names of a plain list.
_JOINERS = frozenset({",", "and", "or", "&", "the", "both", "as", "well", "/"})


def resolve_party(span: Span, *, speaker: Actor | None = None) -> tuple[Actor, ...]:
    """Tell which actors a noun phrase denotes.

    Args:
        span: The phrase, such as the subtree of a trigger's subject or one of its conjuncts, in a document that has
            passed the component `pledgeline_actors`.
        speaker: Who says the sentence, where it is a quote or a report; "we" and "I" bind whom that party speaks for.

    Returns:
        The actors in text order; a nameless group of parties as one Actor of type GROUP with the text's own words as
        name; nothing where the phrase is no party that can act in public affairs.
    """
    if not len(span):
        return ()
    mentions = _mentions_in(span)
    joined = _only_joined(span, mentions)
    if joined:
        return joined
    head = head_of(span)
    named = next((one for one in mentions if one.start <= head.i < one.end), None)
    if named is not None:
        return (mention_actor(named._.mention),)
    if head.lower_ in PRONOUNS:
        return resolve_pronoun(head, speaker)
    return _described(span, head, mentions)


def head_of(span: Span) -> Token:
    """Find the head of a noun phrase: by the parse where there is one, else the last word before "of" or a comma."""
    if span.doc.has_annotation("DEP"):
        return span.root
    for place, token in enumerate(span):
        if place and (
            token.lower_ in ("of", "in", "from", "for", "who", "which", "that", "on", "at")
            or token.text in (",", "(", "–", "—", ":")
        ):
            return span[place - 1]
    return span[-1]


def _is_origin(mention: Span) -> bool:
    """Tell whether a name only says where something is from: "UK-based"."""
    after = mention.doc[mention.end : mention.end + 2]
    return (
        len(after) == 2 and after[0].text in ("-", "‐", "‑") and after[1].lower_ in ("based", "born", "made", "owned")
    )


def _mentions_in(span: Span) -> list[Span]:
    group = "actor_candidates" if "actor_candidates" in span.doc.spans else "actors"
    found: list[Span] = []
    for one in reversed(mentions_of(span.doc, group).before(span.end)):
        if one.start < span.start:
            break
        if not _is_origin(one):
            found.insert(0, one)
    return found


def _only_joined(span: Span, mentions: list[Span]) -> tuple[Actor, ...]:
    """Give all mentions of a phrase that holds nothing else: "Italy, Germany and Poland"."""
    covered = {place for one in mentions for place in range(one.start, one.end)}
    if not mentions or any(token.i not in covered and token.lower_ not in _JOINERS for token in span):
        return ()
    return tuple({one._.mention.actor_id: mention_actor(one._.mention) for one in mentions}.values())


def _described(span: Span, head: Token, mentions: list[Span]) -> tuple[Actor, ...]:
    """Resolve a description: "the Italian government", "the premier", "the bloc", "26 countries"."""
    word = head.lower_
    inner = whole_of(head) if word in heads("partitive") else None
    if inner is not None:
        return (nameless_group(span, inner),)
    owner = _owner(span, head, mentions)
    listed = _listed(span, head, mentions) if is_plural(head) else ()
    if listed:
        return listed
    if word in heads("state"):
        return _state_of(span, owner, head)
    title = _title_at(span, head)
    if title is not None and not is_plural(head):
        person = _bearer(span, title, owner, head)
        if person is not None:
            return (person,)
        return (mention_actor(owner),) if owner is not None else ()
    several = _owners(span, head, mentions) if word in heads("force") else ()
    if len(several) > 1:
        return several
    if owner is not None and not counted(span):
        own = owner.type is ActorType.ARMED_GROUP and word in heads("armed")
        if own or (word in heads("force") and word not in heads("armed")):
            return (mention_actor(owner),)
    if word in heads("body") and owner is not None and owner.type is ActorType.STATE:
        return (_body_of(owner, head),)
    found = None if is_plural(head) and word not in heads("armed") else _taken_up(span, head, owner)
    if found is not None:
        return (found,)
    if word in heads("plural") | heads("single"):
        return (nameless_group(span, head),)
    return ()


def _owners(span: Span, head: Token, mentions: list[Span]) -> tuple[Actor, ...]:
    """Give the states of "Hungarian and Romanian officials"."""
    before = [one for one in mentions if one.end <= head.i]
    for left, right in itertools.pairwise(before):
        if any(token.lower_ not in _JOINERS for token in span.doc[left.end : right.start]):
            return ()
    return tuple({one._.mention.actor_id: mention_actor(one._.mention) for one in before}.values())


def _listed(span: Span, head: Token, mentions: list[Span]) -> tuple[Actor, ...]:
    """Give the members that a phrase lists after its head: "five states – Canada, Finland, ..."."""
    after = [one for one in mentions if one.start > head.i]
    if not after or not any(token.lower_ in _LISTING for token in span.doc[head.i + 1 : after[0].start]):
        return ()
    return tuple({one._.mention.actor_id: mention_actor(one._.mention) for one in after}.values())


def _owner(span: Span, head: Token, mentions: list[Span]) -> Mention | None:
    """Give the actor that qualifies a head: the nearest before it, else the one after "of"."""
    before = [one for one in mentions if one.end <= head.i]
    if before:
        owner: Mention = before[-1]._.mention
        return owner
    for one in mentions:
        if one.start > head.i:
            gap = span.doc[head.i + 1 : one.start].text.lower()
            if gap in ("of", "of the", "for", "for the", "from", "in", "in the"):
                after: Mention = one._.mention
                return after
    return None


def _state_of(span: Span, owner: Mention | None, head: Token) -> tuple[Actor, ...]:
    """Give the state behind "the government": the owner's own, else the sentence's first, else the document's main one.

    "The country" is rather the state last named; several governments are a group.
    """
    if is_plural(head) and head.lower_ not in ("authorities", "forces"):
        return (nameless_group(span, head),)
    if owner is not None:
        if owner.type in (ActorType.STATE, ActorType.ORGANISATION, ActorType.ARMED_GROUP):
            return (mention_actor(owner),)
        state = state_in(span.doc, owner.country) if owner.country else None
        return (state,) if state else ()
    if head.i and span.doc[head.i - 1].lower_ in ("a", "an", "any", "no", "every", "each", "another"):
        return ()
    nearest = latest(span.doc, head.i, _is_state)
    if head.lower_ in ("country", "nation", "state", "republic"):
        return (nearest,) if nearest else ()
    here = next((one for one in mentions_before(span.doc, head.i, 0) if _is_state(one._.mention)), None)
    found = mention_actor(here._.mention) if here is not None else main_state(span.doc) or nearest
    return (found,) if found else ()


def _is_state(mention: Mention) -> bool:
    return mention.type is ActorType.STATE


def _title_at(span: Span, head: Token) -> Title | None:
    """Give the office or calling whose words the head closes or opens ("prime minister", "secretary of state")."""
    window = span.doc[max(span.start, head.i - 4) : min(span.end, head.i + 5)]
    for title in find_titles(window):
        start, end = window.start + title.start, window.start + title.end
        if start <= head.i < end and title.rank != "honorific":
            return title
    return None


def _bearer(span: Span, title: Title, owner: Mention | None, head: Token) -> Actor | None:
    """Find who is meant by an office: a person of the document whose role it is, else who held it on the day."""
    country = owner.country if owner is not None else None
    offices = {title.office, head.lower_}
    day: datetime.date | None = span.doc._.published

    def holds(mention: Mention) -> bool:
        if mention.type is not ActorType.PERSON or (country is not None and mention.country != country):
            return False
        if mention.role and (find_role_office(mention.role) in offices or head.lower_ in mention.role.lower()):
            return True
        leader = leader_called(mention.actor_id)
        return day is not None and leader is not None and leader.term_on(day).office == title.office

    named = latest(span.doc, head.i, holds) or earliest(span.doc, head.i, holds)
    if named is not None:
        return named
    where = country
    if where is None and owner is None:
        home = main_state(span.doc)
        where = home.country if home else None
    for leader in holders(title.office, where, day):
        return Actor(leader.actor_id, leader.name, ActorType.PERSON, leader.term_on(day).country)
    return None


@functools.lru_cache(maxsize=4096)
def find_role_office(role: str) -> str:
    """Give the office that a role's words name: "Prime Minister" and "premier" give "prime minister"."""
    return _offices().get(role.lower(), role.lower())


@functools.cache
def _offices() -> dict[str, str]:
    return {row["form"]: row["office"] for row in read_table("titles")}


def _body_of(owner: Mention, head: Token) -> Actor:
    """Make a state's body that is named in lower case: "Iran's parliament"."""
    iso3 = owner.actor_id.removeprefix("state:")
    state = states()[iso3]
    return Actor(
        f"org:{iso3.lower()}-{slugify(head.text)}",
        f"{state.demonym} {head.text.capitalize()}",
        ActorType.ORGANISATION,
        state.country,
    )


def _taken_up(span: Span, head: Token, owner: Mention | None) -> Actor | None:
    """Find the party that a definite description takes up again: "the company", "the bloc", "the militants"."""
    doc, word = span.doc, head.lower_
    first = span[0].lower_
    if first not in ("the", "this", "that", "its", "their", "his", "her", "our"):
        return None
    wanted: tuple[ActorType, ...] = ()
    if word in heads("armed"):
        wanted += (ActorType.ARMED_GROUP,)
    if word in heads("coalition"):
        wanted += (ActorType.COALITION,)
    if word in heads("company") | heads("body") | heads("organisation") | heads("alliance"):
        wanted += (ActorType.ORGANISATION,)
    if not wanted:
        return None
    country = owner.country if owner is not None else None

    def fits(mention: Mention) -> bool:
        if mention.type not in wanted or (country is not None and mention.country != country):
            return False
        return _fits_word(mention, word)

    return latest(doc, head.i, fits)


def _fits_word(mention: Mention, word: str) -> bool:
    """Tell whether a description's noun can stand for an organisation: "the bank" for one with Bank in its name."""
    name = mention.name.lower().split()
    if mention.type is not ActorType.ORGANISATION:
        return True
    if word in name:
        return True
    international = mention.actor_id.startswith("igo:")
    if word in ("bloc", "alliance", "union", "grouping"):
        return international
    if word in heads("company") and word not in ("group", "bank", "newspaper"):
        return not international and not any(other in heads("body") for other in name)
    return word in (
        "group",
        "organisation",
        "organization",
        "agency",
        "body",
        "institution",
        "watchdog",
        "charity",
        "party",
        "movement",
    )
