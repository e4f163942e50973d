"""Merging: sorted Parquet files of one partition become one sorted file, in bounded memory."""

import collections
import contextlib
import os
import pathlib
from collections.abc import Collection, Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.tables import SORT_KEYS, TABLES
from transforms.partitions import ROW_GROUP_ROWS, open_writer

# Bytes, decoded, that a row group should have at most: one is in memory at a time, and one batch of each source.
_ROW_GROUP_BYTES = 64 * 1024 * 1024
# Rows that are read at once from each source. Hundreds of sources are open together.
_BATCH_ROWS = 64
# Bytes of a column that are read at once from each.
_BUFFER_BYTES = 64 * 1024

# Which rows of a batch stay: a boolean for each.
Keep = collections.abc.Callable[[pa.RecordBatch], pa.Array]


def keep_all(batch: pa.RecordBatch) -> pa.Array:
    """Keep every row."""
    return pa.repeat(pa.scalar(True), batch.num_rows)


def without_segment(segment: str) -> Keep:
    """Keep the rows of all other segments."""
    return lambda batch: pc.not_equal(batch.column("segment"), segment)


def of_articles(ids: Collection[tuple[str, str]]) -> Keep:
    """Keep the rows of the articles with these ids (article_id, content_id)."""

    def keep(batch: pa.RecordBatch) -> pa.Array:
        found = zip(batch.column("article_id").to_pylist(), batch.column("content_id").to_pylist(), strict=True)
        return pa.array([key in ids for key in found], pa.bool_())

    return keep


def without_values(column: str, values: Collection[str]) -> Keep:
    """Keep the rows whose column has none of these values."""
    gone = pa.array(sorted(values), pa.string())
    return lambda batch: pc.invert(pc.is_in(batch.column(column), value_set=gone))


def merge_files(
    sources: Sequence[pathlib.Path], target: pathlib.Path, table: str, *, keep: Keep = keep_all
) -> dict[str, int]:
    """Merge files that are each sorted by the table's key into one that is too, as a whole or not at all.

    Args:
        sources: Files of the table; columns that an older version did not write become null.
        target: The file to be. Nothing is written where no row is kept.
        table: Names the schema and the sort key.
        keep: Says which rows of a batch stay.

    Returns:
        The rows of each segment that were written.

    Raises:
        OSError: A source is gone, or the disk is full or may not be written.
    """
    order, counts = _plan(sources, table, keep)
    if not order.num_rows:
        return counts
    cursors = [_Cursor(path, table, keep) for path in sources]
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    group_rows = _group_rows(sources)
    with contextlib.ExitStack() as stack:
        writer = stack.enter_context(open_writer(unfinished, table))
        for start in range(0, order.num_rows, group_rows):
            writer.write_table(_gather(order["source"].slice(start, group_rows), cursors))
    os.replace(unfinished, target)
    return counts


def _plan(sources: Sequence[pathlib.Path], table: str, keep: Keep) -> tuple[pa.Table, dict[str, int]]:
    """Read the keys alone, and give for each row to be written the number of its source, in order."""
    keys = list(SORT_KEYS[table])
    pieces: list[pa.Table] = []
    counts: collections.Counter[str] = collections.Counter()
    for number, path in enumerate(sources):
        for batch in read_batches(path, table, [*keys, "segment"] if keep is keep_all else None):
            batch = batch.filter(keep(batch))
            counts.update(batch.column("segment").to_pylist())
            source = pa.repeat(pa.scalar(number, pa.int32()), batch.num_rows)
            pieces.append(pa.table({key: batch.column(key) for key in keys} | {"source": source}))
    whole = pa.concat_tables(pieces) if pieces else pa.table({"source": pa.array([], pa.int32())})
    if not whole.num_rows:
        return whole, dict(counts)
    sorting = [(key, "ascending", "at_start") for key in keys]
    order = pc.sort_indices(whole, sort_keys=sorting)
    return pa.table({"source": whole["source"].take(order)}), dict(sorted(counts.items()))


def read_batches(path: pathlib.Path, table: str, columns: list[str] | None) -> Iterator[pa.RecordBatch]:
    """Read a file of a table a few rows at a time: some columns as they are, or all (None) as the schema has them."""
    schema = TABLES[table]
    # Read as a stream: hundreds of files are open together, and a row group of each in memory would be gigabytes.
    with pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER_BYTES) as file:
        present = [name for name in (columns or schema.names) if name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=present, use_threads=False):
            yield batch if columns else _conform(batch, schema)


def _conform(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    present = set(batch.schema.names)
    arrays = [
        batch.column(field.name) if field.name in present else pa.nulls(batch.num_rows, field.type) for field in schema
    ]
    return pa.RecordBatch.from_arrays([a.cast(f.type) for a, f in zip(arrays, schema, strict=True)], schema=schema)


class _Cursor:
    """The kept rows of a file, a number at a time."""

    def __init__(self, path: pathlib.Path, table: str, keep: Keep) -> None:
        self._batches = (batch.filter(keep(batch)) for batch in read_batches(path, table, None))
        self._rest = pa.RecordBatch.from_pylist([], schema=TABLES[table])

    def take(self, count: int) -> Iterable[pa.RecordBatch]:
        """Give the next `count` rows, in as many batches as it takes."""
        while count:
            while not self._rest.num_rows:
                self._rest = next(self._batches)
            piece = self._rest.slice(0, count)
            self._rest = self._rest.slice(piece.num_rows)
            count -= piece.num_rows
            yield piece


def _gather(numbers: pa.ChunkedArray, cursors: list[_Cursor]) -> pa.Table:
    """Take from each source as many rows as the order asks for, and put them in that order."""
    wanted = numbers.to_numpy()
    pieces = [piece for number, cursor in enumerate(cursors) for piece in cursor.take(int((wanted == number).sum()))]
    # Stable: rows of one source lie one behind the other in both.
    places = pc.sort_indices(pc.array_sort_indices(numbers.combine_chunks())) if len(cursors) > 1 else None
    gathered = pa.Table.from_batches(pieces)
    return gathered.take(places) if places is not None else gathered


def _group_rows(sources: Sequence[pathlib.Path]) -> int:
    rows = size = 0
    for path in sources:
        metadata = pq.read_metadata(path)
        rows += metadata.num_rows
        size += sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    return max(1, min(ROW_GROUP_ROWS, _ROW_GROUP_BYTES * rows // max(size, 1)))
