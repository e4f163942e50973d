"""Partitions: rows to Parquet files by day, the same bytes for the same rows; and what is read back from them."""

import datetime
import hashlib
import os
import pathlib
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.ledger import PLEDGES, PLEDGES_TABLE
from schemas.tables import SORT_KEYS, TABLES, Row

# Hive's name for a partition whose value is null.
UNKNOWN_DAY = "__HIVE_DEFAULT_PARTITION__"
# Staged files never end in .parquet: a reader's glob must not find them.
STAGED_SUFFIX = ".staged"
# Rows. Small enough that a reader of one article skips most of a large file's text.
ROW_GROUP_ROWS = 20_000

# Rows of articles that are in memory at once where a file is read in slices.
_SLICE_ROWS = 64


def _schema(table: str) -> pa.Schema:
    """Give the schema of a table of a backfill, or of the ledger that is made of them."""
    return PLEDGES if table == PLEDGES_TABLE else TABLES[table]


def partition_name(day: datetime.date | None) -> str:
    """Name the hive partition of a day."""
    return f"date={day.isoformat() if day else UNKNOWN_DAY}"


def parse_partition(name: str) -> datetime.date | None:
    """Give the day of a partition's folder, or None where it is unknown (or the folder is none of ours)."""
    try:
        return datetime.date.fromisoformat(name.removeprefix("date="))
    except ValueError:
        return None


def staged_name(table: str, day: datetime.date | None, segment: str) -> str:
    """Name a segment's staged file, relative to its staging folder."""
    return f"{table}/{partition_name(day)}/part-{segment}.parquet{STAGED_SUFFIX}"


def published_name(staged: str) -> str:
    """Name the published file of a staged one, relative to the warehouse."""
    return staged.removesuffix(STAGED_SUFFIX)


def write_rows(path: pathlib.Path, table: str, rows: Iterable[Row]) -> None:
    """Write rows to a file as a whole or not at all, sorted by the table's key.

    Raises:
        OSError: The disk is full or may not be written.
    """
    keys = ("pledge_id",) if table == PLEDGES_TABLE else SORT_KEYS[table]
    ordered = sorted(rows, key=lambda row: tuple(_sortable(row[key]) for key in keys))
    data = pa.Table.from_pylist(ordered, schema=_schema(table))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    with open_writer(unfinished, table) as writer:
        writer.write_table(data, row_group_size=ROW_GROUP_ROWS)
    os.replace(unfinished, path)


def open_writer(path: pathlib.Path, table: str, *, schema: pa.Schema | None = None) -> pq.ParquetWriter:
    """Open a new file of a table for writing, with the settings that all files have; `schema` stands in for its own."""
    schema = schema or _schema(table)
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        write_page_index=True,
        # Dictionary of whole texts would only cost: they do not repeat.
        use_dictionary=[column.name for column in schema if column.name != "text"],
    )


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value)


def count_rows(path: pathlib.Path) -> int:
    """Count a file's rows by its footer."""
    rows: int = pq.read_metadata(path).num_rows
    return rows


def read_slice(path: pathlib.Path, first: int, last: int) -> Iterator[Row]:
    """Read the rows `first` to `last` of a file, the latter excluded, a few in memory at a time."""
    place = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_SLICE_ROWS):
            wanted = batch.slice(max(first - place, 0), max(last - max(first, place), 0))
            yield from wanted.to_pylist()
            place += batch.num_rows
            if place >= last:
                return


def file_digest(path: pathlib.Path) -> str:
    """Give the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_claims(path: pathlib.Path, *, segment: str) -> Iterator[tuple[str, str]]:
    """Read what a segment's rows are unique by in an `articles` file, or a `rejects` file (the second part empty)."""
    file = pq.ParquetFile(path)
    keys = ["reject_id"] if "reject_id" in file.schema_arrow.names else ["article_id", "content_id"]
    columns = file.read([*keys, "segment"])
    columns = columns.filter(pc.field("segment") == segment)
    if len(keys) == 1:
        yield from ((reject_id, "") for reject_id in columns["reject_id"].to_pylist())
    else:
        yield from zip(columns["article_id"].to_pylist(), columns["content_id"].to_pylist(), strict=True)


def read_versions(path: pathlib.Path) -> set[tuple[str, str]]:
    """Read which versions (tagger, model) made the rows of an `actors` or `commitments` file."""
    columns = pq.ParquetFile(path).read(["tagger_version", "model"])
    found = columns.group_by(["tagger_version", "model"]).aggregate([]).to_pylist()
    return {(row["tagger_version"], row["model"]) for row in found}


def count_reasons(path: pathlib.Path, *, segment: str) -> dict[str, int]:
    """Count a segment's rows in a `rejects` file by reason."""
    columns = pq.ParquetFile(path).read(["reason", "segment"]).filter(pc.field("segment") == segment)
    return {entry["values"]: entry["counts"] for entry in columns["reason"].value_counts().to_pylist()}
