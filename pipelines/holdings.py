"""Holdings: which files hold a segment's rows once partitions have been merged, and how rows leave those files."""

import collections
import dataclasses
import datetime
import pathlib
from collections.abc import Iterable

from pipelines.layout import Layout
from schemas.ids import stable_id
from transforms.marks import PublishedFile
from transforms.merged import Merged, encode_merged, merged_path
from transforms.merging import Keep, merge_files, without_segment
from transforms.partitions import STAGED_SUFFIX, count_rows, file_digest


class Holdings:
    """The merged files of a warehouse as they were when this was made."""

    def __init__(self, layout: Layout) -> None:
        """Read the records of all merged files.

        Raises:
            WarehouseDamaged: One cannot be read.
        """
        self._layout = layout
        self._merged: dict[str, list[Merged]] = collections.defaultdict(list)
        for merged in layout.read_merged():
            self._merged[merged.partition].append(merged)

    def find(self, segment: str, path: str) -> list[pathlib.Path]:
        """Find the files that hold what a segment's mark names as `path`: itself, or merged ones; empty if it is lost.

        A merged file holds rows of other segments too: read those that name the segment.
        """
        itself = self._layout.root / path
        if itself.exists():
            return [itself]
        return [self._layout.root / merged.path for merged in self.of_segment(segment, path.rsplit("/", 1)[0])]

    def of_segment(self, segment: str, partition: str | None = None) -> list[Merged]:
        """Give the merged files that hold rows of a segment, of one partition or of all."""
        partitions = [partition] if partition else sorted(self._merged)
        return [merged for name in partitions for merged in self._merged.get(name, ()) if segment in merged.segments]

    def of_partition(self, partition: str) -> list[Merged]:
        """Give the merged files of a partition (`articles/date=2025-09-04`), by name."""
        return list(self._merged.get(partition, ()))


@dataclasses.dataclass(frozen=True, slots=True)
class Rewriting:
    """The parts of a change that put files in the place of others; paths are relative to the warehouse."""

    moves: tuple[PublishedFile, ...] = ()
    removes: tuple[str, ...] = ()
    records: dict[str, str] = dataclasses.field(default_factory=dict)


def drop_segment(layout: Layout, segment: str, folder: pathlib.Path) -> Rewriting:
    """Stage every merged file that holds rows of a segment anew, without them. To be called under the lock."""
    parts = [
        rewrite(layout, merged, folder, keep=without_segment(segment), reason=segment)
        for merged in Holdings(layout).of_segment(segment)
    ]
    return join_rewritings(parts)


def rewrite(layout: Layout, merged: Merged, folder: pathlib.Path, *, keep: Keep, reason: str) -> Rewriting:
    """Stage a merged file anew with the rows that `keep` keeps; `reason` makes its new name differ from the old."""
    path = merged_path(merged.partition, stable_id(merged.name, reason))
    staged = folder / (path + STAGED_SUFFIX)
    segments = merge_files([layout.root / merged.path], staged, merged.partition.split("/", 1)[0], keep=keep)
    removes = (merged.path, layout.relative(layout.merged / f"{merged.name}.json"))
    if not segments:
        return Rewriting(removes=removes)
    move, record = record_merged(layout, path, staged, segments)
    return Rewriting(moves=(move,), removes=removes, records=record)


def record_merged(
    layout: Layout, path: str, staged: pathlib.Path, segments: dict[str, int]
) -> tuple[PublishedFile, dict[str, str]]:
    """Give a staged merged file as a change moves it, and its record by the record's path."""
    file = PublishedFile(path, rows=count_rows(staged), sha256=file_digest(staged))
    merged = Merged(
        path=path,
        rows=file.rows,
        sha256=file.sha256,
        segments=segments,
        finished_at=datetime.datetime.now(datetime.UTC).isoformat(),
    )
    return file, {layout.relative(layout.merged / f"{merged.name}.json"): encode_merged(merged)}


def old_records(layout: Layout, paths: Iterable[str]) -> tuple[str, ...]:
    """Name the records of those files among `paths` that are merged ones, relative to the warehouse."""
    records = [layout.merged / f"{pathlib.PurePath(path).stem}.json" for path in paths]
    return tuple(layout.relative(record) for record in records if record.exists())


def join_rewritings(parts: list[Rewriting]) -> Rewriting:
    """Make one of many."""
    return Rewriting(
        moves=tuple(move for part in parts for move in part.moves),
        removes=tuple(path for part in parts for path in part.removes),
        records={path: text for part in parts for path, text in part.records.items()},
    )
