"""Bodies: whether a name is an organisation's by its own words or by a noun beside it, or a thing's, or a place's."""

from spacy.tokens import Doc

from schemas.tags import ActorType
from transforms.tagging.naming import Chunk, opens_sentence, organisation_heads, words

# What opens the names of saints, churches and the towns called after them.
_HOLY = frozenset({"Saint", "Sainte", "St", "St."})
_PLACE_NOUNS = frozenset(
    "province district city town village region county suburb neighborhood neighbourhood airport valley river island "
    "peninsula mountains desert highway".split()
)
# What may follow the noun of an apposition: "a group that ...", "a charity based in ...".
_AFTER_NOUN = frozenset("that which who based of in for from with known run led owned and".split())
_INTERNATIONAL = frozenset(
    "International World Global United European Euro African Asian Arab Nations Universal".split()
)
# Words that cannot stand between a name's comma and the office that an apposition gives.
NO_APPOSITION = frozenset("and or but with who whom which where when while as by to from on said says".split())


def is_thing(doc: Doc, chunk: Chunk) -> bool:
    """Tell whether a name is a saint's, or has an event, text, place or product at its end or first link."""
    things = organisation_heads("never")
    if doc[chunk.end - 1].text in things or doc[chunk.start].text in _HOLY:
        return True
    linked = next((place for place in range(chunk.start, chunk.end) if doc[place].text in ("of", "for", "on")), 0)
    return bool(linked) and doc[linked - 1].text in things


def is_located(doc: Doc, chunk: Chunk) -> bool:
    """Tell whether the words beside a name say that it is a place: "the town of Dera", "Choco province"."""
    if chunk.end < len(doc) and doc[chunk.end].lower_ in _PLACE_NOUNS:
        return True
    before = doc[chunk.start - 1].lower_ if chunk.start else ""
    return chunk.start > 1 and before == "of" and doc[chunk.start - 2].lower_ in words("part_of_state")


def is_international(doc: Doc, start: int, end: int) -> bool:
    """Tell whether an organisation's own name says that it belongs to no single state."""
    return any(doc[place].text in _INTERNATIONAL for place in range(start, end))


def sort_by_head(doc: Doc, chunk: Chunk) -> ActorType | None:
    """Tell what a word for a body at the end or start of a name makes of it: "Harbour Safety Agency"."""
    if chunk.end - chunk.start < 2:
        return None
    last, first = doc[chunk.end - 1].text, doc[chunk.start].text
    armed = organisation_heads("armed")
    if last in armed:
        return ActorType(armed[last])
    names = [doc[place].text for place in range(chunk.start, chunk.end)]
    linked = next((place for place, name in enumerate(names) if name in ("of", "for", "on", "against", "in")), 0)
    if last in organisation_heads("last") and not linked:
        return ActorType(organisation_heads("last")[last])
    if linked and names[linked - 1] not in organisation_heads("never"):
        if names[linked - 1] in organisation_heads("last") or first in organisation_heads("first"):
            return ActorType.ORGANISATION
    return None


def sort_by_noun(doc: Doc, chunk: Chunk) -> ActorType | None:
    """Tell what a noun beside a name makes of it: "the Polish daily Gazeta Nowa", "Ansar, a militant group"."""
    noun = chunk.start - 1
    if noun > 0 and doc[noun].text in (",", '"', "“"):
        noun -= 1
    kind = _sort_of_body(doc, noun) if noun > 0 and not opens_sentence(doc, chunk.start) else None
    if kind is not None or chunk.end + 2 >= len(doc) or doc[chunk.end].text != ",":
        return kind
    if doc[chunk.end + 1].lower_ not in ("a", "an", "the", "one"):
        return None
    for place in range(chunk.end + 2, min(chunk.end + 8, len(doc))):
        if doc[place].lower_ in NO_APPOSITION or not doc[place].is_alpha:
            return None
        kind = _sort_of_body(doc, place)
        if kind is not None:
            ends = place + 1 >= len(doc) or not doc[place + 1].is_alpha or doc[place + 1].lower_ in _AFTER_NOUN
            return kind if ends else None
    return None


def _sort_of_body(doc: Doc, place: int) -> ActorType | None:
    """Tell whether a common noun stands for bodies, and whether for armed ones: "group" alone, or "rebel group"."""
    word = doc[place].lower_
    if doc[place].text != word or word not in words("body_noun"):
        return None
    before = doc[place - 1].lower_ if place else ""
    return (
        ActorType.ARMED_GROUP
        if word in words("armed_word") or before in words("armed_word")
        else ActorType.ORGANISATION
    )
