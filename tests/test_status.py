"""What is told of a warehouse, and what is advised."""

import datetime
import json

import pytest

from pipelines import cli
from pipelines.layout import Layout
from schemas.version import VERSION
from tests.warehouses import DAY, add_file, add_mark, row
from transforms.tagging.tagger import TAGGER_VERSION
from warehouse import status
from warehouse.sections import Section


@pytest.fixture
def root(tmp_path):
    """A warehouse with articles of this version on two days and of unknown day, and a reject."""
    root = tmp_path / "warehouse"
    days = (DAY, DAY + datetime.timedelta(days=3), None)
    for number, day in enumerate(days):
        name = f"s{number}"
        article = row("articles", article_id=name, pipeline_version=VERSION)
        tags = row("actors", mention_id=name, tagger_version=TAGGER_VERSION)
        files = [add_file(root, "articles", article, day=day, name=name)]
        files.append(add_file(root, "actors", tags, day=day, name=name))
        add_mark(root, *files, segment=name)
    return root


@pytest.fixture
def told(root, capsys):
    """Run the command; gives what it tells as JSON."""

    def run() -> dict:
        assert cli.main(["status", str(root), "--format", "json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_tables_are_counted(told):
    articles, _, commitments, rejects = told()["tables"]
    size = articles.pop("bytes")
    assert size > 1000
    assert articles == {
        "table": "articles",
        "rows": 3,
        "days": 2,
        "files": 3,
        "oldest": "2025-09-04",
        "newest": "2025-09-07",
        "undated": 1,
    }
    assert [commitments["rows"], commitments["files"], commitments["oldest"]] == [0, 0, None]
    assert rejects["bytes"] == 0


def test_segments_and_versions_are_counted(told):
    found = told()
    (segments,) = found["segments"]
    assert segments["segments"] == segments["read"] == segments["articles"] == 3
    assert segments["last_loaded_at"] == "2026-01-02T03:04:05.000006+00:00"
    assert found["versions"] == [
        {"rows_of": "articles", "pipeline_version": VERSION, "tagger_version": None, "model": None, "rows": 3},
        {"rows_of": "tags", "pipeline_version": None, "tagger_version": TAGGER_VERSION, "model": "model 1", "rows": 3},
    ]
    assert found["rejects"] == found["advice"] == []


def make_many_files(root):
    for number in range(20):
        add_file(root, "commitments", row("commitments", commitment_id=f"{number}"), name=f"m{number}")
        add_mark(root, segment=f"m{number}")


def make_old_rows(root):
    add_file(root, "articles", row("articles", article_id="old", pipeline_version="0.0.1"), name="old")


def make_old_tags(root):
    add_file(root, "commitments", row("commitments", tagger_version="0.0.1"), name="old")


def reject(root):
    add_file(root, "rejects", row("rejects"), name="r")


def leave_note(root):
    Layout(root).note("dead").write_text("{}")


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        (make_many_files, "`pledgeline compact` merges the many small files of commitments (20 files)"),
        (make_old_rows, "some articles are by another version"),
        (make_old_tags, "`pledgeline retag` makes them anew"),
        (reject, "`pledgeline replay` tries them again"),
        (leave_note, "1 changes are going on or were left half made"),
    ],
)
def test_what_is_not_as_it_should_be_is_advised_on(change, advice, root, told):
    change(root)
    assert any(advice in line for line in told()["advice"])


def test_open_rejects_are_told_by_reason(root, told):
    add_file(
        root, "rejects", row("rejects"), row("rejects", reject_id="b"), row("rejects", reject_id="c", reason="dns")
    )
    add_mark(root, segment="again", resolves=["c"])
    assert told()["rejects"] == [
        {
            "reason": "malformed",
            "stage": "read",
            "open": 2,
            "oldest": "2025-09-04",
            "newest": "2025-09-04",
            "example": "news.jsonl#4",
        }
    ]


def test_text_says_the_same(root, capsys):
    reject(root)
    assert cli.main(["status", str(root)]) == 0
    printed = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    assert lines[1] == "table rows days files bytes oldest newest undated"
    assert any(line.startswith("articles 3 2 3 ") and line.endswith(" 2025-09-04 2025-09-07 1") for line in lines)
    assert "malformed read 1 2025-09-04 2025-09-04 news.jsonl#4" in lines
    assert lines[-1].startswith("- docs/codebook.md says what to do")


def test_a_section_may_have_nothing_to_tell(root, told, monkeypatch):
    extra = Section("feeds", "feeds", ("feed", "next"), (("a", 1),), ("look at a",))
    monkeypatch.setattr(status, "SECTIONS", (lambda layout: None, lambda layout: extra))
    assert told() == {"feeds": [{"feed": "a", "next": 1}], "advice": ["look at a"]}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("rows", 1234567, "1,234,567"),
        ("bytes", 999, "999 B"),
        ("bytes", 1_500, "1.5 kB"),
        ("bytes", 2_500_000_000_000_000, "2500.0 TB"),
        ("oldest", None, "-"),
        ("reason", "[red]dns", "[red]dns"),
    ],
)
def test_values_are_told_for_readers(name, value, expected):
    assert status.tell(name, value) == expected


def test_what_is_no_warehouse_is_refused(tmp_path, capsys):
    assert cli.main(["status", str(tmp_path)]) == 2
    assert "is not a warehouse" in capsys.readouterr().err
