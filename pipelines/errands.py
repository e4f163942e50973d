"""Errands: threads that ask the web for what they are told to, and say what came of it."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator

from transforms.fetching.agenda import Task
from transforms.fetching.fetcher import Fetcher
from transforms.fetching.polls import Fetched, Polled, fetch_page, poll_feed
from transforms.fetching.schedule import FeedState
from transforms.fetching.transport import Aborted
from transforms.read import make_feed_sandbox, parse_in_sandbox
from transforms.reading.feeds import ParsedFeed
from transforms.sandbox import Sandbox

# Sites that are asked at once at most.
THREADS = 64
# Processes in which feeds are read: a hostile one holds up one of them.
_READERS = 2

Outcome = Polled | Fetched | BaseException
Done = tuple[Task, Outcome]


class Errands:
    """Threads that take tasks and put what came of them into `done`; at the end they are left behind."""

    def __init__(self, fetcher: Fetcher, *, clock: Callable[[], float] = time.time) -> None:
        """Start the threads. `clock` gives POSIX seconds."""
        self.done: queue.SimpleQueue[Done | None] = queue.SimpleQueue()
        self._tasks: queue.SimpleQueue[tuple[Task, FeedState | None] | None] = queue.SimpleQueue()
        self._fetcher, self._clock = fetcher, clock
        self._readers: queue.LifoQueue[Sandbox] = queue.LifoQueue()
        for _ in range(_READERS):
            self._readers.put(make_feed_sandbox())
        for number in range(THREADS):
            threading.Thread(target=self._run, name=f"errand-{number}", daemon=True).start()

    def send(self, task: Task, state: FeedState | None) -> None:
        """Have a task done: a poll of a feed of which `state` is known, or a page."""
        self._tasks.put((task, state))

    def end(self) -> None:
        """Cut what is under way and let the threads end."""
        self._fetcher.abort()
        for _ in range(THREADS):
            self._tasks.put(None)
        with contextlib.suppress(queue.Empty):
            while True:
                self._readers.get_nowait().close()

    def _run(self) -> None:
        while sent := self._tasks.get():
            task, state = sent
            try:
                self.done.put((task, self._do(task, state)))
            except Aborted:
                return
            except BaseException as error:
                # Not a refusal but a fault of this program or machine: the run is to fail of it.
                self.done.put((task, error))

    def _do(self, task: Task, state: FeedState | None) -> Polled | Fetched:
        if state is not None:
            return poll_feed(state, self._fetcher, self._parse, self._clock)
        assert task.entry is not None and task.entry.link is not None
        return fetch_page(task.entry.link, self._fetcher, self._clock)

    def _parse(self, data: bytes) -> ParsedFeed:
        with self._borrowed_reader() as reader:
            return parse_in_sandbox(reader, data)

    @contextlib.contextmanager
    def _borrowed_reader(self) -> Iterator[Sandbox]:
        reader = self._readers.get()
        try:
            yield reader
        finally:
            self._readers.put(reader)
