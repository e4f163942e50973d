"""The command `pledgeline report`: read a warehouse's views, write one HTML file."""

import argparse
import pathlib
import sys

from pipelines.exits import exit_code
from warehouse.arguments import count, day, write_file
from warehouse.looks import look
from warehouse.report.page import render
from warehouse.report.rows import Selection, read_rows


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline report` with the given arguments, or those of the process; gives the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.start_date and options.end_date and options.start_date >= options.end_date:
        parser.error("--start_date must be before --end_date, which is excluded")
    selection = Selection(options.start_date, options.end_date, options.max_rows)
    return exit_code(lambda: _write_report(selection, options))


def _write_report(selection: Selection, options: argparse.Namespace) -> int:
    rows = look(options.warehouse, lambda warehouse: read_rows(warehouse, selection))
    page = render(rows, title=options.title, selection=selection)
    write_file(options.html, page)
    shown = f"{len(rows.commitments):,} commitments from {len(rows.articles):,} articles"
    print(f"{options.html}: {shown}, {len(page) / 1e6:.1f} MB")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline report",
        description="Show who commits to what in one HTML file that needs no network.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("warehouse", type=pathlib.Path, metavar="WAREHOUSE", help="the folder that a backfill or monitoring writes to")
    add("--html", required=True, type=pathlib.Path, metavar="FILE", help="the file to write")
    add("--title", default="Who commits to what", help="default: %(default)s")
    add("--start_date", type=day, metavar="DAY", help="only commitments published on this day or later")
    add("--end_date", type=day, metavar="DAY", help="only commitments published before this day")
    add("--max_rows", type=count, default=100_000, metavar="N", help="only so many of the newest (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
