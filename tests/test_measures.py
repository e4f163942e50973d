"""The measures against outside marks, on a few examples of our own in the forms that those marks come in."""

import json

import pytest

from benchmarks.plover import measure_events
from benchmarks.propbank import measure_roles
from transforms.tagging.tagger import Tagger, make_tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return make_tagger()


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_roles_count_where_the_heads_are_those_of_the_marked_spans(tmp_path, tagger):
    words = "Norway promised to plant two million trees ."
    right = [{"type": "ARG0", "start": "0", "end": "0"}, {"type": "ARG2", "start": "2", "end": "6"}]
    wrong = [{"type": "ARG0", "start": "6", "end": "6"}, {"type": "ARG2", "start": "0", "end": "0"}]
    alone = [{"type": "ARG0", "start": "0", "end": "0"}]
    rows = [
        {"roleset": roleset, "text": words, "rel_loc": "1", "args": args}
        for roleset, args in (("promise.01", right), ("promise.01", wrong), ("promise.01", alone), ("sing.01", right))
    ]
    write(tmp_path / "derived_examples.jsonl", rows)
    figures = measure_roles(tagger, tmp_path)
    assert (figures.examples, figures.committers, figures.acts) == (3, 3, 2)
    assert (figures.committers_right, figures.acts_right) == (2, 1)


def test_events_count_with_their_parties_where_the_type_is_right(tmp_path, tagger):
    def record(text, event, actor, recipient):
        return {"text": text, "event_v20": event, "actor": [{"code": actor}], "recipient": [{"code": recipient}]}

    rows = [
        record("Japan offered to lend Peru two ships.", "AGREE", "JAP", "PER"),
        record("Chile refused to meet the Bolivian foreign minister.", "REJECT", "CHL", "PER"),
        record("The weather in Oslo was fine.", "THREATEN", "NOR", "SWE"),
        record("Kenya asked Uganda for help.", "REQUEST", "KEN", "UGA"),
    ]
    write(tmp_path / "records.jsonl", rows)
    figures = measure_events(tagger, tmp_path / "records.jsonl")
    assert (figures.records, figures.events_right) == (3, 2)
    assert figures.actors == (2, 2, 2)
    assert (figures.recipients[0], figures.recipients[2]) == (2, 1)
    assert figures.f1("actors") == 1.0
