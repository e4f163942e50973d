"""Every measure, in the order of the report, each with the heading that it stands under."""

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.accuracy.calibration import Bin, bins, calibration_error
from benchmarks.accuracy.figures import Figure
from benchmarks.accuracy.goldset import measure_gold
from benchmarks.accuracy.marked import measure_marked, sentences_with_rows
from benchmarks.accuracy.speed import measure_speed
from benchmarks.deadlines import read_expressions, share_right
from benchmarks.plover import measure_events
from benchmarks.propbank import measure_roles
from training.evaluate import measure_entities, measure_syntax
from training.judged import Judged, judge_drawn
from transforms.tagging.confidence import least_confidence
from transforms.tagging.tagger import Tagger

# Figures of the model that the issue names, and what it aims at.
_MODEL_BARS = {"PUD LAS, bounds preset": 84.0, "Europarl entities": 70.0}


def measure_outside(tagger: Tagger, shared: Path) -> Iterator[Figure]:
    """Measure against the marks of others: PropBank's roles and PLOVER's records."""
    roles = measure_roles(tagger, shared / "data" / "propbank")
    for name, right, of, bar in (
        ("PropBank: head of who commits", roles.committers_right, roles.committers, 0.85),
        ("PropBank: head of what is bound", roles.acts_right, roles.acts, 0.8),
    ):
        yield Figure(name, right / of, bar, detail=f"{right} of {of}, in {roles.examples} examples")
    events = measure_events(tagger, shared / "data" / "plover_gsr" / "derived_gold.jsonl")
    detail = f"{events.events_right} of {events.records} records of AGREE, REJECT and THREATEN"
    yield Figure("PLOVER: a row of the right event type", events.events_right / events.records, 0.7, detail=detail)
    for role in ("actors", "recipients"):
        marked, found, both = getattr(events, role)
        detail = f"{both} of {marked} marked, {found} found"
        yield Figure(f"PLOVER: {role} by ISO code, F1", events.f1(role), 0.8, detail=detail)


def measure_dates() -> Iterator[Figure]:
    """Measure the days that deadlines come to, on expressions of our own."""
    readings = read_expressions()
    detail = f"of {len(readings)} expressions in benchmarks/deadlines.tsv"
    yield Figure("deadlines found whole and on the right day", share_right(readings), 0.9, detail=detail)


def measure_test_half(tagger: Tagger, shared: Path) -> tuple[list[Figure], tuple[Bin, ...]]:
    """Measure on the test half of the marked sentences, with the calibration of confidence on its rows."""
    judged = list(judge_drawn(tagger, shared, "test"))
    found = bins(_rows(judged))
    rows, error = sum(one.rows for one in found), calibration_error(found)
    figures = list(measure_marked(judged, "test half"))
    figures.append(Figure("calibration error of confidence", error, 0.08, True, detail=f"{rows} rows"))
    sentences, yielding = sentences_with_rows(judged, "other")
    share = 100 * yielding / sentences
    detail = f"{yielding} of {sentences} in guides, lives, textbooks, mails; drawn where something looks like one"
    figures.append(Figure("sentences that yield one where none is", share, unit=" %", detail=detail))
    return figures, found


def _rows(judged: list[Judged]) -> list[tuple[float, bool]]:
    kept = [row for one in judged for row in one.rows if row.commitment.confidence >= least_confidence()]
    return [(row.commitment.confidence, row.is_right) for row in kept]


def measure_model(tagger: Tagger, shared: Path) -> Iterator[Figure]:
    """Measure the language model under the tagger: parses with preset bounds, and entities."""
    for measured in (
        *measure_syntax(tagger.nlp, shared / "corpora", bounds=True),
        *measure_entities(tagger.nlp, shared / "corpora"),
    ):
        yield Figure(measured.test, measured.value, _MODEL_BARS.get(measured.test), unit=" %", detail=measured.detail)


# What needs no more than the tagger and the shared folder.
SIMPLE: tuple[tuple[str, Callable[[Tagger, Path], Iterator[Figure]]], ...] = (
    ("The gold set's open half", lambda _, shared: measure_gold(shared)),
    ("Marks of others", measure_outside),
    ("Deadlines", lambda *_: measure_dates()),
    ("Speed", lambda _, shared: measure_speed(shared)),
    ("The language model", measure_model),
)
