"""Metrics: the counts of a monitor as a text file that Prometheus' node exporter picks up."""

import dataclasses
import pathlib

from prometheus_client import CollectorRegistry, Counter, Gauge, write_to_textfile

from pipelines.gathering import Glance
from transforms.marks import Mark

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


def write_metrics(path: pathlib.Path, glance: Glance, tallies: Tallies, *, at: float) -> None:
    """Write the file, as a whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    registry = CollectorRegistry()
    feeds = Gauge("pledgeline_feeds", "Feeds by how they stand.", ["state"], registry=registry)
    feeds.labels("sound").set(glance.feeds - glance.failing - glance.gone)
    feeds.labels("failing").set(glance.failing)
    feeds.labels("gone").set(glance.gone)
    polls = Counter("pledgeline_polls", "Polls since the start, by how they ended.", ["outcome"], registry=registry)
    for outcome in ("changed", "unchanged", "failed", "gone"):
        polls.labels(outcome).inc(glance.polls.get(outcome, 0))
    records = Counter("pledgeline_records", "Records since the start, by their end.", ["end"], registry=registry)
    for end, number in tallies.ended.items():
        records.labels(end).inc(number)
    entries = Counter("pledgeline_entries", "New or changed entries of feeds since the start.", registry=registry)
    entries.inc(glance.entries)
    for name, meaning, value in (
        ("pledgeline_pages_waiting", "Pages to be fetched.", glance.waiting),
        ("pledgeline_requests_under_way", "Feeds and pages that are being asked for.", glance.under_way),
        ("pledgeline_lag_seconds", "How long the most overdue feed should have been asked already.", glance.lag),
        ("pledgeline_cycle_seconds", "From the landing of the last archive to its rows.", tallies.cycle_seconds),
        ("pledgeline_last_look_timestamp_seconds", "When this was written.", at),
    ):
        Gauge(name, meaning, registry=registry).set(value)
    write_to_textfile(str(path), registry)
