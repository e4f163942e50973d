"""Lines: tasks that wait for their site's turn, one line a site."""

import heapq
import itertools
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lines(Generic[T]):
    """Tasks by site: the one that is due first is given out, one a site, when the site may be asked.

    For many threads. Times are the clock's; `ready_at` says from when on a site may be asked.
    """

    def __init__(self, clock: Callable[[], float], ready_at: Callable[[str], float]) -> None:
        self._clock, self._ready_at = clock, ready_at
        self._waiting: dict[str, list[tuple[float, int, T]]] = {}
        self._heads: list[tuple[float, int, str]] = []
        self._busy: set[str] = set()
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._ended = False

    def put(self, site: str, task: T, *, due: float = 0.0) -> None:
        """Let a task wait, not to be given out before it is due."""
        with self._changed:
            line = self._waiting.setdefault(site, [])
            heapq.heappush(line, (due, next(self._numbers), task))
            if site not in self._busy:
                self._show_head(site)

    def take(self) -> tuple[str, T] | None:
        """Wait for a task whose turn has come, with its site; None when all has ended. Call `done` afterwards."""
        with self._changed:
            while not self._ended:
                wait = self._seconds_to_first()
                if wait is not None and wait <= 0:
                    return self._take_first()
                self._changed.wait(wait)
            return None

    def done(self, site: str) -> None:
        """End the turn of a task that was taken; the site's next may be."""
        with self._changed:
            self._busy.discard(site)
            if self._waiting.get(site):
                self._show_head(site)

    def end(self) -> None:
        """Give out nothing more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _show_head(self, site: str) -> None:
        due = max(self._waiting[site][0][0], self._ready_at(site))
        heapq.heappush(self._heads, (due, next(self._numbers), site))
        self._changed.notify()

    def _seconds_to_first(self) -> float | None:
        """Look at the site that is due first; what was written of it may be out of date, and is corrected."""
        while self._heads:
            written, _, site = self._heads[0]
            line = self._waiting.get(site)
            if site in self._busy or not line:
                heapq.heappop(self._heads)
                continue
            due = max(line[0][0], self._ready_at(site))
            if due <= written:
                return written - self._clock()
            heapq.heapreplace(self._heads, (due, next(self._numbers), site))
        return None

    def _take_first(self) -> tuple[str, T]:
        _, _, site = heapq.heappop(self._heads)
        _, _, task = heapq.heappop(self._waiting[site])
        if not self._waiting[site]:
            del self._waiting[site]
        self._busy.add(site)
        return site, task
