"""Records: whether the files of a warehouse are those that marks and records of merged files say."""

import collections
import dataclasses
import pathlib
from collections.abc import Iterator

import pyarrow as pa

from pipelines.exits import WarehouseDamaged
from pipelines.layout import Layout
from schemas.tables import TABLES
from transforms.marks import Mark, PublishedFile, is_balanced
from transforms.merged import Merged
from transforms.partitions import count_rows, file_digest

_AGAIN = "restore it from a copy, or give its input to `pledgeline backfill --reprocess`"
_ALONE = "move it away: nothing says which segment its rows are of"
_LATER = "any command that writes, such as `pledgeline compact`, completes or undoes it"
# Tables that tags make: a retag may leave no row of a day.
_TAGS = ("actors", "commitments")


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong: where, what, and what a person can do about it."""

    path: str
    what: str
    remedy: str


@dataclasses.dataclass(frozen=True, slots=True)
class Records:
    """What a warehouse's private folder says of its files, as it was at one moment."""

    marks: tuple[Mark, ...]
    merged: tuple[Merged, ...]
    forgotten: int
    faults: tuple[Fault, ...]

    @property
    def files(self) -> dict[str, PublishedFile]:
        """Every file that is named, by its path; what marks name may have been merged into another since."""
        own = {file.path: file for mark in self.marks for file in mark.files}
        return own | {merged.path: PublishedFile(merged.path, merged.rows, merged.sha256) for merged in self.merged}


def read_records(layout: Layout) -> Records:
    """Read all marks and records of merged files; what cannot be read is a fault, and so is a change half made."""
    marks: list[Mark] = []
    faults: list[Fault] = []
    for segment in sorted(layout.stamps()):
        try:
            mark = layout.read_mark(segment)
        except WarehouseDamaged as error:
            faults.append(Fault(layout.relative(layout.mark(segment)), "is not a mark", str(error)))
            continue
        marks += [mark] if mark else []
    for note in sorted(layout.marks.glob("*.pending")):
        faults.append(Fault(layout.relative(note), "a change is going on, or was left half made", _LATER))
    forgotten = len(layout.read_forgotten())
    return Records(tuple(marks), tuple(layout.read_merged()), forgotten, tuple(faults))


def find_record_faults(layout: Layout, records: Records) -> Iterator[Fault]:
    """Compare every file with its record: that it is there, its bytes, its rows; and every mark's sum."""
    present = {layout.relative(path) for table in TABLES for path in (layout.root / table).glob("date=*/*.parquet")}
    yield from records.faults
    for mark in records.marks:
        if not is_balanced(mark.counts):
            path = layout.relative(layout.mark(mark.segment))
            yield Fault(path, f"its counts do not add up: {mark.counts}", _AGAIN)
    yield from _find_missing(records, present)
    files = records.files
    for path in sorted(present):
        yield from _compare(layout.root / path, path, files.get(path))


def _compare(file: pathlib.Path, path: str, recorded: PublishedFile | None) -> Iterator[Fault]:
    try:
        rows = count_rows(file)
    except FileNotFoundError:
        return
    except (pa.ArrowException, OSError) as error:
        yield Fault(path, f"cannot be read: {error}", _AGAIN if recorded else _ALONE)
        return
    if recorded is None:
        yield Fault(path, f"has {rows} rows, and no mark or record names it", _ALONE)
    elif rows != recorded.rows:
        yield Fault(path, f"has {rows} rows, its record says {recorded.rows}", _AGAIN)
    elif file_digest(file) != recorded.sha256:
        yield Fault(path, "has not the bytes that its record says", _AGAIN)


def _find_missing(records: Records, present: set[str]) -> Iterator[Fault]:
    holders: dict[str, set[str]] = collections.defaultdict(set)
    for merged in records.merged:
        holders[merged.partition] |= set(merged.segments)
        if merged.path not in present:
            yield Fault(merged.path, f"is missing with {merged.rows} rows", _AGAIN)
    for mark in records.marks:
        for file in mark.files:
            partition = file.path.rsplit("/", 1)[0]
            is_held = file.path in present or mark.segment in holders[partition]
            if not is_held and not _is_explained(file, holders, records.forgotten, present):
                yield Fault(file.path, f"is missing with {file.rows} rows", _AGAIN)


def _is_explained(file: PublishedFile, holders: dict[str, set[str]], forgotten: int, present: set[str]) -> bool:
    """Say whether a later command may have left nothing of a file.

    A retag may leave a day without tags; a takedown few articles, and no tags where the article's own file is gone.
    """
    table, day, name = file.path.split("/")
    if table not in _TAGS:
        return file.rows <= forgotten
    retagged = any(holders[f"{other}/{day}"] for other in _TAGS)
    return retagged or (forgotten > 0 and f"articles/{day}/{name}" not in present)
