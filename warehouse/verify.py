"""Verify: `pledgeline verify WAREHOUSE` compares a warehouse with what it says of itself."""

import argparse
import pathlib
import sys

from pipelines.exits import FAILED, exit_code
from pipelines.layout import Layout, find_warehouse
from pipelines.options import ratio
from warehouse.evidence import find_evidence_faults
from warehouse.records import Fault, Records, find_record_faults, read_records
from warehouse.views import ReadError

# Another run may change files while they are looked at: faults are believed when nothing changed meanwhile.
_TRIES = 3


def find_faults(layout: Layout, *, share: float) -> tuple[Records, list[Fault]]:
    """Look at everything, again where the warehouse changed meanwhile.

    Args:
        layout: The warehouse.
        share: Of articles whose rows are compared with their texts.

    Raises:
        WarehouseDamaged: The record of a merged file cannot be read.
    """
    for attempt in range(_TRIES):
        records = read_records(layout)
        faults = list(find_record_faults(layout, records))
        # Rows of a file that cannot be read cannot be looked at.
        if not any("cannot be read" in fault.what for fault in faults):
            faults += _evidence_faults(layout.root, share)
        if not faults or attempt == _TRIES - 1 or read_records(layout) == records:
            break
    return records, sorted(faults)


def _evidence_faults(root: pathlib.Path, share: float) -> list[Fault]:
    try:
        return list(find_evidence_faults(root, share=share))
    except ReadError as error:
        return [Fault(str(root), f"changed while it was looked at: {error}", "verify again when no other run writes")]


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline verify` with the given arguments, or those of the process; gives the exit code."""
    options = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)

    def run() -> int:
        records, faults = find_faults(find_warehouse(options.warehouse), share=options.sample)
        for fault in faults:
            print(f"{fault.path}: {fault.what}\n    {fault.remedy}")
        if faults:
            print(f"{len(faults)} things are wrong")
            return FAILED
        read = sum(mark.counts["read"] for mark in records.marks)
        print(f"{len(records.marks)} segments of {read:,} records, {len(records.merged)} merged files: all as recorded")
        return 0

    return exit_code(run)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline verify",
        description="Compare files with their recorded checksums and rows, and rows with the texts they point into.",
        allow_abbrev=False,
    )
    parser.add_argument("warehouse", help="the folder that backfill or monitor writes")
    parser.add_argument(
        "--sample",
        type=ratio,
        default=1.0,
        metavar="SHARE",
        help="of articles whose rows are compared with their texts, 0 to 1 (%(default)s)",
    )
    return parser
