"""Watchlist: the feeds that a file lists, read again when the file changes."""

import dataclasses
import hashlib
import pathlib

from schemas.documents import Feed
from schemas.rejects import Rejected
from transforms.fetching.lists import FeedList, read_list


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """What the file says now: its feeds, what in it cannot be used, and the digest of its bytes."""

    feeds: tuple[Feed, ...]
    list: FeedList
    digest: str


class Watchlist:
    """A file of feeds: OPML, CSV or one address a line."""

    def __init__(self, path: pathlib.Path) -> None:
        """Take the file's path."""
        self.path = path
        self._stamp: tuple[int, int] | None = None

    def read(self) -> Listed:
        """Read the file.

        Raises:
            OSError: It cannot be read.
            Rejected: It is no list.
        """
        stat = self.path.stat()
        data = self.path.read_bytes()
        self._stamp = (stat.st_size, stat.st_mtime_ns)
        found = read_list(data)
        return Listed(found.feeds, found, hashlib.sha256(data).hexdigest())

    def read_if_changed(self) -> Listed | str | None:
        """Read the file where it is another than it was: a sentence says why that was not possible."""
        try:
            stat = self.path.stat()
            if (stat.st_size, stat.st_mtime_ns) == self._stamp:
                return None
            return self.read()
        except (OSError, Rejected) as error:
            # An editor may be at it; what is watched stays, and the next change is looked at.
            return f"{self.path}: {error}: the feeds stay as they were"
