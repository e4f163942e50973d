"""Warehouses that tests make row by row, without a run."""

import datetime
import json
import pathlib
from typing import Any

from pipelines.layout import Layout
from tests.test_tables import ROWS
from transforms.marks import Mark, PublishedFile, encode_mark
from transforms.partitions import count_rows, file_digest, published_name, staged_name, write_rows

DAY = datetime.date(2025, 9, 4)


def row(table: str, **changes: Any) -> dict[str, Any]:
    """Give the table's one row of tests/test_tables.py with some columns changed."""
    unknown = set(changes) - set(ROWS[table][0])
    assert not unknown, unknown
    return {**ROWS[table][0], **changes}


def add_file(
    root: pathlib.Path, table: str, *rows: dict[str, Any], day: datetime.date | None = DAY, name: str = "s"
) -> PublishedFile:
    """Write rows to a file of a table, named after a segment; gives it as a mark would name it."""
    path = published_name(staged_name(table, day, name))
    write_rows(root / path, table, rows)
    return PublishedFile(path, count_rows(root / path), file_digest(root / path))


def add_mark(root: pathlib.Path, *files: PublishedFile, segment: str = "s", **extra: Any) -> None:
    """Write the mark of a segment that has these files; `extra` are fields of the mark."""
    counts = dict.fromkeys(("read", "articles", "rejects", "duplicates", "filtered", "skipped"), 0)
    for end in ("articles", "rejects"):
        counts[end] = sum(file.rows for file in files if file.path.startswith(f"{end}/"))
    mark = Mark(
        segment=segment,
        sequence=1,
        inputs=(),
        filters="{}",
        counts=counts | {"read": counts["articles"] + counts["rejects"]},
        files=files,
        claims_lost=(),
        versions={"pipeline": "0.1", "schema": "1.0", "tagger": "0.1", "model": "model 1"},
        finished_at="2026-01-02T03:04:05.000006+00:00",
    )
    layout = Layout(root)
    layout.create()
    layout.mark(segment).write_text(json.dumps(json.loads(encode_mark(mark)) | extra))
