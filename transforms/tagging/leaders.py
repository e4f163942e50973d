"""Leaders and officials: who held which office when, so that a name is coded by the article's date."""

import dataclasses
import datetime
import functools
import re
import unicodedata

from transforms.tagging.lexicon import read_table, split_cell

# Offices that a bare title or family name is taken for before any other of the same time, most likely first.
HEADS = (
    "president",
    "prime minister",
    "chancellor",
    "premier",
    "king",
    "taoiseach",
    "emperor",
    "supreme leader",
    "leader",
)

# Days. News names an officer before the oath and long after the farewell; who holds the office on the day comes first.
_NEAR = 3 * 366
# States whose family names come first.
_FAMILY_FIRST = frozenset({"CHN", "KOR", "PRK", "TWN", "HKG"})
_PARTICLES = frozenset("al el bin ben ibn de del della di da dos van von der den la le abu".split())


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """One office held from the first day of `start` to the first day of `end`, excluded; open where None."""

    office: str
    country: str | None
    start: datetime.date
    end: datetime.date | None

    def holds(self, day: datetime.date) -> bool:
        """Tell whether the office was held on the day."""
        return self.start <= day and (self.end is None or day < self.end)

    def distance(self, day: datetime.date) -> int:
        """Count the days between the term and the day; 0 within."""
        if day < self.start:
            return (self.start - day).days
        return 0 if self.end is None or day < self.end else (day - self.end).days


@dataclasses.dataclass(frozen=True, slots=True)
class Leader:
    """A person with all offices on record; `forms` are the full names in use, `families` the family names.

    `minor` ones stand in the table of officials alone: they are known by full name around their time in office, and
    by family name behind their office.
    """

    actor_id: str
    name: str
    forms: tuple[str, ...]
    families: tuple[str, ...]
    terms: tuple[Term, ...]
    minor: bool = False

    def is_known_on(self, day: datetime.date | None) -> bool:
        """Tell whether the full name alone means this person on the day."""
        return not self.minor or day is None or any(term.distance(day) <= _NEAR for term in self.terms)

    def term_on(self, day: datetime.date | None) -> Term:
        """Give the term that held on the day, else the nearest one; without a day, the latest."""
        if day is None:
            return self.terms[-1]
        return min(
            self.terms, key=lambda term: (term.distance(day), HEADS.index(term.office) if term.office in HEADS else 99)
        )


@functools.cache
def all_leaders() -> tuple[Leader, ...]:
    """Give every person of the two tables, in their order; those who stand in the table of leaders come first."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_table("leaders"):
        rows.setdefault(row["name"], []).append(row)
    major = len(rows)
    for row in read_table("officials"):
        rows.setdefault(row["name"], []).append(row)
    return tuple(_leader(name, group, minor=place >= major) for place, (name, group) in enumerate(rows.items()))


def leaders_named(family: str, day: datetime.date | None) -> tuple[Leader, ...]:
    """Find who may be meant by a family name alone: who holds an office on the day first, then heads of state."""
    known = [leader for leader in _by_family().get(_plain(family), ()) if not leader.minor]
    return tuple(sorted((leader for leader in known if _near(leader, day)), key=lambda leader: _rank(leader, day)))


def officials_named(family: str, office: str, day: datetime.date | None) -> tuple[Leader, ...]:
    """Find the officials that a family name behind its office may mean: who held the office on the day."""
    known = _by_family().get(_plain(family), ())
    return tuple(
        leader
        for leader in known
        if leader.minor and day and any(term.office == office and term.holds(day) for term in leader.terms)
    )


def leader_called(actor_id: str) -> Leader | None:
    """Give the leader of an id, or None."""
    return _by_id().get(actor_id)


@functools.cache
def _by_id() -> dict[str, Leader]:
    return {leader.actor_id: leader for leader in all_leaders()}


def holders(office: str, country: str | None, day: datetime.date | None) -> tuple[Leader, ...]:
    """Find who held an office of a state, or of an international body where `country` is None, on the day."""
    if day is None:
        return ()
    return tuple(
        leader
        for leader in _by_office().get((office, country), ())
        if any(term.office == office and term.country == country and term.holds(day) for term in leader.terms)
    )


def family_names(name: str, country: str | None) -> tuple[str, ...]:
    """Give the ways in which a person is named by family alone: "Bashar al-Assad" gives "al-Assad" and "Assad"."""
    words = re.sub(r",? (?:Jr|Sr)\.?$| I{1,3}$", "", name).split()
    if len(words) < 2:
        return (name,)
    if country in _FAMILY_FIRST and "-" not in words[0]:
        return (words[0],)
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    family = " ".join(words[start:])
    bare = re.sub(r"^(?:al|el|Al|El)-", "", words[-1])
    return tuple(dict.fromkeys((family, bare)))


def _leader(name: str, rows: list[dict[str, str]], *, minor: bool) -> Leader:
    listed = (
        Term(row["office"], row["country"] or None, _day(row["from"]), _day(row["to"]) if row["to"] else None)
        for row in rows
    )
    terms = tuple(sorted(listed, key=_start))
    aliases = [alias for row in rows for alias in split_cell(row["aliases"])]
    single = [alias for alias in aliases if " " not in alias]
    families = family_names(name, rows[-1]["country"] or None)
    slug = re.sub(r"[^a-z0-9]+", "-", _plain(name).lower()).strip("-")
    forms = tuple(dict.fromkeys((name, *aliases)))
    return Leader(f"person:{slug}", name, forms, tuple(dict.fromkeys((*families, *single))), terms, minor)


def _start(term: Term) -> datetime.date:
    return term.start


def _day(text: str) -> datetime.date:
    year, _, month = text.partition("-")
    return datetime.date(int(year), int(month or 1), 1)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize(
        "NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ı", "i").replace("ø", "o")
    )
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _near(leader: Leader, day: datetime.date | None) -> bool:
    return day is None or any(term.distance(day) <= _NEAR for term in leader.terms)


def _rank(leader: Leader, day: datetime.date | None) -> tuple[bool, int, int]:
    term = leader.term_on(day)
    head = HEADS.index(term.office) if term.office in HEADS else len(HEADS)
    apart = term.distance(day) if day else 0
    return apart > 0, head, apart


@functools.cache
def _by_family() -> dict[str, tuple[Leader, ...]]:
    table: dict[str, tuple[Leader, ...]] = {}
    for leader in all_leaders():
        for family in leader.families:
            table[_plain(family)] = (*table.get(_plain(family), ()), leader)
    return table


@functools.cache
def _by_office() -> dict[tuple[str, str | None], tuple[Leader, ...]]:
    table: dict[tuple[str, str | None], dict[str, Leader]] = {}
    for leader in all_leaders():
        for term in leader.terms:
            table.setdefault((term.office, term.country), {})[leader.actor_id] = leader
    return {key: tuple(group.values()) for key, group in table.items()}
