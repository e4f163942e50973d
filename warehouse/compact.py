"""Compact: the many small files of closed days become few sorted ones."""

import argparse
import dataclasses
import datetime
import pathlib
import sys
from collections.abc import Iterator

from pipelines.changes import Change, apply_change
from pipelines.exits import exit_code
from pipelines.holdings import old_records, record_merged
from pipelines.layout import Layout, file_stamps, find_warehouse
from pipelines.options import add_lock_timeout, day
from pipelines.publish import opened_for_change
from schemas.ids import stable_id
from schemas.tables import TABLES
from transforms.merged import merged_path
from transforms.merging import merge_files
from transforms.partitions import STAGED_SUFFIX, UNKNOWN_DAY, parse_partition

# Bytes. Above it a query engine gains nothing, and a change of one row costs a rewrite of so much.
MAX_FILE_BYTES = 512 * 1024 * 1024
# Files that are merged at once: each is open meanwhile, and a process may have about a thousand open.
_MAX_SOURCES = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Files of one partition that are to become one; paths are relative to the warehouse, sizes in bytes."""

    partition: str
    paths: tuple[str, ...]
    size: int

    @property
    def table(self) -> str:
        """The table of the partition."""
        return self.partition.split("/", 1)[0]


def find_groups(layout: Layout, *, before: datetime.date) -> Iterator[Group]:
    """Find the files that can be merged: those of days before `before`, excluded, and those of unknown day."""
    for table in TABLES:
        for folder in sorted((layout.root / table).glob("date=*")):
            day = parse_partition(folder.name)
            if folder.name != f"date={UNKNOWN_DAY}" and (day is None or day >= before):
                continue
            yield from _cut_groups(layout, folder)


def _cut_groups(layout: Layout, folder: pathlib.Path) -> Iterator[Group]:
    paths: list[str] = []
    size = 0
    for path in sorted(folder.glob("*.parquet")):
        more = path.stat().st_size
        if paths and (size + more > MAX_FILE_BYTES or len(paths) >= _MAX_SOURCES):
            yield from _group(layout, folder, paths, size)
            paths, size = [], 0
        paths.append(layout.relative(path))
        size += more
    yield from _group(layout, folder, paths, size)


def _group(layout: Layout, folder: pathlib.Path, paths: list[str], size: int) -> Iterator[Group]:
    if len(paths) > 1:
        yield Group(layout.relative(folder), tuple(paths), size)


def compact_group(layout: Layout, group: Group, folder: pathlib.Path, *, lock_timeout: float) -> bool:
    """Merge a group into one file and let it take their place; False where another run changed one of them meanwhile.

    Raises:
        LockHeld: Another run was publishing for too long.
        OSError: The disk is full or may not be written; nothing has changed, or the next start completes it.
    """
    before = file_stamps(layout, group.paths)
    path = merged_path(group.partition, stable_id(*group.paths, *map(str, before)))
    staged = folder / (path + STAGED_SUFFIX)
    try:
        segments = merge_files([layout.root / source for source in group.paths], staged, group.table)
    except FileNotFoundError:
        # Another run replaced one between the listing and the reading.
        return False
    with layout.lock(lock_timeout):
        if file_stamps(layout, group.paths) != before:
            return False
        move, records = record_merged(layout, path, staged, segments)
        apply_change(
            layout,
            Change(
                name=pathlib.PurePath(path).stem,
                folder=layout.relative(folder),
                moves=(move,),
                removes=(*group.paths, *old_records(layout, group.paths)),
                records=records,
                undo=(path,),
            ),
        )
    return True


@dataclasses.dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: files that gave way, files that took their place, groups that another run changed."""

    before: int = 0
    after: int = 0
    left: int = 0


def compact(layout: Layout, *, before: datetime.date, lock_timeout: float) -> Compacted:
    """Merge what can be merged, until nothing is left to merge or another run keeps changing it.

    Raises:
        LockHeld, WarehouseDamaged, OSError: What was merged so far stays; the same call goes on from there.
    """
    done = Compacted()
    with opened_for_change(layout, lock_timeout) as folder:
        while groups := list(find_groups(layout, before=before)):
            merged = [group for group in groups if compact_group(layout, group, folder, lock_timeout=lock_timeout)]
            files = sum(len(group.paths) for group in merged)
            left = len(groups) - len(merged)
            done = Compacted(done.before + files, done.after + len(merged), left)
            if left:
                break
    return done


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline compact` with the given arguments, or those of the process; gives the exit code."""
    options = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)

    def run() -> int:
        layout = find_warehouse(options.warehouse)
        done = compact(layout, before=options.before or _today(), lock_timeout=options.lock_timeout)
        print(f"{done.before} files became {done.after}" if done.before else "no closed day has files to merge")
        if done.left:
            print(f"{done.left} groups changed meanwhile and were left: run it again")
        return 0

    return exit_code(run)


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline compact", description="Merge the small files of closed days.", allow_abbrev=False
    )
    parser.add_argument("warehouse", help="the folder that backfill or monitor writes")
    parser.add_argument("--before", type=day, metavar="DAY", help="days before this one are closed; default: today")
    add_lock_timeout(parser)
    return parser
