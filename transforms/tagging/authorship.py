"""Who a document speaks for: the author of an official statement, by its title and its publisher."""

import re

from spacy.tokens import Doc, Span

from schemas.tags import Actor, ActorType
from transforms.tagging.anaphora import state_in
from transforms.tagging.antecedents import to_actor

# A title with several states is a joint statement: "we" are those that the text names together.
_JOINT = frozenset({"joint", "bilateral", "trilateral", "communique", "communiqué", "quad"})
_STATEMENTS = frozenset({"statement", "remarks", "speech", "address", "message", "letter", "declaration", "press"})
# Words of headlines in which two sides deal with each other.
_DEALING = _JOINT | frozenset(
    "agreement agreements deal deals pact treaty accord partnership alliance dialogue talks call meeting summit "
    "memorandum framework cooperation".split()
)
# Words of headlines whose subject stands outside of the deal.
_OUTSIDE = frozenset(
    "welcomes welcome welcomed hails hail urges urge condemns condemn criticizes praises slams opposes rejects "
    "brokers mediates warns denounces supports".split()
)
# Words of publishers that are no newsroom.
_OFFICIAL = frozenset(
    "government department ministry office council president presidency commission parliament embassy house cabinet "
    "state nato eu un union nations kremlin agency mission delegation organization organisation".split()
)


def find_author(title: Doc | None, publisher: Doc | None) -> tuple[Actor, ...]:
    """Find the party that an official document speaks for; () for joint statements and for newsrooms.

    Args:
        title: The headline with `doc.spans["actors"]`, or None.
        publisher: The publisher's name likewise.
    """
    if title is not None and any(token.lower_ in _JOINT for token in title):
        return ()
    official = publisher is not None and any(token.lower_ in _OFFICIAL for token in publisher)
    spoken = title is not None and any(token.lower_ in _STATEMENTS for token in title[:3])
    for part, holds in ((title, spoken), (publisher, official), (title, official)):
        if part is not None and holds:
            found = next((a for a in map(_author, part.spans.get("actors", [])) if a is not None), None)
            if found is not None:
                return (found,)
    return ()


def tells_of_sides(title: str) -> bool:
    """Tell by a title's words alone whether it may tell of two sides that deal with each other."""
    words = set(re.findall(r"[a-z]+", title.lower()))
    return not _DEALING.isdisjoint(words) and _OUTSIDE.isdisjoint(words)


def find_sides(title: Doc) -> tuple[Actor, ...]:
    """Find the two parties of different states that deal with each other by a headline; () where it names more or less.

    "Joint Statement on the Norway-Peru Fisheries Agreement": what the one of them promises in it is for the other.
    """
    found: dict[str, Actor] = {}
    for span in title.spans.get("actor_candidates", title.spans.get("actors", [])):
        actor = to_actor(span)
        if actor.country is not None and actor.type in (ActorType.STATE, ActorType.PERSON):
            found.setdefault(actor.country, actor)
        elif actor.actor_id.startswith("igo:"):
            found.setdefault(actor.actor_id, actor)
    return tuple(found.values()) if len(found) == 2 else ()


def _author(span: Span) -> Actor | None:
    actor = to_actor(span)
    if actor.type is ActorType.ORGANISATION and actor.country is not None:
        return state_in(span.doc, actor.country)
    if actor.type is ActorType.PERSON and actor.country is None:
        return None
    return actor
