"""Claims: which finished segment holds the row of which article or reject; an index that the tables can rebuild."""

import pathlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Self

_SCHEMA = """
CREATE TABLE IF NOT EXISTS claims (
    article_id TEXT NOT NULL, content_id TEXT NOT NULL, segment TEXT NOT NULL,
    PRIMARY KEY (article_id, content_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS claims_by_segment ON claims (segment);
CREATE TABLE IF NOT EXISTS indexed (segment TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;
"""
# Seconds that a reader waits for a writer's commit, and a writer for readers.
_BUSY_SECONDS = 60.0

# What a row is unique by: (article_id, content_id) of an article, (reject_id, "") of a reject.
Claim = tuple[str, str]


class ClaimIndex:
    """The index of claims in a SQLite file. It only repeats what marks and tables say, so it may be lost."""

    def __init__(self, path: pathlib.Path, *, read_only: bool) -> None:
        """Open the index.

        Raises:
            sqlite3.DatabaseError: The file is not a database, or may not be written.
        """
        mode = "ro" if read_only else "rwc"
        # as_uri escapes `?` and `#`, which a warehouse's path may hold.
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS)
        if not read_only:
            self._connection.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def holder(self, claim: Claim, *, but_not: str) -> str | None:
        """Name the segment that holds a claim, or None; the segment `but_not` never competes with itself."""
        row = self._connection.execute(
            "SELECT segment FROM claims WHERE article_id = ? AND content_id = ? AND segment <> ?", (*claim, but_not)
        ).fetchone()
        return str(row[0]) if row else None

    def claims_of(self, segment: str) -> set[Claim]:
        """Give the claims that a segment holds."""
        rows = self._connection.execute("SELECT article_id, content_id FROM claims WHERE segment = ?", (segment,))
        return {(str(article_id), str(content_id)) for article_id, content_id in rows}

    def bring_up_to_date(
        self, stamps: Mapping[str, str], load_claims: Callable[[Iterable[str]], Iterable[tuple[str, Iterable[Claim]]]]
    ) -> None:
        """Make the index say what the marks say, in one transaction.

        Args:
            stamps: Each marked segment with a stamp that changes when its mark does.
            load_claims: Gives the claims of segments from their files, earliest mark first.
        """
        known = dict(self._connection.execute("SELECT segment, stamp FROM indexed").fetchall())
        gone = [segment for segment in known if stamps.get(segment) != known[segment]]
        new = [segment for segment in stamps if known.get(segment) != stamps[segment]]
        if not gone and not new:
            return
        with self._connection:
            self._connection.executemany("DELETE FROM claims WHERE segment = ?", [(segment,) for segment in gone])
            self._connection.executemany("DELETE FROM indexed WHERE segment = ?", [(segment,) for segment in gone])
            for segment, claims in load_claims(new):
                self._connection.executemany(
                    "INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", [(*claim, segment) for claim in claims]
                )
                self._connection.execute("INSERT INTO indexed VALUES (?, ?)", (segment, stamps[segment]))
