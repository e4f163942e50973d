"""How many expressions of time are found whole and come to the right day; written before the rules that read them.

    python -m benchmarks.deadlines

Each row of `deadlines.tsv` has a sentence of our own, the day it was published, the expression in it, and the last day
on which the act falls due; none where it is vague or hangs on an event.
"""

import csv
import dataclasses
import datetime
import pathlib

from transforms.tagging.deadlines import find_deadlines, resolve_deadline

EXPRESSIONS = pathlib.Path(__file__).with_suffix(".tsv")


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """One row and what was made of it; `found` is the first expression of the sentence, None where there is none."""

    published: datetime.date
    sentence: str
    expression: str
    due: datetime.date | None
    found: str | None
    resolved: datetime.date | None

    @property
    def is_right(self) -> bool:
        """Tell whether the expression was found to the letter and its day is the one written down."""
        return self.found == self.expression and self.resolved == self.due


def read_expressions(table: pathlib.Path = EXPRESSIONS) -> tuple[Reading, ...]:
    """Read every expression of the table as a tagger meets it, in its sentence."""
    with table.open(encoding="utf-8", newline="") as rows:
        return tuple(_read(row) for row in csv.DictReader(rows, delimiter="\t"))


def share_right(readings: tuple[Reading, ...]) -> float:
    """Give the share of expressions that are found whole and resolved to the right day."""
    return sum(reading.is_right for reading in readings) / len(readings)


def _read(row: dict[str, str]) -> Reading:
    published, sentence = datetime.date.fromisoformat(row["published"]), row["sentence"]
    found = next((sentence[start:end] for start, end in find_deadlines(sentence)), None)
    due = datetime.date.fromisoformat(row["due"]) if row["due"] else None
    resolved = resolve_deadline(found, published) if found is not None else None
    return Reading(published, sentence, row["expression"], due, found, resolved)


def main() -> None:
    """Print the share, and each row that is wrong."""
    readings = read_expressions()
    right = sum(reading.is_right for reading in readings)
    print(f"{right} of {len(readings)} expressions found whole and resolved to the right day")
    for reading in readings:
        if not reading.is_right:
            print(
                f"  {reading.expression!r} on {reading.published}: {reading.found!r} is {reading.resolved}, "
                f"not {reading.due}"
            )


if __name__ == "__main__":
    main()
