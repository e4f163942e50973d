"""Delta: linked files as Delta Lake tables, one log entry for each refresh."""

import json
import pathlib
import time

import pyarrow as pa
from deltalake import DeltaTable, Schema
from deltalake.transaction import AddAction, RemoveAction

from schemas.codebook import ROW_MEANINGS
from schemas.tables import TABLES
from warehouse.linking import LinkedFile


def refresh_delta(folder: pathlib.Path, table: str, files: tuple[LinkedFile, ...]) -> tuple[int, int]:
    """Make a Delta table hold these files; gives how many were added and removed. Nothing is logged for nothing.

    Args:
        folder: The table's, in which the files lie.
        table: Its name.
        files: All that it is to hold.
    """
    delta = _open(folder, table)
    wanted = {file.path: file for file in files}
    present = _present(delta)
    add = [_add_action(folder, wanted[path]) for path in sorted(wanted.keys() - present.keys())]
    remove = [_remove_action(path, present[path]) for path in sorted(present.keys() - wanted.keys())]
    if add or remove:
        delta.create_write_transaction([*add, *remove], "append", _schema(table), partition_by=["date"])
    return len(add), len(remove)


def _open(folder: pathlib.Path, table: str) -> DeltaTable:
    schema = _schema(table)
    if not DeltaTable.is_deltatable(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        description = ROW_MEANINGS[table]
        return DeltaTable.create(folder, schema, partition_by=["date"], name=table, description=description)
    delta = DeltaTable(folder)
    known = {field.name for field in delta.schema().fields}
    if new := [field for field in schema.fields if field.name not in known]:
        delta.alter.add_columns(new)
    return delta


def _schema(table: str) -> Schema:
    # A column that is added later is null in older files, so none is declared as never null.
    fields = [pa.field("date", pa.date32()), *(field.with_nullable(True) for field in TABLES[table])]
    return Schema.from_arrow(pa.schema([field.remove_metadata() for field in fields]))


def _present(delta: DeltaTable) -> dict[str, tuple[str | None, int]]:
    """Give day and size of each file that the table holds."""
    actions = pa.table(delta.get_add_actions(flatten=True)).to_pylist()
    return {row["path"]: (_text(row.get("partition.date")), row["size_bytes"]) for row in actions}


def _text(day: object) -> str | None:
    return None if day is None else str(day)


def _add_action(folder: pathlib.Path, file: LinkedFile) -> AddAction:
    return AddAction(
        path=file.path,
        size=file.size,
        partition_values={"date": file.day},
        modification_time=int((folder / file.path).stat().st_mtime * 1000),
        data_change=True,
        stats=json.dumps({"numRecords": file.rows}),
    )


def _remove_action(path: str, present: tuple[str | None, int]) -> RemoveAction:
    day, size = present
    now = int(time.time() * 1000)
    return RemoveAction(path, True, deletion_timestamp=now, size=size, partition_values={"date": day})
