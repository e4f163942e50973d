"""Event types and parties against PLOVER's gold standard records: the AGREE, REJECT and THREATEN of the CAMEO manual.

    python -m benchmarks.plover

Parties are compared by ISO 3166-1 alpha-3 code, all international bodies being one; a few codes of the records are
wrong (JAP for Japan), so that a code that no state has is read by the name beside it.
"""

import dataclasses
import json
import pathlib
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.documents import Article
from schemas.tags import Actor, Commitment
from transforms.tagging.gazetteer import states
from transforms.tagging.tagger import Tagger, make_tagger, tag_article

RECORDS = pathlib.Path(__file__).parents[2] / "shared" / "data" / "plover_gsr" / "derived_gold.jsonl"
EVENTS = ("AGREE", "REJECT", "THREATEN")
_INTERNATIONAL = "IGO"
# Codes of the records that mean no country and no body of states: an armed group across borders.
_BORDERLESS = "IMG"
# Former or mistaken codes, and who was meant.
_MEANT = {"JAP": "JPN"}


@dataclasses.dataclass(frozen=True, slots=True)
class EventFigures:
    """Records in all, those with a row of the right event type, and the parties of those: marked, found, both."""

    records: int
    events_right: int
    actors: tuple[int, int, int]
    recipients: tuple[int, int, int]

    def f1(self, role: str) -> float:
        """Give the F1 of `actors` or `recipients`."""
        marked, found, both = getattr(self, role)
        return 2 * both / (marked + found) if marked + found else 0.0


def measure_events(tagger: Tagger, records: pathlib.Path = RECORDS) -> EventFigures:
    """Measure on the records of AGREE, REJECT and THREATEN; parties count where the event type is right."""
    counts = {"actors": [0, 0, 0], "recipients": [0, 0, 0]}
    total = right = 0
    for record in _records(records):
        total += 1
        row = _right_row(record, tagger)
        if row is None:
            continue
        right += 1
        for role, key, parties in (("actors", "actor", row.actors), ("recipients", "recipient", row.counterparties)):
            marked, found = _marked_codes(record[key]), _codes(parties)
            for place, number in enumerate((len(marked), len(found), len(marked & found))):
                counts[role][place] += number
    return EventFigures(total, right, _triple(counts["actors"]), _triple(counts["recipients"]))


def _triple(counts: list[int]) -> tuple[int, int, int]:
    return counts[0], counts[1], counts[2]


def _right_row(record: dict[str, Any], tagger: Tagger) -> Commitment | None:
    """Give the row of the right event type; of several, the one whose actors fit best."""
    rows = tag_article(_article(record["text"]), tagger).commitments
    fitting = [row for row in rows if row.plover_event == record["event_v20"]]
    marked = _marked_codes(record["actor"])
    return max(fitting, key=lambda row: len(marked & _codes(row.actors)), default=None)


def _article(text: str) -> Article:
    return Article("record", "record", "record", 0, text.strip(" {}"), language="en")


def _marked_codes(parties: list[dict[str, Any]]) -> set[str]:
    return {_MEANT.get(party["code"], party["code"]) for party in parties}


def _codes(actors: Iterable[Actor]) -> set[str]:
    return {_code(actor) for actor in actors}


def _code(actor: Actor) -> str:
    if actor.country in states():
        return str(actor.country)
    return _INTERNATIONAL if actor.actor_id.startswith("igo:") else _BORDERLESS


def _records(path: pathlib.Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["event_v20"] in EVENTS:
                yield record


def main() -> None:
    """Print the figures."""
    figures = measure_events(make_tagger())
    print(f"records with a row of the right event type: {figures.events_right} of {figures.records}")
    print(f"actors by code, F1: {figures.f1('actors'):.3f}; recipients: {figures.f1('recipients'):.3f}")


if __name__ == "__main__":
    main()
