"""Polls: asking for a feed, or for the page behind an entry, and what there is to say of it afterwards."""

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Protocol

from schemas.documents import Link
from schemas.exchanges import Accept, Exchange, Request, Response
from schemas.rejects import Rejected
from transforms.fetching.schedule import FeedState
from transforms.reading.feeds import ParsedFeed


class Fetcher(Protocol):
    """What asks the web; it raises a `Rejected` where nothing of use comes back."""

    def fetch(self, request: Request) -> Response:
        """Ask for one address."""


@dataclasses.dataclass(frozen=True, slots=True)
class Polled:
    """What asking for a feed gave: a response, what was read of it, or why not. `at` is in POSIX seconds."""

    at: float
    response: Response | None = None
    digest: str | None = None
    parsed: ParsedFeed | None = None
    error: Rejected | None = None

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What went over the wire."""
        made = self.response.exchanges if self.response else ()
        return made or (self.error.exchanges if self.error else ())


@dataclasses.dataclass(frozen=True, slots=True)
class Fetched:
    """What asking for a page gave: the response, or why there is none."""

    at: float
    response: Response | None = None
    error: Rejected | None = None


def poll_feed(
    state: FeedState, fetcher: Fetcher, parse: Callable[[bytes], ParsedFeed], clock: Callable[[], float]
) -> Polled:
    """Ask for a feed with the validators of its last answer, and read it where it is another than then."""
    request = Request(state.address, Accept.FEED, etag=state.etag, last_modified=state.last_modified)
    try:
        response = fetcher.fetch(request)
    except Rejected as error:
        return Polled(clock(), error=error)
    return read_poll(state, response, parse, clock())


def read_poll(state: FeedState, response: Response, parse: Callable[[bytes], ParsedFeed], at: float) -> Polled:
    """Read a feed's response, which was there `at`, unless it is as it was at the last poll."""
    if response.status == 304:
        return Polled(at, response)
    digest = hashlib.sha256(response.body).hexdigest()
    if digest == state.digest:
        return Polled(at, response, digest)
    try:
        parsed = parse(response.body)
    except Rejected as error:
        return Polled(at, response, digest, error=error)
    return Polled(at, response, digest, parsed)


def fetch_page(link: Link, fetcher: Fetcher, clock: Callable[[], float]) -> Fetched:
    """Ask for the page behind an entry."""
    assert link.url is not None
    try:
        response = fetcher.fetch(Request(link.url, Accept.PAGE))
    except Rejected as error:
        return Fetched(clock(), error=error)
    return Fetched(clock(), response)
