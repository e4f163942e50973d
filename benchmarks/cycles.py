"""Memory and processor time of a monitor while nothing is new: hundreds of rounds of polls.

    python -m benchmarks.cycles --feeds 200 --cycles 600

A cycle is one poll of every feed. Bars: at most 0.5 s of processor time in each, no slope in memory, nothing written.
"""

import argparse
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from tests.newsroom import Newsroom

ROOT = pathlib.Path(__file__).parents[1]
AGENT = "pledgeline-benchmarks/1.0 (+https://pledgeline.example/contact)"
_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """Give the processor time of a process and its threads so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_of(pid: int) -> float:
    """Give the resident memory of a process in MB."""
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def files_of(output: pathlib.Path) -> dict[pathlib.Path, tuple[int, int]]:
    """Give size and time of every file of a warehouse."""
    return {p: (p.stat().st_size, p.stat().st_mtime_ns) for p in output.rglob("*") if p.is_file()}


def run(folder: pathlib.Path, *, feeds: int, cycles: int, poll_interval: str) -> None:
    """Let a monitor run over feeds that do not change, and print what it took."""
    with Newsroom(feeds) as newsroom:
        newsroom.sites[0].publish(1)
        (folder / "feeds.opml").write_text(newsroom.opml())
        places = ["--feeds", str(folder / "feeds.opml"), "--output", str(folder / "out")]
        asking = ["--user_agent", AGENT, "--allow_networks", "127.0.0.0/8", "--poll_interval", poll_interval]
        command = [sys.executable, "-m", "pipelines.cli", "monitor", *places, *asking]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as monitor:
            _wait(newsroom, feeds * 10)
            watch(monitor.pid, newsroom, folder / "out", feeds=feeds, cycles=cycles)
            monitor.send_signal(signal.SIGTERM)


def watch(pid: int, newsroom: Newsroom, output: pathlib.Path, *, feeds: int, cycles: int) -> None:
    """Look at the monitor after every tenth cycle, and print what was seen."""
    before, start, used = files_of(output), time.monotonic(), seconds_of(pid)
    first = newsroom.polled
    seen: list[tuple[float, float]] = []
    while newsroom.polled - first < feeds * cycles:
        _wait(newsroom, newsroom.polled + 10 * feeds)
        seen.append(((newsroom.polled - first) / feeds, memory_of(pid)))
    done = (newsroom.polled - first) / feeds
    slope, _ = statistics.linear_regression(*zip(*seen[len(seen) // 5 :], strict=True))
    changed = {path.name for path, stamp in files_of(output).items() if before.get(path) != stamp}
    print(f"{done:.0f} cycles of {feeds} feeds in {time.monotonic() - start:.0f} s")
    print(f"processor time: {(seconds_of(pid) - used) / done:.3f} s a cycle")
    print(f"memory: {seen[0][1]:.0f} MB at first, {seen[-1][1]:.0f} MB at last, {slope * 1000:.1f} kB a cycle")
    print(f"files written: {sorted(changed) or 'none'}")


def _wait(newsroom: Newsroom, polls: int) -> None:
    while newsroom.polled < polls:
        time.sleep(0.05)


def main() -> int:
    """Run as the module's documentation says; gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--cycles", type=int, default=600)
    parser.add_argument("--poll_interval", default="1s")
    known = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cycles-") as folder:
        run(pathlib.Path(folder), **vars(known))
    return 0


if __name__ == "__main__":
    sys.exit(main())
