"""Backfills that tests run, and what they left."""

import json
import pathlib
import subprocess
import sys
import time

import pyarrow.dataset as ds

from pipelines import backfill
from pipelines.layout import Layout
from transforms.marks import decode_mark


def run(source: pathlib.Path, output: pathlib.Path, *flags: str) -> int:
    """Run a backfill of a folder in this process; gives its exit code."""
    return backfill.main(["--input", f"{source}/**", "--output", str(output), "--workers", "1", *flags])


def rows(output: pathlib.Path, table: str) -> list[dict]:
    """Read the rows of a table."""
    if not (output / table).exists():
        return []
    return ds.dataset(output / table, format="parquet").to_table().to_pylist()


def marks(output: pathlib.Path) -> list:
    """Read the marks of a warehouse, by segment."""
    return [decode_mark(path.read_text()) for path in sorted(Layout(output).marks.glob("*.json"))]


def document(folder: pathlib.Path, name: str, text: str, **sidecar: str) -> None:
    """Write a text file with its sidecar."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_text(text)
    (folder / f"{name}.json").write_text(json.dumps(sidecar))


def run_apart(source: pathlib.Path, output: pathlib.Path) -> subprocess.CompletedProcess:
    """Run a backfill as its user would, in a process of its own."""
    command = [sys.executable, "-m", "pipelines.cli", "backfill", "--input", f"{source}/**", "--output", str(output)]
    return subprocess.run(command, capture_output=True, text=True, cwd=pathlib.Path(__file__).parent.parent)


def wait_for_worker(parent: int) -> int:
    """Wait until a run has started a worker process; gives its process id."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = pathlib.Path(f"/proc/{parent}/task").glob("*/children")
        for child in (int(child) for listing in children for child in listing.read_text().split()):
            if b"pipelines.worker" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        time.sleep(0.05)
    raise AssertionError("no worker was started")
