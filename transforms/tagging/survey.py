"""A survey of a text before its names are read: known forms that fit, titles, the states beside, the main state."""

import dataclasses
import datetime
from collections import Counter

from spacy.tokens import Doc

from schemas.tags import ActorType
from transforms.tagging.contexts import Anchor
from transforms.tagging.gazetteer import Gazetteer, Hit, Sense
from transforms.tagging.naming import Title, find_titles, given_names, is_name_word, opens_sentence, words
from transforms.tagging.reasons import refuse

# Acronyms of two characters that mean what they say without their long form.
_PLAIN_PAIRS = frozenset({"UN", "EU", "US", "UK", "AP", "BP", "AU", "GM", "VW", "G7", "G8", "HP"})
# Parties whose members are named with a house before them: "House Republicans".
_MEMBERS = frozenset(
    {"org:republican-party", "org:democratic-party", "org:labour", "org:conservatives", "org:lib-dems"}
)
_ADDRESSES = frozenset({"Mr.", "Mr", "Mrs.", "Mrs", "Ms.", "Ms", "Dr.", "General", "Gen.", "Sir"})
# Names that tell the state of Georgia from Georgia in the United States: its own, those of its neighbours, and those
# of the other's.
_OF_GEORGIA = frozenset(
    "Tbilisi Georgian Georgians Saakashvili Abkhazia Ossetia Batumi Ivanishvili Shevardnadze Zourabichvili "
    "Margvelashvili Kobakhidze Garibashvili Kavelashvili Gori Caucasus".split()
)
_NEAR_GEORGIA = frozenset(
    "Russia Russian Moscow Kremlin Armenia Armenian Azerbaijan Azerbaijani Ukraine Ukrainian NATO Moldova".split()
)
_NEAR_ATLANTA = frozenset("Atlanta Savannah Alabama Florida Tennessee Carolina Augusta Kemp Fulton Carter".split())


@dataclasses.dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a text, token by token.

    `titles` and `anchors` hold the title and the state or body that a token belongs to; `barriers` marks tokens that
    no unknown name runs over; `main` is the ISO code of the state that the text names most; `alone` counts the
    words that stand after no other name word.
    """

    doc: Doc
    day: datetime.date | None
    hits: tuple[Hit, ...]
    titles: list[Title | None]
    anchors: list[Anchor | None]
    barriers: list[bool]
    main: str | None
    alone: Counter[str]


def survey(doc: Doc, gazetteer: Gazetteer, day: datetime.date | None) -> Survey:
    """Survey a document."""
    titles: list[Title | None] = [None] * len(doc)
    anchors: list[Anchor | None] = [None] * len(doc)
    barriers = [False] * len(doc)
    for title in find_titles(doc):
        for place in range(title.start, title.end):
            titles[place], barriers[place] = title, True
    hits = _plausible_hits(doc, gazetteer.find(doc), titles, day)
    for hit in hits:
        entry, state = hit.entry, hit.entry.type is ActorType.STATE
        anchor = Anchor(hit.start, hit.end, entry.country, entry.sense, not state and entry.country is None)
        named = entry.sense in (Sense.NAME, Sense.DEMONYM, Sense.CAPITAL, Sense.SEAT)
        for place in range(hit.start, hit.end):
            barriers[place] = not state
            anchors[place] = anchor if named else None
    return Survey(doc, day, hits, titles, anchors, barriers, _main_state(hits), _count_alone(doc))


def _count_alone(doc: Doc) -> Counter[str]:
    counts: Counter[str] = Counter()
    follows = False
    for token in doc:
        named = is_name_word(token)
        if named and not follows:
            counts[token.text] += 1
        follows = named
    return counts


def _main_state(hits: tuple[Hit, ...]) -> str | None:
    counts = Counter(hit.entry.actor_id for hit in hits if hit.entry.type is ActorType.STATE)
    return counts.most_common(1)[0][0].removeprefix("state:") if counts else None


def _plausible_hits(
    doc: Doc, hits: list[Hit], titles: list[Title | None], day: datetime.date | None
) -> tuple[Hit, ...]:
    longest: dict[str, int] = {}
    known: set[str] = set()
    for hit in hits:
        letters = sum(len(token.text) for token in doc[hit.start : hit.end])
        known.update(token.text for token in doc[hit.start : hit.end])
        for entry in hit.entries:
            longest[entry.actor_id] = max(longest.get(entry.actor_id, 0), letters)
    people = _family_names(doc, hits)
    georgian = any(map(_is_georgia, hits)) and _is_caucasian(doc, known)
    kept = []
    for hit in (_known_on(hit, day) for hit in hits):
        if not hit.entries:
            continue
        called = doc[hit.start].text in people and hit.end == hit.start + 1
        called = called or (_is_georgia(hit) and not georgian)
        if hit.entry.sense is Sense.BLOCK or (not called and _is_plausible(doc, hit, longest, known, titles)):
            kept.append(hit)
        else:
            refuse(doc[hit.start], "ambiguous-form", hit.entry.actor_id, end=hit.end)
    return tuple(kept)


def _family_names(doc: Doc, hits: list[Hit]) -> set[str]:
    """Give the names of states and capitals that are a person's in this text: "George Washington", "Joe Jordan".

    One whose state is named by another form too stays a state.
    """
    states: dict[str, set[str]] = {}
    called: dict[str, str] = {}
    people: set[str] = set()
    for hit in hits:
        if hit.entry.sense is Sense.BLOCK and doc[hit.start].text in given_names():
            people.add(doc[hit.end - 1].text)
        if hit.entry.type is not ActorType.STATE:
            continue
        text = doc[hit.start : hit.end].text
        states.setdefault(hit.entry.actor_id, set()).add(text)
        before = doc[hit.start - 1].text if hit.start else ""
        if hit.entry.sense in (Sense.NAME, Sense.CAPITAL) and (before in given_names() or before in _ADDRESSES):
            called[text] = hit.entry.actor_id
    called |= {text: actor_id for actor_id, forms in states.items() for text in forms & people}
    return {text for text, actor_id in called.items() if len(states[actor_id]) == 1}


def _known_on(hit: Hit, day: datetime.date | None) -> Hit:
    """Leave out officials whose time in office is far from the day: others have their names."""
    entries = tuple(entry for entry in hit.entries if entry.leader is None or entry.leader.is_known_on(day))
    return hit if len(entries) == len(hit.entries) else dataclasses.replace(hit, entries=entries)


def _is_plausible(doc: Doc, hit: Hit, longest: dict[str, int], known: set[str], titles: list[Title | None]) -> bool:
    """Tell whether a known form means its actor here, and is no part of a longer name or another word."""
    entry = hit.entry
    before = doc[hit.start - 1] if hit.start and not opens_sentence(doc, hit.start) else None
    after = doc[hit.end] if hit.end < len(doc) else None
    if hit.end - hit.start == 1:
        text = doc[hit.start].text
        if entry.type is ActorType.STATE and after is not None and _is_given(doc, hit):
            return False
        if len(text) <= 2 and text not in _PLAIN_PAIRS and longest[entry.actor_id] <= 2:
            return False
        if text.isupper() and len(text) < 5 and _is_shouted(doc, hit.start) and entry.type is not ActorType.STATE:
            return False
    if before is not None and _continues(doc, hit, before.i, known, titles):
        return False
    if "given_name" in entry.flags and after is not None and is_name_word(after):
        return after.text in words("opener")
    if "surname" in entry.flags and before is not None and is_name_word(before):
        return False
    if "ambiguous" in entry.flags:
        return "Guernsey" in known
    return True


def _is_georgia(hit: Hit) -> bool:
    return "us_state" in hit.entry.flags and hit.entry.sense is Sense.NAME


def _is_caucasian(doc: Doc, known: set[str]) -> bool:
    """Tell whether a text that names Georgia means the state in the Caucasus."""
    said = {token.text for token in doc}
    return bool(said & _OF_GEORGIA or (known & _NEAR_GEORGIA and not said & _NEAR_ATLANTA))


def _is_given(doc: Doc, hit: Hit) -> bool:
    """Tell whether a state's name opens a person's: "Jamaica Kincaid"; the entities must say so of both words."""
    after = doc[hit.end]
    return doc[hit.start].ent_type_ == "PERSON" and after.ent_type_ == "PERSON" and after.ent_iob_ == "I"


def _is_shouted(doc: Doc, place: int) -> bool:
    """Tell whether the words on both sides are in capitals too, as in a headline."""
    around = [token for token in doc[max(0, place - 3) : place + 4] if token.is_alpha and token.i != place]
    return len(around) > 2 and all(token.is_upper for token in around)


def _continues(doc: Doc, hit: Hit, before: int, known: set[str], titles: list[Title | None]) -> bool:
    """Tell whether a body's or official's name ends a longer one: "Wikimedia Commons", "Democratic Left Party"."""
    minor = hit.entry.leader is not None and hit.entry.leader.minor
    if (hit.entry.type in (ActorType.STATE, ActorType.PERSON) and not minor) or hit.entry.sense is Sense.INSTITUTION:
        return False
    if hit.entry.actor_id in _MEMBERS:
        return False
    text = doc[before].text
    if doc[hit.start].text.isupper() or text in words("opener") or opens_sentence(doc, before):
        return False
    if hit.end - hit.start > 1 and doc[before].ent_type_ in ("GPE", "NORP", "LOC", "DATE"):
        return False
    return is_name_word(doc[before]) and text not in known and titles[before] is None
