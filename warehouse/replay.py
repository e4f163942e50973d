"""Replay: rejected records go through the corridor once more, and those that it now takes are open no longer."""

import argparse
import collections
import dataclasses
import sys

from pipelines.backfill import Backfill
from pipelines.exits import exit_code
from pipelines.layout import Layout, find_warehouse
from pipelines.logs import quiet_logs
from pipelines.options import BackfillOptions, add_lock_timeout, add_workers, day
from pipelines.publish import opened_for_change
from pipelines.runner import LOCAL_RUNNER
from schemas.ids import stable_id
from transforms.filters import Filters, parse_filters
from transforms.marks import Mark
from transforms.segments import MAX_RECORDS, Part, Segment
from warehouse.rejected import OpenReject, Sources, Wanted, find_open

# Nominal bytes of a record, for deciding whether a second process pays: their files are not measured again.
_RECORD_BYTES = 10_000


@dataclasses.dataclass
class Replayed:
    """What became of the open rejects that were asked for; `missing` counts those whose record is not at hand."""

    asked: int = 0
    resolved: int = 0
    missing: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    counts: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)


def replay(layout: Layout, wanted: Wanted, options: BackfillOptions) -> Replayed:
    """Go through rejected records again, in segments of their own.

    Raises:
        ModelUnavailable, LockHeld, RunFailed, CountBroken, OSError: What was published so far stays; the same call
            goes on from there.
    """
    done = Replayed()
    with opened_for_change(layout, options.lock_timeout) as folder:
        backfill = Backfill(options, folder, layout)
        for filters, found in _group(layout, find_open(layout.root, wanted), done).items():
            for start in range(0, len(found), MAX_RECORDS):
                chunk = found[start : start + MAX_RECORDS]
                mark = backfill.replay(_segment(chunk), parse_filters(filters), _ids(chunk))
                done.resolved += len(mark.resolves)
                done.counts.update(mark.counts)
    return done


_Found = list[tuple[OpenReject, Part]]


def _group(layout: Layout, rejects: list[OpenReject], done: Replayed) -> dict[str, _Found]:
    """Find each reject's record, by the filters of the run that rejected it."""
    sources = Sources(layout)
    marks: dict[str, Mark | None] = {}
    groups: dict[str, _Found] = collections.defaultdict(list)
    for reject in rejects:
        done.asked += 1
        if reject.segment not in marks:
            marks[reject.segment] = layout.read_mark(reject.segment)
        mark = marks[reject.segment]
        part = sources.find(reject, mark)
        if part and mark:
            groups[mark.filters].append((reject, part))
        else:
            done.missing[reject.reason] += 1
    return groups


def _segment(found: _Found) -> Segment:
    # Two rejects may be of one record: a feed is read as a whole.
    parts = {(part.path, part.first): part for _, part in found}
    ordered = [dataclasses.replace(part, position=place) for place, part in enumerate(parts.values())]
    return Segment(stable_id("replay", *_ids(found)), tuple(ordered), size=_RECORD_BYTES * len(ordered))


def _ids(found: _Found) -> tuple[str, ...]:
    return tuple(sorted(reject.reject_id for reject, _ in found))


def print_replayed(done: Replayed) -> None:
    """Print what became of the rejects."""
    print(f"{done.asked} open rejects asked for, {done.asked - done.missing.total()} gone through again")
    print(
        f"{done.resolved} are open no more, {done.asked - done.missing.total() - done.resolved} were refused as before"
    )
    if done.counts:
        ends = ("read", "articles", "rejects", "duplicates", "filtered")
        print(", ".join(f"{end} {done.counts[end]}" for end in ends))
    for reason, count in done.missing.most_common():
        print(f"{count} {reason}: input changed or gone, and no payload to read in its place")


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline replay` with the given arguments, or those of the process; gives the exit code."""
    quiet_logs()
    known = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)

    def run() -> int:
        layout = find_warehouse(known.warehouse)
        wanted = Wanted(tuple(known.reason), known.start_date, known.end_date)
        print_replayed(replay(layout, wanted, _options(known)))
        return 0

    return exit_code(run)


def _options(known: argparse.Namespace) -> BackfillOptions:
    return BackfillOptions(
        inputs=(),
        output=known.warehouse,
        filters=Filters(),
        model=known.model,
        workers=known.workers,
        runner=LOCAL_RUNNER,
        reprocess=True,
        max_reject_ratio=1.0,
        lock_timeout=known.lock_timeout,
        stall_timeout=known.stall_timeout,
        beam_flags=(),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline replay",
        description="Go through rejected records again, with the code as it is now.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("warehouse", help="the folder that backfill or monitor writes")
    add("--reason", action="append", default=[], metavar="REASON", help="only rejects of this reason; repeatable")
    add("--start_date", type=day, metavar="DAY", help="only rejects of this day or later")
    add("--end_date", type=day, metavar="DAY", help="only rejects from before this day")
    add("--model", metavar="NAME", help="an installed English spaCy pipeline; default: the bundled one")
    add_workers(parser)
    add_lock_timeout(parser)
    return parser
