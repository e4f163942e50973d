"""Selects: the SQL of which the views of a warehouse are made."""

import glob
import importlib.resources
import pathlib
import re
from collections.abc import Sequence

from pipelines.layout import PRIVATE
from schemas.ledger import PLEDGES, PLEDGES_TABLE
from schemas.tables import ROW_IDS, TABLES
from warehouse.dialects import duckdb_type, literal, quote
from warehouse.files import TableFiles

MARKS = f"{PRIVATE}/segments"
# Bytes of the largest JSON object that DuckDB reads unasked.
_LARGEST_OBJECT = 16 * 1024 * 1024
# Of a mark: what a query could want. The claims that it lost stay unread.
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
_DERIVED = re.compile(r"^(?:--[^\n]*\n)+CREATE OR REPLACE VIEW (\w+).*?;\n", re.MULTILINE | re.DOTALL)


def derived_views() -> dict[str, str]:
    """Give the SQL of each view over others, in an order in which they can be made."""
    text = importlib.resources.files("warehouse").joinpath("derived.sql").read_text(encoding="utf-8")
    return {found[1]: found[0] for found in _DERIVED.finditer(text)}


def needed_views(text: str) -> set[str]:
    """Name the views that a text names, and those that they are made of; all where it names none."""
    derived = derived_views()
    needed: set[str] = set()
    # The later ones are made of the earlier.
    every = [*TABLES, PLEDGES_TABLE, *derived]
    for name in reversed(every):
        if re.search(rf"\b{name}\b", text, re.IGNORECASE):
            needed.add(name)
            text += derived.get(name, "")
    return needed or set(every)


def table_view(table: str, select: str) -> str:
    """Write the view of a table whose rows a SELECT gives."""
    # A later run of rejected records names the rejects that it resolved; the table keeps their history.
    is_open = "\nANTI JOIN (SELECT unnest(resolves) AS reject_id FROM marks) AS resolved USING (reject_id)"
    where = is_open if table == "rejects" else ""
    return f"CREATE OR REPLACE VIEW {table} AS\nSELECT * FROM (\n{select}\n) AS found{where};\n"


def marks_view(root: pathlib.Path, place: str | None = None) -> str:
    """Write the view of the marks.

    Args:
        root: The warehouse.
        place: Where it is for those who read it, where that is not `root`; then there are marks.
    """
    sizes = [path.stat().st_size for path in (root / MARKS).glob("*.json")]
    if sizes or place:
        types = ", ".join(f"{name}: {literal(kind)}" for name, kind in _MARK_COLUMNS.items())
        pattern = literal(f"{place or glob.escape(str(root))}/{MARKS}/*.json")
        largest = max([_LARGEST_OBJECT, *(size + 1 for size in sizes)])
        options = f"columns = {{{types}}}, format = 'unstructured', maximum_object_size = {largest}"
        select = f"SELECT * FROM read_json({pattern}, {options})"
    else:
        select = _nothing(_MARK_COLUMNS)
    return f"CREATE OR REPLACE VIEW marks AS\n{select};\n"


def select_listed(table: str, files: TableFiles, *, mixed: bool) -> str:
    """Write the SELECT of a table's rows from listed files; rows are compared only where files are in doubt."""
    parts = [
        select_rows(table, part, distinct=distinct, mixed=mixed)
        for part, distinct in ((files.settled, False), (files.doubtful, True))
        if part
    ]
    return "\nUNION ALL\n".join(parts) or select_rows(table, (), distinct=False, mixed=mixed)


def select_rows(table: str, files: Sequence[str], *, distinct: bool, mixed: bool) -> str:
    """Write the SELECT of a table's rows from files or patterns; of no file it gives no row of the right types.

    Args:
        table: Its name.
        files: Paths or patterns.
        distinct: Whether the files can hold a row twice.
        mixed: Whether some can lack a column; it is null then, and every file is opened to see.
    """
    columns = {"date": "DATE"} | {field.name: duckdb_type(field.type) for field in TABLES[table]}
    if not files:
        return _nothing(columns)
    union = ", union_by_name = true" if mixed else ""
    names = ", ".join(map(quote, columns))
    listed = ", ".join(map(literal, files))
    source = f"read_parquet([{listed}], hive_partitioning = true, hive_types = {{'date': 'DATE'}}{union})"
    # The day is part of the key so that a condition on it is pushed down to the choice of files.
    key = ", ".join((*ROW_IDS[table], "date"))
    unique = f"\nQUALIFY row_number() OVER (PARTITION BY {key} ORDER BY filename DESC) = 1" if distinct else ""
    return f"SELECT {names}\nFROM {source}{unique}"


def ledger_view(place: str, *, there: bool) -> str:
    """Write the view of the ledger; its files replace each other at once, so that all have to be made distinct.

    Args:
        place: The warehouse, as a pattern has it.
        there: Whether a ledger was made yet.
    """
    columns = {"date": "DATE"} | {field.name: duckdb_type(field.type) for field in PLEDGES}
    select = _nothing(columns)
    if there:
        files = literal(f"{place}/{PLEDGES_TABLE}/date=*/*.parquet")
        source = f"read_parquet({files}, hive_partitioning = true, hive_types = {{'date': DATE}})"
        unique = "QUALIFY row_number() OVER (PARTITION BY pledge_id, date ORDER BY filename DESC) = 1"
        select = f"SELECT {', '.join(map(quote, columns))}\nFROM {source}\n{unique}"
    return f"CREATE OR REPLACE VIEW {PLEDGES_TABLE} AS\n{select};\n"


def has_ledger(root: pathlib.Path) -> bool:
    """Say whether a ledger was made in a warehouse."""
    return next(root.glob(f"{PLEDGES_TABLE}/date=*/*.parquet"), None) is not None


def _nothing(columns: dict[str, str]) -> str:
    nulls = ", ".join(f"NULL::{kind} AS {quote(name)}" for name, kind in columns.items())
    return f"SELECT {nulls} WHERE false"
