"""A simulated day of monitoring: feeds, their servers and the workers that ask them, without any waiting."""

import collections
import dataclasses
import datetime
import hashlib
import heapq
import pathlib
import random

from schemas.documents import Feed
from schemas.exchanges import Accept, Exchange, Request, Response
from schemas.rejects import ConnectFailed, HttpStatus, Rejected, TimedOut
from transforms.fetching.agenda import Task
from transforms.fetching.desk import Desk
from transforms.fetching.polls import Fetched, Polled, fetch_page, poll_feed
from transforms.fetching.store import FeedStore
from transforms.reading.entries import Entry, ParsedFeed

START = 1_750_000_000.0
# Seconds.
_USUAL_ANSWER, _HANGING = 0.2, 60.0


@dataclasses.dataclass
class SimulatedFeed:
    """A feed that gets an entry every `period` seconds, and how its server behaves."""

    url: str
    period: float
    phase: float
    behaviour: str = "sound"
    max_age: float = 0.0
    with_pages: bool = False
    asked: list[float] = dataclasses.field(default_factory=list)
    etag: str | None = None
    kept_until: float = 0.0

    def version(self, now: float) -> int:
        """Count the entries so far."""
        return max(int((now - START + self.phase) // self.period), 0)


class Archive:
    """What was landed, as counts."""

    def __init__(self) -> None:
        self.landed: collections.Counter[str] = collections.Counter()

    def add_feed(self, feed_url, exchanges):
        self.landed["feeds"] += 1

    def add_page(self, link, exchanges):
        self.landed["pages"] += 1

    def add_entry(self, link, at, *, error=None):
        self.landed["entries"] += 1

    def add_refusal(self, link, at, error, *, stage="fetch"):
        self.landed["refusals"] += 1


class World:
    """The servers, which hold the other side to its promises."""

    def __init__(self, feeds: list[SimulatedFeed], *, least: float) -> None:
        """Take the feeds, and how many seconds there must be between two polls of one."""
        self.feeds = {feed.url: feed for feed in feeds}
        self._least = least
        self.now = START
        self.unconditional: list[str] = []
        self.early: list[tuple[str, float]] = []
        self.statuses: collections.Counter[int] = collections.Counter()

    def clock(self) -> float:
        return self.now

    def fetch(self, request: Request) -> Response:
        if request.accept is Accept.PAGE:
            return self._response(request, 200, b"<p>page</p>")
        feed = self.feeds[request.url]
        self._check(feed, request)
        feed.asked.append(self.now)
        if feed.behaviour == "hanging":
            raise TimedOut("no answer within 60 s")
        if feed.behaviour == "failing":
            raise self._failure(feed)
        etag = f'W/"{feed.version(self.now)}"'
        feed.kept_until = self.now + feed.max_age
        self.statuses[304 if request.etag == etag else 200] += 1
        if request.etag == etag:
            return self._response(request, 304, b"", feed)
        feed.etag = etag
        return self._response(request, 200, f"{feed.url} {feed.version(self.now)}".encode(), feed)

    def _check(self, feed: SimulatedFeed, request: Request) -> None:
        if feed.asked and self.now < max(feed.asked[-1] + self._least, feed.kept_until):
            self.early.append((feed.url, self.now - feed.asked[-1]))
        if request.etag != feed.etag:
            self.unconditional.append(feed.url)

    def _failure(self, feed: SimulatedFeed) -> Rejected:
        if len(feed.asked) % 3:
            return ConnectFailed("refused")
        error = HttpStatus("HTTP status 503")
        moment = datetime.datetime.fromtimestamp(self.now, datetime.UTC)
        error.exchanges = (Exchange(feed.url, "192.0.2.1", moment, b"", b"", 0, status=503),)
        error.retry_after = 1800.0
        feed.kept_until = self.now + 1800.0
        return error

    def _response(self, request: Request, status: int, body: bytes, feed: SimulatedFeed | None = None) -> Response:
        headers = []
        if feed:
            headers.append(("ETag", f'W/"{feed.version(self.now)}"'))
        if feed and feed.max_age:
            headers.append(("Cache-Control", f"public, max-age={feed.max_age:.0f}"))
        moment = datetime.datetime.fromtimestamp(self.now, datetime.UTC)
        return Response(request.url, status, tuple(headers), body, moment)

    def parse(self, body: bytes) -> ParsedFeed:
        """Read a feed's body: the ten latest entries."""
        url, _, version = body.decode().rpartition(" ")
        numbers = range(max(int(version) - 10, 0), int(version))
        with_pages = self.feeds[url].with_pages
        return ParsedFeed(entries=tuple(_entry(url, number, with_pages) for number in numbers))


def _entry(url: str, number: int, with_page: bool) -> Entry:
    if with_page:
        return Entry(guid=f"{url}#{number}", title=f"Entry {number}", link=f"{url}/{number}")
    return Entry(guid=f"{url}#{number}", title=f"Entry {number}", content=f"<p>Entry {number}.</p>")


def make_feeds(count: int, *, seed: int = 5) -> list[SimulatedFeed]:
    """Make feeds as they are met: few lively ones, many quiet ones; 5 % fail and 1 % hang."""
    numbers = random.Random(seed)
    feeds = []
    for number in range(count):
        period = numbers.choice([1_200.0, 7_200.0, 7_200.0, 43_200.0, 43_200.0, 43_200.0, 600_000.0])
        feed = SimulatedFeed(f"https://site{number * 4 // 5}.example/{number}", period, numbers.uniform(0, period))
        feed.behaviour = "hanging" if number % 100 == 7 else "failing" if number % 20 == 3 else "sound"
        feed.max_age = numbers.choice([0.0, 0.0, 300.0, 3_600.0])
        feed.with_pages = number % 10 == 1
        feeds.append(feed)
    return feeds


@dataclasses.dataclass
class Course:
    """How a simulated time went: the lag of each poll in seconds, and what was landed."""

    lags: list[float]
    archive: Archive
    desk: Desk


def simulate(
    world: World, folder: pathlib.Path, *, seconds: float, workers: int, poll_interval: float = 900.0
) -> Course:
    """Let workers ask what the desk tells them to, for so many simulated seconds."""
    ready: dict[str, float] = {}
    archive = Archive()
    with FeedStore(folder / "state.sqlite") as store:
        store.begin()
        desk = Desk(
            store,
            archive,
            poll_interval=poll_interval,
            site_of=lambda url: url.split("/")[2],
            ready_at=lambda site: ready.get(site, 0.0),
        )
        desk.watch(Feed(feed.url) for feed in world.feeds.values())
        course = Course([], archive, desk)
        under_way: list[tuple[float, int, Task, Polled | Fetched]] = []
        saved_at, number = START, 0
        while world.now < START + seconds:
            while len(under_way) < workers and (task := desk.take(world.now)):
                if task.feed and task.at:
                    course.lags.append(world.now - task.at)
                number += 1
                heapq.heappush(under_way, (world.now + _duration(world, task), number, task, _ask(world, desk, task)))
            next_at = desk.next_at() if len(under_way) < workers else None
            ends = [under_way[0][0]] if under_way else []
            world.now = max(min(ends + ([next_at] if next_at is not None else [])), world.now)
            while under_way and under_way[0][0] <= world.now:
                _, _, task, result = heapq.heappop(under_way)
                ready[task.site] = world.now + 1.0
                _settle(desk, task, result)
            if world.now - saved_at >= 600:
                batch, changes = desk.close_batch()
                store.save(changes)
                desk.saved(batch)
                saved_at = world.now
    return course


def _duration(world: World, task: Task) -> float:
    if task.feed and world.feeds[task.feed.url].behaviour == "hanging":
        return _HANGING
    spread = hashlib.blake2b(task.url.encode(), digest_size=1).digest()[0] / 256
    return _USUAL_ANSWER * (1 + spread)


def _ask(world: World, desk: Desk, task: Task) -> Polled | Fetched:
    if task.feed:
        return poll_feed(desk.states[task.feed.url], world, world.parse, world.clock)
    return fetch_page(task.entry.link, world, world.clock)


def _settle(desk: Desk, task: Task, result: Polled | Fetched) -> None:
    if isinstance(result, Polled):
        desk.settle_poll(task, result)
    else:
        desk.settle_page(task, result)
