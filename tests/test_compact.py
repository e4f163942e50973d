"""Compaction: many small files of closed days become few, no row is lost, and redoing a segment stays possible."""

import datetime
import itertools
import shutil
import signal

import pyarrow.parquet as pq
import pytest

from pipelines.layout import Layout
from schemas.tables import SORT_KEYS, TABLES
from tests.runs import document, marks, rows, run
from tests.torture import Killer, fork, wait
from transforms.claims import ClaimIndex
from transforms.partitions import file_digest
from warehouse import compact

DAYS = ("2025-03-01", "2025-03-02")


@pytest.fixture(scope="module")
def made(tmp_path_factory, models_loaded_once):
    """Three segments, each with rows on the same two days, and one reject each on no day."""
    tmp_path = tmp_path_factory.mktemp("made")
    for number in range(3):
        source = tmp_path / f"in{number}"
        for day in DAYS:
            text = f"Norway promised to send {number + 2} ships to Ukraine. Poland refused to join on {day}."
            document(source, day, text, published=day, url=f"https://news.example/{number}/{day}")
        (source / "lines.jsonl").write_text("{" * (number + 1) + "\n")
        assert run(source, tmp_path / "out") == 0
    return tmp_path


@pytest.fixture
def warehouse(made, tmp_path):
    shutil.copytree(made / "out", tmp_path / "out")
    return tmp_path / "out"


def contents(output):
    return {table: sorted(rows(output, table), key=str) for table in TABLES}


def files(output, table):
    return sorted(path.relative_to(output / table).as_posix() for path in (output / table).rglob("*.parquet"))


def compact_all(output, before=datetime.date(2026, 1, 1)):
    return compact.compact(Layout(output), before=before, lock_timeout=1)


def test_every_partition_becomes_one_sorted_file_with_the_same_rows(warehouse):
    before = contents(warehouse)
    done = compact_all(warehouse)
    assert (done.before, done.after, done.left) == (21, 7, 0)
    assert contents(warehouse) == before
    for table in TABLES:
        for path in (warehouse / table).rglob("*.parquet"):
            assert path.name.startswith("merged-")
            keys = pq.read_table(path, columns=list(SORT_KEYS[table])).to_pylist()
            assert keys == sorted(keys, key=lambda row: tuple((v is not None, v) for v in row.values()))
            assert pq.read_schema(path).equals(TABLES[table], check_metadata=False)
            assert pq.read_schema(path).metadata[b"schema_version"]


def test_the_records_of_merged_files_say_what_is_in_them(warehouse):
    compact_all(warehouse)
    for merged in Layout(warehouse).read_merged():
        assert file_digest(warehouse / merged.path) == merged.sha256
        found = pq.read_table(warehouse / merged.path, columns=["segment"])["segment"].to_pylist()
        assert {name: found.count(name) for name in found} == merged.segments
        assert merged.rows == len(found)


def test_days_that_are_not_closed_are_left_alone(warehouse):
    compact_all(warehouse, before=datetime.date(2025, 3, 2))
    assert len(files(warehouse, "articles")) == 1 + 3


def test_a_second_compaction_finds_nothing_to_do(warehouse):
    compact_all(warehouse)
    assert compact_all(warehouse) == compact.Compacted()


def test_the_same_input_is_still_known_after_a_compaction(warehouse, made, capsys):
    compact_all(warehouse)
    before = contents(warehouse)
    Layout(warehouse).state.unlink()
    assert run(made / "in0", warehouse) == 0
    assert "rejected: 1 malformed" in capsys.readouterr().out
    with ClaimIndex(Layout(warehouse).state, read_only=True) as claims:
        held = {mark.segment: len(claims.claims_of(mark.segment)) for mark in marks(warehouse)}
    assert set(held.values()) == {3}
    assert contents(warehouse) == before


def test_a_segment_done_again_takes_its_rows_out_of_merged_files(warehouse, made):
    compact_all(warehouse)
    before = contents(warehouse)
    assert run(made / "in1", warehouse, "--reprocess") == 0
    assert contents(warehouse) == before
    assert len(files(warehouse, "articles")) == 2 * 2
    assert len(Layout(warehouse).read_merged()) == 7
    compact_all(warehouse)
    assert contents(warehouse) == before


def test_a_group_that_another_run_changed_is_left(warehouse):
    layout = Layout(warehouse)
    group = next(iter(compact.find_groups(layout, before=datetime.date(2026, 1, 1))))
    stamps = iter([[(1, 1)], [(2, 2)]])
    before = contents(warehouse)
    with pytest.MonkeyPatch.context() as patch, compact.opened_for_change(layout, 1) as folder:
        patch.setattr(compact, "file_stamps", lambda *_: next(stamps))
        assert not compact.compact_group(layout, group, folder, lock_timeout=1)
    assert contents(warehouse) == before


def test_files_are_cut_at_the_largest_size(warehouse, monkeypatch):
    monkeypatch.setattr(compact, "MAX_FILE_BYTES", 1)
    assert compact_all(warehouse) == compact.Compacted()
    monkeypatch.undo()
    monkeypatch.setattr(compact, "_MAX_SOURCES", 2)
    assert compact_all(warehouse).after == 14
    assert len(files(warehouse, "articles")) == 2


def test_a_compaction_killed_anywhere_is_completed_or_undone(warehouse, tmp_path):
    before = contents(warehouse)
    for countdown in itertools.count(1):
        copy = shutil.copytree(warehouse, tmp_path / str(countdown))

        def attempt(copy=copy, countdown=countdown):
            Killer(countdown).watch()
            compact_all(copy)
            return 0

        code = wait(fork(attempt))
        with compact.opened_for_change(Layout(copy), 1):
            assert contents(copy) == before
        compact_all(copy)
        assert contents(copy) == before
        assert len(files(copy, "articles")) == 2
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert countdown > 20


def test_the_command_says_what_it_did(warehouse, capsys):
    assert compact.main([str(warehouse)]) == 0
    assert capsys.readouterr().out == "21 files became 7\n"


def test_a_folder_that_is_no_warehouse_is_one_sentence(tmp_path, capsys):
    assert compact.main([str(tmp_path)]) == 2
    assert "is not a warehouse" in capsys.readouterr().err
