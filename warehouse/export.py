"""Export: `pledgeline export WAREHOUSE FOLDER --without_text` copies the tables to share them, without the bodies.

Sentences that commitments stand on are kept: they are the evidence.
"""

import argparse
import dataclasses
import datetime
import os
import pathlib
import shutil
import sys

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.exits import USAGE, exit_code
from pipelines.options import day
from schemas.tables import ROW_IDS, SORT_KEYS, TABLES
from transforms.partitions import ROW_GROUP_ROWS, open_writer, parse_partition
from warehouse.dialects import quote
from warehouse.files import TableFiles, list_day, vouched_files
from warehouse.selects import select_listed
from warehouse.views import Connection, ReadError, check_warehouse, open_database

# Columns that hold whole documents. They stay as columns, so that readers need not know, and are null in every row.
BODIES = {"articles": ("text",), "rejects": ("payload",)}
_TRIES = 5


class NotEmpty(ValueError):
    """The folder to be holds something already, or lies in the warehouse."""


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """What is exported. With a day given, `end_date` excluded, rows of unknown day are left out."""

    without_text: bool
    start_date: datetime.date | None = None
    end_date: datetime.date | None = None

    def takes(self, partition: str) -> bool:
        """Say whether rows of a partition's folder (`date=2025-09-04`) are wanted."""
        if not self.start_date and not self.end_date:
            return True
        found = parse_partition(partition)
        first, end = self.start_date or datetime.date.min, self.end_date or datetime.date.max
        return found is not None and first <= found < end


def export(root: pathlib.Path, folder: pathlib.Path, choice: Choice) -> dict[str, int]:
    """Copy the tables of a warehouse to a new folder, one file a day; gives the rows of each.

    Raises:
        NoWarehouse: There is none.
        NotEmpty: See there.
        OSError: A disk is full, may not be written, or a file cannot be read; nothing of the folder is there then.
    """
    check_warehouse(root)
    if folder.resolve().is_relative_to(root.resolve()):
        raise NotEmpty(f"{folder} lies in the warehouse")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(f"{folder} is there already, and not an empty folder")
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}.unfinished")
    try:
        counts = {table: _export_table(root, unfinished, table, choice) for table in TABLES}
        unfinished.mkdir(parents=True, exist_ok=True)
        # In the place of an empty folder, too.
        os.replace(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return counts


def _export_table(root: pathlib.Path, target: pathlib.Path, table: str, choice: Choice) -> int:
    rows = 0
    with open_database() as connection:
        for folder in sorted((root / table).glob("date=*")):
            if choice.takes(folder.name):
                path = target / table / folder.name / "part-export.parquet"
                rows += _export_day(connection, root, folder, path, choice)
    return rows


def _export_day(
    connection: Connection, root: pathlib.Path, folder: pathlib.Path, path: pathlib.Path, choice: Choice
) -> int:
    for _ in range(_TRIES):
        files = list_day(folder, frozenset())
        if files.doubtful:
            files = list_day(folder, vouched_files(root))
        if not files.all:
            return 0
        try:
            return _write_day(connection, files, path, choice)
        except ReadError as error:
            # Merged into another meanwhile.
            last = error
    raise OSError(" ".join(str(last).split()))


def _write_day(connection: Connection, files: TableFiles, path: pathlib.Path, choice: Choice) -> int:
    table = path.parent.parent.name
    bodies = BODIES.get(table, ()) if choice.without_text else ()
    schema = pa.schema(
        [field.with_nullable(True) if field.name in bodies else field for field in TABLES[table]],
        metadata=TABLES[table].metadata,
    )
    columns = ", ".join(f"NULL AS {quote(name)}" if name in bodies else quote(name) for name in schema.names)
    order = ", ".join(f"{quote(key)} NULLS FIRST" for key in (*SORT_KEYS[table], *ROW_IDS[table]))
    select = select_listed(table, files, mixed=True)
    answer = connection.sql(f"SELECT {columns} FROM ({select}) ORDER BY {order}").to_arrow_reader(ROW_GROUP_ROWS)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with open_writer(path, table, schema=schema) as writer:
        for batch in answer:
            arrays = [_conform(column, kind) for column, kind in zip(batch.columns, schema.types, strict=True)]
            writer.write_table(pa.table(arrays, schema=schema))
            rows += batch.num_rows
    return rows


def _conform(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Give what DuckDB made of a column the column's own type again."""
    if not pa.types.is_struct(kind):
        return array.cast(kind)
    # Parts that are never null are so in DuckDB's rows where the whole is; pyarrow casts no such null.
    parts = [
        (pc.fill_null(part, "") if not field.nullable else part).cast(field.type)
        for part, field in zip(array.flatten(), kind.fields, strict=True)
    ]
    return pa.StructArray.from_arrays(parts, fields=kind.fields, mask=array.is_null())


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline export` with the given arguments, or those of the process; gives the exit code."""
    options = _parse(sys.argv[1:] if arguments is None else arguments)
    choice = Choice(options.without_text, options.start_date, options.end_date)

    def run() -> int:
        try:
            counts = export(options.warehouse, options.folder, choice)
        except NotEmpty as error:
            print(f"pledgeline: {error}", file=sys.stderr)
            return USAGE
        print(", ".join(f"{rows:,} {table}" for table, rows in counts.items()))
        return 0

    return exit_code(run)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="pledgeline export",
        description="Copy the tables to a new folder, one file a day, to share them.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("warehouse", type=pathlib.Path, help="the folder that backfill or monitor writes")
    add("folder", type=pathlib.Path, help="the folder to be")
    add("--without_text", action="store_true", help="leave articles.text and rejects.payload null")
    add("--start_date", type=day, metavar="DAY", help="take this day and later ones")
    add("--end_date", type=day, metavar="DAY", help="take days before this one")
    options = parser.parse_args(arguments)
    if options.start_date and options.end_date and options.start_date >= options.end_date:
        parser.error("--start_date must be before --end_date, which is excluded")
    return options
