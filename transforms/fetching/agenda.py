"""Agenda: what is to be asked, and in which order: one thing at a time of each site, and none before its time."""

import dataclasses
import heapq
import itertools
from collections.abc import Callable

from schemas.documents import Feed
from transforms.fetching.seen import SeenEntry


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """One thing to be asked of a site: a feed, or the page of an entry. `at` is when it is due."""

    site: str
    url: str
    at: float
    feed: Feed | None = None
    entry: SeenEntry | None = None


class _Site:
    """What is to be asked of one site: feeds come first, for there is a page behind each of their entries."""

    def __init__(self) -> None:
        self.polls: list[tuple[float, int, Task]] = []
        self.pages: list[tuple[float, int, Task]] = []
        self.busy = False

    def is_idle(self) -> bool:
        return not (self.busy or self.polls or self.pages)

    def due_at(self, *, with_pages: bool) -> float | None:
        heaps = (self.polls, self.pages) if with_pages else (self.polls,)
        return min((heap[0][0] for heap in heaps if heap), default=None)

    def pop(self, now: float) -> Task:
        heap = self.polls if self.polls and self.polls[0][0] <= now else self.pages
        return heapq.heappop(heap)[2]


class Agenda:
    """Tasks by site. Not for threads: its owner alone puts in and takes out."""

    def __init__(self, ready_at: Callable[[str], float]) -> None:
        """Take what says when a site may be asked next, by the pace that it is owed."""
        self._ready_at = ready_at
        self._sites: dict[str, _Site] = {}
        # The earliest time for each site, and such as are out of date: they are looked at again when they come up.
        self._order: list[tuple[float, str]] = []
        # Sites of which only pages are due, while none are wanted.
        self._held: set[str] = set()
        self._numbers = itertools.count()
        self.polls = 0
        self.pages = 0

    def put(self, task: Task) -> None:
        """Put a task in."""
        site = self._sites.setdefault(task.site, _Site())
        heapq.heappush(site.polls if task.feed else site.pages, (task.at, next(self._numbers), task))
        self._count(task, 1)
        if not site.busy:
            self._queue(task.site, site)

    def take(self, now: float, *, with_pages: bool = True) -> Task | None:
        """Take out a task that may be begun now, if there is one; its site is busy until `done`.

        Args:
            now: The time.
            with_pages: Whether pages are wanted too, or only feeds.
        """
        if with_pages and self._held:
            for name in self._held & self._sites.keys():
                self._queue(name, self._sites[name])
            self._held.clear()
        while self._order and self._order[0][0] <= now:
            _, name = heapq.heappop(self._order)
            site = self._sites.get(name)
            if site is None or site.busy:
                continue
            if not with_pages and site.pages:
                self._held.add(name)
            due = site.due_at(with_pages=with_pages)
            if due is None:
                continue
            if max(due, self._ready_at(name)) > now:
                heapq.heappush(self._order, (max(due, self._ready_at(name)), name))
                continue
            task = site.pop(now)
            site.busy = True
            self._count(task, -1)
            return task
        return None

    def done(self, task: Task) -> None:
        """Let a task's site be asked again."""
        site = self._sites[task.site]
        site.busy = False
        if site.is_idle():
            del self._sites[task.site]
        else:
            self._queue(task.site, site)

    def next_at(self) -> float | None:
        """Say when the next task may be begun, None where all wait for others to be done; it may be later than said."""
        return self._order[0][0] if self._order else None

    def _queue(self, name: str, site: _Site) -> None:
        due = site.due_at(with_pages=True)
        if due is not None:
            heapq.heappush(self._order, (max(due, self._ready_at(name)), name))

    def _count(self, task: Task, step: int) -> None:
        if task.feed:
            self.polls += step
        else:
            self.pages += step
