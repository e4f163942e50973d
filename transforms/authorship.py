"""Who a document speaks for: the author of an official statement, by its title and its publisher."""

from collections.abc import Iterable

from spacy.tokens import Doc

from schemas.tags import Actor, ActorType
from transforms.roles import to_actor

# A title with several states is a joint statement: "we" are those that the text names together.
_JOINT = ("joint", "bilateral", "trilateral", "communique", "communiqué", "g7", "g20", "quad")


def find_author(parts: Iterable[Doc]) -> tuple[Actor, ...]:
    """Find the state or body that title and publisher name, the title first; () for joint statements and newsrooms.

    Args:
        parts: Title and publisher as documents with `doc.spans["actors"]`.
    """
    for part in parts:
        if any(token.lower_ in _JOINT for token in part):
            return ()
        for span in part.spans.get("actors", []):
            actor = to_actor(span)
            if actor.type is ActorType.STATE or (actor.type is ActorType.PERSON and actor.country):
                return (actor,)
            if actor.type is ActorType.ORGANISATION and actor.actor_id.startswith("igo:"):
                return (actor,)
    return ()
