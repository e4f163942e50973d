"""Monitor: feeds are watched, what is new in them is landed, and what was landed becomes tables.

Two sides of one process: a gathering thread polls and lands, with threads that wait for the web; this one turns each
landed archive into rows by a bounded run, and then saves what is known of feeds. What was landed is never lost: the
next start takes it up.
"""

import contextlib
import dataclasses
import pathlib
import shutil
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator

from pipelines.archives import Archives
from pipelines.backfill import Backfill
from pipelines.errands import Errands
from pipelines.exits import NoInput, exit_code, leave
from pipelines.gathering import Gathered, Gathering
from pipelines.layout import Layout
from pipelines.liveview import View
from pipelines.logs import quiet_logs
from pipelines.metrics import Tallies, write_metrics
from pipelines.planning import scan_archive_file
from pipelines.publish import opened_for_change
from pipelines.recovery import open_state, take_up
from pipelines.resident import resident_extractor, resident_tagger
from pipelines.watching import MonitorOptions, parse_monitor
from pipelines.watchlist import Listed, Watchlist
from schemas.rejects import Rejected
from transforms.extraction.urls import site_of
from transforms.fetching.desk import Desk
from transforms.fetching.fetcher import Fetcher, utc_now
from transforms.fetching.schedule import DAY
from transforms.fetching.store import FeedStore
from transforms.read import make_feed_sandbox, parse_in_sandbox
from transforms.segments import cut_segments

# Seconds that what is under way has after a signal, of the five in which the process is to be gone.
_GRACE = 2.5
# Seconds between two looks at whether there is anything to do, and between two writings of the metrics.
_LOOK_INTERVAL = 0.5
_METRICS_INTERVAL = 5.0
# A page waits for others of its archive for this part of the interval, within these limits in seconds: every archive
# is a file in each table.
_LINGER, _SHORTEST, _LONGEST = 1 / 15, 0.5, 60.0


class Stopped(Exception):
    """A signal came, and there is no more time."""


class Monitor:
    """One process over one warehouse."""

    def __init__(self, options: MonitorOptions, layout: Layout, folder: pathlib.Path, view: View) -> None:
        """Take the settings, the warehouse, the process's own staging folder, and what shows its state."""
        self._options, self._layout, self._folder, self._view = options, layout, folder, view
        self._watchlist = Watchlist(options.feeds)
        self._stop_by: float | None = None
        self._gathering: Gathering | None = None
        self._metrics_at = 0.0
        self.tallies = Tallies()

    def stop(self, signum: int, frame: types.FrameType | None) -> None:
        """Handle a signal: end soon, at the second one at once."""
        if self._stop_by is not None:
            leave(1)
        self._stop_by = time.monotonic() + _GRACE
        if self._gathering:
            self._gathering.stop()

    def _check_stop(self) -> None:
        if self._stop_by is not None and time.monotonic() > self._stop_by:
            raise Stopped

    def run(self) -> None:
        """Watch until the end that the settings name, or a signal.

        Raises:
            Stopped: A signal came; what was landed is processed at the next start.
        """
        listed = self._read_list()
        if not self._options.once:
            # Loaded before anything is asked, so that no article waits for it; a single round may not need it.
            resident_tagger(self._options.processing.model)
            resident_extractor()
        with self._layout.lock(self._options.processing.lock_timeout, self._check_stop):
            store = open_state(self._layout, accept_lost=self._options.accept_lost_state, say=self._view.say)
        with store:
            self._take_up(store, listed)
            store.forget(time.time())
            if self._stop_by is None:
                self._watch(store, listed)

    def _read_list(self) -> Listed:
        try:
            return self._watchlist.read()
        except FileNotFoundError as error:
            raise NoInput(f"--feeds {self._options.feeds}: there is no such file") from error
        except Rejected as error:
            raise NoInput(f"--feeds {self._options.feeds}: {error}") from error

    def _take_up(self, store: FeedStore, listed: Listed) -> None:
        with make_feed_sandbox() as sandbox:
            take_up(
                self._layout,
                store,
                {feed.url: feed for feed in listed.feeds},
                parse=lambda data: parse_in_sandbox(sandbox, data),
                process=self._process,
                say=self._view.say,
            )

    def _watch(self, store: FeedStore, listed: Listed) -> None:
        options = self._options
        ends_at = time.monotonic() + options.duration if options.duration is not None else None
        fetcher = options.make_fetcher()
        archives = Archives(self._layout, utc_now)
        self._gathering = Gathering(
            lambda: self._make_desk(archives, fetcher),
            archives,
            Errands(fetcher),
            self._watchlist,
            listed,
            store.watch(),
            once=options.once,
            linger=min(max(options.poll_interval * _LINGER, _SHORTEST), _LONGEST),
            say=self._view.say,
        )
        self._gathering.start()
        forget_at = time.monotonic() + DAY
        with contextlib.suppress(EOFError):
            while True:
                if ends_at is not None and time.monotonic() >= ends_at:
                    self._gathering.stop()
                gathered = self._gathering.take(_LOOK_INTERVAL)
                if gathered:
                    self._finish(gathered, store)
                if time.monotonic() >= forget_at:
                    store.forget(time.time())
                    forget_at += DAY
                self._show()
        self._show(last=True)

    @contextlib.contextmanager
    def _make_desk(self, archives: Archives, fetcher: Fetcher) -> Iterator[Desk]:
        def ready_at(site: str) -> float:
            # The pace goes by a clock of its own, which nobody sets.
            wait = fetcher.pace.ready_at(site) - time.monotonic()
            return time.time() + wait if wait > 0 else 0.0

        # A store of its own: the file's connections belong to a thread.
        with FeedStore(self._layout.state, read_only=True) as store:
            yield Desk(
                store,
                archives,
                poll_interval=self._options.poll_interval,
                site_of=lambda url: site_of(url) or url,
                ready_at=ready_at,
                until=time.time() if self._options.once else None,
            )

    def _finish(self, gathered: Gathered, store: FeedStore) -> None:
        """Process what was landed, and only then save what is known with it."""
        names: tuple[str, ...] = ()
        if gathered.archive:
            self._process(gathered.archive)
            names = (gathered.archive.name,)
        store.save(dataclasses.replace(gathered.changes, archives=names))
        assert self._gathering is not None
        self._gathering.saved(gathered)

    def _process(self, archive: pathlib.Path) -> None:
        start = time.monotonic()
        self._check_stop()
        backfill = Backfill(
            self._options.processing, self._folder, self._layout, resident=True, interrupt=self._check_stop
        )
        segments = cut_segments([scan_archive_file(str(archive))], filters=self._options.processing.filters.canonical())
        backfill.run(segments)
        for segment in segments:
            shutil.rmtree(self._folder / segment.segment, ignore_errors=True)
        self.tallies.add(list(backfill.summary.processed.values()))
        self.tallies.cycle_seconds = time.monotonic() - start
        self._say_what_came(backfill, archive)

    def _say_what_came(self, backfill: Backfill, archive: pathlib.Path) -> None:
        counts = {end: backfill.summary.count(end) for end in ("articles", "rejects", "duplicates")}
        if any(counts.values()):
            words = ", ".join(f"{count} {end}" for end, count in counts.items() if count)
            self._view.say(f"{words} from {archive.name}")
        for line in backfill.summary.advice:
            self._view.say(line)

    def _show(self, *, last: bool = False) -> None:
        assert self._gathering is not None
        glance = self._gathering.glance
        self._view.show(glance, self.tallies)
        path, now = self._options.metrics_file, time.monotonic()
        if path and (last or now - self._metrics_at >= _METRICS_INTERVAL):
            write_metrics(path, glance, self.tallies, at=time.time())
            self._metrics_at = now
        if last:
            ended = ", ".join(f"{count} {end}" for end, count in self.tallies.ended.items())
            self._view.say(f"ended: {sum(glance.polls.values())} polls; {ended}; {glance.waiting} pages wait")


def run_monitor(options: MonitorOptions) -> int:
    """Watch feeds until the end that the options name, or a signal; gives the exit code.

    Raises:
        NoInput, ModelUnavailable: The command asks for what is not there.
        LockHeld, RunFailed, CountBroken, WarehouseDamaged, OSError: It failed. What was landed stays, and the same
            command goes on from there.
    """
    layout = Layout(pathlib.Path(options.output))
    layout.create()
    with layout.monitor_lock(), opened_for_change(layout, options.processing.lock_timeout) as folder, View() as view:
        monitor = Monitor(options, layout, folder, view)
        with _handled(monitor.stop):
            try:
                monitor.run()
            except Stopped:
                view.say("stopped; what was landed is processed at the next start")
                view.__exit__()
                shutil.rmtree(folder, ignore_errors=True)
                leave(0)
    return 0


@contextlib.contextmanager
def _handled(stop: Callable[[int, types.FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline monitor` with the given arguments, or those of the process; gives the exit code."""
    quiet_logs()
    options = parse_monitor(sys.argv[1:] if arguments is None else arguments)
    return exit_code(lambda: run_monitor(options))


if __name__ == "__main__":
    # Under its real name, so that workers find the classes that a run was built of.
    from pipelines import monitor

    sys.exit(monitor.main())
