"""Orders: what a backfill sends for, and what follows from each answer; every one ends as a record that is landed.

No socket is opened here: orders are taken out, done elsewhere, and settled here, by one thread.
"""

import dataclasses
import datetime
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol, Self

from schemas.documents import Feed, Link
from schemas.exchanges import Accept, Exchange, Request, Response
from schemas.rejects import ContentTypeRejected, Rejected
from transforms.fetching.heads import FEEDS, media_type, read_fields
from transforms.fetching.inventory import feed_key, link_key
from transforms.reading.feeds import MAX_ENTRIES, ParsedFeed, looks_like_feed
from transforms.reading.formats import HEAD_BYTES
from transforms.reading.landed import Purpose
from transforms.reading.links import fault_of, faults_of, links_of

# An index of sitemaps leads to sitemaps, and these to no further ones.
_MAX_DEPTH = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """A feed to ask for, or the page of a link. `depth` counts the feeds that led to a feed."""

    feed: Feed | None = None
    link: Link | None = None
    depth: int = 0

    @property
    def request(self) -> Request:
        """What is asked for."""
        if self.feed:
            return Request(self.feed.url, Accept.FEED)
        return Request(self.link.url if self.link and self.link.url else "", Accept.PAGE)


class Archive(Protocol):
    """Where answers are landed: see `landing.Landing`."""

    def add_exchanges(self, exchanges: Iterable[Exchange], purpose: Purpose) -> None:
        """Write what brought no document."""

    def add_feed(self, feed_url: str, exchanges: Iterable[Exchange]) -> None:
        """Write a feed."""

    def add_page(self, link: Link, exchanges: Iterable[Exchange]) -> None:
        """Write a link's page."""

    def add_entry(self, link: Link, at: datetime.datetime, *, error: Rejected | None = None) -> None:
        """Write an entry's own content."""

    def add_refusal(self, link: Link, at: datetime.datetime, error: Rejected, *, stage: str = "fetch") -> None:
        """Write that a link came to nothing."""


class Orders:
    """What is still to be asked for; an iterator that may go on after its end, where an answer brought more."""

    def __init__(
        self,
        archive: Archive,
        *,
        is_held: Callable[[str], bool],
        is_forgotten: Callable[[str | None], bool],
        read_held: Callable[[str], bytes | None],
        parse: Callable[[bytes], ParsedFeed],
    ) -> None:
        """Begin with nothing to do.

        Args:
            archive: Where answers are landed.
            is_held: Says of a key of the inventory whether an archive holds it already.
            is_forgotten: Says of an address whether it was taken down, and is not to be asked for again.
            read_held: Gives the content of a feed that an archive holds, by its address.
            parse: Reads a feed, in a sandbox.
        """
        self._archive = archive
        self._is_held, self._is_forgotten = is_held, is_forgotten
        self._read_held, self._parse = read_held, parse
        self._waiting: deque[Order] = deque()
        self._sent: set[str] = set()
        self.count = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Order:
        if not self._waiting:
            raise StopIteration
        return self._waiting.popleft()

    def add_feed(self, feed: Feed, at: datetime.datetime, *, depth: int = 0) -> None:
        """Send for a feed and then for what its entries lead to; where it is held, for what is not had of these."""
        key = feed_key(feed.url)
        if key in self._sent or self._is_held(link_key(_as_link(feed))):
            return
        self._sent.add(key)
        held = self._read_held(feed.url) if self._is_held(key) else None
        if held is None:
            self._send(Order(feed=feed, depth=depth))
        else:
            self.add_entries(held, feed, at, depth=depth)

    def add_link(self, link: Link, at: datetime.datetime, *, full_text: bool = True) -> None:
        """Send for a link's page, or take its entry's own content for the document where that is wanted."""
        if link.feed_url is None and link.url and self._is_held(feed_key(link.url)):
            # It turned out to be a feed.
            self.add_feed(_as_feed(link), at)
            return
        if not self._claim(link):
            return
        if error := fault_of(link):
            self._archive.add_refusal(link, at, error, stage="read")
        elif link.url and (full_text or not link.content):
            self._send(Order(link=link))
        else:
            self._archive.add_entry(link, at)

    def refuse(self, link: Link, at: datetime.datetime, *errors: Rejected) -> None:
        """Land what cannot be read of a list or feed, unless it was landed before."""
        if self._claim(link):
            for error in errors:
                self._archive.add_refusal(link, at, error, stage="read")

    def add_entries(self, data: bytes, feed: Feed, at: datetime.datetime, *, depth: int = 0) -> None:
        """Read a feed, and send for what its entries lead to; of a file the address may be empty."""
        try:
            parsed = self._parse(data)
        except Rejected as error:
            self.refuse(_as_link(feed), at, error)
            return
        # A file knows where it comes from at best by what it says of itself.
        feed = feed if feed.url else dataclasses.replace(feed, url=parsed.url or "")
        if faults := faults_of(parsed, MAX_ENTRIES):
            self.refuse(_as_link(feed), at, *faults)
        for link in links_of(parsed, feed):
            self.add_link(link, at, full_text=feed.full_text)
        for url in parsed.feeds if depth < _MAX_DEPTH else ():
            self.add_feed(dataclasses.replace(feed, url=url, title=None), at, depth=depth + 1)

    def settle_answer(self, order: Order, response: Response, exchanges: tuple[Exchange, ...]) -> None:
        """Land an answer; `exchanges` are those of all tries, the last of which brought it."""
        feed = order.feed
        if order.link and order.link.feed_url is None and looks_like_feed(response.body[:HEAD_BYTES]):
            feed = _as_feed(order.link)
        if feed is None:
            self._archive.add_page(order.link or Link(), exchanges)
            return
        earlier = exchanges[: len(exchanges) - len(response.exchanges)]
        self._archive.add_exchanges(earlier, Purpose.ATTEMPT)
        self._archive.add_feed(feed.url, response.exchanges)
        self._sent.add(feed_key(feed.url))
        self.add_entries(response.body, feed, response.fetched_at, depth=order.depth)

    def settle_refusal(self, order: Order, error: Rejected, at: datetime.datetime) -> None:
        """Land a refusal after the last try; an entry with content of its own becomes a document all the same.

        What a list names as if it were a page and the server calls a feed is asked for once more, as that.
        """
        link = order.link or (_as_link(order.feed) if order.feed else Link())
        if link.content:
            self._archive.add_entry(link, at, error=error)
        elif order.link and link.feed_url is None and isinstance(error, ContentTypeRejected) and _is_feed(error):
            self._archive.add_exchanges(error.exchanges, Purpose.ATTEMPT)
            self.add_feed(_as_feed(link), at)
        else:
            self._archive.add_refusal(link, at, error)

    def _claim(self, link: Link) -> bool:
        key = link_key(link)
        if key in self._sent or self._is_held(key) or self._is_forgotten(link.url):
            return False
        self._sent.add(key)
        return True

    def _send(self, order: Order) -> None:
        self._waiting.append(order)
        self.count += 1


def _as_link(feed: Feed) -> Link:
    return Link(url=feed.url or None, feed_url=feed.url or None, title=feed.title)


def _as_feed(link: Link) -> Feed:
    return Feed(link.url or "", title=link.title, source=link.source, language=link.language)


def _is_feed(error: Rejected) -> bool:
    last = error.exchanges[-1] if error.exchanges else None
    return last is not None and media_type(read_fields(last.response[: last.head_size]))[0] in FEEDS
