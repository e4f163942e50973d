"""Inventory: which landed archive holds a feed or a link, so that nothing is fetched twice."""

import pathlib
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Self

from schemas.documents import Link
from schemas.ids import stable_id
from transforms.fetching.seen import entry_address
from transforms.reading.history import LandedEnd, LandedPoll, read_history

_SCHEMA = """
CREATE TABLE IF NOT EXISTS inventoried (archive TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inventory (key TEXT PRIMARY KEY, archive TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS inventory_by_archive ON inventory (archive);
"""
_BUSY_SECONDS = 60.0


class Inventory:
    """Feeds and links by the archive that had them first, in a SQLite file; what is lost is read from the archives."""

    def __init__(self, path: pathlib.Path) -> None:
        """Open the file.

        Raises:
            sqlite3.DatabaseError: It is not a database, or may not be written.
        """
        self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
        self._connection.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def bring_up_to_date(self, archives: Iterable[pathlib.Path]) -> None:
        """Read the archives that are new or another than before, in order of their names; forget those that are gone.

        Raises:
            OSError: One cannot be read.
        """
        there = {path.name: path for path in sorted(archives)}
        known = dict(self._connection.execute("SELECT archive, stamp FROM inventoried").fetchall())
        with self._connection:
            for name in known:
                if name not in there or known[name] != _stamp(there[name]):
                    self._connection.execute("DELETE FROM inventory WHERE archive = ?", (name,))
                    self._connection.execute("DELETE FROM inventoried WHERE archive = ?", (name,))
        for name, path in there.items():
            stamp = _stamp(path)
            if known.get(name) != stamp:
                rows = [(key, name) for key in read_keys(path)]
                with self._connection:
                    self._connection.executemany("INSERT OR IGNORE INTO inventory VALUES (?, ?)", rows)
                    self._connection.execute("INSERT INTO inventoried VALUES (?, ?)", (name, stamp))

    def find(self, key: str) -> str | None:
        """Give the name of the archive that holds what `feed_key` or `link_key` identifies, if one does."""
        row = self._connection.execute("SELECT archive FROM inventory WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None


def feed_key(url: str) -> str:
    """Identify a feed by its address as its list has it."""
    return stable_id("feed", url)


def link_key(link: Link) -> str:
    """Identify a link by what leads to its page, whatever feed it is from; else by what its entry is called."""
    address = entry_address(link)
    if address:
        return stable_id("link", address)
    return stable_id("entry", link.feed_url, link.guid, link.title, link.published)


def read_keys(path: pathlib.Path) -> Iterator[str]:
    """Give the keys of all feeds that were answered and all links that came to their end in an archive.

    A link whose refusal may pass has not: it is asked again when somebody wants it again.
    """
    with open(path, "rb") as stream:
        for visit in read_history(stream):
            if isinstance(visit, LandedEnd):
                if not visit.is_passing:
                    yield link_key(visit.link)
            elif visit.response.status == 200:
                yield feed_key(visit.feed_url)


def read_feed(path: pathlib.Path, url: str) -> bytes | None:
    """Give the first whole answer of a feed in an archive, decoded; None where none is there."""
    with open(path, "rb") as stream:
        for visit in read_history(stream):
            if isinstance(visit, LandedPoll) and visit.feed_url == url and visit.response.status == 200:
                return visit.response.body
    return None


def _stamp(path: pathlib.Path) -> str:
    stat = path.stat()
    return f"{stat.st_size}:{stat.st_mtime_ns}"
