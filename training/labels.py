"""From each corpus's entity labels to ours: PERSON ORG GPE LOC NORP DATE EVENT.

A word whose label cannot be told is marked missing (the empty tag), and training neither rewards nor punishes it.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from training import names
from training.tables import Tagged

MISSING = ""

Span: TypeAlias = tuple[int, int, str]

_PLAIN = {
    "PER": "PERSON",
    "person": "PERSON",
    "politician": "PERSON",
    "ORG": "ORG",
    "organisation": "ORG",
    "politicalparty": "ORG",
    "election": "EVENT",
    "event": "EVENT",
}
_PLACES = frozenset({"LOC", "location", "country"})
_GMB = {"per": "PERSON", "org": "ORG", "geo": "PLACE", "gpe": "PLACE", "tim": "DATE", "eve": "EVENT"}

# Names the bank labels at random; the label is what OntoNotes gives.
_FIXED = {
    "ORG": "U.N.|UN|United Nations|EU|European Union|NATO|White House|Pentagon|Kremlin|Congress|Senate|Parliament|"
    "Hamas|Fatah|Hezbollah|Taliban|Taleban|al-Qaida|Al-Qaida|OPEC|IMF|VOA|Reuters|House|Security Council|Cabinet|"
    "African Union|Arab League|World Bank|FARC|ETA|Supreme Court|State Department|Marines|Army|Shell",
    "GPE": "U.S.|US|United States|UK|Gaza|Gaza Strip|West Bank|Nepal|Niger|Jordan|Azerbaijan|Sri Lanka|Malta|"
    "Gibraltar|Liechtenstein|Andorra|Cote d'Ivoire|Darfur|Vatican|The Hague|Kabul|Tehran|Pyongyang|Kathmandu|USSR|DRC",
}
FIXED: Mapping[str, str] = {name: label for label, listed in _FIXED.items() for name in listed.split("|")}

# Parts of "Secretary of State" and the like that stand marked alone.
_JUNK = frozenset({"", "State", "Defense", "House Speaker", "Prime", "prime", "vice"})
_STORMS = frozenset({"Hurricane", "Typhoon", "Cyclone"})

# Share of a name's labelled uses that the commonest label needs before it overrules the others.
_MAJORITY = 0.6
_MIN_USES = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Census:
    """What a whole silver corpus says of each name, to smooth what a single sentence says."""

    majority: Mapping[str, str]
    peoples: frozenset[str]


def raw_spans(tags: tuple[str, ...]) -> list[Span]:
    """Read BIO or IO tags as (first word, end excluded, raw label)."""
    found: list[Span] = []
    start = -1
    for index, tag in enumerate((*tags, "O")):
        if start >= 0 and (tag == "O" or tag.startswith("B-") or tag[2:] != tags[start][2:]):
            found.append((start, index, tags[start][2:]))
            start = -1
        if tag != "O" and start < 0:
            start = index
    return found


def take_census(sentences: Iterable[Tagged]) -> Census:
    """Count the labels of every name in GMB; words more often `gpe` than `geo` there are names of peoples."""
    uses: dict[str, Counter[str]] = {}
    for sentence in sentences:
        for start, end, raw in raw_spans(sentence.tags):
            uses.setdefault(" ".join(sentence.words[start:end]), Counter())[raw] += 1
    often = (name for name, seen in uses.items() if seen["gpe"] > max(2, seen["geo"]))
    peoples = frozenset(name for name in often if name not in FIXED and name[0].isupper() and name != "Lanka")
    majority = dict(FIXED)
    for name, seen in uses.items():
        merged = Counter({"PLACE": seen["geo"] + seen["gpe"], "ORG": seen["org"], "PERSON": seen["per"]})
        label, count = merged.most_common(1)[0]
        if name not in FIXED and count >= _MIN_USES and count >= _MAJORITY * merged.total():
            majority[name] = label
    return Census(majority, peoples)


def label_gmb(sentence: Tagged, census: Census) -> list[str]:
    """Label a sentence of GMB, noise smoothed: the corpus-wide majority of a name beats the single use."""
    words = sentence.words
    spans: list[Span] = []
    missing: set[int] = set()
    for first, last, raw in raw_spans(sentence.tags):
        if words[first : last + 1] == ("Sri", "Lanka"):
            last += 1
        elif words[first] == "Lanka":
            continue
        start, end = names.trimmed(words, first, last) if raw != "tim" else (first, last)
        label = _gmb_label(words[start:end], raw, census)
        if label == "PERSON":
            start = names.untitled(words, start, end)
        if not label:
            missing.update(range(first, last))
        elif start < end:
            spans.append((start, end, names.place_label(words[start:end]) if label == "PLACE" else label))
    return write_iob(len(words), spans, missing)


def _gmb_label(words: tuple[str, ...], raw: str, census: Census) -> str:
    """Choose the label of a name in GMB; empty where none can be trusted."""
    name = " ".join(words)
    label = _GMB.get(raw, "")
    if name in _JUNK:
        return ""
    if raw == "eve":
        return label if len(words) > 1 else ""
    if raw == "tim" and names.holds_date(words):
        return label
    if words[0] in _STORMS:
        return "EVENT"
    if name in census.peoples or words[-1] in census.peoples or (len(words) == 1 and names.is_community(name)):
        return "NORP" if raw != "org" or len(words) == 1 else label
    if raw == "tim":
        return census.majority.get(name, "") if name[0].isupper() else ""
    return census.majority.get(name, label) if label else ""


def label_gold(sentence: Tagged, census: Census) -> list[str]:
    """Label a sentence of wikigold, UNER or CrossNER, which know neither dates nor peoples.

    Calendar dates and names of peoples are found by form; other time words and wikigold's and
    CrossNER's remaining `misc` are left missing.
    """
    words = sentence.words
    spans: list[Span] = []
    missing = {index for index, word in enumerate(words) if names.is_time_word(word)}
    for start, end, raw in raw_spans(sentence.tags):
        name = " ".join(words[start:end])
        if raw in _PLACES:
            spans.append((start, end, names.place_label(words[start:end])))
        elif raw in _PLAIN:
            spans.append((start, end, _PLAIN[raw]))
        elif name not in census.peoples and not names.is_community(name):
            missing.update(range(start, end))
    return write_iob(len(words), add_by_form(words, spans, census), missing)


def add_by_form(words: tuple[str, ...], spans: list[Span], census: Census) -> list[Span]:
    """Add plain dates and names of peoples where no span given stands in the way."""
    taken = {index for start, end, _ in spans for index in range(start, end)}
    added = [(start, end, "DATE") for start, end in names.find_dates(words)]
    added += [(i, i + 1, "NORP") for i, w in enumerate(words) if w in census.peoples or names.is_community(w)]
    free = [span for span in added if not taken.intersection(range(span[0], span[1]))]
    return sorted([*spans, *free])


def write_iob(length: int, spans: list[Span], missing: set[int]) -> list[str]:
    """Write spans as one BIO tag a word, `MISSING` where the label is unknown; spans win over missing words."""
    tags = [MISSING if index in missing else "O" for index in range(length)]
    for start, end, label in spans:
        for index in range(start, end):
            tags[index] = f"{'B' if index == start else 'I'}-{label}"
    return tags
