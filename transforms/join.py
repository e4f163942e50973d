"""Join: buckets of statements become pledges, and pledges become staged files by day."""

import dataclasses
import datetime
import pathlib
from collections.abc import Iterable, Iterator

import apache_beam as beam

from schemas.ledger import PLEDGES_TABLE, Pledge, pledge_row
from transforms.ledger.buckets import join_bucket
from transforms.partitions import staged_name, write_rows


@dataclasses.dataclass
class JoinStatements(beam.PTransform):
    """Join the statements in each bucket; an actor's statements are all in one."""

    def expand(self, paths: beam.PCollection[str]) -> beam.PCollection[Pledge]:
        """Give the pledges."""
        return paths | beam.FlatMap(join_bucket).with_output_types(Pledge)


@dataclasses.dataclass
class StagePledges(beam.PTransform):
    """Write the file of each day's pledges, by the day on which they were first stated."""

    folder: str
    ledger: str

    def expand(self, pledges: beam.PCollection[Pledge]) -> beam.PCollection[None]:
        """Give nothing of use: the files are the result."""
        return (
            pledges
            | beam.WithKeys(_day_of).with_output_types(tuple[str, Pledge])
            | beam.GroupByKey()
            | beam.FlatMap(_stage, self.folder, self.ledger)
        )


def stage_pledges(day: datetime.date | None, pledges: Iterable[Pledge], folder: str, ledger: str) -> None:
    """Write the file of one day's pledges."""
    path = pathlib.Path(folder, staged_name(PLEDGES_TABLE, day, ledger))
    write_rows(path, PLEDGES_TABLE, [pledge_row(pledge) for pledge in pledges])


def _day_of(pledge: Pledge) -> str:
    return pledge.first.day.isoformat() if pledge.first.day else ""


def _stage(group: tuple[str, Iterable[Pledge]], folder: str, ledger: str) -> Iterator[None]:
    stage_pledges(datetime.date.fromisoformat(group[0]) if group[0] else None, group[1], folder, ledger)
    yield None
