"""Output: the rows of an answer as CSV, JSON or Parquet."""

import csv
import datetime
import decimal
import io
import itertools
import json
import math
import pathlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.session import Answer

# What a spreadsheet takes for the beginning of a formula, also in full width.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def write_csv(answer: Answer, file: TextIO) -> None:
    """Write rows as CSV with a head; lists and structs are JSON in a cell.

    Text that a spreadsheet would run as a formula is led in by an apostrophe.
    """
    line = io.StringIO(newline="")
    # With an end of line that has both, the writer quotes cells that hold either.
    writer = csv.writer(line, lineterminator="\r\n")
    for row in itertools.chain([answer.schema.names], _rows(answer)):
        writer.writerow(map(_cell, row))
        file.write(line.getvalue().removesuffix("\r\n") + "\n")
        line.seek(0)
        line.truncate()


def write_json(answer: Answer, file: TextIO) -> None:
    """Write rows as one JSON array with an object on each line. Of equal names, later ones are numbered."""
    names = unique_names(answer.schema.names)
    separator = "[\n"
    for row in _rows(answer):
        file.write(separator + json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False))
        separator = ",\n"
    file.write("[]\n" if separator == "[\n" else "\n]\n")


def write_parquet(answer: Answer, path: pathlib.Path) -> None:
    """Write rows as a Parquet file. Of equal names, later ones are numbered.

    Raises:
        pyarrow.ArrowException: Parquet has no such type.
    """
    names = unique_names(answer.schema.names)
    schema = pa.schema([field.with_name(name) for field, name in zip(answer.schema, names, strict=True)])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in answer.batches:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))


def unique_names(names: Sequence[str]) -> list[str]:
    """Number names that were there before: `date, date` becomes `date, date_1`."""
    given: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" if number else name for number in itertools.count())
        given.append(next(candidate for candidate in numbered if candidate not in given))
    return given


def guard_formula(text: str) -> str:
    """Lead a text in by an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _rows(answer: Answer) -> Iterator[tuple[Any, ...]]:
    for batch in answer.batches:
        # By column: a name may occur twice.
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _cell(value: Any) -> str | int | float | None:
    plain = _plain(value)
    if isinstance(plain, str):
        return guard_formula(plain)
    if isinstance(plain, (list, dict, bool)):
        return json.dumps(plain, ensure_ascii=False)
    return plain  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """Turn a value into what JSON knows; bytes that are no UTF-8 are escaped."""
    for kind, make in _PLAIN.items():
        if isinstance(value, kind):
            return make(value)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


_PLAIN: dict[type, Callable[[Any], Any]] = {
    float: lambda value: value if math.isfinite(value) else None,
    decimal.Decimal: lambda value: int(value) if value == value.to_integral_value() else float(value),
    datetime.datetime: datetime.datetime.isoformat,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
    bytes: lambda value: value.decode(errors="backslashreplace"),
    list: lambda value: [_plain(part) for part in value],
    dict: lambda value: {str(key): _plain(part) for key, part in value.items()},
}
