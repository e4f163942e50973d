"""Views: the SQL that makes a warehouse's tables easy to ask, and DuckDB opened on them.

Every view is distinct by id, has the types of the schema, and is empty where a table has no file yet.
"""

import glob
import importlib.resources
import pathlib
from collections.abc import Sequence

import duckdb

from schemas.tables import ROW_IDS, TABLES
from warehouse.dialects import duckdb_type, literal, quote
from warehouse.files import TableFiles, list_files, marked_segments

MARKS = "_pledgeline/segments"
# Bytes of the largest JSON object that DuckDB reads unasked.
_LARGEST_OBJECT = 16 * 1024 * 1024

# Of a mark: what a query could want. The files and lost claims stay unread.
_MARK_COLUMNS = {
    "segment": "VARCHAR",
    "sequence": "BIGINT",
    "finished_at": "TIMESTAMPTZ",
    "inputs": "STRUCT(name VARCHAR)[]",
    "counts": "MAP(VARCHAR, BIGINT)",
    "files": "STRUCT(path VARCHAR, rows BIGINT)[]",
    "versions": "MAP(VARCHAR, VARCHAR)",
    "resolves": "VARCHAR[]",
}


class NotAWarehouse(ValueError):
    """The folder is not there, or holds no table."""


def connect(root: pathlib.Path | str, *, mixed: bool = False) -> duckdb.DuckDBPyConnection:
    """Open DuckDB in memory with the views of a warehouse: a look at the files that are there now.

    Args:
        root: The warehouse.
        mixed: Some files were written before a column was added. Those have it null then; without this a query
            that needs it fails, with it every file is opened before the first row.

    Raises:
        NotAWarehouse: There is no such folder, or it holds no table.
    """
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    refresh(connection, root, mixed=mixed)
    return connection


def refresh(connection: duckdb.DuckDBPyConnection, root: pathlib.Path | str, *, mixed: bool = False) -> None:
    """Make the views anew, over the files that are there now."""
    connection.execute(warehouse_views(pathlib.Path(root), mixed=mixed))


def warehouse_views(root: pathlib.Path, *, mixed: bool = False) -> str:
    """Write the SQL of the views over the files that a warehouse has now, each of them by name.

    Only files that may repeat each other's rows are compared, so that whole texts need not be held to be distinct.
    """
    check_warehouse(root)
    root = root.absolute()
    marked = marked_segments(root / MARKS)
    listed = {table: list_files(root, table, marked) for table in TABLES}
    # Published in the meantime: what was listed may be of before and after.
    if marked_segments(root / MARKS) != marked:
        listed = {table: TableFiles(doubtful=files.all) for table, files in listed.items()}
    tables = (_table_view(table, _select_listed(table, files, mixed)) for table, files in listed.items())
    return "\n".join([_marks_view(root), *tables, _derived()])


def portable_views(root: pathlib.Path) -> str:
    """Write the SQL of the same views for anyone's own DuckDB: by patterns, so that they go on to be true.

    A table that has no file yet is empty in them until they are written again.
    """
    check_warehouse(root)
    views = [_marks_view(root)]
    for table in TABLES:
        pattern = f"{glob.escape(str(root))}/{table}/date=*/*.parquet"
        files = [pattern] if next(root.glob(f"{table}/date=*/*.parquet"), None) else []
        views.append(_table_view(table, _select(table, files, distinct=True, mixed=True)))
    return "\n".join([*views, _derived()])


def check_warehouse(root: pathlib.Path) -> None:
    """Make sure that a folder is a warehouse.

    Raises:
        NotAWarehouse: There is no such folder, or it holds no table.
    """
    if not root.is_dir():
        raise NotAWarehouse(f"{root} is not a folder")
    if not any((root / name).is_dir() for name in (*TABLES, MARKS)):
        raise NotAWarehouse(f"{root} holds none of the tables {', '.join(TABLES)}: is it the --output of a backfill?")


def _table_view(table: str, select: str) -> str:
    # A later run of rejected records names the rejects that it resolved; the table keeps their history.
    is_open = "\nANTI JOIN (SELECT unnest(resolves) AS reject_id FROM marks) AS resolved USING (reject_id)"
    where = is_open if table == "rejects" else ""
    return f"CREATE OR REPLACE VIEW {table} AS\nSELECT * FROM (\n{select}\n) AS rows{where};\n"


def _select_listed(table: str, files: TableFiles, mixed: bool) -> str:
    parts = [
        _select(table, part, distinct=distinct, mixed=mixed)
        for part, distinct in ((files.settled, False), (files.doubtful, True))
        if part
    ]
    return "\nUNION ALL\n".join(parts) or _select(table, (), distinct=False, mixed=mixed)


def _select(table: str, files: Sequence[str], *, distinct: bool, mixed: bool) -> str:
    columns = {"date": "DATE"} | {field.name: duckdb_type(field.type) for field in TABLES[table]}
    if not files:
        return _nothing(columns)
    union = ", union_by_name = true" if mixed else ""
    names = ", ".join(quote(name) for name in columns)
    listed = ", ".join(map(literal, files))
    source = f"read_parquet([{listed}], hive_partitioning = true, hive_types = {{'date': DATE}}{union})"
    # The day is part of the key so that a condition on it is pushed down to the choice of files.
    key = ", ".join((*ROW_IDS[table], "date"))
    unique = f"\nQUALIFY row_number() OVER (PARTITION BY {key} ORDER BY filename DESC) = 1" if distinct else ""
    return f"SELECT {names}\nFROM {source}{unique}"


def _marks_view(root: pathlib.Path) -> str:
    sizes = [path.stat().st_size for path in (root / MARKS).glob("*.json")]
    if sizes:
        types = ", ".join(f"{name}: {literal(kind)}" for name, kind in _MARK_COLUMNS.items())
        pattern = literal(f"{glob.escape(str(root))}/{MARKS}/*.json")
        largest = max(_LARGEST_OBJECT, max(sizes) + 1)
        options = f"columns = {{{types}}}, format = 'unstructured', maximum_object_size = {largest}"
        select = f"SELECT * FROM read_json({pattern}, {options})"
    else:
        select = _nothing(_MARK_COLUMNS)
    return f"CREATE OR REPLACE VIEW marks AS\n{select};\n"


def _nothing(columns: dict[str, str]) -> str:
    nulls = ", ".join(f"NULL::{kind} AS {quote(name)}" for name, kind in columns.items())
    return f"SELECT {nulls} WHERE false"


def _derived() -> str:
    return importlib.resources.files("warehouse").joinpath("derived.sql").read_text(encoding="utf-8")
