"""A warehouse compared with what it says of itself: every fault is named, with what to do about it."""

import datetime
import json

import pytest

from pipelines import cli
from pipelines.layout import Layout
from tests.runs import run
from tests.test_tables import NOON
from tests.warehouses import DAY, add_file, add_mark, row
from transforms.forgotten import article_id_of
from warehouse import compact, verify

LATER = DAY + datetime.timedelta(days=1)
COUNTS = {"read": 3, "articles": 1, "rejects": 1, "duplicates": 0, "filtered": 0, "skipped": 0}


@pytest.fixture
def root(tmp_path):
    """A warehouse of two segments, each with an article and a reject, the second with no tags."""
    root = tmp_path / "warehouse"
    add_mark(root, *(add_file(root, table, row(table)) for table in ("articles", "actors", "commitments", "rejects")))
    second = [
        add_file(root, "articles", row("articles", article_id="b", segment="t"), name="t", day=LATER),
        add_file(root, "rejects", row("rejects", reject_id="r", segment="t"), name="t", day=LATER),
    ]
    add_mark(root, *second, segment="t")
    return root


def faults(root, share=1.0):
    return [(fault.path, fault.what) for fault in verify.find_faults(Layout(root), share=share)[1]]


def path_of(root, table, name="s", day=DAY):
    return root / table / f"date={day}" / f"part-{name}.parquet"


def test_what_is_whole_has_no_fault(root, capsys):
    assert cli.main(["verify", str(root)]) == 0
    assert capsys.readouterr().out == "2 segments of 4 records, 0 merged files: all as recorded\n"


def test_what_a_backfill_made_has_no_fault(source, tmp_path, models_loaded_once):
    assert run(source, tmp_path / "out") in (0, 3)
    assert faults(tmp_path / "out") == []
    assert compact.main([str(tmp_path / "out"), "--before", "2100-01-01"]) == 0
    assert faults(tmp_path / "out") == []


def test_every_fault_is_printed_with_a_remedy(root, capsys):
    path_of(root, "articles").unlink()
    path_of(root, "rejects").unlink()
    assert cli.main(["verify", str(root)]) == 1
    printed = capsys.readouterr().out.splitlines()
    # The tags of the lost article have none.
    assert printed[-1] == "4 things are wrong"
    assert [line for line in printed if "is missing with 1 rows" in line] == [
        f"articles/date={DAY}/part-s.parquet: is missing with 1 rows",
        f"rejects/date={DAY}/part-s.parquet: is missing with 1 rows",
    ]
    assert sum(line.startswith("    ") and "pledgeline" in line for line in printed) == 4


def damage_bytes(root):
    path = path_of(root, "rejects")
    # The magic number at the start, which readers of the footer pass over.
    path.write_bytes(b"XXXX" + path.read_bytes()[4:])


def replace_rows(root):
    add_file(root, "rejects", row("rejects", reject_id="x"), row("rejects", reject_id="y"))


def cut_short(root):
    path = path_of(root, "rejects")
    path.write_bytes(path.read_bytes()[:100])


def remove(root):
    path_of(root, "rejects").unlink()


def add_stray(root):
    add_file(root, "rejects", row("rejects", reject_id="z"), name="stray")


def break_mark(root):
    Layout(root).mark("t").write_text("{")


def unbalance(root):
    path = Layout(root).mark("s")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"counts": COUNTS}))


def leave_note(root):
    Layout(root).note("u").write_text("{}")


REJECTS = f"rejects/date={DAY}/part-s.parquet"


@pytest.mark.parametrize(
    ("harm", "where", "what"),
    [
        (damage_bytes, REJECTS, "has not the bytes"),
        (replace_rows, REJECTS, "has 2 rows, its record says 1"),
        (cut_short, REJECTS, "cannot be read"),
        (remove, REJECTS, "is missing with 1 rows"),
        (add_stray, REJECTS.replace("-s", "-stray"), "has 1 rows, and no mark or record names it"),
        (unbalance, "_pledgeline/segments/s.json", "its counts do not add up"),
        (leave_note, "_pledgeline/segments/u.pending", "a change is going on, or was left half made"),
    ],
)
def test_files_are_held_to_their_records(harm, where, what, root):
    harm(root)
    (found,) = faults(root)
    assert found[0] == where
    assert what in found[1]


def test_a_broken_mark_leaves_its_files_without_a_record(root):
    break_mark(root)
    assert faults(root) == [
        ("_pledgeline/segments/t.json", "is not a mark"),
        (f"articles/date={LATER}/part-t.parquet", "has 1 rows, and no mark or record names it"),
        (f"rejects/date={LATER}/part-t.parquet", "has 1 rows, and no mark or record names it"),
    ]


def test_merged_files_are_held_to_their_records(root):
    more = add_file(root, "rejects", row("rejects", reject_id="u", segment="u"), name="u")
    add_mark(root, more, segment="u")
    assert compact.main([str(root)]) == 0
    assert faults(root) == []
    (merged,) = root.glob("rejects/*/merged-*.parquet")
    merged.rename(merged.with_name("merged-x.parquet"))
    found = dict(faults(root))
    assert found[f"rejects/date={DAY}/{merged.name}"] == "is missing with 2 rows"
    assert found[f"rejects/date={DAY}/merged-x.parquet"] == "has 2 rows, and no mark or record names it"


def test_what_takedowns_leave_is_no_fault(root):
    url = row("articles")["url"]
    alone = row("articles", article_id=article_id_of(url), content_id="alone")
    tags = row("actors", article_id=alone["article_id"], content_id="alone", mention_id="alone")
    day = LATER + datetime.timedelta(days=1)
    files = [add_file(root, "articles", alone, name="u", day=day), add_file(root, "actors", tags, name="u", day=day)]
    add_mark(root, *files, segment="u")
    assert cli.main(["forget", str(root), url]) == 0
    assert not list(root.glob(f"*/date={day}/*"))
    assert faults(root) == []


def test_what_a_retag_leaves_is_no_fault(root):
    article = add_file(root, "articles", row("articles", article_id="c", segment="v"), name="v")
    tags = row("actors", article_id="c", mention_id="b", segment="v")
    add_mark(root, article, add_file(root, "actors", tags, name="v"), segment="v")
    assert compact.main([str(root)]) == 0
    path_of(root, "commitments").unlink()
    assert faults(root) == [], "the tags of that day were made anew"


@pytest.mark.parametrize(
    ("table", "change", "what"),
    [
        ("actors", {"surface": "Elsewhere"}, "1 rows do not cut out of the text what they say: "),
        ("actors", {"start": -1}, "1 rows do not cut out of the text what they say: "),
        ("commitments", {"trigger_end": 21}, "1 rows do not cut out of the text what they say: "),
        ("commitments", {"sentence_start": 1}, "1 rows do not cut out of the text what they say: "),
        ("commitments", {"content_id": "x"}, "1 rows have no article on their day: "),
        ("actors", {"article_id": "x"}, "1 rows have no article on their day: "),
    ],
)
def test_rows_are_held_to_the_texts(table, change, what, root):
    changed = row(table, **change)
    files = [
        add_file(root, other, changed if other == table else row(other))
        for other in ("articles", "actors", "commitments", "rejects")
    ]
    add_mark(root, *files)
    key = "mention_id" if table == "actors" else "commitment_id"
    assert faults(root) == [(table, what + changed[key])]
    assert faults(root, share=0) == []


def test_offsets_count_characters_of_any_script(root):
    text = "😀 Île: Украина promised help."
    article = row("articles", text=text, article_id="u", segment="u")
    mention = row(
        "actors",
        article_id="u",
        surface="Украина",
        start=text.index("У"),
        end=text.index(" promised"),
        segment="u",
        mention_id="u",
    )
    add_mark(
        root, add_file(root, "articles", article, name="u"), add_file(root, "actors", mention, name="u"), segment="u"
    )
    assert faults(root) == []


def test_rows_stand_once(root):
    again = add_file(root, "articles", row("articles", segment="u", fetched_at=NOON), name="u", day=None)
    add_mark(root, again, segment="u")
    (found,) = faults(root)
    assert found[0] == "articles"
    assert "1 rows stand more than once" in found[1]


def test_a_warehouse_that_changes_is_looked_at_again(root, monkeypatch):
    seen = []

    def look(layout):
        records = read_records(layout)
        if not seen:
            # As when a segment is published between reading the marks and listing the files.
            add_mark(root, add_file(root, "rejects", row("rejects", reject_id="n"), name="n"), segment="n")
        seen.append(records)
        return records

    read_records = verify.read_records
    monkeypatch.setattr(verify, "read_records", look)
    assert verify.find_faults(Layout(root), share=1.0)[1] == []
    assert len(seen) == 3


def test_what_is_no_warehouse_is_refused(tmp_path, capsys):
    assert cli.main(["verify", str(tmp_path)]) == 2
    assert "is not a warehouse" in capsys.readouterr().err
