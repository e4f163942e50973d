"""Known names read: states, organisations, generic institutions and leaders, as the words beside them say."""

import dataclasses
import functools

from schemas.tags import ActorType
from transforms.tagging.contexts import Weight, is_medium, weigh_state
from transforms.tagging.gazetteer import Entry, Hit, Sense, slugify, states
from transforms.tagging.leaders import Leader
from transforms.tagging.lexicon import read_table
from transforms.tagging.naming import is_name_word, opens_sentence, organisation_heads, run_end
from transforms.tagging.survey import Survey

_POSSESSIVES = ("'s", "’s")


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """One mention: tokens `start` to `end`, end excluded. `acts` is False for mere places and origins."""

    start: int
    end: int
    actor_id: str
    name: str
    type: ActorType
    country: str | None
    role: str | None
    rule: str
    weight: Weight = Weight.PARTY
    acts: bool = True


def read_known(known: Survey) -> tuple[list[Found], list[tuple[int, int, Leader]]]:
    """Read the known forms of a text.

    Marks more of `known.barriers`, where a known name runs further than its form.

    Returns:
        The mentions of all but people, in text order, none overlapping; and the leaders, as start, end and who.
    """
    found: list[Found] = []
    leaders: list[tuple[int, int, Leader]] = []
    for hit in known.hits:
        entry = _choose(known, hit)
        if (found and hit.start < found[-1].end) or entry.sense is Sense.BLOCK:
            continue
        if entry.sense is Sense.LEADER:
            end = _name_end(known, hit)
            if end is not None:
                leaders.append((hit.start, end, _leader_on(known, hit)))
            continue
        one = _read(known, hit, entry)
        if one is None:
            continue
        while found and found[-1].start >= one.start:
            found.pop()
        found.append(one)
    return found, leaders


def _read(known: Survey, hit: Hit, entry: Entry) -> Found | None:
    if entry.sense is Sense.INSTITUTION:
        return _read_institution(known, hit, entry)
    if entry.type is ActorType.STATE:
        anchor = known.anchors[hit.start]
        assert anchor is not None
        weight = weigh_state(known.doc, anchor, known.anchors)
        return _found(hit.start, hit.end, entry, f"gazetteer_{entry.sense}", weight)
    weight = Weight.PLACE if is_medium(known.doc, hit.start) else Weight.PARTY
    branch = _branch(known, hit, entry)
    if branch is not None:
        return branch
    return _found(_start_with_state(known, hit, entry.country), hit.end, entry, "gazetteer_name", weight)


def _found(start: int, end: int, entry: Entry, rule: str, weight: Weight = Weight.PARTY) -> Found:
    return Found(start, end, entry.actor_id, entry.name, entry.type, entry.country, None, rule, weight)


def _choose(known: Survey, hit: Hit) -> Entry:
    """Prefer the institution of the state named beside a form that is also the proper name of one state's body."""
    generic = next((entry for entry in hit.entries if entry.sense is Sense.INSTITUTION), None)
    own = next((entry for entry in hit.entries if entry.sense is not Sense.INSTITUTION), None)
    if generic is None or own is None:
        return hit.entry
    beside = state_beside(known, hit)
    return own if beside is None or beside == own.country else generic


def state_beside(known: Survey, hit: Hit) -> str | None:
    """Give the ISO code of the state right before ("Iranian", "Iran's") or after ("of Iran") a hit."""
    before = _place_before(known, hit.start)
    anchor = known.anchors[before] if before >= 0 else None
    if anchor is not None and not anchor.international:
        return anchor.country
    after = _after_of(known, hit)
    anchor = known.anchors[after] if after else None
    return anchor.country if anchor is not None else None


def _place_before(known: Survey, start: int) -> int:
    """Give the place before a token, over a possessive; -1 at the start of a sentence."""
    if start == 0 or opens_sentence(known.doc, start):
        return -1
    before = start - 1
    return before - (before > 0 and known.doc[before].text in _POSSESSIVES)


def _after_of(known: Survey, hit: Hit) -> int:
    """Give the place after "of" or "of the", or 0."""
    place = hit.end
    if place + 1 >= len(known.doc) or known.doc[place].text != "of":
        return 0
    place += 1
    place += known.doc[place].lower_ == "the"
    return place if place < len(known.doc) else 0


def _start_with_state(known: Survey, hit: Hit, country: str | None) -> int:
    """Give the start of a hit with the demonym or name of its own state before it: "US State Department"."""
    if hit.start == 0 or country is None or opens_sentence(known.doc, hit.start):
        return hit.start
    before = known.anchors[hit.start - 1]
    return before.start if before is not None and before.country == country else hit.start


def _read_institution(known: Survey, hit: Hit, entry: Entry) -> Found | None:
    """Read "Iranian Foreign Ministry", "Parliament of Iraq"; a bare capitalised form is the main state's."""
    country = state_beside(known, hit)
    if country is None and (known.doc[hit.start].text[0].islower() or known.main is None):
        return None
    if country is None and _is_any(known, hit):
        return None
    if country is None and hit.end < len(known.doc) and known.doc[hit.end].text in ("of", "for", "on"):
        known.barriers[hit.start : hit.end] = [False] * (hit.end - hit.start)
        return None  # A longer name: "National Council on the Humanities".
    state = states()[country or known.main or ""]
    start, end = hit.start, hit.end
    if country is not None:
        before = _place_before(known, start)
        anchor = known.anchors[before] if before >= 0 else None
        after = known.anchors[_after_of(known, hit)]
        if anchor is not None:
            start = anchor.start
        elif after is not None:
            end = after.end
    known.barriers[start:end] = [True] * (end - start)
    named = _named_institutions().get((state.iso3, entry.actor_id))
    if named is not None:
        return _found(start, end, named, "institution")
    actor_id = f"org:{state.iso3.lower()}-{entry.actor_id}"
    # "Parliament of Iraq", but "Iraqi Army": as each is mostly called.
    name = f"{entry.name} of {with_article(state.name)}" if "of" in entry.flags else f"{state.demonym} {entry.name}"
    own = dataclasses.replace(entry, actor_id=actor_id, name=name, country=state.country)
    return _found(start, end, own, "institution")


def _is_any(known: Survey, hit: Hit) -> bool:
    """Match "such as a foreign ministry": any of its kind; "a National Assembly deputy" is of one."""
    before = known.doc[hit.start - 1].lower_ if hit.start else ""
    ahead = known.titles[hit.end] if hit.end < len(known.doc) else None
    return before in ("a", "an") and ahead is None


def with_article(state: str) -> str:
    """Put "the" before the name of a state that takes it inside a phrase: "the Netherlands"."""
    return f"the {state}" if state.startswith("United ") or state.endswith(("s", "Republic", "Congo")) else state


@functools.cache
def _named_institutions() -> dict[tuple[str, str], Entry]:
    """Give the institutions that have a name of their own, by state and kind: the Knesset, the Bank of England."""
    rows = {row["actor_id"]: row for row in read_table("organisations")}
    table = {}
    for link in read_table("institutions_named"):
        row = rows[link["actor_id"]]
        table[link["iso3"], link["slug"]] = Entry(
            row["actor_id"], row["name"], ActorType(row["type"]), row["country"] or None, Sense.INSTITUTION
        )
    return table


def _branch(known: Survey, hit: Hit, entry: Entry) -> Found | None:
    """Read the national branch of an organisation: "World Wildlife Fund Mexico", "Tesco Poland"."""
    if hit.end >= len(known.doc) or not entry.actor_id.startswith("org:") or hit.end - hit.start == 0:
        return None
    after = known.anchors[hit.end]
    if after is None or after.sense is not Sense.NAME or after.international or not known.doc[hit.end - 1].whitespace_:
        return None
    name = known.doc[hit.start : after.end].text
    return Found(
        hit.start, after.end, f"org:{slugify(name)}", name, entry.type, after.country, None, "gazetteer_branch"
    )


def _leader_on(known: Survey, hit: Hit) -> Leader:
    leaders = [entry.leader for entry in hit.entries if entry.leader is not None]
    day = known.day
    return min(leaders, key=lambda one: one.term_on(day).distance(day) if day else 0)


def _name_end(known: Survey, hit: Hit) -> int | None:
    """Give where a leader's name ends with the words that go on; None where it is part of a thing's or body's name."""
    end = run_end(known.doc, known.barriers, hit.end - 1, crossing=hit.end)
    last = known.doc[end - 1].text
    if end > hit.end and (last in organisation_heads("last") or last in organisation_heads("never")):
        known.barriers[hit.start : hit.end] = [False] * (hit.end - hit.start)
        return None
    inside = known.anchors[hit.end : end]
    if any(anchor is not None for anchor in inside) or not all(
        is_name_word(token) or not token.text[0].isupper() for token in known.doc[hit.end : end]
    ):
        end = hit.end
    known.barriers[hit.end : end] = [True] * (end - hit.end)
    return end
