"""Differences: what a retag would change, counted by comparing old rows with new ones."""

import collections
import dataclasses
import pathlib
from collections.abc import Iterable
from typing import Any

from transforms.merging import read_batches

# What names a row of each table for as long as the article's text stays.
_IDS = {"actors": "mention_id", "commitments": "commitment_id"}
# Columns that differ after every retag and say nothing of the reading.
_VERSIONS = ("tagger_version", "model", "segment")


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """Rows of a table by what becomes of them: new ones, gone ones, and those with the same id but other values."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    same: int = 0

    def plus(self, other: "Difference") -> "Difference":
        """Add two counts up."""
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), strict=True)
        return Difference(*(mine + theirs for mine, theirs in pairs))


def compare_files(table: str, old: Iterable[pathlib.Path], new: Iterable[pathlib.Path]) -> Difference:
    """Compare the rows of a partition before and after; versions and segments do not count."""
    before, after = _rows(table, old), _rows(table, new)
    common = before.keys() & after.keys()
    same = sum(before[key] == after[key] for key in common)
    return Difference(len(after) - len(common), len(before) - len(common), len(common) - same, same)


def count_kinds(paths: Iterable[pathlib.Path]) -> collections.Counter[str]:
    """Count commitments by kind."""
    batches = (batch for path in paths for batch in read_batches(path, "commitments", ["kind"]))
    return collections.Counter(kind for batch in batches for kind in batch.column("kind").to_pylist())


def _rows(table: str, paths: Iterable[pathlib.Path]) -> dict[str, int]:
    found: dict[str, int] = {}
    for path in paths:
        for batch in read_batches(path, table, None):
            for row in batch.to_pylist():
                found[row[_IDS[table]]] = _digest(row)
    return found


def _digest(row: dict[str, Any]) -> int:
    # Compared within this process only, so that Python's own hash will do.
    return hash(repr(sorted((name, value) for name, value in row.items() if name not in _VERSIONS)))
