"""Retagging: stored articles are tagged again, and a day's new rows take the place of its old ones as a whole."""

import collections
import dataclasses
import datetime
import pathlib
import shutil
from collections.abc import Iterator

from pipelines.changes import Change, apply_change, write_record
from pipelines.holdings import Rewriting, join_rewritings, old_records, record_merged
from pipelines.layout import Layout, file_stamps
from pipelines.progress import Watch
from pipelines.retag import retag_slices
from schemas.ids import stable_id
from transforms.marks import Mark, encode_mark, with_versions
from transforms.merged import merged_path
from transforms.merging import merge_files, of_articles
from transforms.partitions import STAGED_SUFFIX, count_rows, parse_partition, read_versions
from transforms.retagging import TAG_TABLES, Slice, piece_path, read_failed
from transforms.tagging.model import describe_model, load_model
from transforms.tagging.tagger import TAGGER_VERSION
from warehouse.differences import Difference, compare_files, count_kinds

# Articles that one element of a run tags: small enough to share a day evenly among workers.
_SLICE_ARTICLES = 32
# Articles that one bounded run tags, or more where one day has more: each run starts its workers anew.
_RUN_ARTICLES = 2_000


@dataclasses.dataclass(frozen=True, slots=True)
class RetagOptions:
    """What to retag and how. `end_date` is excluded; articles of unknown day are in where neither date is given."""

    start_date: datetime.date | None
    end_date: datetime.date | None
    model: str | None
    force: bool
    dry_run: bool
    workers: int
    lock_timeout: float
    stall_timeout: float


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """A partition to retag: its folder's name, the files of its articles and of their tags as they were found."""

    name: str
    articles: tuple[str, ...]
    tags: tuple[str, ...]
    stamps: tuple[tuple[int, int], ...]
    rows: int

    def of_table(self, table: str) -> list[str]:
        """Give the files of one table of tags."""
        return [path for path in self.tags if path.startswith(f"{table}/")]


@dataclasses.dataclass
class Report:
    """What a retag did, or would do: days, articles, differences by table, commitments by kind before and after."""

    days: int = 0
    current: int = 0
    left: int = 0
    articles: int = 0
    failed: int = 0
    differences: dict[str, Difference] = dataclasses.field(
        default_factory=lambda: dict.fromkeys(TAG_TABLES, Difference())
    )
    before: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    after: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)


def find_days(layout: Layout, options: RetagOptions) -> Iterator[Day]:
    """Find the partitions of articles in the range, by day; that of unknown day comes last."""
    for folder in sorted((layout.root / "articles").glob("date=*")):
        day = parse_partition(folder.name)
        if day is None and (options.start_date or options.end_date):
            continue
        if day and options.start_date and day < options.start_date:
            continue
        if day and options.end_date and day >= options.end_date:
            continue
        articles = _files(layout, "articles", folder.name)
        tags = [path for table in TAG_TABLES for path in _files(layout, table, folder.name)]
        rows = sum(count_rows(layout.root / path) for path in articles)
        stamps = file_stamps(layout, [*articles, *tags])
        yield Day(folder.name, tuple(articles), tuple(tags), tuple(stamps), rows)


def _files(layout: Layout, table: str, name: str) -> list[str]:
    return [layout.relative(path) for path in sorted((layout.root / table / name).glob("*.parquet"))]


class Retag:
    """One retag of one warehouse."""

    def __init__(self, layout: Layout, options: RetagOptions, folder: pathlib.Path) -> None:
        """Take the warehouse, the settings and the run's own staging folder.

        Raises:
            ModelUnavailable: There is no such model, or it does not fit.
        """
        self._layout, self._options, self._folder = layout, options, folder
        self._versions = (TAGGER_VERSION, describe_model(load_model(options.model)))
        self._done: set[str] = set()
        self.report = Report()

    def run(self) -> None:
        """Retag day after day; each takes effect as a whole.

        Raises:
            LockHeld, RunFailed, OSError: What was done so far stays; the same call goes on from there.
        """
        days = list(find_days(self._layout, self._options))
        todo = [day for day in days if self._options.force or not self._is_current(day)]
        self.report.current = len(days) - len(todo)
        self._done = {day.name for day in days} - {day.name for day in todo}
        with Watch(self._folder, sum(day.rows for day in todo)):
            for batch in _batch_days(todo):
                self._tag(batch)
                for day in batch:
                    self._take_over(day)
                    shutil.rmtree(self._pieces(day))
        if not self._options.dry_run:
            self._update_marks()

    def _is_current(self, day: Day) -> bool:
        paths = [self._layout.root / path for path in day.tags]
        return all(versions == self._versions for path in paths for versions in read_versions(path))

    def _pieces(self, day: Day) -> pathlib.Path:
        return self._folder / "pieces" / day.name

    def _tag(self, days: list[Day]) -> None:
        retag_slices(
            [part for day in days for part in self._slices(day)],
            self._folder,
            model=self._options.model,
            workers=self._options.workers,
            stall_timeout=self._options.stall_timeout,
        )

    def _slices(self, day: Day) -> Iterator[Slice]:
        number = 0
        for path in day.articles:
            rows = count_rows(self._layout.root / path)
            for first in range(0, rows, _SLICE_ARTICLES):
                last = min(first + _SLICE_ARTICLES, rows)
                yield Slice(str(self._layout.root / path), first, last, str(self._pieces(day)), number)
                number += 1

    def _take_over(self, day: Day) -> None:
        """Merge a day's pieces, and let them take the place of its rows unless another run changed it meanwhile."""
        failed = read_failed(str(self._pieces(day)))
        parts = [self._merge(day, table, failed) for table in TAG_TABLES]
        if not self._options.dry_run and not self._publish(day, join_rewritings(parts)):
            self.report.left += 1
            return
        self.report.days += 1
        self.report.articles += day.rows
        self.report.failed += len(failed)
        self._done.add(day.name)

    def _merge(self, day: Day, table: str, failed: frozenset[tuple[str, str]]) -> Rewriting:
        pieces = sorted(piece_path(str(self._pieces(day)), table, 0).parent.glob(f"*{STAGED_SUFFIX}"))
        old = day.of_table(table)
        if failed and old:
            stay = self._pieces(day) / f"{table}.stay"
            if merge_files([self._layout.root / path for path in old], stay, table, keep=of_articles(failed)):
                pieces.append(stay)
        path = merged_path(f"{table}/{day.name}", stable_id("retag", *self._versions, *day.articles, *old))
        staged = self._folder / (path + STAGED_SUFFIX)
        segments = merge_files(pieces, staged, table)
        self._count(table, [self._layout.root / path for path in old], [staged] if segments else [])
        removes = (*old, *old_records(self._layout, old))
        if not segments:
            return Rewriting(removes=removes)
        move, records = record_merged(self._layout, path, staged, segments)
        return Rewriting(moves=(move,), removes=removes, records=records)

    def _count(self, table: str, old: list[pathlib.Path], new: list[pathlib.Path]) -> None:
        report = self.report
        report.differences[table] = report.differences[table].plus(compare_files(table, old, new))
        if table == "commitments":
            report.before += count_kinds(old)
            report.after += count_kinds(new)

    def _publish(self, day: Day, parts: Rewriting) -> bool:
        with self._layout.lock(self._options.lock_timeout):
            if tuple(file_stamps(self._layout, [*day.articles, *day.tags])) != day.stamps:
                return False
            apply_change(
                self._layout,
                Change(
                    name=f"retag-{stable_id(day.name, *day.tags, *self._versions)}",
                    folder=self._layout.relative(self._folder),
                    moves=parts.moves,
                    removes=tuple(path for path in parts.removes if path not in {move.path for move in parts.moves}),
                    records=parts.records,
                    undo=tuple(move.path for move in parts.moves),
                ),
            )
        return True

    def _update_marks(self) -> None:
        """Let the marks of segments all of whose days were retagged say so."""
        new = dict(zip(("tagger", "model"), self._versions, strict=True))
        with self._layout.lock(self._options.lock_timeout):
            for segment in self._layout.stamps():
                mark = self._layout.read_mark(segment)
                if mark and new.items() <= mark.versions.items():
                    continue
                if mark and (days := _days_of(mark)) and days <= self._done:
                    write_record(self._layout.mark(segment), encode_mark(with_versions(mark, new)))


def _days_of(mark: Mark) -> set[str]:
    return {file.path.split("/")[1] for file in mark.files if file.path.startswith("articles/")}


def _batch_days(days: list[Day]) -> Iterator[list[Day]]:
    batch: list[Day] = []
    for day in days:
        if batch and sum(other.rows for other in batch) + day.rows > _RUN_ARTICLES:
            yield batch
            batch = []
        batch.append(day)
    if batch:
        yield batch
