"""Tables copied to be shared: the evidence stays, the bodies do not."""

import datetime

import pyarrow.parquet as pq
import pytest

from pipelines import cli
from schemas.tables import ROW_IDS, TABLES
from tests.runs import rows
from tests.warehouses import DAY, add_file, add_mark, row
from warehouse.export import BODIES, Choice, NotEmpty, export
from warehouse.views import connect

SECRET = "A body that is not to be shared. 26 countries pledged 5,000 troops to Ukraine by 2027."
LATER = DAY + datetime.timedelta(days=1)


@pytest.fixture
def root(tmp_path):
    """A warehouse with two files on one day, one on the next and one of unknown day."""
    root = tmp_path / "warehouse"
    for number, day in enumerate((DAY, DAY, LATER, None)):
        name = f"s{number}"
        body = {"articles": {"text": SECRET}, "rejects": {"payload": SECRET.encode()}}
        parts = {table: dict.fromkeys(ROW_IDS[table], name) | body.get(table, {}) for table in TABLES}
        parts["commitments"]["speaker"] = None if number else row("commitments")["speaker"]
        files = [add_file(root, table, row(table, **change), day=day, name=name) for table, change in parts.items()]
        add_mark(root, *files, segment=name)
    return root


def sorted_rows(folder, table):
    return sorted(rows(folder, table), key=str)


def test_all_is_copied_but_the_bodies(root, tmp_path, capsys):
    assert cli.main(["export", str(root), str(tmp_path / "shared"), "--without_text"]) == 0
    assert capsys.readouterr().out == "4 articles, 4 actors, 4 commitments, 4 rejects\n"
    for table in TABLES:
        expected = [line | dict.fromkeys(BODIES.get(table, ())) for line in sorted_rows(root, table)]
        assert sorted_rows(tmp_path / "shared", table) == sorted(expected, key=str)
        assert len(list((tmp_path / "shared" / table).glob("*/*.parquet"))) == 3
    everything = b"".join(path.read_bytes() for path in tmp_path.glob("shared/articles/**/*.parquet"))
    assert b"A body that is not" not in everything
    assert connect(tmp_path / "shared").execute("SELECT count(*), count(text) FROM latest_articles").fetchone() == (
        4,
        0,
    )


def test_files_have_the_schema_of_the_table(root, tmp_path):
    export(root, tmp_path / "shared", Choice(without_text=False))
    for table, schema in TABLES.items():
        for path in (tmp_path / "shared" / table).rglob("*.parquet"):
            assert pq.read_schema(path).equals(schema, check_metadata=True)
            found = pq.read_table(path, partitioning=None).to_pylist()
            assert found == sorted(found, key=lambda line, key=ROW_IDS[table][0]: line[key])


@pytest.mark.parametrize(
    ("choice", "days"),
    [
        (Choice(True), {f"date={DAY}", f"date={LATER}", "date=__HIVE_DEFAULT_PARTITION__"}),
        (Choice(True, start_date=DAY), {f"date={DAY}", f"date={LATER}"}),
        (Choice(True, start_date=LATER), {f"date={LATER}"}),
        (Choice(True, end_date=LATER), {f"date={DAY}"}),
        (Choice(True, DAY, LATER), {f"date={DAY}"}),
        (Choice(True, datetime.date(2030, 1, 1)), set()),
    ],
)
def test_days_are_chosen(choice, days, root, tmp_path):
    export(root, tmp_path / "shared", choice)
    assert {path.parent.name for path in tmp_path.glob("shared/articles/*/*.parquet")} == days


def test_a_row_in_two_files_is_copied_once(root, tmp_path):
    add_file(root, "articles", row("articles", article_id="s0", content_id="s0", text=SECRET), name="again")
    assert export(root, tmp_path / "shared", Choice(True))["articles"] == 4


@pytest.mark.parametrize("folder", ["warehouse/inside", "full", "full/file"])
def test_nothing_is_written_over(folder, root, tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x")
    assert cli.main(["export", str(root), str(tmp_path / folder)]) == 2
    assert capsys.readouterr().err.startswith(f"pledgeline: {tmp_path / folder}")
    with pytest.raises(NotEmpty):
        export(root, tmp_path / folder, Choice(True))


def test_an_empty_folder_is_filled(root, tmp_path):
    (tmp_path / "shared").mkdir()
    export(root, tmp_path / "shared", Choice(True))
    assert (tmp_path / "shared" / "articles").is_dir()


def test_half_an_export_is_none(root, tmp_path, capsys):
    path = next(root.glob(f"commitments/date={LATER}/*.parquet"))
    path.write_bytes(b"PAR1 no more")
    assert cli.main(["export", str(root), str(tmp_path / "shared"), "--without_text"]) == 1
    assert path.name in capsys.readouterr().err
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["warehouse"]


def test_wrong_days_end_with_2(root, tmp_path):
    days = ["--start_date", "2025-01-02", "--end_date", "2025-01-02"]
    with pytest.raises(SystemExit) as stopped:
        cli.main(["export", str(root), str(tmp_path / "x"), *days])
    assert stopped.value.code == 2
