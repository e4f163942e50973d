"""Summary: what became of every record of a run, as a table for whoever ran it."""

import collections
import dataclasses

from rich.console import Console
from rich.table import Table

from pipelines.holdings import Holdings
from pipelines.layout import Layout
from schemas.tables import SCHEMA_VERSION
from schemas.version import VERSION
from transforms.marks import Mark
from transforms.partitions import count_reasons
from transforms.segments import Segment
from transforms.tagging.tagger import TAGGER_VERSION

_ENDS = ("read", "articles", "rejects", "duplicates", "filtered")


@dataclasses.dataclass
class Summary:
    """The marks of a run's segments: `processed` by it, or `finished` before; and advice for its user."""

    processed: dict[str, Mark] = dataclasses.field(default_factory=dict)
    finished: dict[str, Mark] = dataclasses.field(default_factory=dict)
    repeated: int = 0
    advice: list[str] = dataclasses.field(default_factory=list)

    def add_processed(self, mark: Mark) -> None:
        """Note a segment that was published."""
        self.processed[mark.segment] = mark

    def add_finished(self, mark: Mark) -> None:
        """Note a segment that was finished already."""
        self.finished[mark.segment] = mark

    def add_repeated(self, segment: Segment) -> None:
        """Note a segment whose very bytes occur twice in the input: its records are duplicates."""
        self.repeated += segment.units

    def advise(self, line: str) -> None:
        """Keep a line for the end of the run."""
        self.advice.append(line)

    def count(self, end: str) -> int:
        """Count the records that ended so, over all segments of the input."""
        counted = sum(mark.counts[end] for mark in (*self.processed.values(), *self.finished.values()))
        return counted + (self.repeated if end in ("read", "duplicates") else 0)

    def rows(self, table: str) -> int:
        """Count the rows that the segments have in a table."""
        marks = (*self.processed.values(), *self.finished.values())
        return sum(file.rows for mark in marks for file in mark.files if file.path.startswith(f"{table}/"))

    @property
    def reject_ratio(self) -> float:
        """The share of records read that were rejected."""
        return self.count("rejects") / max(self.count("read"), 1)

    def outdated(self) -> int:
        """Count the finished segments whose rows another version of the code, tables or rules made."""
        current = {"pipeline": VERSION, "schema": SCHEMA_VERSION, "tagger": TAGGER_VERSION}
        return sum(not current.items() <= mark.versions.items() for mark in self.finished.values())


def print_summary(summary: Summary, layout: Layout) -> None:
    """Print the closing table: how every record ended, and what that made."""
    table = Table(title=f"read = articles + rejects + duplicates + filtered, in {layout.root}", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for end in _ENDS:
        table.add_row(end, f"{summary.count(end):,}")
    table.add_section()
    table.add_row("skipped: no documents", f"{summary.count('skipped'):,}", style="dim")
    for name in ("actors", "commitments"):
        table.add_row(f"rows of {name}", f"{summary.rows(name):,}")
    console = Console(soft_wrap=True)
    console.print(table)
    done, before = len(summary.processed), len(summary.finished)
    console.print(f"segments: {done} processed, {before} finished before", highlight=False)
    for line in _closing_lines(summary, Holdings(layout)):
        console.print(line, highlight=False, markup=False)


def _closing_lines(summary: Summary, holdings: Holdings) -> list[str]:
    lines = list(summary.advice)
    reasons: collections.Counter[str] = collections.Counter()
    for mark in (*summary.processed.values(), *summary.finished.values()):
        for file in mark.files:
            if file.path.startswith("rejects/"):
                for path in holdings.find(mark.segment, file.path):
                    reasons.update(count_reasons(path, segment=mark.segment))
    if reasons:
        counted = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        lines.append(f"rejected: {counted}; the table rejects says what each was")
    if outdated := summary.outdated():
        lines.append(f"{outdated} segments were made by an older version: --reprocess does them again")
    return lines
