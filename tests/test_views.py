"""The views: typed, distinct, and no file opened that the question does not need."""

import datetime
import re

import duckdb
import pytest

from pipelines.exits import NoWarehouse
from pipelines.layout import Layout
from schemas.tables import ROW_IDS, TABLES
from tests.test_tables import NOON
from tests.warehouses import DAY, add_file, add_mark, row
from warehouse import compact
from warehouse.files import list_files, vouched_files
from warehouse.views import connect, portable_views

DERIVED = ("latest_articles", "latest_commitments", "distinct_commitments", "statements", "pledges_by_pair", "segments")
LATER = NOON + datetime.timedelta(days=1)


def ask(root, sql):
    return connect(root).execute(sql).fetchall()


@pytest.fixture
def root(tmp_path):
    """A warehouse of one row a table."""
    add_mark(tmp_path, *(add_file(tmp_path, table, row(table)) for table in TABLES))
    return tmp_path


def opened(connection, sql):
    """Give how many files a scan opens, and of how many."""
    plan = connection.execute(f"EXPLAIN ANALYZE {sql}").fetchone()[1]
    return [(int(some), int(all_)) for some, all_ in re.findall(r"Scanning Files: (\d+)/(\d+)", plan)]


def types(connection, view):
    described = connection.execute(f"DESCRIBE {view}").fetchall()
    return {name: kind for name, kind, *_ in described}


@pytest.mark.parametrize("table", TABLES)
def test_an_absent_table_has_the_types_of_one_that_is_there(table, root, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    (empty / "articles").mkdir()
    assert types(connect(empty), table) == types(connect(root), table)
    assert list(types(connect(root), table)) == ["date", *TABLES[table].names]
    assert ask(empty, f"SELECT * FROM {table}") == []


@pytest.mark.parametrize("view", DERIVED)
def test_every_derived_view_answers_with_and_without_tables(view, root, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    (empty / "articles").mkdir()
    assert len(ask(root, f"SELECT * FROM {view}")) == 1
    assert ask(empty, f"SELECT * FROM {view}") == []
    assert types(connect(empty), view) == types(connect(root), view)


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_what_is_no_warehouse_is_refused(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoWarehouse, match=folder):
        connect(tmp_path / folder)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("day", [DAY, None])
def test_a_row_in_two_files_of_a_day_is_seen_once(table, day, root):
    add_file(root, table, row(table), day=day, name="s")
    add_file(root, table, row(table), day=day, name="merged")
    ids = ", ".join(ROW_IDS[table])
    same_day = "date IS NULL" if day is None else f"date = DATE '{day}'"
    assert ask(root, f"SELECT count(*), count(DISTINCT ({ids})) FROM {table} WHERE {same_day}") == [(1, 1)]
    portable = duckdb.connect()
    portable.execute(portable_views(str(root)))
    assert portable.execute(f"SELECT count(*) FROM {table} WHERE {same_day}").fetchall() == [(1,)]


def test_a_row_is_seen_once_while_a_segment_is_published_anew(root):
    add_mark(root, segment="t")
    add_file(root, "articles", row("articles"), name="t")
    assert ask(root, "SELECT count(*) FROM articles") == [(2,)], "two marked segments never share a row"
    Layout(root).note("t").write_text("{}")
    assert ask(root, "SELECT count(*) FROM articles") == [(1,)]


def test_files_are_in_doubt_where_they_may_repeat_each_other(tmp_path):
    alone, pair = DAY, DAY + datetime.timedelta(days=1)
    add_file(tmp_path, "articles", row("articles"), day=alone, name="stray")
    for name in ("s", "t"):
        add_file(tmp_path, "articles", row("articles"), day=pair, name=name)
        add_mark(tmp_path, segment=name)
    assert sizes(tmp_path) == (3, 0)
    add_file(tmp_path, "articles", row("articles"), day=pair, name="stray")
    assert sizes(tmp_path) == (1, 3)
    add_mark(tmp_path, segment="stray")
    assert sizes(tmp_path) == (4, 0)
    Layout(tmp_path).note("merged-1").write_text("{}")
    assert sizes(tmp_path) == (1, 3), "a change is going on"


def sizes(root):
    files = list_files(root, "articles", vouched_files(root))
    assert list_files(root, "rejects", vouched_files(root)).all == ()
    return len(files.settled), len(files.doubtful)


def test_a_merged_file_is_beyond_doubt_beside_later_ones(tmp_path, monkeypatch):
    for name in "stu":
        add_mark(tmp_path, add_file(tmp_path, "articles", row("articles", article_id=name), name=name), segment=name)
    assert compact.main([str(tmp_path)]) == 0
    add_mark(tmp_path, add_file(tmp_path, "articles", row("articles", article_id="v"), name="v"), segment="v")
    assert sizes(tmp_path) == (2, 0)
    assert ask(tmp_path, "SELECT article_id FROM articles ORDER BY ALL") == [("s",), ("t",), ("u",), ("v",)]


@pytest.mark.parametrize("merged", [False, True], ids=["settled", "doubtful"])
def test_a_condition_on_the_day_opens_the_files_of_that_day_alone(merged, root):
    for number in range(40):
        day = DAY + datetime.timedelta(days=number)
        add_file(root, "commitments", row("commitments", commitment_id=f"c{number}"), day=day)
        if merged:
            add_file(root, "commitments", row("commitments", commitment_id=f"c{number}"), day=day, name="merged")
    connection = connect(root)
    files = 2 if merged else 1
    sql = f"SELECT action FROM commitments WHERE date = DATE '{DAY}'"
    assert len(connection.execute(sql).fetchall()) == 1
    assert opened(connection, sql) == [(files, 40 * files)]
    since = f"SELECT action FROM commitments WHERE date >= DATE '{DAY}' + INTERVAL 38 DAY"
    assert opened(connection, since) == [(2 * files, 40 * files)]
    portable = duckdb.connect()
    portable.execute(portable_views(str(root)))
    assert opened(portable, sql) == [(files, 40 * files)]


def test_names_of_folders_are_taken_to_the_letter(tmp_path):
    root = tmp_path / "it's [a] *warehouse*?" / "env=test"
    add_mark(root, *(add_file(root, table, row(table)) for table in TABLES))
    assert ask(root, "SELECT count(*) FROM segments") == [(1,)]
    assert ask(root, "SELECT count(*) FROM articles") == [(1,)]
    portable = duckdb.connect()
    portable.execute(portable_views(str(root)))
    assert portable.execute("SELECT count(*) FROM articles, segments").fetchall() == [(1,)]


def test_the_newest_version_of_an_article_is_the_latest(tmp_path):
    versions = {
        "undated": {"modified_at": None, "fetched_at": None, "published_at": None},
        "published": {"modified_at": None, "fetched_at": None, "published_at": LATER},
        "fetched": {"modified_at": None, "fetched_at": NOON, "published_at": NOON},
        "modified": {"modified_at": NOON, "fetched_at": NOON, "published_at": NOON},
        "newest": {"modified_at": LATER, "fetched_at": None, "published_at": NOON},
    }
    for number, (content_id, times) in enumerate(versions.items(), start=1):
        day = times["published_at"] and times["published_at"].date()
        add_file(tmp_path, "articles", row("articles", content_id=content_id, **times), day=day, name=f"s{number}")
        add_file(tmp_path, "commitments", row("commitments", content_id=content_id, commitment_id=content_id), day=day)
        assert ask(tmp_path, "SELECT content_id FROM latest_articles") == [(content_id,)]
        assert ask(tmp_path, "SELECT content_id FROM latest_commitments") == [(content_id,)]


def test_equal_times_fall_to_the_content_id(tmp_path):
    rows = [row("articles", content_id=content_id, modified_at=NOON) for content_id in "bca"]
    add_file(tmp_path, "articles", *rows)
    assert ask(tmp_path, "SELECT content_id FROM latest_articles") == [("c",)]


def test_copies_of_a_text_hold_one_distinct_commitment(tmp_path):
    for number, day in enumerate((None, DAY + datetime.timedelta(days=1), DAY)):
        add_file(
            tmp_path,
            "commitments",
            row("commitments", article_id=f"a{number}", commitment_id=f"first{number}"),
            row("commitments", article_id=f"a{number}", commitment_id=f"second{number}", trigger_start=30),
            day=day,
        )
    found = ask(tmp_path, "SELECT commitment_id, date FROM distinct_commitments ORDER BY ALL")
    assert found == [("first2", DAY), ("second2", DAY)]


def test_a_statement_counts_its_sources_and_when_it_was_seen(tmp_path):
    sightings = [("x", "Post", LATER), ("y", "Post", NOON), ("z", "Herald", None)]
    for article_id, source, published in sightings:
        day = published and published.date()
        add_file(
            tmp_path,
            "articles",
            row("articles", article_id=article_id, source=source, published_at=published),
            day=day,
            name=article_id,
        )
        commitment = row("commitments", article_id=article_id, commitment_id=article_id, action=f"help {article_id}")
        add_file(tmp_path, "commitments", commitment, day=day, name=article_id)
    columns = "sources, articles, first_seen, last_seen, first_date, last_date, action"
    assert ask(tmp_path, f"SELECT {columns} FROM statements") == [
        (2, 3, NOON, LATER, DAY, DAY + datetime.timedelta(days=1), "help y")
    ]


def test_pairs_count_statements_once(tmp_path):
    rows = [
        row("commitments", commitment_id="1"),
        row("commitments", commitment_id="2", article_id="b"),
        row("commitments", commitment_id="3", statement_id="other", conditional=True),
        row("commitments", commitment_id="4", kind="threat"),
        row("commitments", commitment_id="5", counterparties=[]),
    ]
    add_file(tmp_path, "commitments", *rows)
    columns = "actor, counterparty, kind, statements, conditional, articles"
    assert ask(tmp_path, f"SELECT {columns} FROM pledges_by_pair ORDER BY kind") == [
        ("26 countries", "Ukraine", "pledge", 2, 1, 2),
        ("26 countries", "Ukraine", "threat", 1, 0, 1),
    ]


def test_rejects_that_a_later_run_resolved_are_closed(root):
    add_file(root, "rejects", row("rejects", reject_id="mended"), row("rejects", reject_id="open"))
    assert len(ask(root, "SELECT * FROM rejects")) == 2
    add_mark(root, segment="again", resolves=["mended"])
    assert ask(root, "SELECT reject_id FROM rejects") == [("open",)]


def test_segments_tell_when_and_by_what_they_were_loaded(root):
    columns = "segment, loaded_at, read, articles, rejects, files, tagger_version, model, resolves"
    loaded = datetime.datetime(2026, 1, 2, 3, 4, 5, 6, datetime.UTC)
    assert ask(root, f"SELECT {columns} FROM segments") == [("s", loaded, 2, 1, 1, 4, "0.1", "model 1", [])]


def test_a_column_that_older_files_lack_is_null_in_them(root):
    import pyarrow.parquet as pq

    path = next(root.glob("commitments/*/*.parquet"))
    older = pq.read_table(path, partitioning=None).drop_columns(["confidence"])
    pq.write_table(older, path)
    newer = row("commitments", commitment_id="new", confidence=0.5)
    add_file(root, "commitments", newer, day=DAY + datetime.timedelta(days=1))
    found = connect(root, mixed=True).execute("SELECT confidence FROM commitments ORDER BY date").fetchall()
    assert found == [(None,), (0.5,)]
