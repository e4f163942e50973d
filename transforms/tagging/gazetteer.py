"""Known names: every form of the states, organisations and leaders in the lexicons, and where a text has them."""

import dataclasses
import enum
import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from schemas.tags import ActorType
from transforms.tagging.leaders import Leader, all_leaders
from transforms.tagging.lexicon import read_table, split_cell


class Sense(enum.StrEnum):
    """In what way a form stands for its actor."""

    NAME = "name"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    SEAT = "seat"
    LEADER = "leader"
    INSTITUTION = "institution"
    BLOCK = "block"


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One actor behind a form. `slug` is an institution's; `flags` are those of its row."""

    actor_id: str
    name: str
    type: ActorType
    country: str | None
    sense: Sense
    flags: frozenset[str] = frozenset()
    leader: Leader | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """A known form in a text: tokens `start` to `end`, end excluded, and what it may stand for, likeliest first."""

    start: int
    end: int
    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry:
        """The likeliest actor."""
        return self.entries[0]


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """A state or territory. `country` is the ISO code that its actors carry: its own, or its sovereign's."""

    iso3: str
    name: str
    country: str
    demonym: str
    flags: frozenset[str]


Key = tuple[str, ...]
Index = dict[str, tuple[tuple[Key, tuple[Entry, ...]], ...]]

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
# Letters that decomposition leaves whole.
_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae"})


@functools.lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Take diacritics, typographic apostrophes and invisible marks off a word; case stays."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).translate(_LETTERS))
    return "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf"))


def slugify(name: str) -> str:
    """Make the stable last part of an id: "Évariste Galois" gives "evariste-galois"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name).lower()).strip("-")


@functools.cache
def states() -> dict[str, State]:
    """Give all states and territories by ISO 3166-1 alpha-3 code."""
    return {
        row["iso3"]: State(
            iso3=row["iso3"],
            name=row["name"],
            country=row["belongs"] or row["iso3"],
            demonym=(split_cell(row["demonyms"]) or (row["name"],))[0],
            flags=frozenset(split_cell(row["flags"])),
        )
        for row in read_table("countries")
    }


@functools.cache
def bodies_flagged(flag: str) -> frozenset[str]:
    """Give the ids of the organisations whose row has a flag."""
    return frozenset(row["actor_id"] for row in read_table("organisations") if flag in split_cell(row["flags"]))


def state_entry(iso3: str, sense: Sense = Sense.NAME) -> Entry:
    """Make the entry of a state."""
    state = states()[iso3]
    return Entry(f"state:{iso3}", state.name, ActorType.STATE, state.country, sense, state.flags)


@dataclasses.dataclass(frozen=True, slots=True)
class Gazetteer:
    """An index of forms by their first token, and the same for headlines in capitals."""

    index: Index
    capitals: Index

    def find(self, doc: Doc) -> list[Hit]:
        """Find the longest known forms from left to right; none overlap. Time is linear in the text."""
        folded = [fold(token.text) for token in doc]
        hits: list[Hit] = []
        place = 0
        while place < len(folded):
            hit = self._at(folded, place)
            if hit is not None:
                hits.append(hit)
            place = hit.end if hit is not None else place + 1
        return hits

    def _at(self, folded: list[str], place: int) -> Hit | None:
        rows = self.index.get(folded[place])
        word = folded[place]
        if rows is None and len(word) > 3 and word.isupper():
            rows = self.capitals.get(word)
        for key, entries in rows or ():
            if tuple(folded[place : place + len(key)]) == key:
                return Hit(place, place + len(key), entries)
        return None


def build_gazetteer(tokenizer: Tokenizer) -> Gazetteer:
    """Index all forms of the lexicons, cut into tokens as the pipeline cuts its texts."""
    forms: dict[Key, list[Entry]] = {}
    capitals: dict[Key, list[Entry]] = {}
    for form, entry in _all_forms():
        key = tuple(fold(token.text) for token in tokenizer(form))
        forms.setdefault(key, []).append(entry)
        upper = tuple(part.upper() for part in key)
        if upper != key and sum(map(len, key)) > 4:
            capitals.setdefault(upper, []).append(entry)
    return Gazetteer(_by_first(forms), _by_first(capitals))


def _by_first(forms: dict[Key, list[Entry]]) -> Index:
    grouped: dict[str, list[tuple[Key, tuple[Entry, ...]]]] = {}
    for key, entries in forms.items():
        distinct = {(entry.actor_id, entry.country): entry for entry in reversed(entries)}
        grouped.setdefault(key[0], []).append((key, tuple(reversed(distinct.values()))))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in grouped.items()}


def _all_forms() -> Iterator[tuple[str, Entry]]:
    yield from _state_forms()
    yield from _organisation_forms()
    for row in read_table("name_blocks"):
        yield row["form"], Entry("", row["form"], ActorType.ORGANISATION, None, Sense.BLOCK)
    for leader in all_leaders():
        entry = Entry(leader.actor_id, leader.name, ActorType.PERSON, None, Sense.LEADER, leader=leader)
        for form in leader.forms:
            yield form, entry
    for row in read_table("institutions"):
        flags = frozenset({row["style"]})
        entry = Entry(
            row["slug"], row["name"], ActorType.ORGANISATION, row["country"] or None, Sense.INSTITUTION, flags
        )
        for form in split_cell(row["forms"]):
            yield form, entry


def _state_forms() -> Iterator[tuple[str, Entry]]:
    for row in read_table("countries"):
        iso3 = row["iso3"]
        for form in (row["name"], *split_cell(row["aliases"])):
            yield form, state_entry(iso3)
        for form in split_cell(row["demonyms"]):
            for number in _both_numbers(form):
                yield number, state_entry(iso3, Sense.DEMONYM)
        for form in split_cell(row["capitals"]):
            yield form, state_entry(iso3, Sense.CAPITAL)
        for form in split_cell(row["seats"]):
            yield form, state_entry(iso3, Sense.SEAT)


def _both_numbers(demonym: str) -> Sequence[str]:
    """Give a demonym with its plural where that is its own form: Germans, but not Swiss, Chinese, Dutch."""
    if demonym.endswith(("s", "se", "sh", "ch", "men", "man", "ois", "x")):
        return (demonym,)
    return (demonym, f"{demonym}s")


def _organisation_forms() -> Iterator[tuple[str, Entry]]:
    for row in read_table("organisations"):
        flags = frozenset(split_cell(row["flags"]))
        entry = Entry(row["actor_id"], row["name"], ActorType(row["type"]), row["country"] or None, Sense.NAME, flags)
        for form in (row["name"], *split_cell(row["aliases"])):
            yield form, entry
