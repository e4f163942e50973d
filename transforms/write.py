"""Write: tagged articles, rejects and the sum of tallies go to staging, where only the driver publishes from."""

import dataclasses
import datetime
import os
import pathlib
from collections.abc import Callable, Iterable
from typing import Any

import apache_beam as beam

from schemas.rejects import Reject
from schemas.tables import actor_rows, article_row, commitment_rows, reject_day, reject_row
from schemas.tags import TaggedArticle
from transforms.claims import ClaimIndex
from transforms.deduplicate import Deduplicate
from transforms.forgotten import Forgotten, admits_remembered
from transforms.marks import LostClaim
from transforms.outcomes import FILTERED, Tally, encode_outcome, sum_outcome
from transforms.partitions import staged_name, write_rows

OUTCOME_FILE = "outcome.json"

Day = datetime.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class Staging:
    """Where a segment's files are staged, and what its rows carry."""

    folder: str
    segment: str
    pipeline_version: str


def stage_articles(day: Day, found: Iterable[TaggedArticle], staging: Staging) -> None:
    """Write the files of one day's articles, actors and commitments; a table without rows gets none."""
    tagged = list(found)
    segment = staging.segment
    rows = {
        "articles": [
            article_row(t.article, segment=segment, pipeline_version=staging.pipeline_version) for t in tagged
        ],
        "actors": [row for t in tagged for row in actor_rows(t, segment=segment)],
        "commitments": [row for t in tagged for row in commitment_rows(t, segment=segment)],
    }
    for table, table_rows in rows.items():
        if table_rows:
            write_rows(pathlib.Path(staging.folder, staged_name(table, day, segment)), table, table_rows)


def stage_rejects(day: Day, rejects: Iterable[Reject], staging: Staging) -> None:
    """Write the file of one day's rejects."""
    rows = [reject_row(reject, segment=staging.segment) for reject in rejects]
    write_rows(pathlib.Path(staging.folder, staged_name("rejects", day, staging.segment)), "rejects", rows)


def stage_outcome(tallies: Iterable[Tally | LostClaim], staging: Staging) -> None:
    """Write the sum of a segment's tallies."""
    path = pathlib.Path(staging.folder, OUTCOME_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_text(encode_outcome(sum_outcome(tallies)), encoding="utf-8")
    os.replace(unfinished, path)


def _day_of_article(tagged: TaggedArticle) -> str:
    return tagged.article.day.isoformat() if tagged.article.day else ""


def _day_of_reject(reject: Reject) -> str:
    day = reject_day(reject)
    return day.isoformat() if day else ""


def _parse_day(key: str) -> Day:
    return datetime.date.fromisoformat(key) if key else None


@dataclasses.dataclass
class StageArticles(beam.PTransform):
    """Write the files of each day's articles, actors and commitments."""

    staging: Staging

    def expand(self, tagged: beam.PCollection[TaggedArticle]) -> beam.PCollection[None]:
        """Give nothing of use: the files are the result."""
        return (
            tagged
            | beam.WithKeys(_day_of_article).with_output_types(tuple[str, TaggedArticle])
            | beam.GroupByKey()
            | beam.Map(_stage_articles, self.staging)
        )


@dataclasses.dataclass
class StageRejects(beam.PTransform):
    """Write the file of each day's rejects; from an error handler's output."""

    staging: Staging

    def expand(self, rejects: beam.PCollection[Reject]) -> beam.PCollection[None]:
        """Give nothing of use: the files are the result."""
        return (
            rejects
            | beam.WithKeys(_day_of_reject).with_output_types(tuple[str, Reject])
            | beam.GroupByKey()
            | beam.Map(_stage_rejects, self.staging)
        )


@dataclasses.dataclass
class StageOutcome(beam.PTransform):
    """Write the sum of all tallies; from an error handler's output."""

    staging: Staging

    def expand(self, tallies: beam.PCollection[Any]) -> beam.PCollection[None]:
        """Give nothing of use: the file is the result."""
        return (
            tallies
            | beam.WithKeys("").with_output_types(tuple[str, Any])
            | beam.GroupByKey()
            | beam.Map(_stage_outcome, self.staging)
        )


@dataclasses.dataclass
class StageSideDoor(beam.PTransform):
    """Write both rejects and tallies, from an error handler that gathers the two.

    Rejects that another segment has are duplicates; those of addresses that were taken down are filtered.
    """

    staging: Staging
    make_claims: Callable[[], ClaimIndex]
    forgotten: Forgotten = frozenset()

    def expand(self, elements: beam.PCollection[Any]) -> tuple[beam.PCollection[None], beam.PCollection[None]]:
        """Give nothing of use: the files are the result."""
        rejects, tallies, gone = elements | beam.Partition(_which, 3, self.forgotten)
        kept, lost = rejects | Deduplicate(self.staging.segment, self.make_claims)
        filtered = gone | beam.Map(_filtered)
        all_tallies = (tallies, lost, filtered) | beam.Flatten()
        return kept | StageRejects(self.staging), all_tallies | StageOutcome(self.staging)


def _which(element: Any, _count: int, forgotten: Forgotten) -> int:
    if not isinstance(element, Reject):
        return 1
    return 0 if admits_remembered(element, forgotten) else 2


def _filtered(_reject: Reject) -> Tally:
    return Tally(FILTERED, 1)


def _stage_articles(group: tuple[str, Iterable[TaggedArticle]], staging: Staging) -> None:
    stage_articles(_parse_day(group[0]), group[1], staging)


def _stage_rejects(group: tuple[str, Iterable[Reject]], staging: Staging) -> None:
    stage_rejects(_parse_day(group[0]), group[1], staging)


def _stage_outcome(group: tuple[str, Iterable[Any]], staging: Staging) -> None:
    stage_outcome(group[1], staging)
