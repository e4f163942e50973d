"""Layout: where things lie in a warehouse's private folder, the lock on it, and the marks in it."""

import contextlib
import dataclasses
import fcntl
import os
import pathlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator

from pipelines.exits import LockHeld, NoWarehouse, WarehouseDamaged
from transforms.marks import Mark, decode_mark
from transforms.merged import Merged, decode_merged

PRIVATE = "_pledgeline"
# Seconds between two tries for the lock.
_LOCK_INTERVAL = 0.2


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """The paths of a warehouse on a local disk."""

    root: pathlib.Path

    @property
    def private(self) -> pathlib.Path:
        """What readers of the tables never look at."""
        return self.root / PRIVATE

    @property
    def marks(self) -> pathlib.Path:
        """One JSON file for each finished segment, and a `.pending` note for one being published."""
        return self.private / "segments"

    @property
    def merged(self) -> pathlib.Path:
        """One JSON file for each merged file of the tables."""
        return self.private / "merged"

    @property
    def replayed(self) -> pathlib.Path:
        """Records of rejects whose input is gone, as they are gone through again."""
        return self.private / "replayed"

    @property
    def forgotten(self) -> pathlib.Path:
        """One JSON file, a tombstone, for each article that was taken down."""
        return self.private / "forgotten"

    @property
    def ledger(self) -> pathlib.Path:
        """The record of the ledger of pledges: what it was made of."""
        return self.private / "ledger.json"

    @property
    def staging(self) -> pathlib.Path:
        """One folder for each run."""
        return self.private / "staging"

    @property
    def landed(self) -> pathlib.Path:
        """What was fetched, as web archives that give the same rows again."""
        return self.private / "landed"

    @property
    def landing(self) -> pathlib.Path:
        """What is being fetched; nothing in it is whole."""
        return self.private / "landing"

    @property
    def state(self) -> pathlib.Path:
        """The SQLite file of what can be rebuilt."""
        return self.private / "state.sqlite"

    def mark(self, segment: str) -> pathlib.Path:
        """The mark of a segment."""
        return self.marks / f"{segment}.json"

    def note(self, segment: str) -> pathlib.Path:
        """The note of a segment that is being published."""
        return self.marks / f"{segment}.pending"

    def relative(self, path: pathlib.Path) -> str:
        """Give a path of the warehouse as notes and marks name it."""
        return path.relative_to(self.root).as_posix()

    def read_merged(self) -> list[Merged]:
        """Read the records of all merged files, by name.

        Raises:
            WarehouseDamaged: One cannot be read.
        """
        found = []
        for path in sorted(self.merged.glob("*.json")):
            try:
                found.append(decode_merged(path.read_text(encoding="utf-8")))
            except (ValueError, KeyError, TypeError) as error:
                raise WarehouseDamaged(f"{path} is not the record of a merged file ({error}): restore it") from error
        return found

    def read_forgotten(self) -> frozenset[str]:
        """Name the articles that were taken down."""
        return frozenset(path.stem for path in self.forgotten.glob("*.json"))

    def create(self) -> None:
        """Make the folders.

        Raises:
            OSError: The place may not be written.
        """
        self.marks.mkdir(parents=True, exist_ok=True)
        self.staging.mkdir(parents=True, exist_ok=True)
        self.landed.mkdir(parents=True, exist_ok=True)
        self.landing.mkdir(parents=True, exist_ok=True)

    def read_mark(self, segment: str) -> Mark | None:
        """Read the mark of a segment, or None where it is not finished.

        Raises:
            WarehouseDamaged: The mark cannot be read.
        """
        path = self.mark(segment)
        try:
            return decode_mark(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise WarehouseDamaged(
                f"{path} is not a mark ({error}): restore it, or delete it together with the segment's files "
                f"(part-{segment}.parquet in every table) and run the same command again"
            ) from error

    def stamps(self) -> dict[str, str]:
        """Give each finished segment with a stamp that changes when its mark does."""
        found = {}
        for entry in os.scandir(self.marks):
            if entry.name.endswith(".json"):
                stat = entry.stat()
                found[entry.name.removesuffix(".json")] = f"{stat.st_size}:{stat.st_mtime_ns}"
        return found

    @contextlib.contextmanager
    def lock(self, timeout: float, interrupt: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the warehouse's one lock; a process that dies lets go of it.

        Args:
            timeout: Seconds to wait for it.
            interrupt: Called now and then while waiting; what it raises ends the wait.

        Raises:
            LockHeld: It was not to be had within `timeout` seconds.
        """
        with open(self.private / "lock", "w") as file:
            deadline = time.monotonic() + timeout
            while not _try_lock(file.fileno()):
                if time.monotonic() >= deadline:
                    raise LockHeld(f"another run holds {self.private / 'lock'}: waited {timeout:g} s (--lock_timeout)")
                interrupt()
                time.sleep(_LOCK_INTERVAL)
            yield

    @contextlib.contextmanager
    def monitor_lock(self) -> Iterator[None]:
        """Be the only one that watches feeds for this warehouse; a process that dies lets go of it.

        Raises:
            LockHeld: Another one does.
        """
        with open(self.private / "monitor.lock", "w") as file:
            if not _try_lock(file.fileno()):
                raise LockHeld(f"another monitor is at work for this warehouse ({file.name})")
            yield


def file_stamps(layout: Layout, paths: Iterable[str]) -> list[tuple[int, int]]:
    """Give size and time of each file of the warehouse that is there: they differ once one was changed or is gone."""
    stats = [(layout.root / path).stat() for path in paths if (layout.root / path).exists()]
    return [(stat.st_size, stat.st_mtime_ns) for stat in stats]


def find_warehouse(folder: str) -> Layout:
    """Give the layout of a warehouse that is there.

    Raises:
        NoWarehouse: The folder is none.
    """
    layout = Layout(pathlib.Path(folder))
    if not layout.marks.is_dir():
        raise NoWarehouse(f"{folder} is not a warehouse: it has no folder {PRIVATE}/segments")
    return layout


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def staging_folder(layout: Layout, run: str) -> Iterator[pathlib.Path]:
    """Make a run's staging folder, held by a lock on a file in it for as long as the run lives.

    To be entered under the warehouse's lock, so that nobody takes it for a dead run's before its own lock is there.
    """
    folder = layout.staging / run
    folder.mkdir(parents=True)
    with open(folder / "alive", "w") as alive:
        fcntl.flock(alive.fileno(), fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def dead_staging(layout: Layout) -> list[pathlib.Path]:
    """Find the staging folders of runs that are no more. To be called under the lock."""
    dead = []
    for folder in sorted(layout.staging.iterdir()):
        try:
            with open(folder / "alive") as alive:
                if _try_lock(alive.fileno()):
                    dead.append(folder)
        except FileNotFoundError:
            dead.append(folder)
    return dead
