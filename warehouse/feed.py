"""Feed: `pledgeline feed WAREHOUSE` tells of new statements as Atom, and of deadlines as a calendar."""

import argparse
import datetime
import pathlib
import sys

from pipelines.exits import exit_code
from schemas.tags import Kind
from warehouse.arguments import count, day, write_file
from warehouse.atom import atom_feed
from warehouse.calendar import ical_calendar
from warehouse.looks import look
from warehouse.news import Interest, read_deadlines, read_news
from warehouse.views import Connection

# Entries of an Atom feed; readers ask for it often, and want what is new.
_ENTRIES = 200


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline feed` with the given arguments, or those of the process; gives the exit code."""
    options = _parser().parse_args(arguments)
    return exit_code(lambda: _write_feed(options))


def _write_feed(options: argparse.Namespace) -> int:
    interest = Interest(
        actors=tuple(options.actor),
        counterparties=tuple(options.counterparty),
        kinds=options.kind,
        since=options.since,
        limit=options.limit or (_ENTRIES if options.format == "atom" else None),
    )
    make = {"atom": _make_atom, "ical": _make_ical}[options.format]
    number, content = look(options.warehouse, lambda warehouse: make(warehouse, interest))
    write_file(options.output, content)
    print(f"{options.output}: {number} {'entries' if options.format == 'atom' else 'deadlines'}")
    return 0


def _make_atom(warehouse: Connection, interest: Interest) -> tuple[int, bytes]:
    items = read_news(warehouse, interest)
    (loaded,) = warehouse.execute("SELECT coalesce(max(loaded_at), to_timestamp(0)) FROM segments").fetchall()[0]
    return len(items), atom_feed(items, interest, updated=loaded.astimezone(datetime.UTC))


def _make_ical(warehouse: Connection, interest: Interest) -> tuple[int, bytes]:
    items = read_deadlines(warehouse, interest)
    return len(items), ical_calendar(items, interest)


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(kind.strip().lower() for kind in text.split(",") if kind.strip())
    if unknown := sorted(set(kinds) - set(Kind)):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: kinds are {', '.join(Kind)}")
    return kinds


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline feed",
        description="Tell of new statements as an Atom feed, or of the days on which they fall due as a calendar.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("warehouse", type=pathlib.Path, metavar="WAREHOUSE", help="the folder that a backfill or monitoring writes to")
    add("--format", choices=("atom", "ical"), required=True, help="atom: what is new; ical: what falls due")
    add("--output", required=True, type=pathlib.Path, metavar="FILE", help="the file to write")
    add("--actor", action="append", default=[], metavar="NAME", help="by this actor (name or id); repeatable: any")
    add("--counterparty", action="append", default=[], metavar="NAME", help="to this one; repeatable: any")
    add("--kind", type=_kinds, default=(), metavar="KIND,...", help="only these kinds")
    add("--since", type=day, metavar="DAY", help="atom: seen on this day or later; ical: due on this day or later")
    add("--limit", type=count, metavar="N", help=f"at most so many; default: {_ENTRIES} of atom, all of ical")
    return parser


if __name__ == "__main__":
    sys.exit(main())
