"""Crew: many documents at once, each site one at a time and in its pace."""

import dataclasses
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from schemas.exchanges import Exchange, Request, Response
from schemas.rejects import Rejected
from transforms.extraction.urls import site_of
from transforms.fetching.fetcher import Fetcher
from transforms.fetching.lines import Lines
from transforms.fetching.pace import MAX_CRAWL_DELAY, TooSoon
from transforms.fetching.retries import FIRST_PAUSE, is_passing, pause_after
from transforms.fetching.transport import Aborted

T = TypeVar("T")

# Threads, of which each mostly waits for a server.
HANDS = 64
ATTEMPTS = 3
# Seconds, as the longest crawl delay. Who asks to be left alone for longer is not waited for by a run that is to end.
LONGEST_PAUSE = MAX_CRAWL_DELAY
# Seconds that a hand waits for a turn of its own accord: less than which it would rather do something else.
_PATIENCE = 3.0
# Tasks taken from what may be an endless list.
_BACKLOG = 10_000
# Outcomes that wait for whoever asked: each may hold a body of megabytes.
_UNREAD = 16
# Seconds between two looks at whether the end was called for.
_GLANCE = 0.25
# Seconds.
_END_TIMEOUT = 4.0


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of a task: a response, or the refusal of the last try. `exchanges` are those of all tries."""

    task: T
    response: Response | None
    refusal: Rejected | None
    exchanges: tuple[Exchange, ...]
    attempts: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Try(Generic[T]):
    task: T
    request: Request
    number: int = 1
    exchanges: tuple[Exchange, ...] = ()


class Crew(Generic[T]):
    """Fetches what tasks ask for. `fetch_all` may be called once.

    Args:
        fetcher: What asks; cut when the crew stops early.
        request_of: From a task to what it asks for.
        hands: How many sites are asked at the same time.
        attempts: How often a task is tried whose refusals may pass.
        first_pause: Seconds before the second try.
        longest_pause: Seconds before another try; a site that asks for more has had its last.
        clock: The fetcher's.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        request_of: Callable[[T], Request],
        *,
        hands: int = HANDS,
        attempts: int = ATTEMPTS,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher, self._request_of = fetcher, request_of
        self._attempts, self._clock = attempts, clock
        self._first_pause, self._longest_pause = first_pause, longest_pause
        self._lines: Lines[_Try[T]] = Lines(clock, self._ready_at)
        self._unread: queue.Queue[Outcome[T] | BaseException] = queue.Queue(_UNREAD)
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(hands)]

    def fetch_all(self, tasks: Iterable[T]) -> Iterator[Outcome[T]]:
        """Give the outcome of each task as it comes; tasks are taken from the list as there is room.

        After `stop` it ends, without those under way. Who does not read to the end stops the crew.
        """
        for thread in self._threads:
            thread.start()
        waiting, ahead = iter(tasks), 0
        try:
            while not self._stopped.is_set():
                ahead += self._take_up(waiting, _BACKLOG - ahead)
                if not ahead:
                    break
                try:
                    outcome = self._unread.get(timeout=_GLANCE)
                except queue.Empty:
                    continue
                ahead -= 1
                if isinstance(outcome, BaseException):
                    raise outcome
                yield outcome
        finally:
            self._end(cut=ahead > 0)

    def stop(self) -> None:
        """End within seconds, from any thread or a handler of signals: what is under way counts as not asked."""
        self._stopped.set()
        self._lines.end()
        self._fetcher.abort()

    def _end(self, *, cut: bool) -> None:
        self._stopped.set()
        self._lines.end()
        if cut:
            self._fetcher.abort()
        end = self._clock() + _END_TIMEOUT
        for thread in self._threads:
            thread.join(max(end - self._clock(), 0.0))

    def _ready_at(self, site: str) -> float:
        """Say when a site's turn comes; one that is too far off comes at once, to be refused."""
        at = self._fetcher.pace.ready_at(site)
        return at if at - self._clock() <= self._longest_pause else 0.0

    def _take_up(self, tasks: Iterator[T], room: int) -> int:
        count = 0
        for task in tasks if room > 0 else ():
            request = self._request_of(task)
            self._lines.put(site_of(request.url), _Try(task, request))
            count += 1
            if count == room:
                break
        return count

    def _work(self) -> None:
        while taken := self._lines.take():
            site, attempt = taken
            try:
                outcome = self._try(site, attempt)
            except Aborted:
                return
            except BaseException as error:
                # A fault of ours or of the machine ends the run, and not this thread alone.
                self._give(error)
                return
            self._lines.done(site)
            if outcome:
                self._give(outcome)

    def _try(self, site: str, attempt: _Try[T]) -> Outcome[T] | None:
        """Ask once; None where it is to be tried again."""
        try:
            response = self._fetcher.fetch(attempt.request, patience=_PATIENCE)
        except Rejected as error:
            exchanges = attempt.exchanges + error.exchanges
            later = self._next_try(attempt, error, exchanges)
            if later is None:
                return Outcome(attempt.task, None, error, exchanges, attempt.number)
            pause, next_try = later
            self._lines.put(site, next_try, due=self._clock() + pause)
            return None
        exchanges = attempt.exchanges + response.exchanges
        return Outcome(attempt.task, response, None, exchanges, attempt.number)

    def _next_try(
        self, attempt: _Try[T], error: Rejected, exchanges: tuple[Exchange, ...]
    ) -> tuple[float, _Try[T]] | None:
        if isinstance(error, TooSoon):
            # Its turn has not come, which is no failure.
            pause, number = error.retry_after or 0.0, attempt.number
        elif is_passing(error) and attempt.number < self._attempts:
            pause, number = pause_after(attempt.number, error, first_pause=self._first_pause), attempt.number + 1
        else:
            return None
        return (
            (pause, dataclasses.replace(attempt, number=number, exchanges=exchanges)) if self._may_wait(pause) else None
        )

    def _may_wait(self, pause: float) -> bool:
        return pause <= self._longest_pause

    def _give(self, outcome: Outcome[T] | BaseException) -> None:
        while not self._stopped.is_set():
            try:
                self._unread.put(outcome, timeout=_GLANCE)
            except queue.Full:
                continue
            return
