"""Carried: exchanges that brought nothing new wait for an archive that is written anyhow."""

import datetime
from collections import deque
from typing import Protocol

from schemas.documents import Link
from schemas.exchanges import Exchange
from schemas.rejects import Rejected

# Bytes. The earliest are let go where more come before anything is new anywhere.
_MAX_SIZE = 4_000_000


class Archive(Protocol):
    """Where what was fetched is landed."""

    def add_feed(self, feed_url: str, exchanges: tuple[Exchange, ...]) -> None:
        """Write a poll."""

    def add_page(self, link: Link, exchanges: tuple[Exchange, ...]) -> None:
        """Write a page that was fetched."""

    def add_entry(self, link: Link, at: datetime.datetime, *, error: Rejected | None = None) -> None:
        """Write an entry's own content."""

    def add_refusal(self, link: Link, at: datetime.datetime, error: Rejected, *, stage: str = "fetch") -> None:
        """Write that a link came to nothing."""


class Carried:
    """Polls answered by 304 and the like, which are not worth an archive of their own."""

    def __init__(self, archive: Archive) -> None:
        """Take the archive that they go to in the end."""
        self._archive = archive
        self._waiting: deque[tuple[str, tuple[Exchange, ...]]] = deque()
        self._size = 0

    def add(self, feed_url: str, exchanges: tuple[Exchange, ...]) -> None:
        """Keep a poll, or a try of a page of the feed's."""
        if exchanges:
            self._waiting.append((feed_url, exchanges))
            self._size += _size(exchanges)
        while self._size > _MAX_SIZE:
            self._size -= _size(self._waiting.popleft()[1])

    def land(self) -> None:
        """Write them, in their order."""
        while self._waiting:
            self._archive.add_feed(*self._waiting.popleft())
        self._size = 0


def _size(exchanges: tuple[Exchange, ...]) -> int:
    return sum(len(exchange.request) + len(exchange.response) for exchange in exchanges)
