"""Backfill: documents that exist become tables, segment by segment, and every record is accounted for."""

import contextlib
import datetime
import pathlib
import shutil
import sys
from collections.abc import Callable

from pipelines.exits import TOO_MANY_REJECTS, CountBroken, InputChanged, exit_code
from pipelines.layout import Layout
from pipelines.logs import quiet_logs
from pipelines.options import BackfillOptions, parse_backfill
from pipelines.planning import current_stamp, find_inputs, scan_inputs
from pipelines.progress import EXTRACTED, TAGGED, Watch, count_ticks
from pipelines.publish import (
    Staged,
    bring_claims_up_to_date,
    opened_for_change,
    publish,
    read_staged,
)
from pipelines.resident import resident_tagger
from pipelines.retrieval import check_links, is_address, retrieve
from pipelines.runner import make_pipeline, run_to_end
from pipelines.spine import Corridor, process_segment
from pipelines.summary import Summary, print_summary
from schemas.tables import SCHEMA_VERSION
from schemas.version import VERSION
from transforms.claims import ClaimIndex
from transforms.filters import Filters, parse_filters
from transforms.forgotten import Forgotten
from transforms.marks import Mark, is_balanced
from transforms.reading.containers import Container
from transforms.scans import ScanCache
from transforms.segments import Part, Segment, cut_segments
from transforms.tagging.model import describe_model, load_model
from transforms.tagging.tagger import TAGGER_VERSION

# Decoded bytes. Below it a second process costs more time to start than it saves.
SMALL_SEGMENT = 300_000


class Backfill:
    """One run over one warehouse: which segments there are, and what became of each."""

    def __init__(
        self,
        options: BackfillOptions,
        folder: pathlib.Path,
        layout: Layout,
        *,
        resident: bool = False,
        interrupt: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare a run.

        Args:
            options: The settings.
            folder: The run's own staging folder.
            layout: The warehouse.
            resident: One of many small runs of a process: what was loaded stays, and no progress is shown.
            interrupt: Called now and then while the engine is at work; what it raises ends the run.
        """
        self._options, self._folder, self._layout = options, folder, layout
        self._resident, self._interrupt = resident, interrupt
        self.summary = Summary()
        self._replayed: dict[str, tuple[str, ...]] = {}

    def replay(self, segment: Segment, filters: Filters, rejects: tuple[str, ...]) -> Mark:
        """Process a segment of records that were rejected, whose mark names those that are open no more; gives it.

        Args:
            segment: The records.
            filters: Those of the run that rejected them.
            rejects: The ids of their rejects.
        """
        self._model = describe_model(load_model(self._options.model))
        self._replayed[segment.segment] = rejects
        self._process(segment, filters, replace=True)
        return self.summary.processed[segment.segment]

    def run(self, segments: list[Segment]) -> None:
        """Process segments in order, skipping those that are finished."""
        todo: dict[str, Segment] = {}
        for segment in segments:
            mark = self._layout.read_mark(segment.segment)
            if segment.segment in todo or segment.segment in self.summary.finished:
                self.summary.add_repeated(segment)
            elif mark and not self._options.reprocess:
                self.summary.add_finished(mark)
            else:
                todo[segment.segment] = segment
        if not todo:
            return
        # Loaded here once, before anything starts, so that a wrong name is one sentence and not a worker's crash.
        self._model = self._describe_model()
        total = sum(segment.units for segment in todo.values())
        with contextlib.nullcontext() if self._resident else Watch(self._folder, total):
            for segment in todo.values():
                self._process(segment, self._options.filters, replace=self._options.reprocess)

    def _describe_model(self) -> str:
        if self._resident:
            return resident_tagger(self._options.model).model
        return describe_model(load_model(self._options.model))

    def _process(self, segment: Segment, filters: Filters, *, replace: bool) -> None:
        """Process a segment until it is published, again where another run took a claim of its in between."""
        losers = None
        while losers is None:
            # What an attempt before this one staged must not be published with it.
            shutil.rmtree(self._folder / segment.segment, ignore_errors=True)
            forgotten = self._layout.read_forgotten()
            self._run_pipeline(segment, filters, forgotten)
            staged = read_staged(self._folder / segment.segment)
            _check_count(segment, staged)
            with self._layout.lock(self._options.lock_timeout, self._interrupt):
                # A takedown in between removed rows, and would miss those that were staged before it.
                if self._layout.read_forgotten() == forgotten:
                    losers = self._publish(segment, staged, filters, replace=replace)
        for loser in losers:
            self._redo(loser)

    def _run_pipeline(self, segment: Segment, filters: Filters, forgotten: Forgotten) -> None:
        corridor = Corridor(
            staging_folder=str(self._folder),
            state_path=str(self._layout.state),
            filters=filters,
            model=self._options.model,
            forgotten=forgotten,
            resident=self._resident,
        )
        workers = 1 if segment.size < SMALL_SEGMENT else self._options.workers
        pipeline = make_pipeline(self._options.runner, workers=workers, flags=list(self._options.beam_flags))
        process_segment(pipeline, segment, corridor)
        run_to_end(pipeline, stall_timeout=self._options.stall_timeout, ticks=self._ticks)

    def _ticks(self) -> int:
        self._interrupt()
        return count_ticks(self._folder, EXTRACTED) + count_ticks(self._folder, TAGGED)

    def _publish(self, segment: Segment, staged: Staged, filters: Filters, *, replace: bool) -> list[Mark] | None:
        """Publish under the lock; give the segments to do again, or None where this one has to be done again."""
        earlier = self._layout.read_mark(segment.segment)
        if earlier and not replace:
            # Another run published the same segment while this one was at work.
            self.summary.add_finished(earlier)
            return []
        for part in segment.parts:
            _check_unchanged(part)
        with ClaimIndex(self._layout.state, read_only=False) as claims:
            bring_claims_up_to_date(self._layout, claims)
            made = staged.claims()
            if any(claims.holder(claim, but_not=segment.segment) for claim in made):
                return None
            given_up = claims.claims_of(segment.segment) - made
            mark = self._mark(segment, staged, filters, earlier)
            publish(self._layout, staged, mark)
            bring_claims_up_to_date(self._layout, claims)
        self.summary.add_processed(mark)
        return self._losers(segment.segment, given_up) if given_up else []

    def _mark(self, segment: Segment, staged: Staged, filters: Filters, earlier: Mark | None) -> Mark:
        return Mark(
            segment=segment.segment,
            # A redo keeps its place, so that what it holds stays its own.
            sequence=earlier.sequence if earlier else len(self._layout.stamps()) + 1,
            inputs=segment.parts,
            filters=filters.canonical(),
            counts=staged.counts,
            files=staged.files,
            claims_lost=staged.outcome.claims_lost,
            versions=self._versions(),
            finished_at=datetime.datetime.now(datetime.UTC).isoformat(),
            resolves=self._resolves(segment, staged, earlier),
        )

    def _resolves(self, segment: Segment, staged: Staged, earlier: Mark | None) -> tuple[str, ...]:
        # One that was refused the same way again is a claim that its first segment holds.
        again = {lost.article_id for lost in staged.outcome.claims_lost if not lost.content_id}
        wanted = self._replayed.get(segment.segment) or (earlier.resolves if earlier else ())
        return tuple(reject for reject in wanted if reject not in again)

    def _versions(self) -> dict[str, str]:
        return {"pipeline": VERSION, "schema": SCHEMA_VERSION, "tagger": TAGGER_VERSION, "model": self._model}

    def _losers(self, segment: str, given_up: set[tuple[str, str]]) -> list[Mark]:
        marks = filter(None, map(self._layout.read_mark, self._layout.stamps()))
        losers = [
            mark
            for mark in marks
            if any(lost.to == segment and (lost.article_id, lost.content_id) in given_up for lost in mark.claims_lost)
        ]
        return sorted(losers, key=lambda mark: mark.sequence)

    def _redo(self, mark: Mark) -> None:
        """Do a segment again that lost an article to one that no longer has it."""
        if any(current_stamp(part.path, part.sidecar) != part.stamp for part in mark.inputs):
            self.summary.advise(
                f"segment {mark.segment} gets back articles that it had lost, but its input "
                f"({mark.inputs[0].path}) is gone or changed: run backfill over it again with --reprocess"
            )
            return
        segment = Segment(mark.segment, mark.inputs, size=SMALL_SEGMENT)
        self._process(segment, parse_filters(mark.filters), replace=True)


def _check_count(segment: Segment, staged: Staged) -> None:
    counts = staged.counts
    has_feed = any(part.container == Container.FEED.value for part in segment.parts)
    whole = has_feed or counts["read"] + counts["skipped"] == segment.units
    if not (is_balanced(counts) and whole):
        raise CountBroken(
            f"segment {segment.segment}: {segment.units} records were planned, and the counts do not hold: {counts}"
        )


def _check_unchanged(part: Part) -> None:
    if current_stamp(part.path, part.sidecar) != part.stamp:
        raise InputChanged(f"{part.path} changed while it was being read; run the same command again")


def run_backfill(options: BackfillOptions) -> int:
    """Run a backfill to its end and print its counts.

    Returns:
        The exit code: 0, or 3 where a larger share than `max_reject_ratio` was rejected.

    Raises:
        NoInput, FetchNeeded, ModelUnavailable: The command asks for what is not there or may not be had; nothing was
            written.
        LockHeld, RunFailed, CountBroken, InputChanged, WarehouseDamaged, OSError: The run failed. What it had
            published stays, and the same command goes on from there.
    """
    addresses = [text for text in options.inputs if is_address(text)]
    files = find_inputs(text for text in options.inputs if text not in addresses)
    layout = Layout(pathlib.Path(options.output))
    layout.create()
    with opened_for_change(layout, options.lock_timeout) as folder, ScanCache(layout.state) as scans:
        sources = scan_inputs(files, scans)
        backfill = Backfill(options, folder, layout)
        if options.fetching:
            with options.fetching.make_fetcher() as fetcher:
                for batch in retrieve(sources, addresses, layout, fetcher, scans, prefix=options.fetching.common_crawl):
                    backfill.run(cut_segments(batch, filters=options.filters.canonical()))
        else:
            check_links(sources, addresses)
            backfill.run(cut_segments(sources, filters=options.filters.canonical()))
    print_summary(backfill.summary, layout)
    return TOO_MANY_REJECTS if backfill.summary.reject_ratio > options.max_reject_ratio else 0


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline backfill` with the given arguments, or those of the process; gives the exit code."""
    quiet_logs()
    options = parse_backfill(sys.argv[1:] if arguments is None else arguments)
    return exit_code(lambda: run_backfill(options))


if __name__ == "__main__":
    # Under its real name, so that workers find the classes that a run was built of.
    from pipelines import backfill

    sys.exit(backfill.main())
