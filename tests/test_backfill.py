"""The backfill as a whole: real reading, extraction, model and tables, in temporary folders."""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

import transforms.extract
from pipelines import backfill, summary
from pipelines.exits import NoInput
from pipelines.planning import find_inputs
from schemas.ids import stable_id
from tests.runs import document, marks, rows, run
from tests.torture import tables
from transforms import segments
from transforms.extraction.pages import extract_article

pytestmark = pytest.mark.usefixtures("models_loaded_once")


def test_a_document_becomes_rows_of_three_tables(tmp_path):
    text = "Norway promised to send ten ships to Ukraine by 2030."
    document(tmp_path / "in", "a", text, url="https://news.example/a?utm_source=x", published="2025-09-04")
    assert run(tmp_path / "in", tmp_path / "out") == 0
    (article,) = rows(tmp_path / "out", "articles")
    assert article["text"] == text
    assert article["input"] == "a.txt"
    assert article["canonical_url"] == "https://news.example/a"
    assert article["date_basis"] == "sidecar"
    assert {row["actor_id"] for row in rows(tmp_path / "out", "actors")} == {"state:NOR", "state:UKR"}
    (commitment,) = rows(tmp_path / "out", "commitments")
    assert [actor["actor_id"] for actor in commitment["actors"]] == ["state:NOR"]
    assert commitment["kind"] == "pledge"
    assert commitment["due_date"].year == 2030
    assert text[commitment["trigger_start"] : commitment["trigger_end"]] == "promised"
    assert [path.name for path in (tmp_path / "out" / "articles").iterdir()] == ["date=2025-09-04"]


def test_every_record_is_accounted_for(source, tmp_path):
    assert run(source, tmp_path / "out") == 0
    (mark,) = marks(tmp_path / "out")
    assert mark.counts == {"read": 15, "articles": 11, "rejects": 1, "duplicates": 3, "filtered": 0, "skipped": 0}
    assert len(rows(tmp_path / "out", "articles")) == 11
    (reject,) = rows(tmp_path / "out", "rejects")
    assert (reject["input"], reject["reason"], reject["payload"]) == ("lines.jsonl#4", "malformed", b"{not json")


def test_the_same_command_twice_changes_nothing(source, tmp_path, capsys):
    run(source, tmp_path / "out")
    before = tables(tmp_path / "out")
    assert run(source, tmp_path / "out") == 0
    assert tables(tmp_path / "out") == before
    assert "segments: 0 processed, 1 finished before" in capsys.readouterr().out


def test_rows_of_an_older_version_get_a_line_of_advice(source, tmp_path, monkeypatch, capsys):
    run(source, tmp_path / "out")
    assert "older version" not in capsys.readouterr().out
    monkeypatch.setattr(summary, "VERSION", "9.9.9")
    run(source, tmp_path / "out")
    assert "1 segments were made by an older version" in capsys.readouterr().out


def test_a_copy_of_the_input_elsewhere_gives_the_same_bytes(source, tmp_path):
    run(source, tmp_path / "out1")
    shutil.copytree(source, tmp_path / "elsewhere" / "deep")
    run(tmp_path / "elsewhere" / "deep", tmp_path / "out2")
    assert tables(tmp_path / "out1") == tables(tmp_path / "out2")


def test_workers_and_time_zone_do_not_show_in_the_bytes(source, tmp_path):
    run(source, tmp_path / "out1")
    command = [
        sys.executable,
        "-c",
        "import sys; from pipelines import backfill; backfill.SMALL_SEGMENT = 0; sys.exit(backfill.main())",
    ]
    command += ["--input", f"{source}/**", "--output", str(tmp_path / "out2"), "--workers", "2"]
    environment = os.environ | {"TZ": "Pacific/Kiritimati", "PYTHONPATH": str(pathlib.Path(__file__).parent.parent)}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert tables(tmp_path / "out1") == tables(tmp_path / "out2")


def test_an_overlapping_input_adds_only_what_is_new(tmp_path):
    for name in ("a", "b"):
        document(tmp_path / "in", name, f"Norway promised to help {name}.", url=f"https://news.example/{name}")
    run(tmp_path / "in", tmp_path / "out")
    before = tables(tmp_path / "out")
    document(tmp_path / "in", "c", "Norway promised to help c.", url="https://news.example/c")
    assert run(tmp_path / "in", tmp_path / "out") == 0
    assert before.items() <= tables(tmp_path / "out").items()
    assert sorted(row["url"] for row in rows(tmp_path / "out", "articles")) == [
        f"https://news.example/{n}" for n in "abc"
    ]
    assert sorted(len(mark.claims_lost) for mark in marks(tmp_path / "out")) == [0, 2]


def test_narrower_then_wider_filters_lose_nothing(source, tmp_path):
    run(source, tmp_path / "all")
    run(source, tmp_path / "out", "--start_date", "2025-03-02", "--end_date", "2025-03-03")
    narrow = {row["article_id"] for row in rows(tmp_path / "out", "articles")}
    run(source, tmp_path / "out")
    keys = [(row["article_id"], row["content_id"]) for row in rows(tmp_path / "out", "articles")]
    assert 0 < len(narrow) < len(keys) == len(set(keys))
    assert sorted(keys) == sorted((row["article_id"], row["content_id"]) for row in rows(tmp_path / "all", "articles"))


def test_the_same_bytes_twice_in_one_input_are_counted_as_duplicates(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(segments, "MAX_RECORDS", 2)
    lines = "".join(json.dumps({"text": f"Norway promised help number {n}."}) + "\n" for n in range(3))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.jsonl").write_text(lines)
    code = backfill.main(
        ["--input", f"{tmp_path}/a/*", "--input", f"{tmp_path}/b/*", "--output", str(tmp_path / "out")]
    )
    assert code == 0
    assert len(rows(tmp_path / "out", "articles")) == 3
    counts = dict(re.findall(r"(\w+) +│ +(\d+) │", capsys.readouterr().out))
    assert {end: int(counts[end]) for end in ("read", "articles", "duplicates")} == {
        "read": 6,
        "articles": 3,
        "duplicates": 3,
    }


def test_a_redo_that_gives_an_article_up_redoes_the_one_that_had_lost_it(tmp_path, monkeypatch):
    shared = "Norway promised to send help."
    for folder, own in (("a", "Sweden refused."), ("b", "Finland offered help.")):
        document(tmp_path / folder, "1", own)
        document(tmp_path / folder, "2", shared)
    run(tmp_path / "a", tmp_path / "out")
    run(tmp_path / "b", tmp_path / "out")
    first, second = sorted(marks(tmp_path / "out"), key=lambda mark: mark.sequence)
    assert [lost.to for lost in second.claims_lost] == [first.segment]

    def changed(page, extractor):
        article = extract_article(page, extractor)
        if page.input == "2.txt" and len(marks(tmp_path / "out")) == 2 and not done:
            done.append(True)
            return dataclasses.replace(article, article_id=stable_id("other"))
        return article

    done: list[bool] = []
    monkeypatch.setattr(transforms.extract, "extract_article", changed)
    assert run(tmp_path / "a", tmp_path / "out", "--reprocess") == 0
    texts = [row["text"] for row in rows(tmp_path / "out", "articles")]
    assert texts.count(shared) == 2
    redone = {mark.segment: mark for mark in marks(tmp_path / "out")}[second.segment]
    assert redone.claims_lost == ()
    assert redone.counts["articles"] == 2


def test_a_redo_removes_files_of_partitions_that_it_no_longer_fills(tmp_path, monkeypatch):
    document(tmp_path / "in", "a", "Norway promised to send help.", published="2025-09-04")
    run(tmp_path / "in", tmp_path / "out")

    def later(page, extractor):
        return extract_article(dataclasses.replace(page, published="2025-09-05"), extractor)

    monkeypatch.setattr(transforms.extract, "extract_article", later)
    assert run(tmp_path / "in", tmp_path / "out", "--reprocess") == 0
    assert [path.parent.name for path in (tmp_path / "out" / "articles").rglob("*.parquet")] == ["date=2025-09-05"]


def test_an_input_may_be_a_file_a_folder_or_a_pattern(tmp_path, monkeypatch):
    for place in ("in", "in/deep", "empty"):
        (tmp_path / place).mkdir()
    document(tmp_path / "in", "a[1]", "Norway promised to send help.")
    document(tmp_path / "in" / "deep", "b", "France promised to send help.")
    named = {
        pattern: sorted(file.name for file in find_inputs([f"{tmp_path}/{pattern}"]))
        for pattern in ("in", "in/", "in/*.txt", "in/**/*.txt", "in/a[1].txt", "in/deep/b.txt")
    }
    assert named == {
        "in": ["a[1].txt", "deep/b.txt"],
        "in/": ["a[1].txt", "deep/b.txt"],
        "in/*.txt": ["a[1].txt"],
        "in/**/*.txt": ["a[1].txt", "deep/b.txt"],
        "in/a[1].txt": ["a[1].txt"],
        "in/deep/b.txt": ["b.txt"],
    }
    assert all(file.sidecar for file in find_inputs([f"{tmp_path}/in", f"{tmp_path}/in/a[1].txt"]))
    with pytest.raises(NoInput):
        find_inputs([f"{tmp_path}/empty"])
    monkeypatch.chdir(tmp_path / "in")
    for pattern, names in {"*.txt": ["a[1].txt"], "**/*.txt": ["a[1].txt", "deep/b.txt"], "deep": ["b.txt"]}.items():
        assert sorted(file.name for file in find_inputs([pattern])) == names
