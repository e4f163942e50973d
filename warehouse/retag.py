"""Retag: the command that tags stored articles again by another model or newer rules."""

import argparse
import sys

from pipelines.exits import exit_code
from pipelines.layout import find_warehouse
from pipelines.logs import quiet_logs
from pipelines.options import add_lock_timeout, add_workers, day
from pipelines.publish import opened_for_change
from warehouse.retagging import Report, Retag, RetagOptions


def print_report(report: Report, *, dry_run: bool) -> None:
    """Print what a retag did, or would do."""
    does = "would be" if dry_run else "were"
    print(f"{report.days} days with {report.articles} articles {does} retagged")
    if report.current:
        print(f"{report.current} days were left: these very versions made their rows (--force retags them too)")
    for table, difference in report.differences.items():
        print(
            f"{table}: {difference.added} rows added, {difference.removed} removed, {difference.changed} changed, "
            f"{difference.same} the same but for their versions"
        )
    for kind in sorted(report.before | report.after):
        print(f"  {kind:11} {report.before[kind]:>8} -> {report.after[kind]}")
    if report.failed:
        print(f"{report.failed} articles could not be tagged; their rows stay as they were")
    if report.left:
        print(f"{report.left} days changed meanwhile and were left: run it again")


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline retag` with the given arguments, or those of the process; gives the exit code."""
    quiet_logs()
    parser = _parser()
    known = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    if known.start_date and known.end_date and known.start_date >= known.end_date:
        parser.error("--start_date must be before --end_date, which is excluded")

    def run() -> int:
        values = dict(vars(known))
        layout = find_warehouse(values.pop("warehouse"))
        options = RetagOptions(**values)
        with opened_for_change(layout, options.lock_timeout) as folder:
            retag = Retag(layout, options, folder)
            retag.run()
        print_report(retag.report, dry_run=options.dry_run)
        return 0

    return exit_code(run)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline retag",
        description="Tag stored articles again and replace their actors and commitments.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("warehouse", help="the folder that backfill or monitor writes")
    add("--start_date", type=day, metavar="DAY", help="retag articles published on this day or later")
    add("--end_date", type=day, metavar="DAY", help="retag articles published before this day")
    add("--model", metavar="NAME", help="an installed English spaCy pipeline; default: the bundled one")
    add("--force", action="store_true", help="retag days too whose rows these very versions made")
    add("--dry_run", action="store_true", help="change nothing, and say what would change")
    add_workers(parser)
    add_lock_timeout(parser)
    return parser
