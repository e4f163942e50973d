"""What a document has said about its names: full names behind family names, long names behind acronyms."""

import dataclasses
import datetime
import re

from schemas.tags import ActorType
from transforms.tagging.gazetteer import fold, slugify
from transforms.tagging.leaders import Leader, all_leaders, leaders_named, officials_named
from transforms.tagging.naming import words

# Offices that "President X" or "Prime Minister X" are matched with in the table of leaders.
_TITLE_OFFICES = frozenset(
    {"president", "prime minister", "chancellor", "king", "queen", "pope", "emir", "sultan", "emperor"}
)


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """Who a name stands for. `settled` says that the country is known rather than guessed."""

    actor_id: str
    name: str
    type: ActorType
    country: str | None
    rule: str
    settled: bool


class Memory:
    """The identities met in one document, found again by shorter names. Lives as long as one document is read."""

    def __init__(self, day: datetime.date | None) -> None:
        self.day = day
        self._people: dict[tuple[str, ...], Identity] = {}
        self._last: dict[str, list[tuple[str, ...]]] = {}

    def add(self, name: tuple[str, ...], identity: Identity) -> None:
        """Remember a person by the words of a full name; the first identity stays unless a later one is settled."""
        known = self._people.get(name)
        if known is None:
            self._last.setdefault(name[-1], []).append(name)
            if len(name) > 1 and name[0] != name[-1]:
                self._last.setdefault(name[0], []).append(name)
        if known is None or (identity.settled and not known.settled):
            self._people[name] = identity

    def countries(self) -> dict[str, tuple[bool, str | None]]:
        """Give each person's country, and whether it is known rather than to be guessed."""
        found: dict[str, tuple[bool, str | None]] = {}
        for identity in self._people.values():
            if identity.actor_id not in found or identity.settled:
                found[identity.actor_id] = (identity.settled, identity.country)
        return found

    def recall(self, name: tuple[str, ...]) -> Identity | None:
        """Find the person that a name means: the same words, else the one full name that ends or starts with them."""
        if name in self._people:
            return self._people[name]
        fits = [full for full in self._last.get(name[-1], ()) if len(full) > len(name) and full[-len(name) :] == name]
        if not fits and len(name) > 1:
            fits = [full for full in self._last.get(name[-1], ()) if full[0] == name[0] and _within(name, full)]
        if not fits and len(name) == 1:
            fits = [
                full for full in self._last.get(name[0], ()) if full[0] == name[0] and _family_first(self._people[full])
            ]
        people = {self._people[full].actor_id: self._people[full] for full in fits}
        return next(iter(people.values())) if people else None


def _within(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    rest = iter(full)
    return all(any(word == other for other in rest) for word in short)


def _family_first(identity: Identity) -> bool:
    return identity.country in ("CHN", "KOR", "PRK", "TWN", "HKG") or identity.rule == "leader"


def leader_identity(leader: Leader, day: datetime.date | None) -> Identity:
    """Code a leader by the day: country and office of the term then held, or nearest to it."""
    term = leader.term_on(day)
    return Identity(leader.actor_id, leader.name, ActorType.PERSON, term.country, "leader", True)


def known_leader(family: str, day: datetime.date | None, office: str | None, *, addressed: bool) -> Leader | None:
    """Find the leader that a family name alone means on the day; with a title, its office must fit.

    Without any title (`addressed` is False) only those in office count, and no family name that is also a common
    word or name.
    """
    candidates = leaders_named(family, day)
    if office is not None:
        officials = officials_named(family, office, day)
        fitting = [one for one in candidates if any(term.office == office for term in one.terms)]
        if not fitting and len(officials) == 1:
            return officials[0]
        if office in _TITLE_OFFICES:
            return fitting[0] if fitting else None
        return fitting[0] if fitting else (candidates[0] if len(candidates) == 1 else None)
    if not candidates or (family in words("common_surname") and not addressed):
        return None
    first = candidates[0]
    if day is None:
        return first if len(candidates) == 1 else None
    alone = len(candidates) == 1 and (not addressed or family not in words("common_surname"))
    return first if first.term_on(day).distance(day) == 0 or alone else None


def named_leader(name: tuple[str, ...]) -> Leader | None:
    """Find a leader by given and family name, whatever stands between them ("Mitchell A. McConnell")."""
    if len(name) < 2:
        return None
    return _by_ends().get((name[0], name[-1]))


def _by_ends() -> dict[tuple[str, str], Leader]:
    if not _ENDS:
        for leader in all_leaders():
            for form in () if leader.minor else leader.forms:
                parts = fold(form).split()
                if len(parts) > 1:
                    _ENDS.setdefault((parts[0], parts[-1]), leader)
    return _ENDS


_ENDS: dict[tuple[str, str], Leader] = {}


def unknown_person(text: str, country: str | None, *, rule: str, settled: bool) -> Identity:
    """Make the identity of a person that no table knows; middle initials are left out of the name."""
    name = re.sub(r"(?<=\w)\s+(?:[A-Z]\.\s*)+(?=\w)", " ", re.sub(r"\s+", " ", text))
    return Identity(f"person:{slugify(name)}", name, ActorType.PERSON, country, rule, settled)
