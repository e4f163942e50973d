"""Files: which Parquet files a table has now, and which of them could show a row twice.

A segment's rows are unique by the promise. A row can be seen twice only while files of a day are being merged or
replaced, so a day's folder is beyond doubt where it holds one file, or only files of segments that are marked.
"""

import dataclasses
import os
import pathlib

from transforms.partitions import published_name, staged_name

_SUFFIX = ".parquet"


@dataclasses.dataclass(frozen=True, slots=True)
class TableFiles:
    """The files of a table, sorted; rows of `doubtful` ones must be made distinct by whoever reads them."""

    settled: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every file, sorted."""
        return tuple(sorted((*self.settled, *self.doubtful)))


def list_files(root: pathlib.Path, table: str, marked: frozenset[str]) -> TableFiles:
    """Look which files a table has; none where it has no folder.

    Args:
        root: The warehouse.
        table: Its name.
        marked: The segments that have a mark and are not being published anew; empty puts every file in doubt that
            shares its folder.
    """
    settled: list[str] = []
    doubtful: list[str] = []
    for folder in _entries(root / table):
        if folder.name.startswith("date=") and folder.is_dir():
            names = [entry.name for entry in _entries(folder.path) if entry.name.endswith(_SUFFIX)]
            sure = len(names) == 1 or all(_segment(name) in marked for name in names)
            (settled if sure else doubtful).extend(f"{folder.path}/{name}" for name in names)
    return TableFiles(tuple(sorted(settled)), tuple(sorted(doubtful)))


def _entries(folder: pathlib.Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


_BEFORE, _AFTER = pathlib.PurePath(published_name(staged_name("", None, "SEGMENT"))).name.split("SEGMENT")


def _segment(name: str) -> str | None:
    """Read the segment in the name of a file that one segment filled alone."""
    if name.startswith(_BEFORE) and name.endswith(_AFTER):
        return name.removeprefix(_BEFORE).removesuffix(_AFTER)
    return None


def marked_segments(marks: pathlib.Path) -> frozenset[str]:
    """Name the segments that are marked; none while any is being published, which can move rows between files."""
    names = [entry.name for entry in _entries(marks)]
    if any(name.endswith(".pending") for name in names):
        return frozenset()
    return frozenset(name.removesuffix(".json") for name in names if name.endswith(".json"))
