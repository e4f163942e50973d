"""Progress: workers append a byte for each document to a file of their own, and the driver looks at their sizes.

No local runner shows live metrics; files work over any number of processes and cost a microsecond a document.
"""

import dataclasses
import os
import pathlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

EXTRACTED = "extracted"
TAGGED = "tagged"
_FOLDER = "progress"
# Seconds between two looks at the files.
_TERMINAL_INTERVAL = 0.5
_PIPE_INTERVAL = 15.0


class _Tick(beam.DoFn):
    def __init__(self, folder: str, step: str) -> None:
        self._folder, self._step = folder, step

    def setup(self) -> None:
        folder = pathlib.Path(self._folder, _FOLDER, self._step)
        folder.mkdir(parents=True, exist_ok=True)
        # One file a process; appending keeps two threads of one process apart.
        self._file = os.open(folder / str(os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def process(self, element: Any) -> Iterator[Any]:
        os.write(self._file, b".")
        yield element

    def teardown(self) -> None:
        os.close(self._file)


@dataclasses.dataclass
class Tick(beam.PTransform):
    """Pass elements through and let the driver see how many there were."""

    folder: str
    step: str

    def expand(self, elements: beam.PCollection[Any]) -> beam.PCollection[Any]:
        """Give the elements, unchanged."""
        return elements | beam.ParDo(_Tick(self.folder, self.step))


def count_ticks(folder: pathlib.Path, step: str) -> int:
    """Count the documents that passed a step."""
    try:
        return sum(entry.stat().st_size for entry in os.scandir(folder / _FOLDER / step))
    except FileNotFoundError:
        return 0


class Watch:
    """Shows how far a run is: live on a terminal, a plain line now and then in a pipe."""

    def __init__(self, folder: pathlib.Path, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Watch the ticks in a run's staging folder; `total` is the number of records to come."""
        self._folder, self._total, self._clock = folder, total, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._show, name="progress", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _show(self) -> None:
        if sys.stderr.isatty():
            self._show_on_terminal()
        else:
            self._show_lines()

    def _show_on_terminal(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        start = self._clock()
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            read = progress.add_task("read   ", total=self._total, rate="")
            tagged = progress.add_task("tagged ", total=self._total, rate="")
            while not self._stop.wait(_TERMINAL_INTERVAL):
                seconds = max(self._clock() - start, 1e-9)
                done = count_ticks(self._folder, TAGGED)
                progress.update(read, completed=count_ticks(self._folder, EXTRACTED))
                progress.update(tagged, completed=done, rate=f"{done / seconds:.1f} documents/s")

    def _show_lines(self) -> None:
        start = self._clock()
        while not self._stop.wait(_PIPE_INTERVAL):
            print(self._line(self._clock() - start), file=sys.stderr, flush=True)

    def _line(self, seconds: float) -> str:
        read, tagged = count_ticks(self._folder, EXTRACTED), count_ticks(self._folder, TAGGED)
        left = f", about {(self._total - tagged) * seconds / tagged:.0f} s left" if tagged else ""
        return f"{read} read and {tagged} tagged of {self._total}, {tagged / seconds:.1f} documents/s{left}"


class FetchProgress:
    """Shows how much of what is to be fetched was: live on a terminal, a plain line now and then in a pipe."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin at nothing."""
        self._clock = clock
        self._done = self._refused = 0
        self._said_at = clock()
        self._bar: Progress | None = None

    def __enter__(self) -> "FetchProgress":
        if sys.stderr.isatty():
            columns = (TextColumn("fetched"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[refused]}"))
            self._bar = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("fetched", total=None, refused="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, total: int, *, refused: bool) -> None:
        """Count one more; `total` is how many are known by now."""
        self._done += 1
        self._refused += refused
        if self._bar:
            self._bar.update(self._task, completed=self._done, total=total, refused=f"{self._refused} refused")
        elif self._clock() - self._said_at >= _PIPE_INTERVAL:
            self._said_at = self._clock()
            print(f"fetched {self._done} of {total}, {self._refused} refused", file=sys.stderr, flush=True)
