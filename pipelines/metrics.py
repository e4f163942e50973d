"""Metrics: the counts of a monitor as a text file that Prometheus' node exporter picks up."""

import dataclasses
import pathlib
from collections.abc import Iterator, Mapping
from typing import TypeVar

from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from pipelines.gathering import Glance
from transforms.fetching.schedule import Kind
from transforms.marks import Mark

Family = TypeVar("Family", CounterMetricFamily, GaugeMetricFamily)

_ENDS = ("read", "articles", "rejects", "duplicates")


@dataclasses.dataclass
class Tallies:
    """What a monitor has done since its start: records by their end, and the seconds of its last cycle."""

    ended: dict[str, int] = dataclasses.field(default_factory=lambda: dict.fromkeys(_ENDS, 0))
    archives: int = 0
    cycle_seconds: float = 0.0

    def add(self, marks: list[Mark]) -> None:
        """Add the segments of an archive."""
        self.archives += 1
        for mark in marks:
            for end in _ENDS:
                self.ended[end] += mark.counts[end]


@dataclasses.dataclass(eq=False)
class _Collector:
    """Gives the counts as they are now; the library's own counters would each tell a time at which they were made."""

    glance: Glance
    tallies: Tallies
    at: float

    def collect(self) -> Iterator[Metric]:
        glance = self.glance
        feeds = {"sound": glance.feeds - glance.failing - glance.gone, "failing": glance.failing, "gone": glance.gone}
        yield _family(GaugeMetricFamily("pledgeline_feeds", "Feeds by how they stand.", labels=["state"]), feeds)
        polls = {kind.value: glance.polls.get(kind.value, 0) for kind in Kind}
        what = "Polls since the start, by how they ended."
        yield _family(CounterMetricFamily("pledgeline_polls", what, labels=["outcome"]), polls)
        what = "Records since the start, by their end."
        yield _family(CounterMetricFamily("pledgeline_records", what, labels=["end"]), self.tallies.ended)
        what = "New or changed entries of feeds since the start."
        yield CounterMetricFamily("pledgeline_entries", what, value=glance.entries)
        for name, what, value in (
            ("pages_waiting", "Pages to be fetched.", glance.waiting),
            ("requests_under_way", "Feeds and pages that are being asked for.", glance.under_way),
            ("lag_seconds", "How long the most overdue feed should have been asked already.", glance.lag),
            ("cycle_seconds", "From the landing of the last archive to its rows.", self.tallies.cycle_seconds),
            ("written_timestamp_seconds", "When this was written.", self.at),
        ):
            yield GaugeMetricFamily(f"pledgeline_{name}", what, value=value)


def _family(family: Family, values: Mapping[str, float]) -> Family:
    for label, value in values.items():
        family.add_metric([label], value)
    return family


def write_metrics(path: pathlib.Path, glance: Glance, tallies: Tallies, *, at: float) -> None:
    """Write the file, as a whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    registry = CollectorRegistry()
    registry.register(_Collector(glance, tallies, at))
    write_to_textfile(str(path), registry)
