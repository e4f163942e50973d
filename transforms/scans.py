"""Scans: what the pass over a file's bytes gave, remembered by path and stamp so that it need not be done again."""

import dataclasses
import pathlib
import sqlite3
import struct
from collections.abc import Iterable
from typing import Self

from transforms.segments import Unit

_SCHEMA = """
CREATE TABLE IF NOT EXISTS scans (
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, container TEXT NOT NULL, units BLOB NOT NULL
) WITHOUT ROWID;
"""
# SHA-256 digest, size, and offset (-1 where there is none).
_UNIT = struct.Struct(">32sqq")
_BUSY_SECONDS = 60.0
# Part of every stamp: a change of how files are scanned makes old scans void.
_SCAN_VERSION = "1"


@dataclasses.dataclass(frozen=True, slots=True)
class Scan:
    """A file's container (a value of `containers.Container`) and its units in order."""

    container: str
    units: tuple[Unit, ...]


class ScanCache:
    """Scans in a SQLite file, which may be lost."""

    def __init__(self, path: pathlib.Path) -> None:
        """Open the cache.

        Raises:
            sqlite3.DatabaseError: The file is not a database, or may not be written.
        """
        self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
        self._connection.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str, stamp: str) -> Scan | None:
        """Give what a file's scan gave, if it was scanned under this stamp."""
        row = self._connection.execute(
            "SELECT container, units FROM scans WHERE path = ? AND stamp = ?", (path, _SCAN_VERSION + stamp)
        ).fetchone()
        return Scan(row[0], _decode_units(row[1])) if row else None

    def put_all(self, scans: Iterable[tuple[str, str, Scan]]) -> None:
        """Remember scans, each with its path and stamp, in one transaction."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO scans VALUES (?, ?, ?, ?)",
                [
                    (path, _SCAN_VERSION + stamp, scan.container, _encode_units(scan.units))
                    for path, stamp, scan in scans
                ],
            )


def _encode_units(units: tuple[Unit, ...]) -> bytes:
    return b"".join(_UNIT.pack(unit.digest, unit.size, -1 if unit.offset is None else unit.offset) for unit in units)


def _decode_units(blob: bytes) -> tuple[Unit, ...]:
    return tuple(Unit(digest, size, None if offset < 0 else offset) for digest, size, offset in _UNIT.iter_unpack(blob))
