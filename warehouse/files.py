"""Files: which Parquet files a table has now, and which of them could show a row twice.

A segment's rows are unique by the promise. A row can be seen twice only while files are merged or replaced, so a file
is beyond doubt where it is alone in its folder, or where no change is going on and a record vouches for it.
"""

import dataclasses
import os
import pathlib

from pipelines.layout import Layout
from transforms.partitions import published_name, staged_name

_SUFFIX, _RECORD = ".parquet", ".json"


@dataclasses.dataclass(frozen=True, slots=True)
class TableFiles:
    """The files of a table, sorted; rows of `doubtful` ones must be made distinct by whoever reads them."""

    settled: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every file, sorted."""
        return tuple(sorted((*self.settled, *self.doubtful)))


def list_files(root: pathlib.Path, table: str, vouched: frozenset[str]) -> TableFiles:
    """Look which files a table has; none where it has no folder.

    Args:
        root: The warehouse.
        table: Its name.
        vouched: What `vouched_files` gave.
    """
    days = [list_day(folder.path, vouched) for folder in _entries(root / table) if folder.name.startswith("date=")]
    return TableFiles(
        tuple(sorted(path for day in days for path in day.settled)),
        tuple(sorted(path for day in days for path in day.doubtful)),
    )


def list_day(folder: pathlib.Path | str, vouched: frozenset[str]) -> TableFiles:
    """Look which files a day's folder has."""
    names = sorted(entry.name for entry in _entries(folder) if entry.name.endswith(_SUFFIX))
    paths = tuple(f"{folder}/{name}" for name in names)
    return TableFiles(settled=paths) if len(names) == 1 or vouched.issuperset(names) else TableFiles(doubtful=paths)


def vouched_files(root: pathlib.Path) -> frozenset[str]:
    """Name the files that segments' marks and records of merged files vouch for; none while any change is going on."""
    layout = Layout(root)
    marks = [entry.name for entry in _entries(layout.marks)]
    if any(name.endswith(".pending") for name in marks):
        return frozenset()
    segments = (name.removesuffix(_RECORD) for name in marks if name.endswith(_RECORD))
    merged = (entry.name.removesuffix(_RECORD) for entry in _entries(layout.merged))
    own = (published_name(staged_name("", None, segment)).rsplit("/", 1)[1] for segment in segments)
    return frozenset((*own, *(name + _SUFFIX for name in merged)))


def _entries(folder: pathlib.Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
