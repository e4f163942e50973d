"""Retagging: other rules make other rows of stored articles, day by day, under the guarantees of a backfill."""

import dataclasses
import datetime
import functools
import itertools
import shutil
import signal

import pytest

from pipelines import retag as bounded
from pipelines.layout import Layout
from schemas.rejects import TaggerCrash
from tests.runs import document, marks, rows, run
from tests.torture import Killer, fork, loaded_tagger, wait
from transforms import retag as verb
from transforms.tagging.tagger import TAGGER_VERSION, tag_article
from warehouse import compact, retag, retagging

VERSIONS = ("tagger_version", "model")
# Rules of another day: they read no threat, and crash on one article.
OTHER = "other"


def tag_otherwise(article, tagger):
    if "crash" in article.text:
        raise TaggerCrash("no")
    tagged = tag_article(article, tagger)
    kept = tuple(found for found in tagged.commitments if found.kind != "refusal")
    return dataclasses.replace(tagged, commitments=kept, tagger_version=OTHER)


@pytest.fixture(scope="module")
def made(tmp_path_factory, models_loaded_once):
    tmp_path = tmp_path_factory.mktemp("made")
    for number in range(2):
        source = tmp_path / f"in{number}"
        for day in ("2025-03-01", "2025-03-02"):
            text = f"Norway promised to send {number + 2} ships to Ukraine. Poland refused to join on {day}."
            document(source, day, text, published=day, url=f"https://news.example/{number}/{day}")
        document(
            source, "crash", f"France vowed to crash {number} times. Spain refused to help.", published="2025-03-03"
        )
        document(source, "undated", f"Italy offered {number + 2} ships. Malta refused to help Norway.")
        assert run(source, tmp_path / "out") == 0
    return tmp_path


@pytest.fixture
def warehouse(made, tmp_path, monkeypatch):
    monkeypatch.setattr(bounded, "make_tagger", loaded_tagger)
    monkeypatch.setattr(verb, "tag_article", tag_otherwise)
    monkeypatch.setattr(retagging, "TAGGER_VERSION", OTHER)
    shutil.copytree(made / "out", tmp_path / "out")
    return tmp_path / "out"


def run_retag(output, *flags):
    return retag.main([str(output), "--workers", "1", *flags])


def of(output, table, *, without=()):
    return sorted(({k: v for k, v in row.items() if k not in without} for row in rows(output, table)), key=str)


def refusals(output):
    return sorted(row["sentence"] for row in rows(output, "commitments") if row["kind"] == "refusal")


def test_new_rows_replace_old_ones_and_carry_the_new_versions(warehouse, capsys):
    before = {table: of(warehouse, table) for table in ("articles", "rejects", "actors")}
    assert run_retag(warehouse) == 0
    assert refusals(warehouse) == ["Spain refused to help.", "Spain refused to help."]
    assert of(warehouse, "articles") == before["articles"]
    assert of(warehouse, "actors", without=VERSIONS) == [
        {k: v for k, v in row.items() if k not in VERSIONS} for row in before["actors"]
    ]
    made_by = {(row["tagger_version"], "crash" in row["sentence"]) for row in rows(warehouse, "commitments")}
    assert made_by == {(OTHER, False), (TAGGER_VERSION, True), (TAGGER_VERSION, False)}
    out = capsys.readouterr().out
    assert "commitments: 0 rows added, 6 removed, 0 changed" in out
    assert "2 articles could not be tagged" in out


def test_rows_keep_their_segment(warehouse):
    before = {row["commitment_id"]: row["segment"] for row in rows(warehouse, "commitments")}
    run_retag(warehouse)
    assert all(before[row["commitment_id"]] == row["segment"] for row in rows(warehouse, "commitments"))


def test_a_dry_run_says_the_same_and_changes_nothing(warehouse, capsys):
    before = of(warehouse, "commitments")
    assert run_retag(warehouse, "--dry_run") == 0
    said = capsys.readouterr().out
    assert of(warehouse, "commitments") == before
    assert run_retag(warehouse) == 0
    assert said.splitlines()[1:] == capsys.readouterr().out.splitlines()[1:]
    assert "refusal" in said


def test_a_range_of_days_leaves_the_others(warehouse):
    assert run_retag(warehouse, "--start_date", "2025-03-02", "--end_date", "2025-03-03") == 0
    assert len(refusals(warehouse)) == 8 - 2
    assert {mark.versions["tagger"] for mark in marks(warehouse)} == {TAGGER_VERSION}


def test_marks_of_segments_retagged_as_a_whole_say_so(warehouse):
    run_retag(warehouse)
    assert {mark.versions["tagger"] for mark in marks(warehouse)} == {OTHER}


def test_days_of_these_versions_are_skipped_unless_forced(warehouse, capsys):
    run_retag(warehouse, "--start_date", "2025-03-01", "--end_date", "2025-03-03")
    capsys.readouterr()
    assert run_retag(warehouse, "--start_date", "2025-03-01", "--end_date", "2025-03-03") == 0
    assert capsys.readouterr().out.startswith("0 days with 0 articles were retagged\n2 days were left")
    assert run_retag(warehouse, "--start_date", "2025-03-01", "--end_date", "2025-03-03", "--force") == 0
    assert capsys.readouterr().out.startswith("2 days with 4 articles were retagged")


def test_a_compacted_day_can_be_retagged_and_a_retagged_one_compacted(warehouse):
    def compact_all():
        compact.compact(Layout(warehouse), before=datetime.date(2026, 1, 1), lock_timeout=1)

    compact_all()
    run_retag(warehouse)
    after = of(warehouse, "commitments")
    compact_all()
    assert of(warehouse, "commitments") == after
    assert len(refusals(warehouse)) == 2


def test_a_segment_done_again_after_a_retag_has_its_rows_once(warehouse, made):
    before = of(made / "out", "commitments")
    run_retag(warehouse)
    assert run(made / "in0", warehouse, "--reprocess") == 0
    assert run(made / "in1", warehouse, "--reprocess") == 0
    assert of(warehouse, "commitments") == before


def test_a_day_that_another_run_changed_is_left(warehouse, monkeypatch, capsys):
    before = of(warehouse, "commitments")
    stamps = itertools.count()
    monkeypatch.setattr(retagging, "file_stamps", lambda *_: [(next(stamps), 0)])
    assert run_retag(warehouse) == 0
    assert "4 days changed meanwhile and were left" in capsys.readouterr().out
    assert of(warehouse, "commitments") == before


def test_a_retag_killed_anywhere_can_be_run_again(warehouse, tmp_path):
    options = retagging.RetagOptions(None, None, None, False, False, 1, 1, 60)
    reference = shutil.copytree(warehouse, tmp_path / "reference")
    run_retag(reference)
    # Every third of some forty: each costs two runs.
    for countdown in itertools.count(1, 3):
        copy = shutil.copytree(warehouse, tmp_path / str(countdown))

        def attempt(copy=copy, countdown=countdown):
            with compact.opened_for_change(Layout(copy), 1) as folder:
                retagger = retagging.Retag(Layout(copy), options, folder)
                retagger._tag = functools.partial(_tag_here, retagger)
                Killer(countdown).watch()
                retagger.run()
            return 0

        code = wait(fork(attempt))
        assert run_retag(copy) == 0
        assert of(copy, "commitments") == of(reference, "commitments")
        assert of(copy, "actors") == of(reference, "actors")
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert countdown > 20


def _tag_here(retagger, days):
    """Tag without a runner, whose threads do not outlive a fork."""
    for part in (part for day in days for part in retagger._slices(day)):
        list(verb.retag_slice(part, functools.partial(tag_otherwise, tagger=loaded_tagger(None))))
