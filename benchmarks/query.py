"""Seconds until the first row of a question, as its user waits for it: from the start of the command.

    python -m benchmarks.query [--folder FOLDER]

A million commitments over 365 days, each in three files; the same while a change is going on; and ten years of
one file a day, of which a question of one day must open one. Warehouses that are in the folder are used again.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from benchmarks.synthetic import FIRST_DAY, write_warehouse

RUNS = 3
QUESTIONS = {
    "any rows": "SELECT * FROM commitments",
    "one day": f"SELECT * FROM commitments WHERE date = DATE '{FIRST_DAY}'",
    "a month of one actor": f"SELECT date, action FROM commitments WHERE date < DATE '{FIRST_DAY}' + INTERVAL 30 DAY "
    "AND actors[1].actor_id = 'state:ALA'",
    "count by kind": "SELECT kind, count(*) FROM commitments GROUP BY kind",
    "search in sentences": "SELECT date, sentence FROM commitments WHERE sentence LIKE '%bridge%'",
    "newest versions": "SELECT date, title FROM latest_articles",
    "pairs, most first": "SELECT * FROM pledges_by_pair ORDER BY statements DESC LIMIT 10",
    "most repeated": "SELECT sources, action FROM statements ORDER BY sources DESC LIMIT 10",
}


def first_row(warehouse: pathlib.Path, sql: str) -> tuple[float, float]:
    """Ask in a process of its own; gives the seconds until the first row was there, and those of processors until then.

    On a machine that does other things too, the second says more.
    """
    command = [sys.executable, "-m", "pipelines.cli", "query", str(warehouse), sql, "--format", "csv"]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    lines = process.stdout.readline(), process.stdout.readline()
    taken = time.perf_counter() - start
    process.kill()
    usage = os.wait4(process.pid, 0)[2]
    process.returncode = 0
    process.stdout.close()
    assert all(lines), "no row came"
    return taken, usage.ru_utime + usage.ru_stime


def files_opened(warehouse: pathlib.Path, sql: str) -> str:
    """Tell how many files a question opens, and of how many."""
    command = [sys.executable, "-m", "pipelines.cli", "query", str(warehouse), f"EXPLAIN ANALYZE {sql}"]
    plan = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Scanning Files: (\d+/\d+)", plan)
    assert found, plan
    return found[1]


def synthetic(folder: pathlib.Path, *, commitments: int, days: int, files_a_day: int) -> pathlib.Path:
    """Give a warehouse of that size, made where it is not there yet."""
    warehouse = folder / f"{commitments}-{days}-{files_a_day}"
    if not warehouse.exists():
        unfinished = warehouse.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        write_warehouse(unfinished, commitments=commitments, days=days, files_a_day=files_a_day)
        unfinished.rename(warehouse)
    return warehouse


def measure(name: str, warehouse: pathlib.Path, questions: dict[str, str]) -> None:
    """Print the times of each question."""
    for what, sql in questions.items():
        times = [first_row(warehouse, sql) for _ in range(RUNS)]
        waited, worked = zip(*times, strict=True)
        print(
            f"{name:28} {what:22} {min(waited):6.2f} s best, {statistics.median(waited):6.2f} s median, "
            f"{min(worked):6.2f} s of processors",
            flush=True,
        )


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=pathlib.Path, help="keep the warehouses there; default: nowhere")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or pathlib.Path(temporary)
        million = synthetic(place, commitments=1_000_000, days=365, files_a_day=3)
        measure("1 M over 365 days", million, QUESTIONS)
        # As while a change is going on: then rows are compared.
        note = million / "_pledgeline/segments/going-on.pending"
        note.write_text("{}")
        measure("the same, files in doubt", million, {what: QUESTIONS[what] for what in ("one day", "count by kind")})
        note.unlink()
        decade = synthetic(place, commitments=110_000, days=3650, files_a_day=1)
        measure("110,000 over 3,650 days", decade, {"one day": QUESTIONS["one day"]})
        print(f"of {files_opened(decade, QUESTIONS['one day'])} files opened for one day of 3,650")


if __name__ == "__main__":
    main()
