"""Session: questions to a warehouse in SQL that can read its files and nothing else, and write nothing."""

import contextlib
import dataclasses
import itertools
import os
import pathlib
import re
import tempfile
from collections.abc import Iterator
from typing import TextIO

import duckdb
import pyarrow as pa

from warehouse.dialects import literal
from warehouse.views import check_warehouse, open_database, warehouse_views

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI}
# What could write a file from inside a statement of those types, as DuckDB 2.0 allows in WITH and EXPLAIN ANALYZE.
_WRITING = {"COPY", "EXPORT", "ATTACH", "IMPORT", "INSTALL", "LOAD"}
# pyarrow makes an OSError of what DuckDB raises while rows are fetched.
# A file can be merged into another between being listed and being opened; then the files are listed anew.
_TRIES = 5
# Characters; no line is as long.
_UNCUT = 1_000_000
_GONE = ("No such file", "No files found")
# Rows in a batch; the first is there as soon as DuckDB has that many.
_BATCH_ROWS = 1_000


class Unanswerable(ValueError):
    """The SQL is wrong, does more than read, or meets a value that it cannot take; the message is one sentence."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """The rows that a statement gives, as they come. Names of columns may repeat. `batches` raises Unanswerable."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


class Session:
    """DuckDB on the views of a warehouse, confined to its folder.

    Raises:
        NoWarehouse: There is no such folder, or it holds no table.
    """

    def __init__(self, root: pathlib.Path) -> None:
        self._root = pathlib.Path(os.path.abspath(root))
        self._mixed = False
        check_warehouse(self._root)
        self._connection = open_database()
        # Large sorts spill to disk, which must not be in the folder that the user happens to be in.
        self._spill = tempfile.TemporaryDirectory(prefix="pledgeline-")
        for setting in (
            f"temp_directory = {literal(self._spill.name)}",
            f"allowed_directories = [{literal(str(self._root) + os.sep)}, {literal(self._spill.name + os.sep)}]",
            "python_enable_replacements = false",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._spill.cleanup()

    def ask(self, sql: str) -> Answer:
        """Run one statement; its first rows are there when this returns.

        Raises:
            Unanswerable: See there.
        """
        check_reading(sql)
        named_in = sql
        for attempt in itertools.count(1):
            try:
                self._look(named_in)
                # Of its own, so that rows which nobody fetched do not stand in the way of the next question.
                reader = self._connection.cursor().sql(sql).to_arrow_reader(_BATCH_ROWS)
                first = next(reader, None)
                break
            except (duckdb.Error, OSError) as error:
                # A statement can name a view without spelling it.
                unspelt = isinstance(error, duckdb.CatalogException) and bool(named_in)
                if attempt == _TRIES or not (unspelt or self._may_mend(error)):
                    raise Unanswerable(_sentence(error)) from error
                named_in = ""
        return Answer(reader.schema, _go_on(first, reader))

    def draw(self, answer: Answer, file: TextIO, *, max_rows: int, width: int) -> None:
        """Draw an answer as a table.

        Args:
            answer: What to draw.
            file: Where.
            max_rows: Stop after so many rows, and say so; 0 draws all.
            width: Characters of a line, into which columns are cut; 0 cuts nothing.

        Raises:
            Unanswerable: A row could not be made.
        """
        batches: list[pa.RecordBatch] = []
        while not max_rows or sum(batch.num_rows for batch in batches) <= max_rows:
            if (batch := next(answer.batches, None)) is None:
                break
            batches.append(batch)
        found = pa.Table.from_batches(batches, answer.schema)
        drawn = found.slice(0, max_rows) if max_rows else found
        if drawn.column_names == ["explain_key", "explain_value"]:
            file.write("".join(drawn["explain_value"].to_pylist()))
            return
        with contextlib.redirect_stdout(file):
            limits = {
                "max_rows": max(drawn.num_rows, 1),
                "max_width": width or _UNCUT,
                "max_col_width": width or _UNCUT,
            }
            self._connection.from_arrow(drawn).show(**limits)
        if found.num_rows > drawn.num_rows:
            file.write(f"the first {max_rows} rows; --max_rows 0 shows all\n")

    def columns(self) -> dict[str, list[str]]:
        """Name the columns of every view."""
        self._look("")
        rows = self._connection.execute(
            "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "WHERE NOT internal GROUP BY table_name ORDER BY table_name"
        )
        return {name: columns for name, columns in rows.fetchall()}

    def _look(self, named_in: str) -> None:
        """See the files that are there now."""
        self._connection.execute(warehouse_views(self._root, mixed=self._mixed, named_in=named_in))

    def _may_mend(self, error: Exception) -> bool:
        """Say whether another look at the files can help."""
        if "union_by_name" in str(error) and not self._mixed:
            self._mixed = True
            return True
        return any(words in str(error) for words in _GONE)


def check_reading(sql: str) -> None:
    """Make sure that a text is one statement that only reads.

    Raises:
        Unanswerable: It is not.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise Unanswerable(_sentence(error)) from error
    if len(statements) != 1:
        raise Unanswerable(f"one statement at a time, not {len(statements)}")
    if statements[0].type not in _READING or _keywords(sql) & _WRITING:
        raise Unanswerable(
            "a query only reads: SELECT, FROM, WITH, PIVOT, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN; "
            "`pledgeline views` writes the same views for your own DuckDB, which may do more"
        )


def _keywords(sql: str) -> set[str]:
    # Offsets of tokens are in bytes.
    text = sql.encode()
    starts = [start for start, kind in duckdb.tokenize(sql) if kind == duckdb.token_type.keyword]
    return {word[0].decode().upper() for start in starts if (word := re.match(rb"\w+", text[start:]))}


def _go_on(first: pa.RecordBatch | None, rest: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from [] if first is None else [first]
        yield from rest
    except OSError as error:
        raise Unanswerable(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    """Take the sentence out of an error of DuckDB, which goes on to quote the statement."""
    text = str(error).split("\n\nLINE ")[0]
    return " ".join(text.split())
