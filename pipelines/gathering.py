"""Gathering: one thread that polls what is due and lands what is new, for another one that processes it."""

import collections
import contextlib
import dataclasses
import datetime
import pathlib
import queue
import threading
import time
from collections.abc import Callable

from pipelines.archives import Archives
from pipelines.errands import THREADS, Done, Errands
from pipelines.watchlist import Listed, Watchlist
from schemas.documents import Link
from schemas.rejects import UrlInvalid
from transforms.fetching.desk import Desk
from transforms.fetching.lists import ListFault
from transforms.fetching.polls import Polled
from transforms.fetching.store import Changes, Watch

# Seconds: the longest that nothing is looked at, and between two looks at the list of feeds.
_LOOK_INTERVAL = 0.5
_LIST_INTERVAL = 1.0
# Seconds after which polls are saved although nothing is new: what a killed process may ask a second time.
SAVE_INTERVAL = 600.0
# Archives that wait to be processed; while there are more, no further pages are fetched.
_MAX_WAITING = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Gathered:
    """What is to be processed and then saved: an archive, if anything was landed, and what is known with it."""

    archive: pathlib.Path | None
    links: int
    batch: int
    changes: Changes


@dataclasses.dataclass(frozen=True, slots=True)
class Glance:
    """How things stand: counts of feeds, of pages that wait, of entries and polls since the start; seconds of lag."""

    feeds: int = 0
    failing: int = 0
    gone: int = 0
    under_way: int = 0
    waiting: int = 0
    lag: float = 0.0
    next_at: float | None = None
    entries: int = 0
    polls: dict[str, int] = dataclasses.field(default_factory=dict)


class Gathering:
    """A round, or rounds without end, of polls; `take` gives what they bring."""

    def __init__(
        self,
        make_desk: Callable[[], contextlib.AbstractContextManager[Desk]],
        archives: Archives,
        errands: Errands,
        watchlist: Watchlist,
        listed: Listed,
        known: Watch | None,
        *,
        once: bool,
        linger: float,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare; `start` starts.

        Args:
            make_desk: Makes the desk, in the gathering's own thread.
            archives: Where answers are landed; the desk's own.
            errands: What asks.
            watchlist: Which feeds.
            listed: What the list said at first.
            known: What was watched before.
            once: Whether to end when all that is due has been asked.
            linger: Seconds that the first page of an archive waits for others.
            say: Tells the user a line.
            clock: Gives POSIX seconds.
        """
        self._make_desk, self._archives, self._errands, self._watchlist = make_desk, archives, errands, watchlist
        self._listed, self._known = listed, known
        self._unsaved_watch: Watch | None = None
        self._once, self._linger, self._say, self._clock = once, linger, say, clock
        self._gathered: queue.SimpleQueue[Gathered | BaseException | None] = queue.SimpleQueue()
        self._saved: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._wanted, self._stopped = threading.Event(), threading.Event()
        self._under_way = 0
        self._first_link_at: float | None = None
        self._saved_at = self._listed_at = self._looked_at = 0.0
        self.glance = Glance()
        self._thread = threading.Thread(target=self._run, name="gathering", daemon=True)

    def start(self) -> None:
        """Start."""
        self._thread.start()

    def stop(self) -> None:
        """Ask for nothing more; what was answered is still landed and given. Can be called from a signal handler."""
        self._stopped.set()

    def take(self, timeout: float) -> Gathered | None:
        """Wait for something to process, at most `timeout` seconds.

        Raises:
            EOFError: There will be nothing more.
        """
        self._wanted.set()
        try:
            gathered = self._gathered.get(timeout=timeout)
        except queue.Empty:
            return None
        self._wanted.clear()
        if gathered is None:
            raise EOFError
        if isinstance(gathered, BaseException):
            raise gathered
        return gathered

    def saved(self, gathered: Gathered) -> None:
        """Say that what was given is processed and saved."""
        self._saved.put(gathered.batch)

    def _run(self) -> None:
        try:
            with self._make_desk() as desk:
                self._saved_at = self._clock()
                self._watch(desk, self._listed)
                while not self._stopped.is_set() and not self._is_done(desk):
                    self._turn(desk)
                self._errands.end()
                self._settle_rest(desk)
                self._give(desk)
                self._look(desk)
            self._gathered.put(None)
        except BaseException as error:
            self._gathered.put(error)

    def _watch(self, desk: Desk, listed: Listed) -> None:
        desk.watch(listed.feeds)
        self._listed_at = self._clock()
        feeds = {feed.url: feed.interval for feed in listed.feeds}
        watch = Watch(desk.poll_interval, feeds, listed.digest)
        if watch == self._known:
            return
        is_new = self._known is None or self._known.digest != watch.digest
        self._known = self._unsaved_watch = watch
        for fault in listed.list.faults if is_new else ():
            self._refuse(fault)

    def _refuse(self, fault: ListFault) -> None:
        place = f"{self._watchlist.path.name}, line {fault.line}" if fault.line else self._watchlist.path.name
        self._say(f"{place}: {fault.error}")
        # A feed with a faulty setting is watched all the same: its address is not what is refused.
        url = fault.url if isinstance(fault.error, UrlInvalid) else None
        at = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
        error = type(fault.error)(f"{place}: {fault.error}")
        self._archives.add_refusal(Link(url=url, title=place), at, error, stage="read")

    def _is_done(self, desk: Desk) -> bool:
        return self._once and not self._under_way and desk.is_done

    def _turn(self, desk: Desk) -> None:
        now = self._clock()
        if now - self._listed_at >= _LIST_INTERVAL:
            self._look_at_list(desk, now)
        while not self._saved.empty():
            desk.saved(self._saved.get())
        with_pages = self._gathered.qsize() < _MAX_WAITING
        while self._under_way < THREADS and (task := desk.take(now, with_pages=with_pages)):
            self._under_way += 1
            self._errands.send(task, desk.states[task.feed.url] if task.feed else None)
        next_at = desk.next_at() if self._under_way < THREADS else None
        wait = _LOOK_INTERVAL if next_at is None else min(max(next_at - now, 0.001), _LOOK_INTERVAL)
        with contextlib.suppress(queue.Empty):
            self._settle(desk, self._errands.done.get(timeout=wait))
            while True:
                self._settle(desk, self._errands.done.get_nowait())
        if self._is_due(self._clock()):
            self._give(desk)
        if self._clock() - self._looked_at >= _LOOK_INTERVAL:
            self._look(desk)

    def _look_at_list(self, desk: Desk, now: float) -> None:
        self._listed_at = now
        listed = self._watchlist.read_if_changed()
        if isinstance(listed, str):
            self._say(listed)
        elif listed:
            self._watch(desk, listed)
            self._say(f"{self._watchlist.path.name} changed: {len(listed.feeds)} feeds")

    def _settle(self, desk: Desk, done: Done) -> None:
        task, outcome = done
        self._under_way -= 1
        if isinstance(outcome, BaseException):
            raise outcome
        if isinstance(outcome, Polled):
            desk.settle_poll(task, outcome)
        else:
            desk.settle_page(task, outcome)
        if self._archives.links and self._first_link_at is None:
            self._first_link_at = self._clock()
        if self._archives.is_full:
            self._give(desk)

    def _settle_rest(self, desk: Desk) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._settle(desk, self._errands.done.get_nowait())

    def _is_due(self, now: float) -> bool:
        if now - self._saved_at >= SAVE_INTERVAL or self._unsaved_watch:
            return True
        waited = self._first_link_at is not None and now - self._first_link_at >= self._linger
        return waited and self._wanted.is_set() and not self._once

    def _give(self, desk: Desk) -> None:
        links = self._archives.links
        archive = self._archives.put_in_place()
        batch, changes = desk.close_batch()
        changes = dataclasses.replace(changes, watch=self._unsaved_watch)
        self._unsaved_watch = None
        self._first_link_at, self._saved_at = None, self._clock()
        if archive or changes != Changes():
            self._gathered.put(Gathered(archive, links, batch, changes))

    def _look(self, desk: Desk) -> None:
        self._looked_at = self._clock()
        states = [desk.states[url] for url in desk.feeds]
        counted = collections.Counter(
            "gone" if state.gone_at else "failing" if state.failures else "" for state in states
        )
        self.glance = Glance(
            feeds=len(states),
            failing=counted["failing"],
            gone=counted["gone"],
            under_way=self._under_way,
            waiting=desk.waiting,
            lag=desk.lag(self._clock()),
            next_at=desk.next_at(),
            entries=desk.entries,
            polls=dict(desk.answers),
        )
