"""Why a sentence gives the rows that it gives, and no others: on the command line, in both forms."""

import datetime
import io
import json

import pytest

from pipelines import cli
from pipelines.explain import explain_text, parse_explain
from tests.torture import loaded_tagger
from transforms.tagging.reasons import reasons_in_words

SENTENCE = "President Bush pledged to free 200 prisoners by June, but the promise angered Iran."
DAY = datetime.date(2006, 3, 1)


@pytest.fixture(scope="module")
def explained():
    sentences, rows = explain_text(SENTENCE, loaded_tagger(None), published=DAY)
    assert len(sentences) == 1
    return sentences[0], rows


def test_every_word_of_the_parse_is_shown(explained):
    sentence, _ = explained
    assert "".join(word.text for word in sentence.words) == SENTENCE.replace(" ", "")
    assert next(word.head for word in sentence.words if word.text == "Bush") == "pledged"


def test_a_name_tells_its_rule_and_the_term_that_it_was_coded_by(explained):
    sentence, _ = explained
    bush = next(name for name in sentence.names if name.surface == "Bush")
    assert bush.actor is not None and bush.actor.name == "George W. Bush"
    assert bush.why.startswith("leader: ") and "president USA, 2001-01 to 2009-01" in bush.why


def test_triggers_are_taken_or_tell_what_refused_them(explained):
    sentence, _ = explained
    verdicts = {trigger.surface: trigger for trigger in sentence.triggers}
    assert verdicts["pledged"].taken and not verdicts["pledged"].why
    assert not verdicts["promise"].taken
    assert verdicts["promise"].why == ("nothing beside it carries an act of the sort that the entry takes (n:promise)",)


def test_the_row_is_the_one_that_a_backfill_writes(explained):
    _, rows = explained
    assert [(row["trigger"], row["due_date"], row["segment"]) for row in rows] == [
        ("pledged", datetime.date(2006, 6, 30), "explain")
    ]


@pytest.mark.parametrize(
    ("sentence", "surface", "reason"),
    [
        ("Will Norway send troops?", "Will", "question"),
        ("Norway could agree to send troops.", "agree", "weak-modal"),
        ("If Norway agrees to send troops, Iran will answer.", "agrees", "hypothesis"),
        ("Ottawa urged Norway to agree to the plan.", "agree", "named-not-done"),
    ],
)
def test_refusals_are_told_in_words(sentence, surface, reason):
    sentences, _ = explain_text(sentence, loaded_tagger(None), published=DAY)
    refused = {trigger.surface: trigger.why for trigger in sentences[0].triggers if not trigger.taken}
    assert any(why.startswith(reasons_in_words()[reason]) for why in refused[surface])


def test_text_comes_from_the_argument_or_from_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("pipelines.explain.make_tagger", loaded_tagger)
    assert cli.main(["explain", "--published", "2006-03-01", SENTENCE]) == 0
    shown = capsys.readouterr().out
    assert "pledged: taken" in shown and "due_date         2006-06-30" in shown
    monkeypatch.setattr("sys.stdin", io.StringIO(SENTENCE))
    assert cli.main(["explain", "--published", "2006-03-01"]) == 0
    assert capsys.readouterr().out == shown


def test_json_holds_the_same_and_is_valid(monkeypatch, capsys):
    monkeypatch.setattr("pipelines.explain.make_tagger", loaded_tagger)
    assert cli.main(["explain", "--format", "json", SENTENCE]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["trigger"] for row in told["commitments"]] == ["pledged"]
    assert [name["surface"] for name in told["sentences"][0]["names"]] == ["Bush", "Iran"]


@pytest.mark.parametrize("arguments", [["--published", "soon", "x"], ["  "], ["--format", "xml", "x"]])
def test_wrong_usage_ends_with_two(arguments):
    with pytest.raises(SystemExit) as end:
        parse_explain(arguments)
    assert end.value.code == 2
