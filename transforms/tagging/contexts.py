"""Whether a text speaks of a state as a party or only as a place or an origin."""

import dataclasses
import enum
from collections.abc import Sequence

from spacy.tokens import Doc

from transforms.tagging.gazetteer import Sense
from transforms.tagging.naming import is_name_word, opens_sentence, organisation_heads, words

# Those through whom a state acts, wherever in it they are: "officials in Niger".
_POWERS = frozenset(
    "officials authorities government police lawmakers prosecutors leaders ministers military army regime junta "
    "governments".split()
)
# Members of a list that are looked back over for the word before it.
_LIST = 12


class Weight(enum.IntEnum):
    """How much one mention says that its state is a party of the text."""

    NONE = 0
    PLACE = 1
    ORIGIN = 2
    PARTY = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Anchor:
    """A known actor at tokens `start` to `end`; `country` as its actor carries it."""

    start: int
    end: int
    country: str | None
    sense: Sense
    international: bool


def weigh_state(doc: Doc, anchor: Anchor, anchors: Sequence[Anchor | None]) -> Weight:
    """Judge one mention of a state by the words beside it."""
    if anchor.sense is Sense.SEAT:
        return Weight.PARTY
    if anchor.sense is Sense.DEMONYM:
        return _weigh_demonym(doc, anchor)
    if anchor.sense is Sense.NAME and _names_thing(doc, anchor):
        return Weight.ORIGIN
    place = is_listed_place(doc, anchor, anchors) or _owns_place(doc, anchor)
    if anchor.sense is Sense.CAPITAL:
        return Weight.NONE if place or not _stands_alone(doc, anchor) else Weight.PARTY
    if _is_between(doc, anchor):
        return Weight.PARTY
    if anchor.end < len(doc) and doc[anchor.end].text in ("-", "–") and not doc[anchor.end - 1].whitespace_:
        return Weight.ORIGIN
    return Weight.PLACE if place else Weight.PARTY


def is_medium(doc: Doc, start: int) -> bool:
    """Tell whether an organisation is only where something was said or shown: "on Twitter", "via YouTube"."""
    return start > 0 and doc[start - 1].lower_ in ("on", "via") and not opens_sentence(doc, start)


def is_listed_place(doc: Doc, anchor: Anchor, anchors: Sequence[Anchor | None]) -> bool:
    """Tell whether a state stands in a list whose first member is a place: "flights to Spain, Greece and France"."""
    start = anchor.start
    for _ in range(_LIST):
        if is_place(doc, start):
            return True
        before = start - 1
        while before > 0 and doc[before].lower_ in ("the", "and", "or", ",", "as", "well"):
            before -= 1
        if before == start - 1 or anchors[before] is None or opens_sentence(doc, start):
            return False
        before_anchor = anchors[before]
        assert before_anchor is not None
        start = before_anchor.start
        if start < 2:
            break
    return False


def is_place(doc: Doc, start: int) -> bool:
    """Tell whether the words before a name make it a place: "in northern Iraq", "travelled to Iran", "Turin, Italy"."""
    place = start - 1
    while place >= 0 and (doc[place].lower_ in words("direction") or doc[place].lower_ == "the"):
        place -= 1
    if place < 0 or opens_sentence(doc, place + 1):
        return False
    before = doc[place].lower_
    if before == "in" and place > 0 and place == start - 1 and doc[place - 1].lower_ in _POWERS:
        return False
    if before in words("place_before") or before in words("left_place"):
        return True
    if before in ("to", "from", "for"):
        return place > 0 and (
            doc[place - 1].lower_ in words("travel")
            or (before == "from" and doc[place - 1].lower_ in words("origin_noun"))
        )
    if before == "of" and place > 0 and doc[place - 1].lower_ in words("part_of_state"):
        return True
    if before == "of" and place != start - 1:
        return doc[start - 1].lower_ in words("direction")
    if before in ("(", "including", "comprising", "namely", "like") and place > 1:
        return _lists_places(doc, place)
    if before == "on" and place > 0 and doc[place - 1].lower_ in words("topic_noun"):
        return True
    if before == "," and place > 0 and is_name_word(doc[place - 1]):
        return place > 1 and doc[place - 2].lower_ in words("place_before")
    return False


def _owns_place(doc: Doc, anchor: Anchor) -> bool:
    """Match "Somalia's coast", "Greece's capital": only where something is."""
    if anchor.end + 1 >= len(doc) or doc[anchor.end].text not in ("'s", "’s"):
        return False
    ahead = anchor.end + 1
    ahead += ahead + 1 < len(doc) and doc[ahead].lower_ in words("direction")
    return doc[ahead].lower_ in words("part_of_state") or doc[ahead].lower_ == "capital"


def _lists_places(doc: Doc, place: int) -> bool:
    """Tell whether what a list stands for is where something is: "in third countries (", "destinations including"."""
    for before in range(place - 1, max(-1, place - 5), -1):
        word = doc[before].lower_
        if word in words("place_before") or word in words("place_noun"):
            return True
        if not (doc[before].is_alpha or word == ",") or opens_sentence(doc, before):
            return False
    return False


def _names_thing(doc: Doc, anchor: Anchor) -> bool:
    """Tell whether a state only opens the name of a thing: "Taiwan Relations Act", "Iraq War"."""
    end = anchor.end
    while end < len(doc) and end - anchor.end < 4 and is_name_word(doc[end]) and not opens_sentence(doc, end):
        end += 1
    return end > anchor.end and doc[end - 1].text in organisation_heads("never")


def _shared_noun(doc: Doc, anchor: Anchor) -> int:
    """Give the place after a demonym, or after those coordinated with it: "Thai and 74 Malaysian stores"."""
    place = anchor.end
    while place + 1 < len(doc) and doc[place].lower_ in ("and", "or", ",", "&"):
        ahead = place + 1 + (doc[place + 1].like_num or doc[place + 1].lower_ in ("and", "the"))
        if ahead >= len(doc) or not doc[ahead].text[0].isupper() or doc[ahead].text.endswith("s"):
            break
        place = ahead + 1
    return place


def _weigh_demonym(doc: Doc, anchor: Anchor) -> Weight:
    if anchor.end >= len(doc):
        return Weight.PARTY
    following = doc[anchor.end]
    if _is_between(doc, anchor):
        return Weight.PARTY
    if following.text.endswith(("-", "/")) or following.text in ("-", "–", "/"):
        return Weight.ORIGIN
    if following.lower_ in words("party_noun"):
        return Weight.PARTY
    after = doc[anchor.end + 1] if anchor.end + 1 < len(doc) else None
    if after is not None and following.is_alpha and following.text.islower() and after.lower_ in words("party_noun"):
        return Weight.PARTY
    people = doc[anchor.end - 1].text
    if people.endswith("s") and not people.endswith("ss"):  # "Kenyans", but not "Swiss".
        return Weight.ORIGIN if anchor.start and _is_counted(doc, anchor.start) else Weight.PARTY
    if doc[anchor.start - 1].lower_ in ("a", "an") and anchor.start and doc[anchor.end - 1].text[-1] != "s":
        return Weight.ORIGIN
    shared = _shared_noun(doc, anchor)
    if shared != anchor.end and shared < len(doc):
        noun = doc[shared]
        return Weight.PARTY if noun.lower_ in words("party_noun") or not noun.is_alpha else Weight.ORIGIN
    if not following.is_alpha or following.is_stop:
        return Weight.PARTY
    return Weight.ORIGIN


def _is_between(doc: Doc, anchor: Anchor) -> bool:
    """Tell whether a state is one of two with a dash between before what they share: "Israeli-Palestinian talks"."""
    before, after = anchor.start - 1, anchor.end
    if after + 2 < len(doc) and doc[after].text in ("-", "–"):
        return is_name_word(doc[after + 1]) and doc[after + 2].lower_ in words("between_noun")
    second = before > 0 and doc[before].text in ("-", "–") and is_name_word(doc[before - 1])
    return second and after < len(doc) and doc[after].lower_ in words("between_noun")


def _is_counted(doc: Doc, start: int) -> bool:
    """Tell whether a number or quantity stands before a people's name: some of them, and not their state."""
    before = doc[start - 1]
    return before.like_num or before.lower_ in ("several", "many", "some", "few", "most", "other", "included", "of")


def _stands_alone(doc: Doc, anchor: Anchor) -> bool:
    """Tell whether a capital is no part of a longer name and is not itself set beside its state or a list of towns."""
    before = doc[anchor.start - 1] if anchor.start else None
    after = doc[anchor.end] if anchor.end < len(doc) else None
    if before is not None and is_name_word(before) and not opens_sentence(doc, before.i):
        return False
    if before is not None and before.lower_ in (
        "of",
        "from",
        "to",
        "for",
        "capital",
        "city",
        "s",
        "(",
        "leave",
        "left",
        "leaving",
    ):
        return False
    if after is None:
        return False
    return not (is_name_word(after) or after.text in (",", "-", "–", ")", ".", "(") or after.text.isdigit())
