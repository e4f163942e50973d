"""Ledger: the command that joins statements over articles and days into pledges with their history."""

import argparse
import dataclasses
import datetime
import json
import pathlib
import shutil
import sys
from typing import Any

from pipelines.changes import Change, apply_change
from pipelines.exits import WarehouseDamaged, exit_code
from pipelines.layout import Layout, find_warehouse
from pipelines.ledger import join_buckets
from pipelines.logs import quiet_logs
from pipelines.options import add_lock_timeout, add_workers, ratio
from pipelines.publish import opened_for_change, read_staged_files
from schemas.ids import stable_id
from schemas.ledger import PLEDGES_TABLE
from schemas.version import VERSION
from transforms.ledger.buckets import write_buckets
from warehouse.statements import read_statements

# Of the rules that join; raised when the same commitments can give other pledges.
LEDGER_VERSION = "1.0"
# Files that statements are set aside in: an actor's are in one, and one is joined in one piece.
_BUCKETS = 16
# Pledges below it say more of the reading than of the world.
MIN_CONFIDENCE = 0.5


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """What a ledger was made of, and what came of it."""

    statements: int
    pledges: int
    is_new: bool


def make_ledger(
    layout: Layout, *, min_confidence: float, workers: int, lock_timeout: float, stall_timeout: float
) -> Made:
    """Make the table `pledges` anew from all commitments; it takes the place of the one before as a whole.

    Raises:
        LockHeld, RunFailed, OSError: Nothing has changed, or the next start completes it.
    """
    with opened_for_change(layout, lock_timeout) as folder:
        ledger = _name(layout, min_confidence)
        record = _read_record(layout)
        if record.get("ledger") == ledger:
            return Made(record["statements"], record["pledges"], is_new=False)
        statements = read_statements(layout.root, min_confidence=min_confidence)
        buckets, count = write_buckets(statements, folder / "buckets", buckets=_BUCKETS)
        join_buckets(buckets, folder, ledger, workers=workers, stall_timeout=stall_timeout)
        shutil.rmtree(folder / "buckets")
        with layout.lock(lock_timeout):
            pledges = _publish(layout, folder, {"ledger": ledger, "statements": count, "version": VERSION})
    return Made(count, pledges, is_new=True)


def _name(layout: Layout, min_confidence: float) -> str:
    """Name a ledger after what it is made of: every file of commitments and articles, and the rules."""
    files = [
        f"{layout.relative(path)}:{path.stat().st_size}"
        for table in ("articles", "commitments")
        for path in sorted(layout.root.glob(f"{table}/date=*/*.parquet"))
    ]
    return stable_id(LEDGER_VERSION, str(min_confidence), *files)


def _read_record(layout: Layout) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(layout.ledger.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise WarehouseDamaged(f"{layout.ledger} is not the record of a ledger ({error}): delete it") from error
    return record


def _publish(layout: Layout, folder: pathlib.Path, record: dict[str, Any]) -> int:
    staged = read_staged_files(folder)
    pledges = sum(file.rows for file in staged)
    made = {**record, "pledges": pledges, "made_at": datetime.datetime.now(datetime.UTC).isoformat()}
    old = (layout.relative(path) for path in sorted(layout.root.glob(f"{PLEDGES_TABLE}/date=*/*.parquet")))
    apply_change(
        layout,
        Change(
            name=f"ledger-{record['ledger']}",
            folder=layout.relative(folder),
            moves=staged,
            removes=tuple(set(old) - {file.path for file in staged}),
            records={layout.relative(layout.ledger): json.dumps(made, indent=1, sort_keys=True) + "\n"},
            undo=tuple(file.path for file in staged),
        ),
    )
    return pledges


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline ledger` with the given arguments, or those of the process; gives the exit code."""
    quiet_logs()
    known = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)

    def run() -> int:
        values = dict(vars(known))
        made = make_ledger(find_warehouse(values.pop("warehouse")), **values)
        if made.is_new:
            print(f"{made.statements} commitments make {made.pledges} pledges, in the table {PLEDGES_TABLE}")
        else:
            print(f"nothing is new since the ledger was made: {made.pledges} pledges of {made.statements} commitments")
        return 0

    return exit_code(run)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline ledger",
        description="Join statements of the same act into pledges with their history: the table pledges, made anew.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("warehouse", help="the folder that backfill or monitor writes")
    add(
        "--min_confidence",
        type=ratio,
        default=MIN_CONFIDENCE,
        help="leave out commitments that are less likely right (%(default)s)",
    )
    add_workers(parser)
    add_lock_timeout(parser)
    return parser
