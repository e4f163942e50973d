"""Replays: what was rejected is gone through again, and what is now taken is open no longer."""

import json

import pytest

from pipelines import spine
from schemas.rejects import TaggerCrash
from tests.runs import document, marks, rows, run
from tests.test_archives import archive, response
from tests.torture import loaded_tagger
from transforms import tag
from transforms.tagging.tagger import tag_article
from warehouse import replay
from warehouse.views import connect

pytestmark = pytest.mark.usefixtures("models_loaded_once")
SENTENCE = "Norway promised to send 5 ships to Ukraine by 2030."


def tag_badly(article, tagger):
    if "crash" in article.text:
        raise TaggerCrash("no")
    return tag_article(article, tagger)


@pytest.fixture
def warehouse(tmp_path, monkeypatch):
    """Records of four containers that a faulty tagger refused, and a line that is refused by anyone."""
    monkeypatch.setattr(spine, "make_tagger", loaded_tagger)
    document(tmp_path / "in", "a#1", f"{SENTENCE} A crash.", published="2025-03-01", url="https://news.example/a")
    lines = [
        json.dumps({"text": "Good."}),
        "",
        "{no json",
        json.dumps({"text": f"{SENTENCE} Another crash.", "published": "2025-03-02"}),
    ]
    (tmp_path / "in" / "lines.jsonl").write_text("\n".join(lines))
    page = f"<html><body><article><p>{SENTENCE} A crash on a page. {'More words. ' * 20}</p></article></body></html>"
    crawled = archive(response("https://news.example/w", page.encode()))
    (tmp_path / "in" / "crawl.warc.gz").write_bytes(crawled)
    with monkeypatch.context() as patch:
        patch.setattr(tag, "tag_article", tag_badly)
        assert run(tmp_path / "in", tmp_path / "out", "--max_reject_ratio", "1") == 0
    assert sorted(row["reason"] for row in rows(tmp_path / "out", "rejects")) == ["malformed"] + ["tagger_crash"] * 3
    return tmp_path / "out"


def open_reasons(output):
    with connect(output) as connection:
        return sorted(reason for (reason,) in connection.execute("SELECT reason FROM rejects").fetchall())


def replayed(output, *flags):
    return replay.main([str(output), "--workers", "1", *flags])


def test_what_is_now_taken_becomes_articles_and_is_open_no_more(warehouse, capsys):
    assert replayed(warehouse) == 0
    assert open_reasons(warehouse) == ["malformed"]
    assert len(rows(warehouse, "rejects")) == 4
    assert {row["input"] for row in rows(warehouse, "articles")} == {
        "a#1.txt", "lines.jsonl#1", "lines.jsonl#4", "crawl.warc.gz#0",
    }  # fmt: skip
    assert len(rows(warehouse, "commitments")) == 3
    out = capsys.readouterr().out
    assert "4 open rejects asked for, 4 gone through again\n3 are open no more, 1 were refused as before" in out
    assert "read 4, articles 3, rejects 0, duplicates 1, filtered 0" in out


def test_the_mark_lists_what_it_resolves(warehouse):
    replayed(warehouse, "--reason", "tagger_crash")
    (mark,) = [mark for mark in marks(warehouse) if mark.resolves]
    crashed = {row["reject_id"] for row in rows(warehouse, "rejects") if row["reason"] == "tagger_crash"}
    assert set(mark.resolves) == crashed


def test_the_payload_serves_where_the_input_is_gone(warehouse, tmp_path, capsys):
    for path in (tmp_path / "in").iterdir():
        path.unlink()
    assert replayed(warehouse) == 0
    assert open_reasons(warehouse) == ["malformed"]
    found = {row["input"]: row for row in rows(warehouse, "articles")}
    assert found["a#1.txt"]["url"] == "https://news.example/a"
    assert found["a#1.txt"]["published_at"].date().isoformat() == "2025-03-01"
    assert "lines.jsonl#4" in found


def test_a_record_that_is_not_at_hand_is_named(warehouse, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(replay.Sources, "_in_payload", lambda *_: None)
    (tmp_path / "in" / "lines.jsonl").unlink()
    assert replayed(warehouse) == 0
    out = capsys.readouterr().out
    assert "1 malformed: input changed or gone" in out
    assert "1 tagger_crash: input changed or gone" in out


def test_what_is_refused_again_stays_open_and_has_one_row(warehouse, monkeypatch):
    before = rows(warehouse, "rejects")
    monkeypatch.setattr(tag, "tag_article", tag_badly)
    assert replayed(warehouse) == 0
    assert rows(warehouse, "rejects") == before
    assert len(open_reasons(warehouse)) == 4
    monkeypatch.undo()
    assert replayed(warehouse) == 0
    assert open_reasons(warehouse) == ["malformed"]


@pytest.mark.parametrize(
    ("flags", "left"),
    [
        (["--reason", "tagger_crash"], ["malformed"]),
        (["--start_date", "2025-03-02", "--end_date", "2025-03-03"], ["malformed", "tagger_crash", "tagger_crash"]),
        (["--reason", "no_text"], ["malformed", "tagger_crash", "tagger_crash", "tagger_crash"]),
    ],
)
def test_reasons_and_days_choose(warehouse, flags, left):
    assert replayed(warehouse, *flags) == 0
    assert open_reasons(warehouse) == left


def test_a_replayed_segment_done_again_keeps_what_it_resolves(warehouse, tmp_path):
    """A redo of the first run gives nothing up, since the replay holds the articles now."""
    replayed(warehouse)
    before = sorted(row["article_id"] for row in rows(warehouse, "articles"))
    assert run(tmp_path / "in", warehouse, "--reprocess") == 0
    assert sorted(row["article_id"] for row in rows(warehouse, "articles")) == before
    assert open_reasons(warehouse) == ["malformed"]
