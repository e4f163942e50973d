"""Retrieval: what the inputs of a backfill name is fetched and landed, and what was landed is its input."""

import contextlib
import datetime
import functools
import pathlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Self

from pipelines.archives import Archives
from pipelines.downloads import download
from pipelines.exits import FetchNeeded
from pipelines.layout import Layout
from pipelines.planning import find_landed, scan_inputs
from pipelines.progress import FetchProgress
from schemas.documents import Feed, Link
from schemas.rejects import Rejected, UrlInvalid
from transforms.fetching.crew import Crew, Outcome
from transforms.fetching.fetcher import Fetcher, utc_now
from transforms.fetching.inventory import Inventory, feed_key, link_key, read_feed
from transforms.fetching.landing import SUFFIX, recover_landings
from transforms.fetching.lists import FeedList, ListKind, read_list
from transforms.fetching.orders import Order, Orders
from transforms.forgotten import is_forgotten
from transforms.read import make_feed_sandbox, open_input, parse_in_sandbox
from transforms.reading.containers import Container, sniff
from transforms.reading.formats import HEAD_BYTES
from transforms.reading.singles import read_whole
from transforms.scans import ScanCache
from transforms.segments import Source

# What leads to something else to be fetched.
LISTS = frozenset({Container.LINKS, Container.PATHS, Container.FEED})
# An input at a distance is told by its name: a file to read as it is, a list, a feed; all else is a page.
_FILE_NAME = re.compile(r"(?i)\.(w?arc|jsonl|ndjson|jl)(\.gz)?$")
_LIST_NAME = re.compile(r"(?i)\.(paths|txt|csv|tsv|opml)(\.gz)?$")
_FEED_NAME = re.compile(r"(?i)\.(xml|rss|atom|rdf|json)(\.gz)?$|/(feed|rss|atom)/?$")


def is_address(text: str) -> bool:
    """Say whether an input is at a distance."""
    return re.match(r"(?i)(https?|feed)://", text) is not None


def check_links(sources: Iterable[Source], addresses: Iterable[str]) -> None:
    """Hold the inputs of a run that fetches nothing against what they name; a list beside documents is one reject.

    Raises:
        FetchNeeded: Nothing else than what is at a distance is named.
    """
    lists = [source.container in (Container.LINKS, Container.PATHS) for source in sources]
    if named := next(iter(addresses), None):
        raise FetchNeeded(f"{named} is at a distance: with --fetch it is fetched")
    if lists and all(lists):
        raise FetchNeeded("the input is a list of what is at a distance: with --fetch it is fetched")


def retrieve(
    sources: list[Source], addresses: list[str], layout: Layout, fetcher: Fetcher, scans: ScanCache, *, prefix: str
) -> Iterator[list[Source]]:
    """Fetch what inputs lead to, and give what there is to process, as soon as it is there.

    Args:
        sources: The files among the inputs; those that lead nowhere are given again.
        addresses: The inputs at a distance.
        layout: Where it is landed.
        fetcher: What asks.
        scans: What is known of files.
        prefix: What stands before the paths that lists of Common Crawl hold.

    Raises:
        OSError: The disk is full or may not be written.
    """
    lists = [source for source in sources if source.container in LISTS]
    with Inventory(layout.state) as inventory, Retrieval(layout, fetcher, inventory, prefix=prefix) as retrieval:
        for source in lists:
            retrieval.add_file(source.path, source.name, Container(source.container))
        for url in addresses:
            retrieval.add_address(url)
        retrieval.fetch_links()
        rest = [source for source in sources if source not in lists]
        yield rest + scan_inputs(find_landed(layout.landed, retrieval.landed), scans)
        for path in retrieval.fetch_files():
            yield scan_inputs(find_landed(layout.landed, [path]), scans)


class Retrieval:
    """What one run fetches. `landed` are the archives and files that hold what its inputs name, held before or not."""

    def __init__(
        self,
        layout: Layout,
        fetcher: Fetcher,
        inventory: Inventory,
        *,
        prefix: str,
        now: Callable[[], datetime.datetime] = utc_now,
    ) -> None:
        """Begin with nothing to fetch; `prefix` stands before the paths that lists of Common Crawl hold."""
        self._layout, self._fetcher, self._inventory = layout, fetcher, inventory
        self._prefix, self._now = prefix, now
        self._sandbox = make_feed_sandbox()
        self._archives = Archives(layout, now)
        self._orders = Orders(
            self._archives,
            is_held=self._is_held,
            is_forgotten=functools.partial(is_forgotten, forgotten=layout.read_forgotten()),
            read_held=self._read_held,
            parse=functools.partial(parse_in_sandbox, self._sandbox),
        )
        self._distant: dict[str, None] = {}
        self.landed: set[pathlib.Path] = set()

    def __enter__(self) -> Self:
        recover_landings(self._layout.landing, self._layout.landed)
        self._inventory.bring_up_to_date(self._layout.landed.glob(f"*{SUFFIX}"))
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    def add_address(self, url: str) -> None:
        """Take an input at a distance."""
        path = url.partition("?")[0].partition("#")[0]
        if _FILE_NAME.search(path):
            self._distant[url] = None
        elif _LIST_NAME.search(path):
            self._add_distant_list(url)
        elif _FEED_NAME.search(path) or url.lower().startswith("feed:"):
            self._orders.add_feed(Feed(url), self._now())
        else:
            self._orders.add_link(Link(url=url), self._now())

    def _add_distant_list(self, url: str) -> None:
        path = self._download(url)
        if path in self.landed:
            # The archive of its refusal.
            return
        with open_input(str(path)) as stream:
            container = sniff(stream.read(HEAD_BYTES), path.name)
        if container in LISTS:
            self.add_file(str(path), url, container)
        else:
            self.landed.add(path)

    def add_file(self, path: str, name: str, container: Container) -> None:
        """Take a list of feeds, addresses or archives; or a feed, of which the pages behind its entries are wanted."""
        at = self._now()
        try:
            with open_input(path) as stream:
                data = read_whole(stream)
            if container is Container.FEED:
                self._orders.add_entries(data, Feed("", title=name), at)
            elif container is Container.PATHS:
                self._distant |= {self._prefix + line: None for line in data.decode("utf-8", "replace").split()}
            else:
                self._add_list(read_list(data), name, at)
        except Rejected as error:
            self._orders.refuse(Link(title=name), at, error)

    def _add_list(self, listed: FeedList, name: str, at: datetime.datetime) -> None:
        for fault in listed.faults:
            place = f"{name}, line {fault.line}" if fault.line else name
            # A feed with a faulty setting is read all the same: its address is not what is refused.
            url = fault.url if isinstance(fault.error, UrlInvalid) else None
            self._orders.refuse(Link(url=url, title=place), at, type(fault.error)(f"{place}: {fault.error}"))
        for feed in listed.feeds:
            if listed.kind is ListKind.OPML:
                self._orders.add_feed(feed, at)
            else:
                link = Link(url=feed.url, title=feed.title, source=feed.source, language=feed.language)
                self._orders.add_link(link, at)

    def fetch_links(self) -> None:
        """Fetch all feeds and pages, and land them; interrupted, what was fetched is landed all the same.

        Raises:
            OSError: The disk is full or may not be written.
        """
        crew: Crew[Order] = Crew(self._fetcher, lambda order: order.request)
        with contextlib.ExitStack() as stack:
            stack.callback(self._land)
            outcomes = stack.enter_context(contextlib.closing(crew.fetch_all(self._orders)))
            progress = stack.enter_context(FetchProgress())
            for outcome in outcomes:
                self._settle(outcome)
                progress.advance(self._orders.count, refused=outcome.response is None)
                if self._archives.is_full:
                    self._land()

    def fetch_files(self) -> Iterator[pathlib.Path]:
        """Fetch each file at a distance, and give its path, or that of the archive that holds its refusal.

        Raises:
            OSError: The disk is full or may not be written.
        """
        for url in self._distant:
            yield self._download(url)

    def _download(self, url: str) -> pathlib.Path:
        if archive := self._find_held(link_key(Link(url=url))):
            # It was refused for good.
            return archive
        try:
            return download(url, self._layout, self._fetcher, wait=threading.Event().wait)
        except Rejected as error:
            self._archives.add_refusal(Link(url=url), self._now(), error)
            path = self._land()
            assert path is not None
            return path

    def _settle(self, outcome: Outcome[Order]) -> None:
        if outcome.response:
            self._orders.settle_answer(outcome.task, outcome.response, outcome.exchanges)
        elif outcome.refusal:
            outcome.refusal.exchanges = outcome.exchanges
            self._orders.settle_refusal(outcome.task, outcome.refusal, self._now())

    def _land(self) -> pathlib.Path | None:
        path = self._archives.put_in_place()
        if path:
            self.landed.add(path)
        return path

    def _is_held(self, key: str) -> bool:
        return self._find_held(key) is not None

    def _find_held(self, key: str) -> pathlib.Path | None:
        name = self._inventory.find(key)
        if name is None:
            return None
        self.landed.add(self._layout.landed / name)
        return self._layout.landed / name

    def _read_held(self, url: str) -> bytes | None:
        archive = self._inventory.find(feed_key(url))
        return read_feed(self._layout.landed / archive, url) if archive else None
