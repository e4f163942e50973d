"""Kill monitors and start them again: nothing that feeds showed may be lost, doubled or fetched a second time.

    python -m tests.torture_monitor               kill before the 1st, 2nd, ... rename or commit until one completes
    python -m tests.torture_monitor --random 200  kill at random moments instead

Every attempt is made in a fresh folder. Meanwhile a reader opens every file that a glob over the tables finds.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator

import pyarrow.dataset as ds

from pipelines import fetching, monitor, resident
from pipelines.layout import Layout
from tests.newsroom import Newsroom
from tests.torture import Killer, fork, loaded_tagger, reader, wait
from transforms.fetching.fetcher import Fetcher
from transforms.fetching.pace import Pace
from transforms.fetching.store import FeedStore
from transforms.reading.history import LandedEnd, read_history

_AGENT = "pledgeline-torture/1.0 (+https://pledgeline.example/contact)"
# Runs after a kill: each asks feeds again only a second later.
_ROUNDS = 3
_Rows = list[tuple[str, str, str]]


def _publish(newsroom: Newsroom) -> None:
    """Give the sites articles, one that is missing, one that two feeds show, and a feed that is none."""
    first, second, third, fourth = newsroom.sites
    for number in range(4):
        first.publish(number)
        second.publish(10 + number)
    del first.pages["/articles/2.html"]
    third.entries = [(second.entries[0][0], "The same", "other")]
    third.publish(20)
    fourth.answer = lambda asked: (200, ["Content-Type: text/xml"], b"<html>no feed</html>")


@contextlib.contextmanager
def _publishers(folder: pathlib.Path) -> Iterator[None]:
    """Serve the sites from a process of their own; the list of their feeds is in the folder."""
    ready, done = os.pipe()

    def serve() -> int:
        with Newsroom(4) as newsroom:
            _publish(newsroom)
            (folder / "feeds.opml").write_text(newsroom.opml())
            os.write(done, b"x")
            signal.pause()
        return 0

    child = fork(serve)
    os.read(ready, 1)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _start(folder: pathlib.Path, output: pathlib.Path, kill_at: int) -> int:
    """Run one round of a monitor in a fork of this process; gives its process id."""

    def make_fetcher(user_agent: str, **settings: object) -> Fetcher:
        return Fetcher(user_agent, pace=Pace(time.monotonic, interval=0.02), **settings)  # type: ignore[arg-type]

    def run() -> int:
        fetching.Fetcher = make_fetcher  # type: ignore[assignment, misc]
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        if kill_at:
            Killer(kill_at).watch()
        places = ["--feeds", str(folder / "feeds.opml"), "--output", str(output)]
        asking = ["--user_agent", _AGENT, "--allow_networks", "127.0.0.0/8", "--poll_interval", "1s"]
        return monitor.main([*places, *asking, "--once"])

    return fork(run)


def _rows(output: pathlib.Path, table: str, columns: list[str]) -> _Rows:
    if not (output / table).exists():
        return []
    rows = ds.dataset(output / table, format="parquet").to_table(columns=columns).to_pylist()
    return sorted(tuple(str(row[column]) for column in columns) for row in rows)  # type: ignore[misc]


def outcome(output: pathlib.Path) -> dict[str, object]:
    """Give what must come out the same, however often a monitor was killed."""
    ends: collections.Counter[str | None] = collections.Counter()
    layout = Layout(output)
    for path in layout.landed.iterdir():
        with path.open("rb") as stream:
            ends.update(event.link.url for event in read_history(stream) if isinstance(event, LandedEnd))
    with FeedStore(layout.state, read_only=True) as store:
        states = {url: (state.entries, state.noted) for url, state in store.feeds().items()}
        duplicates = sum(state.duplicates for state in store.feeds().values())
        waiting = [entry.link for entry in store.waiting()]
    return {
        # Not which feed led to it: of two that show it, the first to be asked does.
        "articles": _rows(output, "articles", ["article_id", "content_id", "url"]),
        "commitments": _rows(output, "commitments", ["commitment_id", "kind", "url"]),
        "rejects": _rows(output, "rejects", ["url", "reason", "stage"]),
        "ends of links": dict(ends),
        "feeds": states,
        "duplicates": duplicates,
        "waiting": waiting,
        "left over": [path.name for place in (layout.landing, layout.staging) for path in place.iterdir()],
    }


def _attempt(folder: pathlib.Path, place: pathlib.Path, expected: dict[str, object], kill: tuple[int, float]) -> bool:
    """Make one round that is killed, then rounds that are not; gives whether the first was really killed."""
    kill_at, kill_after = kill
    output = place / "warehouse"
    with reader(output):
        child = _start(folder, output, kill_at)
        if not kill_at:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        code = wait(child)
        assert code in (0, -signal.SIGKILL), f"a run ended with {code}"
        for _ in range(_ROUNDS if code else 0):
            assert (ended := wait(_start(folder, output, 0))) == 0, f"the run after a kill ended with {ended}"
            found = outcome(output)
            if found == expected:
                break
    found = outcome(output)
    different = [name for name in expected if found[name] != expected[name]]
    assert not different, f"{different[0]}: {found[different[0]]} in place of {expected[different[0]]}"
    shutil.rmtree(place)
    return bool(code)


def torture(*, random_kills: int = 0, seed: int = 0) -> int:
    """Kill monitors and compare; gives how many were killed.

    With `random_kills` 0 they are killed before the 1st, 2nd, ... rename or commit, until one completes.
    """
    resident.make_tagger = loaded_tagger
    loaded_tagger(None)
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        root = pathlib.Path(name)
        with _publishers(root):
            start = time.monotonic()
            assert wait(_start(root, root / "undisturbed", 0)) == 0, "the undisturbed run failed"
            length = time.monotonic() - start
            expected = outcome(root / "undisturbed")
            assert all(expected[table] for table in ("articles", "commitments", "rejects")), "a table is empty"
            moments = random.Random(seed)
            killed = attempt = 0
            while not random_kills or attempt < random_kills:
                attempt += 1
                place = root / str(attempt)
                place.mkdir()
                kill = (0, moments.uniform(0, length)) if random_kills else (attempt, 0.0)
                if _attempt(root, place, expected, kill):
                    killed += 1
                elif not random_kills:
                    break
        return killed


def main() -> int:
    """Run as the module's documentation says; gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--random", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    known = parser.parse_args()
    killed = torture(random_kills=known.random, seed=known.seed)
    print(f"{killed} runs killed, and every one's rows, rejects and feeds as in the undisturbed run")
    return 0


if __name__ == "__main__":
    # Under its real name, so that a run's pickled functions are found again.
    from tests import torture_monitor as module

    sys.exit(module.main())
