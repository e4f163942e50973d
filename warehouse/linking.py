"""Linking: the files of the tables under names of their own, for table formats that keep snapshots.

A snapshot must not change or lose a file, and the warehouse replaces and merges its own. So a registered file is a
hard link, named after what is in it: no byte is copied, and its rows stay for as long as a snapshot needs them.
"""

import dataclasses
import errno
import os
import pathlib

import pyarrow.parquet as pq

from pipelines.layout import Layout
from schemas.tables import TABLES
from transforms.partitions import UNKNOWN_DAY, file_digest
from warehouse.records import read_records

# Characters of the digest in a link's name.
_DIGEST_LENGTH = 16


class UnfitPlace(ValueError):
    """The catalogue's folder cannot be used: no hard link leads there, or a library misreads its name."""


@dataclasses.dataclass(frozen=True, slots=True)
class LinkedFile:
    """A registered file: its path relative to the folder of its table, its day (None is unknown), rows and bytes."""

    path: str
    day: str | None
    rows: int
    size: int


def link_tables(layout: Layout, folder: pathlib.Path) -> dict[str, tuple[LinkedFile, ...]]:
    """Link every file that the tables have now into `folder/<table>/date=.../`. To be called under the lock.

    Raises:
        UnfitPlace: The folder is on another disk.
        WarehouseDamaged: A record of a merged file cannot be read.
    """
    digests = {path: file.sha256 for path, file in read_records(layout).files.items()}
    linked = {}
    for table in TABLES:
        paths = sorted((layout.root / table).glob("date=*/*.parquet"))
        files = [_link(path, folder / table, digests.get(layout.relative(path))) for path in paths]
        linked[table] = tuple(files)
    return linked


def _link(path: pathlib.Path, folder: pathlib.Path, digest: str | None) -> LinkedFile:
    digest = digest or file_digest(path)
    partition = path.parent.name
    link = folder / partition / f"{path.stem}-{digest[:_DIGEST_LENGTH]}.parquet"
    link.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, link)
    except FileExistsError:
        pass
    except OSError as error:
        if error.errno in (errno.EXDEV, errno.EPERM, errno.ENOTSUP):
            raise UnfitPlace(f"{folder} cannot hold hard links to {path.parent}: name a --catalog beside it") from error
        raise
    day = partition.removeprefix("date=")
    return LinkedFile(
        path=f"{partition}/{link.name}",
        day=None if day == UNKNOWN_DAY else day,
        rows=pq.read_metadata(link).num_rows,
        size=link.stat().st_size,
    )


def drop_links(folder: pathlib.Path, kept: tuple[LinkedFile, ...]) -> int:
    """Remove the links of a table's folder that are not among `kept`; gives how many."""
    paths = {folder / file.path for file in kept}
    gone = [path for path in folder.glob("date=*/*.parquet") if path not in paths]
    for path in gone:
        path.unlink()
    return len(gone)
