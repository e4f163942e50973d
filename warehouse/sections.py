"""Sections: what `pledgeline status` tells of the tables of a warehouse, each part with its advice."""

import dataclasses
import datetime
import pathlib
from typing import Any

from pipelines.layout import Layout
from schemas.tables import SCHEMA_VERSION, TABLES
from schemas.version import VERSION
from transforms.partitions import UNKNOWN_DAY
from transforms.tagging.tagger import TAGGER_VERSION
from warehouse.looks import look
from warehouse.views import Connection

# Days of more files than this, on average, are read faster when they are merged.
_MANY_FILES = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A part of the status.

    `rows` are told as a table under `head` and `title`; in JSON they are the value of `name`, a list of objects
    whose keys are `head`. `advice` says what to do about what is told, a sentence each.
    """

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    advice: tuple[str, ...] = ()


def tables_section(layout: Layout) -> Section:
    """Tell how much there is of each table, and of which days."""
    counts = look(layout.root, _count_rows)
    rows = tuple(_table_row(layout.root, table, counts[table]) for table in TABLES)
    many = [f"{table} ({files} files)" for table, _, days, files, *_ in rows if files > _MANY_FILES * max(days, 1)]
    advice = (f"`pledgeline compact` merges the many small files of {', '.join(many)}",) if many else ()
    head = ("table", "rows", "days", "files", "bytes", "oldest", "newest", "undated")
    return Section("tables", "tables", head, rows, advice)


def _count_rows(connection: Connection) -> dict[str, tuple[int, int]]:
    # Of the files' footers: a row that is seen twice while files are merged is counted twice.
    sql = "SELECT count(*), count(*) FILTER (date IS NULL) FROM {}"
    return {table: connection.execute(sql.format(table)).fetchone() or (0, 0) for table in TABLES}


def _table_row(root: pathlib.Path, table: str, counts: tuple[int, int]) -> tuple[Any, ...]:
    paths = sorted((root / table).glob("date=*/*.parquet"))
    days = sorted({path.parent.name.removeprefix("date=") for path in paths} - {UNKNOWN_DAY})
    size = sum(path.stat().st_size for path in paths if path.exists())
    oldest, newest = (days[0], days[-1]) if days else (None, None)
    return (table, counts[0], len(days), len(paths), size, oldest, newest, counts[1])


def segments_section(layout: Layout) -> Section:
    """Tell how many segments are finished, what became of their records, and what is unfinished."""
    ends = ("read", "articles", "rejects", "duplicates", "filtered", "skipped")
    sums = ", ".join(f"coalesce(sum({end}), 0)::BIGINT" for end in ends)
    sql = f"SELECT count(*), {sums}, min(loaded_at), max(loaded_at) FROM segments"
    found = look(layout.root, lambda connection: connection.execute(sql).fetchone()) or ()
    notes = sorted(path.stem for path in layout.marks.glob("*.pending"))
    half = f"{len(notes)} changes are going on or were left half made; any command that writes completes or undoes them"
    head = ("segments", *ends, "first_loaded_at", "last_loaded_at", "unfinished")
    return Section("segments", "segments", head, ((*found, len(notes)),), (half,) if notes else ())


def versions_section(layout: Layout) -> Section:
    """Tell which versions of the code, the rules and the model made the rows."""
    sql = """
        SELECT 'articles' AS made, pipeline_version, NULL AS tagger_version, NULL AS model, count(*) AS rows
        FROM articles GROUP BY pipeline_version
        UNION ALL
        SELECT 'tags', NULL, tagger_version, model, count(*)
        FROM (SELECT tagger_version, model FROM actors UNION ALL SELECT tagger_version, model FROM commitments)
        GROUP BY tagger_version, model
        ORDER BY ALL
    """
    rows = tuple(look(layout.root, lambda connection: connection.execute(sql).fetchall()))
    advice = []
    if any(made == "articles" and version != VERSION for made, version, *_ in rows):
        advice.append(f"some articles are by another version than this one, {VERSION}: see CHANGELOG.md")
    if any(made == "tags" and version != TAGGER_VERSION for made, _, version, *_ in rows):
        advice.append(f"some tags are by other rules than these, {TAGGER_VERSION}: `pledgeline retag` makes them anew")
    head = ("rows_of", "pipeline_version", "tagger_version", "model", "rows")
    return Section("versions", f"versions (schema {SCHEMA_VERSION})", head, rows, tuple(advice))


def rejects_section(layout: Layout) -> Section:
    """Tell what was refused and why, of what is still open."""
    sql = """
        SELECT reason, stage, count(*), min(date)::VARCHAR, max(date)::VARCHAR, min(coalesce(url, input))
        FROM rejects GROUP BY reason, stage ORDER BY count(*) DESC, reason, stage
    """
    rows = tuple(look(layout.root, lambda connection: connection.execute(sql).fetchall()))
    advice = ("docs/codebook.md says what to do about each reason; `pledgeline replay` tries them again",)
    head = ("reason", "stage", "open", "oldest", "newest", "example")
    return Section("rejects", "open rejects", head, rows, advice if rows else ())


def plain(value: Any) -> Any:
    """Turn a value of a row into what JSON knows."""
    return value.isoformat() if isinstance(value, datetime.datetime) else value
