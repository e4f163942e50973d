"""Latency: seconds from the poll that first shows an article to its row on disk.

    python -m benchmarks.latency --feeds 200 --rate 1 --minutes 10

Publishers on loopback, in a process of their own, publish articles of 400 words at a steady rate over all feeds; a
monitor polls them every two seconds. Bars: half within 5 s, 95 of a hundred within 15 s.
"""

import argparse
import collections
import json
import pathlib
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import pyarrow.dataset as ds

ROOT = pathlib.Path(__file__).parents[1]
AGENT = "pledgeline-benchmarks/1.0 (+https://pledgeline.example/contact)"
# Seconds at the end in which nothing more is published, so that what was can arrive.
_REST = 20.0


def run(folder: pathlib.Path, *, feeds: int, rate: float, words: int, minutes: float, poll_interval: str) -> None:
    """Let publishers and a monitor run, and print what it took."""
    log = folder / "newsroom.jsonl"
    publishing = f"--feeds {feeds} --rate {rate} --words {words} --for_seconds {minutes * 60}".split()
    newsroom = subprocess.Popen(
        [sys.executable, "-m", "tests.newsroom", *publishing, "--log", str(log)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert newsroom.stdout is not None and newsroom.stdin is not None
    (folder / "feeds.opml").write_text(newsroom.stdout.readline())
    places = ["--feeds", str(folder / "feeds.opml"), "--output", str(folder / "out")]
    asking = ["--user_agent", AGENT, "--allow_networks", "127.0.0.0/8", "--poll_interval", poll_interval]
    monitor = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "monitor", *places, *asking], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(minutes * 60 + _REST)
    finally:
        monitor.send_signal(signal.SIGTERM)
        monitor.wait()
        newsroom.stdin.close()
        newsroom.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"processor time of monitor and publishers: {used.ru_utime + used.ru_stime:.0f} s")
    report(folder / "out", [json.loads(line) for line in log.read_text().splitlines()])


def report(output: pathlib.Path, events: list[dict[str, Any]]) -> None:
    """Print the latencies, and what became of every article."""
    shown = _first_shown(events)
    written = _written(output)
    latencies = sorted(written[url] - at for url, at in shown.items() if url in written)
    published = sum("published" in event for event in events)
    print(f"{published} published, {len(shown)} shown, {len(latencies)} of them on disk")
    cuts = statistics.quantiles(latencies, n=100)
    print(f"latency: median {cuts[49]:.1f} s, 95th percentile {cuts[94]:.1f} s, longest {latencies[-1]:.1f} s")
    statuses = collections.Counter(event["status"] for event in events if event.get("path") == "/feed.xml")
    print(f"polls: {dict(statuses)}")
    segments = len(list((output / "_pledgeline" / "segments").glob("*.json")))
    print(f"segments: {segments}")


def _first_shown(events: list[dict[str, Any]]) -> dict[str, float]:
    """Give for each article the time of the first poll of its feed that was answered with it."""
    shown: dict[str, float] = {}
    waiting: dict[str, list[str]] = collections.defaultdict(list)
    for event in sorted(events, key=lambda event: event["at"]):
        if "published" in event:
            waiting[event["published"].split("/")[2].split(":")[0]].append(event["published"])
        elif event["path"] == "/feed.xml" and event["status"] == 200:
            shown.update(dict.fromkeys(waiting.pop(event["host"], ()), event["at"]))
    return shown


def _written(output: pathlib.Path) -> dict[str, float]:
    """Give for each article when its segment was marked, which is after its row was visible."""
    rows = ds.dataset(output / "articles", format="parquet").to_table(columns=["url", "segment"]).to_pylist()
    marks = output / "_pledgeline" / "segments"
    return {row["url"]: (marks / f"{row['segment']}.json").stat().st_mtime for row in rows}


def main() -> int:
    """Run as the module's documentation says; gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--rate", type=float, default=1.0, help="articles a second, over all feeds")
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--poll_interval", default="2s")
    known = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="latency-") as folder:
        run(pathlib.Path(folder), **vars(known))
    return 0


if __name__ == "__main__":
    sys.exit(main())
