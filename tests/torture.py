"""Kill backfills and run them again: the tables must come out as if nothing had happened, byte for byte.

    python -m tests.torture                      kill before the 1st, 2nd, ... rename or commit until a run completes
    python -m tests.torture --random 200         kill at random moments instead
    python -m tests.torture --random 5 --workers 2    with worker processes, of which the parent alone is killed

Every attempt is made in a fresh folder. Meanwhile a reader opens every file that a glob over the tables finds.
"""

import argparse
import contextlib
import functools
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import pyarrow.parquet as pq

from pipelines import backfill, spine
from schemas.tables import TABLES
from transforms import segments
from transforms.extraction import pages
from transforms.extraction.language import LanguageReader
from transforms.tagging.tagger import Tagger, make_tagger

# Records a segment in these runs, so that there are several.
SMALL_SEGMENT = 9
# Seconds within which any run of these must have ended.
PATIENCE = 120.0


def write_input(folder: pathlib.Path) -> None:
    """Write documents of several days, with duplicates in and across segments, an undated one and a refused line."""
    folder.mkdir()
    for number in range(5):
        text = f"Norway promised to send {number + 2} ships to Ukraine by {2030 + number}. France refused to join."
        _write_document(folder, number, text, day=number % 3 + 1)
    _write_document(folder, 7, _text(2), day=2, url=2)
    lines = [_line(number % 6, day=number % 4 + 1) for number in range(9)]
    lines[3] = "{not json"
    lines[8] = json.dumps({"text": "Poland will not send troops, its government said."})
    (folder / "lines.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_document(folder: pathlib.Path, number: int, text: str, *, day: int, url: int | None = None) -> None:
    address = f"https://news.example/{number if url is None else f'wire/{url}'}"
    (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    (folder / f"{number}.json").write_text(
        json.dumps({"url": address, "published": f"2025-03-0{day}"}), encoding="utf-8"
    )


def _text(number: int) -> str:
    return f"Item {number}. Germany offered Ukraine {number + 1} million euros if talks begin."


def _line(number: int, *, day: int) -> str:
    url = f"https://news.example/wire/{number}"
    return json.dumps({"url": url, "published": f"2025-03-0{day}", "text": _text(number)})


def tables(output: pathlib.Path) -> dict[str, bytes]:
    """Give the bytes of every visible file of the four tables."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for table in TABLES
        for path in sorted((output / table).rglob("*.parquet"))
    }


@functools.cache
def loaded_tagger(model: str | None) -> Tagger:
    """Load the tagger once a process; named here, since a pipeline takes functions by name."""
    return make_tagger(model)


@functools.cache
def loaded_languages() -> LanguageReader:
    """Load the tables of languages once a process."""
    return LanguageReader()


class Killer:
    """Kills this very process before the n-th rename, replace or commit."""

    def __init__(self, countdown: int) -> None:
        """Take n; 0 kills never."""
        self._countdown = countdown

    def watch(self) -> None:
        """Count from now on."""
        self._wrap(os, "replace")
        self._wrap(os, "rename")
        killer = self

        class Connection(sqlite3.Connection):
            def __exit__(self, *details: object) -> bool:
                killer.count()
                return super().__exit__(*details)  # type: ignore[arg-type]

        connect = sqlite3.connect
        sqlite3.connect = functools.partial(connect, factory=Connection)  # type: ignore[assignment]

    def _wrap(self, module: object, name: str) -> None:
        original: Callable[..., object] = getattr(module, name)

        def wrapped(*arguments: object, **options: object) -> object:
            self.count()
            return original(*arguments, **options)

        setattr(module, name, wrapped)

    def count(self) -> None:
        """Count one, and kill where it is the last."""
        self._countdown -= 1
        if self._countdown == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _arguments(source: pathlib.Path, output: pathlib.Path) -> list[str]:
    return ["--input", f"{source}/**", "--output", str(output)]


def fork(run: Callable[[], int]) -> int:
    """Run a function in a fork of this process that ends with what it gives; gives the fork's process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        code = run()
    finally:
        os._exit(code)


def _start_here(source: pathlib.Path, output: pathlib.Path, kill_at: int) -> int:
    """Run a backfill in a fork of this process, which has all it needs loaded; gives its process id."""

    def run() -> int:
        segments.MAX_RECORDS = SMALL_SEGMENT
        spine.make_tagger = loaded_tagger
        pages.LanguageReader = loaded_languages  # type: ignore[assignment, misc]
        if kill_at:
            Killer(kill_at).watch()
        return backfill.main([*_arguments(source, output), "--workers", "1"])

    return fork(run)


def _start_apart(source: pathlib.Path, output: pathlib.Path, workers: int) -> int:
    """Run a backfill as its user would, with worker processes; gives the process id of the parent."""
    command = [sys.executable, "-m", "tests.torture", "--run", str(workers), *_arguments(source, output)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL).pid


def wait(child: int) -> int:
    """Wait for a process to end; gives its exit code, or minus the signal that ended it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    raise AssertionError(f"a run did not end within {PATIENCE:g} s")


@contextlib.contextmanager
def reader(output: pathlib.Path) -> Iterator[None]:
    """Open and read every visible file, over and over, until the end; a file that cannot be read is a failure."""
    stop = output.with_suffix(".stop")

    def run() -> int:
        while not stop.exists():
            for table in TABLES:
                for path in (output / table).rglob("*.parquet"):
                    with contextlib.suppress(FileNotFoundError):
                        pq.ParquetFile(path).read(use_threads=False)
            time.sleep(0.02)
        return 0

    child = fork(run)
    try:
        yield
    finally:
        stop.touch()
        code = wait(child)
    assert code == 0, "a reader met a file that it could not read"


def _attempt(
    folder: pathlib.Path, source: pathlib.Path, expected: dict[str, bytes], start: Callable[[pathlib.Path], int],
    *, kill_after: float | None, workers: int
) -> bool:  # fmt: skip
    """Make one run that is killed, then one that is not; gives whether the first was really killed."""
    output = folder / "warehouse"
    with reader(output):
        child = start(output)
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        code = wait(child)
        assert code in (0, -signal.SIGKILL), f"a run ended with {code}"
        if code:
            again = _start_here(source, output, 0) if workers == 1 else _start_apart(source, output, workers)
            assert (ended := wait(again)) == 0, f"the run after a kill ended with {ended}"
    found = tables(output)
    assert found.keys() == expected.keys(), f"files differ: {found.keys() ^ expected.keys()}"
    different = [name for name in found if found[name] != expected[name]]
    assert not different, f"contents differ: {different}"
    shutil.rmtree(folder)
    return bool(code)


def torture(*, random_kills: int = 0, workers: int = 1, seed: int = 0) -> int:
    """Kill runs and compare; gives how many were killed.

    With `random_kills` 0 they are killed before the 1st, 2nd, ... rename or commit, until one completes.
    """
    loaded_tagger(None)
    loaded_languages()
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        root = pathlib.Path(name)
        source = root / "input"
        write_input(source)
        start = time.monotonic()
        code = wait(_start_here(source, root / "undisturbed", 0))
        length = time.monotonic() - start
        assert code == 0, f"the undisturbed run ended with {code}"
        expected = tables(root / "undisturbed")
        assert {path.split("/")[0] for path in expected} == set(TABLES), "a table is empty"
        moments = random.Random(seed)
        killed = attempt = 0
        while not random_kills or attempt < random_kills:
            attempt += 1
            folder = root / str(attempt)
            folder.mkdir()
            if workers > 1:
                begin = functools.partial(_start_apart, source, workers=workers)
            else:
                begin = functools.partial(_start_here, source, kill_at=0 if random_kills else attempt)
            kill_after = moments.uniform(0, length if workers == 1 else 4 * length + 8) if random_kills else None
            if _attempt(folder, source, expected, begin, kill_after=kill_after, workers=workers):
                killed += 1
            elif not random_kills:
                break
        return killed


def main() -> int:
    """Run as the module's documentation says; gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--random", type=int, default=0, metavar="N")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--run", type=int, help=argparse.SUPPRESS)
    known, rest = parser.parse_known_args()
    if known.run:
        segments.MAX_RECORDS = SMALL_SEGMENT
        backfill.SMALL_SEGMENT = 0
        return backfill.main([*rest, "--workers", str(known.run)])
    killed = torture(random_kills=known.random, workers=known.workers, seed=known.seed)
    print(f"{killed} runs killed, and every one's tables equal to the undisturbed run's")
    return 0


if __name__ == "__main__":
    # Under its real name, so that a run's pickled functions are found again.
    from tests import torture as module

    sys.exit(module.main())
