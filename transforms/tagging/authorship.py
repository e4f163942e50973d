"""Who a document speaks for: the author of an official statement, by its title and its publisher."""

from spacy.tokens import Doc, Span

from schemas.tags import Actor, ActorType
from transforms.tagging.anaphora import state_in
from transforms.tagging.antecedents import to_actor

# A title with several states is a joint statement: "we" are those that the text names together.
_JOINT = frozenset({"joint", "bilateral", "trilateral", "communique", "communiqué", "quad"})
_STATEMENTS = frozenset({"statement", "remarks", "speech", "address", "message", "letter", "declaration", "press"})
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


def _author(span: Span) -> Actor | None:
    actor = to_actor(span)
    if actor.type is ActorType.ORGANISATION and actor.country is not None:
        return state_in(span.doc, actor.country)
    if actor.type is ActorType.PERSON and actor.country is None:
        return None
    return actor
