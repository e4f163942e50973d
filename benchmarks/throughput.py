"""Documents a second and memory of a backfill on two processes, against a plain loop in one with the same tagging.

    python -m benchmarks.throughput [--documents 4000] [--workers 2]

Both read the same JSONL, tag with the same components, and write the same tables; start-up counts for both.
"""

import argparse
import datetime
import gzip
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.documents import Page
from schemas.tables import TABLES, actor_rows, article_row, commitment_rows

STATEMENTS = pathlib.Path(__file__).parents[2] / "shared" / "data" / "statements.jsonl.gz"
# Seconds between two looks at the memory of a process and its descendants.
SAMPLE_INTERVAL = 0.25


def plain_loop(source: pathlib.Path, output: pathlib.Path) -> None:
    """Do what a backfill does for JSONL, in one process and without its promises."""
    from transforms.extraction.pages import Extractor, extract_article
    from transforms.tagging.tagger import make_tagger, tag_article

    tagger = make_tagger(None)
    rows: dict[tuple[str, str], list[dict]] = {}
    with Extractor() as extractor, source.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            page = Page(f"in#{number}", number, text=record["text"], url=record["url"], published=record["published"])
            tagged = tag_article(extract_article(page, extractor), tagger)
            day = tagged.article.published_at or datetime.datetime.min
            found = {
                "articles": [article_row(tagged.article, segment="", pipeline_version="")],
                "actors": actor_rows(tagged, segment=""),
                "commitments": commitment_rows(tagged, segment=""),
            }
            for table, table_rows in found.items():
                rows.setdefault((table, str(day.date())), []).extend(table_rows)
    for (table, date), table_rows in rows.items():
        folder = output / table / f"date={date}"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.Table.from_pylist(table_rows, schema=TABLES[table]), folder / "part.parquet", compression="zstd"
        )


def descendants(pid: int) -> list[int]:
    """Give a process and all that it started."""
    found = [pid]
    for parent in found:
        for listing in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in listing.read_text().split())
            except OSError:
                continue
    return found


def resident(pid: int) -> int:
    """Give the resident bytes of a process, 0 where it is gone."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except OSError:
        return 0


def measure(command: list[str]) -> tuple[float, float, float]:
    """Run a command; gives its seconds, and the peaks in MB of its largest process and of all together."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    largest = together = 0
    ended = threading.Event()

    def sample() -> None:
        nonlocal largest, together
        while not ended.wait(SAMPLE_INTERVAL):
            sizes = [resident(pid) for pid in descendants(process.pid)]
            largest, together = max(largest, *sizes), max(together, sum(sizes))

    sampler = threading.Thread(target=sample)
    sampler.start()
    code = process.wait()
    ended.set()
    sampler.join()
    if code:
        raise SystemExit(f"{command} ended with {code}")
    return time.monotonic() - start, largest / 1e6, together / 1e6


def main() -> None:
    """Measure and print one line for each of the two, and their ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=4000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--statements", type=pathlib.Path, default=STATEMENTS)
    parser.add_argument("--plain", nargs=2, metavar=("SOURCE", "OUTPUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        plain_loop(*map(pathlib.Path, options.plain))
        return
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        source = root / "documents.jsonl"
        with gzip.open(options.statements, "rt", encoding="utf-8") as lines:
            source.write_text("".join(itertools.islice(lines, options.documents)), encoding="utf-8")
        backfill = [
            sys.executable,
            "-m",
            "pipelines.cli",
            "backfill",
            "--input",
            str(source),
            "--output",
            str(root / "out"),
        ]
        plain = [sys.executable, "-m", "benchmarks.throughput", "--plain", str(source), str(root / "plain")]
        seconds = {}
        for label, command in (("backfill", [*backfill, "--workers", str(options.workers)]), ("plain loop", plain)):
            seconds[label], largest, together = measure(command)
            rate = options.documents / seconds[label]
            print(f"{label:10} {seconds[label]:7.1f} s {rate:6.2f} documents/s "
                  f"largest process {largest:5.0f} MB, together {together:5.0f} MB", flush=True)  # fmt: skip
        print(f"ratio {seconds['plain loop'] / seconds['backfill']:.2f}")


if __name__ == "__main__":
    main()
