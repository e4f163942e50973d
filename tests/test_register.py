"""The tables as Delta Lake and Iceberg tables: the same files, the same rows, and every refresh a version."""

import datetime
import importlib.util
import os
import pathlib

import pyarrow as pa
import pytest

from pipelines import cli
from schemas import tables
from schemas.tables import TABLES
from tests.warehouses import DAY, add_file, add_mark, row
from warehouse import linking, register
from warehouse.views import connect

LATER = DAY + datetime.timedelta(days=1)


@pytest.fixture
def root(tmp_path):
    """A warehouse with rows of a day and of unknown day, in a folder with a name that addresses must not change."""
    root = tmp_path / "it's a=b warehouse"
    files = [add_file(root, table, row(table)) for table in TABLES if table != "rejects"]
    add_mark(root, *files)
    undated = row("commitments", commitment_id="undated", speaker=None, segment="t")
    add_mark(root, add_file(root, "commitments", undated, day=None, name="t"), segment="t")
    return root


def read_delta(folder, table, version=None, day=None):
    """Read the rows of a registered Delta table with Delta's own reader."""
    from deltalake import DeltaTable, QueryBuilder

    delta = DeltaTable(folder / table, version=version)
    where = f" WHERE date = DATE '{day}'" if day else ""
    found = QueryBuilder().register("rows", delta).execute(f"SELECT * FROM rows{where}").read_all()
    return plain(pa.table(found))


def read_iceberg(folder, table, version=None, day=None):
    """Read the rows of a registered Iceberg table with Iceberg's own reader."""
    from pyiceberg.expressions import AlwaysTrue, EqualTo

    from warehouse.iceberg import NAMESPACE, open_catalog

    iceberg = open_catalog(folder).load_table((NAMESPACE, table))
    snapshot = iceberg.snapshots()[version].snapshot_id if version is not None else None
    where = EqualTo("date", str(day)) if day else AlwaysTrue()
    return plain(iceberg.scan(where, snapshot_id=snapshot).to_arrow())


READERS = {"delta": read_delta, "iceberg": read_iceberg}


@pytest.fixture(params=READERS)
def form(request):
    """The name of a table format whose library is here."""
    library = {"delta": "deltalake", "iceberg": "pyiceberg"}[request.param]
    if not importlib.util.find_spec(library):
        pytest.skip(f"{library} is not installed: pip install 'pledgeline[{request.param}]'")
    return request.param


def plain(table):
    return sorted((dict(sorted(line.items())) for line in table.to_pylist()), key=str)


def expected(root, table):
    return plain(connect(root).sql(f"SELECT * FROM {table}").to_arrow_table())


def registered(root, form, *flags):
    assert cli.main(["register", str(root), "--format", form, *flags]) == 0
    return root / "_pledgeline" / form


def same(found, wanted):
    """Compare rows; the zone's name of a time may be spelt otherwise."""
    return str(found).replace("Etc/UTC", "UTC") == str(wanted).replace("Etc/UTC", "UTC")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_registered_tables_have_the_same_rows(form, root):
    folder = registered(root, form)
    for table in TABLES:
        assert same(READERS[form](folder, table), expected(root, table))
    assert len(READERS[form](folder, "commitments", day=DAY)) == 1


def test_no_byte_is_copied_and_no_reader_disturbed(form, root):
    before = {path: path.stat().st_ino for table in TABLES for path in (root / table).rglob("*")}
    folder = registered(root, form)
    assert {path: path.stat().st_ino for table in TABLES for path in (root / table).rglob("*")} == before
    links = {path.stat().st_ino for path in folder.rglob("date=*/*.parquet")}
    assert links == {inode for path, inode in before.items() if path.suffix == ".parquet"}
    assert connect(root).execute("SELECT count(*) FROM commitments").fetchone() == (2,)


def test_a_refresh_adds_and_removes_what_changed(form, root, capsys):
    folder = registered(root, form)
    capsys.readouterr()
    registered(root, form)
    assert capsys.readouterr().out.splitlines()[0] == f"{folder / 'articles'}: 0 files added, 0 removed, 1 in all"

    add_mark(root, add_file(root, "articles", row("articles", title="Anew"), row("articles", content_id="x")))
    add_mark(root, add_file(root, "rejects", row("rejects"), name="u", day=LATER), segment="u")
    next(root.glob("commitments/*/part-t.parquet")).unlink()
    registered(root, form)
    assert capsys.readouterr().out.splitlines() == [
        f"{folder / 'articles'}: 1 files added, 1 removed, 1 in all",
        f"{folder / 'actors'}: 0 files added, 0 removed, 1 in all",
        f"{folder / 'commitments'}: 0 files added, 1 removed, 1 in all",
        f"{folder / 'rejects'}: 1 files added, 0 removed, 1 in all",
    ]
    for table in TABLES:
        assert same(READERS[form](folder, table), expected(root, table))


def test_an_earlier_version_stays_as_it_was(form, root):
    first = expected(root, "articles")
    folder = registered(root, form)
    add_mark(root, add_file(root, "articles", row("articles", text="All new.")))
    registered(root, form)
    versions = {"delta": 1, "iceberg": 0}
    assert same(READERS[form](folder, "articles", version=versions[form]), first)
    assert READERS[form](folder, "articles")[0]["text"] == "All new."


def test_dropped_history_leaves_nothing_of_it(form, root):
    folder = registered(root, form)
    kept = add_file(root, "articles", row("articles", text="All new."))
    add_mark(root, kept)
    registered(root, form, "--drop_history")
    assert len(list((folder / "articles").glob("date=*/*.parquet"))) == 1
    assert [line["text"] for line in READERS[form](folder, "articles")] == ["All new."]
    registered(root, form, "--drop_history")
    assert [line["text"] for line in READERS[form](folder, "articles")] == ["All new."]


def test_a_column_that_is_added_later_is_null_before(form, root, monkeypatch):
    folder = registered(root, form)
    wider = TABLES["articles"].append(pa.field("mood", pa.string(), metadata={"description": "How it reads"}))
    monkeypatch.setitem(tables.TABLES, "articles", wider)
    files = [add_file(root, "articles", row("articles") | {"mood": "grave"}, day=LATER, name="w")]
    add_mark(root, *files, segment="w")
    registered(root, form)
    assert [line["mood"] for line in sorted(READERS[form](folder, "articles"), key=lambda line: line["date"])] == [
        None,
        "grave",
    ]


def test_a_catalogue_of_ones_own(form, root, tmp_path, capsys):
    assert cli.main(["register", str(root), "--format", form, "--catalog", str(tmp_path / "mine")]) == 0
    assert same(READERS[form](tmp_path / "mine", "articles"), expected(root, "articles"))
    assert str(tmp_path / "mine" / "articles") in capsys.readouterr().out


def test_another_disk_is_refused(root, monkeypatch, capsys):
    def link(source, target):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(linking.os, "link", link)
    assert cli.main(["register", str(root), "--format", "delta"]) == 2
    assert "cannot hold hard links" in capsys.readouterr().err
    assert isinstance(linking.os, type(os))


def test_a_folder_that_a_library_misreads_is_refused(root, tmp_path, capsys):
    assert cli.main(["register", str(root), "--format", "delta", "--catalog", str(tmp_path / "a%20b")]) == 2
    assert "percent sign" in capsys.readouterr().err


def test_a_missing_library_is_named_with_its_extra(root, monkeypatch, capsys):
    def missing(name, folder):
        raise register.LibraryMissing("deltalake is not installed: pip install 'pledgeline[delta]'")

    monkeypatch.setattr(register, "open_format", missing)
    assert cli.main(["register", str(root), "--format", "delta"]) == 2
    assert "pip install 'pledgeline[delta]'" in capsys.readouterr().err


@pytest.mark.parametrize("form", READERS)
def test_the_extra_is_the_format(form, root, monkeypatch):
    """As where the extra is not installed."""
    import sys

    for name in [
        name
        for name in sys.modules
        if name.startswith(("deltalake", "pyiceberg", "warehouse.delta", "warehouse.iceberg"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, {"delta": "deltalake", "iceberg": "pyiceberg"}[form], None)
    with pytest.raises(register.LibraryMissing, match=rf"pledgeline\[{form}\]"):
        register.open_format(form, pathlib.Path(root))
