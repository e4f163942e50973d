"""Archives: the landed archives of a process, one after another, each put in place whole."""

import datetime
import pathlib
import secrets
from collections.abc import Callable, Iterable

from pipelines.layout import Layout
from schemas.documents import Link
from schemas.exchanges import Exchange
from schemas.rejects import Rejected
from transforms.fetching.landing import Landing
from transforms.reading.landed import Purpose

# Links and packed bytes after which an archive is put in place: less than a segment, and soon processed.
_MAX_LINKS = 250
_MAX_SIZE = 8_000_000


class Archives:
    """Where what was fetched is landed. An archive is begun with its first record. For one thread."""

    def __init__(self, layout: Layout, now: Callable[[], datetime.datetime]) -> None:
        """Take the warehouse, and the time of day in UTC."""
        self._layout, self._now = layout, now
        self._run = secrets.token_hex(4)
        self._landing: Landing | None = None

    @property
    def links(self) -> int:
        """How many links the archive under way has."""
        return self._landing.links if self._landing else 0

    @property
    def is_begun(self) -> bool:
        """Whether there is an archive under way."""
        return self._landing is not None

    @property
    def is_full(self) -> bool:
        """Whether the archive under way should be put in place."""
        return self._landing is not None and (self._landing.links >= _MAX_LINKS or self._landing.size >= _MAX_SIZE)

    def _under_way(self) -> Landing:
        if self._landing is None:
            self._landing = Landing(self._layout.landing, self._layout.landed, begun=self._now(), run=self._run)
        return self._landing

    def add_exchanges(self, exchanges: Iterable[Exchange], purpose: Purpose) -> None:
        """Write what brought no document."""
        self._under_way().add_exchanges(exchanges, purpose)

    def add_feed(self, feed_url: str, exchanges: Iterable[Exchange]) -> None:
        """Write a poll."""
        self._under_way().add_feed(feed_url, exchanges)

    def add_page(self, link: Link, exchanges: Iterable[Exchange]) -> None:
        """Write a page that was fetched."""
        self._under_way().add_page(link, exchanges)

    def add_entry(self, link: Link, at: datetime.datetime, *, error: Rejected | None = None) -> None:
        """Write an entry's own content."""
        self._under_way().add_entry(link, at, error=error)

    def add_refusal(self, link: Link, at: datetime.datetime, error: Rejected, *, stage: str = "fetch") -> None:
        """Write that a link came to nothing."""
        self._under_way().add_refusal(link, at, error, stage=stage)

    def put_in_place(self) -> pathlib.Path | None:
        """Put the archive under way in place and give its path; None where there is none."""
        landing, self._landing = self._landing, None
        return landing.land() if landing else None


class NoArchive:
    """Takes what is landed already."""

    def add_feed(self, feed_url: str, exchanges: Iterable[Exchange]) -> None:
        """Leave it."""

    def add_page(self, link: Link, exchanges: Iterable[Exchange]) -> None:
        """Leave it."""

    def add_entry(self, link: Link, at: datetime.datetime, *, error: Rejected | None = None) -> None:
        """Leave it."""

    def add_refusal(self, link: Link, at: datetime.datetime, error: Rejected, *, stage: str = "fetch") -> None:
        """Leave it."""
