"""Store: what is known of feeds and their entries, in the warehouse's SQLite file.

Unlike the caches beside it, it cannot be made from nothing: it is rebuilt from the landed archives, or missed.
"""

import dataclasses
import json
import pathlib
import sqlite3
from typing import Any, Self

from schemas.documents import Link
from transforms.fetching.schedule import DAY, FeedState
from transforms.fetching.seen import TIME_TO_LIVE, SeenEntry

_TABLES = ("monitoring", "feeds", "entries", "archives")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS monitoring (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    feed TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, address TEXT,
    first_at REAL NOT NULL, taken_at REAL NOT NULL, shown_at REAL NOT NULL,
    changes INTEGER NOT NULL, tries INTEGER NOT NULL, due_at REAL NOT NULL, link TEXT,
    PRIMARY KEY (feed, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_address ON entries (address);
CREATE INDEX IF NOT EXISTS entries_waiting ON entries (due_at) WHERE link IS NOT NULL;
CREATE INDEX IF NOT EXISTS entries_by_shown ON entries (shown_at) WHERE link IS NULL;
CREATE TABLE IF NOT EXISTS archives (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
# What the tables mean; another number is another meaning.
_VERSION = "1"
_BUSY_SECONDS = 60.0
_ENTRY = "feed, key, digest, address, first_at, taken_at, shown_at, changes, tries, due_at, link"


class StateDamaged(Exception):
    """The file cannot be read, or another version of this program wrote it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Watch:
    """What is watched: the interval, the least interval of each feed by address, and the digest of the list."""

    poll_interval: float
    feeds: dict[str, float | None]
    digest: str


@dataclasses.dataclass(frozen=True, slots=True)
class Changes:
    """What is saved at once: feeds and entries as they are now, and the landed archives that this follows from.

    `watch` is what is watched from now on, where that is another list or interval than before.
    """

    feeds: tuple[FeedState, ...] = ()
    entries: tuple[SeenEntry, ...] = ()
    archives: tuple[str, ...] = ()
    watch: Watch | None = None


class FeedStore:
    """Feeds and entries in a file. For one thread; others open their own."""

    def __init__(self, path: pathlib.Path, *, read_only: bool = False) -> None:
        """Open the file, which is made where it is not there; `begin` makes the tables.

        Raises:
            StateDamaged: It is no database, or not all of it can be read.
            sqlite3.OperationalError: It may not be read or written.
        """
        mode = "ro" if read_only else "rwc"
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS)
        try:
            sound = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise StateDamaged(f"{path}: {error}") from error
        if sound != "ok":
            raise StateDamaged(f"{path}: {sound}")
        if self.exists() and self._value("version") != _VERSION:
            raise StateDamaged(f"{path}: of version {self._value('version')}, and {_VERSION} is read here")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def exists(self) -> bool:
        """Say whether anything was ever begun here."""
        found = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'monitoring'").fetchone()
        return found is not None and self._value("version") is not None

    def _value(self, key: str) -> str | None:
        row = self._connection.execute("SELECT value FROM monitoring WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def clear(self) -> None:
        """Make the tables, empty; they do not count before `begin`."""
        with self._connection:
            for table in _TABLES:
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")
            self._make_tables()

    def begin(self) -> None:
        """Say that the tables tell all there is to know."""
        with self._connection:
            self._make_tables()
            self._connection.execute("INSERT OR REPLACE INTO monitoring VALUES ('version', ?)", (_VERSION,))

    def _make_tables(self) -> None:
        # One by one: the library's way to run several at once ends a transaction that is open.
        for statement in filter(str.strip, _SCHEMA.split(";")):
            self._connection.execute(statement)

    def save(self, changes: Changes) -> None:
        """Save changes in one transaction."""
        feeds = [(state.url, _encode(state)) for state in changes.feeds]
        entries = [_entry_row(entry) for entry in changes.entries]
        marks = ", ".join("?" * len(_ENTRY.split()))
        with self._connection:
            run = self._connection.executemany
            run("INSERT OR REPLACE INTO feeds VALUES (?, ?)", feeds)
            run(f"INSERT OR REPLACE INTO entries ({_ENTRY}) VALUES ({marks})", entries)
            run("INSERT OR IGNORE INTO archives VALUES (?)", [(name,) for name in changes.archives])
            if changes.watch:
                said = json.dumps(dataclasses.asdict(changes.watch))
                run("INSERT OR REPLACE INTO monitoring VALUES ('watch', ?)", [(said,)])

    def forget(self, at: float) -> int:
        """Drop the entries whose time to live is over; gives how many they were."""
        # They are dated to the day, rounded down.
        with self._connection:
            return self._connection.execute(
                "DELETE FROM entries WHERE link IS NULL AND shown_at < ?", (at - TIME_TO_LIVE - DAY,)
            ).rowcount

    def watch(self) -> Watch | None:
        """Give what was watched last; None where nothing ever was."""
        said = self._value("watch")
        return Watch(**json.loads(said)) if said else None

    def feeds(self) -> dict[str, FeedState]:
        """Give all feeds that were ever asked, by their address in the list."""
        rows = self._connection.execute("SELECT state FROM feeds").fetchall()
        states = [_decode(text) for (text,) in rows]
        return {state.url: state for state in states}

    def entries(self, feed: str) -> dict[str, SeenEntry]:
        """Give a feed's entries by key."""
        rows = self._connection.execute(f"SELECT {_ENTRY} FROM entries WHERE feed = ?", (feed,))
        return {entry.key: entry for entry in map(_read_entry, rows)}

    def entry(self, feed: str, key: str) -> SeenEntry | None:
        """Give one entry of a feed."""
        row = self._connection.execute(f"SELECT {_ENTRY} FROM entries WHERE feed = ? AND key = ?", (feed, key))
        return next(map(_read_entry, row), None)

    def holds(self, address: str) -> bool:
        """Say whether any entry has this address."""
        row = self._connection.execute("SELECT 1 FROM entries WHERE address = ? LIMIT 1", (address,)).fetchone()
        return row is not None

    def waiting(self) -> list[SeenEntry]:
        """Give the entries whose links are still to be fetched, the earliest first."""
        rows = self._connection.execute(f"SELECT {_ENTRY} FROM entries WHERE link IS NOT NULL ORDER BY due_at, key")
        return list(map(_read_entry, rows))

    def archives(self) -> set[str]:
        """Name the landed archives that all this knows of."""
        return {str(name) for (name,) in self._connection.execute("SELECT name FROM archives")}

    def recent_entries(self, since: float) -> dict[str, int]:
        """Count each feed's entries that were first seen at or after a time."""
        rows = self._connection.execute(
            "SELECT feed, count(*) FROM entries WHERE first_at >= ? GROUP BY feed", (since,)
        )
        return {str(feed): int(count) for feed, count in rows}


def _encode(state: FeedState) -> str:
    # What has its usual value is left out: most of a feed's fields, most of the time.
    fields = dataclasses.fields(state)
    said = {field.name: getattr(state, field.name) for field in fields}
    return json.dumps({f.name: said[f.name] for f in fields if said[f.name] != f.default}, sort_keys=True)


def _decode(text: str) -> FeedState:
    return FeedState(**json.loads(text))


def _entry_row(entry: SeenEntry) -> tuple[Any, ...]:
    link = None
    if entry.link:
        link = json.dumps({name: value for name, value in dataclasses.asdict(entry.link).items() if value})
    values = [getattr(entry, field.name) for field in dataclasses.fields(entry)]
    return (*values[:-1], link)


def _read_entry(row: tuple[Any, ...]) -> SeenEntry:
    link = None
    if row[-1] is not None:
        fields = json.loads(row[-1])
        link = Link(**fields | {"authors": tuple(fields.get("authors", ()))})
    return SeenEntry(*(*row[:-1], link))
