"""Views: a warehouse opened in DuckDB, with views that make its tables easy to ask.

Every view is distinct by id, has the types of the schema, and is empty where a table has no file yet.
`pledgeline views WAREHOUSE` prints them for anyone's own DuckDB.
"""

import argparse
import glob
import os
import pathlib
import sys

import duckdb

from pipelines.exits import USAGE, NoWarehouse
from schemas.ledger import PLEDGES_TABLE
from schemas.tables import TABLES
from warehouse.files import TableFiles, list_files, vouched_files
from warehouse.selects import (
    MARKS,
    derived_views,
    has_ledger,
    ledger_view,
    marks_view,
    needed_views,
    select_listed,
    select_rows,
    table_view,
)

# What the views are asked through; named here so that others need not import DuckDB.
Connection = duckdb.DuckDBPyConnection
# What is raised where a file is gone, or is none of Parquet.
ReadError = (duckdb.IOException, duckdb.InvalidInputException)


def connect(root: pathlib.Path | str, *, mixed: bool = False) -> Connection:
    """Open DuckDB in memory with the views of a warehouse: a look at the files that are there now.

    Args:
        root: The warehouse.
        mixed: Some files were written before a column was added. Those have it null then; without this a query
            that needs it fails, with it every file is opened before the first row.

    Raises:
        NoWarehouse: There is no such folder, or it holds no table.
    """
    connection = open_database()
    connection.execute(warehouse_views(pathlib.Path(root), mixed=mixed))
    return connection


def open_database() -> Connection:
    """Open DuckDB in memory, with times in UTC."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    return connection


def warehouse_views(root: pathlib.Path, *, mixed: bool = False, named_in: str = "") -> str:
    """Write the SQL of the views over the files that a warehouse has now, each file by name.

    Only files that may repeat each other's rows are compared, so that whole texts need not be held to be distinct.

    Args:
        root: The warehouse.
        mixed: As for `connect`.
        named_in: Make only the views that this text needs, where it names any: looking for files takes time.

    Raises:
        NoWarehouse: There is no such folder, or it holds no table.
    """
    check_warehouse(root)
    root = pathlib.Path(os.path.abspath(root))
    needed = needed_views(named_in)
    vouched = vouched_files(root)
    listed = {table: list_files(root, table, vouched) for table in TABLES if table in needed}
    # Changed in the meantime: what was listed may be of before and after.
    if vouched_files(root) != vouched:
        listed = {table: TableFiles(doubtful=files.all) for table, files in listed.items()}
    tables = (table_view(table, select_listed(table, files, mixed=mixed)) for table, files in listed.items())
    ledger = [ledger_view(glob.escape(str(root)), there=has_ledger(root))] if PLEDGES_TABLE in needed else []
    derived = (sql for name, sql in derived_views().items() if name in needed)
    return "\n".join([marks_view(root), *tables, *ledger, *derived])


def portable_views(location: str, *, mixed: bool = False) -> str:
    """Write the SQL of the same views for anyone's own DuckDB: by patterns, so that they go on to be true.

    Args:
        location: The warehouse: a folder, or an address that the reader's DuckDB can list, such as s3://bucket/it.
            Where it is a folder, a table that has no file yet is empty in the views until they are written again.
        mixed: As for `connect`.

    Raises:
        NoWarehouse: It is a folder, and there is no such one, or it holds no table.
    """
    remote = "://" in location
    marks = marks_view(pathlib.Path(os.path.abspath(location)), location.rstrip("/") if remote else None)
    tables = (table_view(table, select) for table, select in table_selects(location, mixed=mixed).items())
    place = location.rstrip("/") if remote else glob.escape(os.path.abspath(location))
    ledger = ledger_view(place, there=remote or has_ledger(pathlib.Path(location)))
    return "\n".join([marks, *tables, ledger, *derived_views().values()])


def table_selects(location: str, *, mixed: bool = False) -> dict[str, str]:
    """Write the SELECT of each table's rows by patterns, for `portable_views` and as it takes its arguments."""
    remote = "://" in location
    root = pathlib.Path(os.path.abspath(location))
    if not remote:
        check_warehouse(root)
    place = location.rstrip("/") if remote else glob.escape(str(root))
    selects = {}
    for table in TABLES:
        there = remote or next(root.glob(f"{table}/date=*/*.parquet"), None)
        files = [f"{place}/{table}/date=*/*.parquet"] if there else []
        selects[table] = select_rows(table, files, distinct=True, mixed=mixed)
    return selects


def check_warehouse(root: pathlib.Path) -> None:
    """Make sure that a folder can be read as a warehouse.

    Raises:
        NoWarehouse: There is no such folder, or it holds no table.
    """
    if not root.is_dir():
        raise NoWarehouse(f"{root} is not a folder")
    if not any((root / name).is_dir() for name in (*TABLES, MARKS)):
        raise NoWarehouse(f"{root} holds none of the tables {', '.join(TABLES)}: is it the --output of a backfill?")


def main(arguments: list[str]) -> int:
    """Print the views of a warehouse; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="pledgeline views",
        description="Print the views of a warehouse as SQL for your own DuckDB. They compare all rows to be distinct, "
        "which `pledgeline query` needs to do only for files that are being replaced.",
        allow_abbrev=False,
    )
    parser.add_argument("warehouse", nargs="?", default=".", help="a folder, or an address such as s3://bucket/it (.)")
    parser.add_argument("--mixed", action="store_true", help="older files lack columns: slower, but takes them too")
    options = parser.parse_args(arguments)
    try:
        print(portable_views(options.warehouse, mixed=options.mixed), end="")
    except NoWarehouse as error:
        print(f"pledgeline: {error}", file=sys.stderr)
        return USAGE
    return 0
