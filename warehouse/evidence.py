"""Evidence: whether rows stand on the texts that they point into, and each stands once."""

import dataclasses
import pathlib
from collections.abc import Iterator

from schemas.tables import ROW_IDS, TABLES
from warehouse.files import list_files
from warehouse.records import Fault
from warehouse.selects import select_rows
from warehouse.views import Connection, open_database

# Bytes of files of articles whose texts are compared at once; decoded they are a few times as large.
_BATCH_BYTES = 64 * 1024 * 1024
# Rows that are named; more are counted.
_NAMED = 3
# What the offsets of a row must cut out of its article's text.
_CUTS = {
    "actors": (("surface", '"start"', '"end"'),),
    "commitments": (
        ("trigger", "trigger_start", "trigger_end"),
        ("sentence", "sentence_start", "sentence_end"),
    ),
}
_LOST = "give its input to `pledgeline backfill --reprocess`"
_OFF = "`pledgeline retag` makes these rows anew"
_TWICE = "move away files that no record names; if it stays, give its input to `pledgeline backfill --reprocess`"


@dataclasses.dataclass(frozen=True, slots=True)
class Days:
    """Some days of the warehouse: the files of each table."""

    files: dict[str, tuple[str, ...]]


def find_evidence_faults(root: pathlib.Path, *, share: float) -> Iterator[Fault]:
    """Look for rows that are there twice, that have no article, or whose offsets do not cut out what they say.

    Args:
        root: The warehouse.
        share: Of articles whose rows are compared with their texts, from 0 to 1; picked by their ids.

    Raises:
        ReadError: A file was replaced meanwhile, or cannot be read.
    """
    files = {table: list_files(root, table, frozenset()).all for table in TABLES}
    with open_database() as connection:
        for table in TABLES:
            yield from _find_doubled(connection, table, files[table])
        for days in _batch_days(files) if share else ():
            for table, cuts in _CUTS.items():
                yield from _find_off(connection, days, table, cuts, share)


def _find_doubled(connection: Connection, table: str, files: tuple[str, ...]) -> Iterator[Fault]:
    key = ", ".join(ROW_IDS[table])
    rows = select_rows(table, files, distinct=False, mixed=True)
    doubled = f"SELECT {key}, count(*) FROM ({rows}) GROUP BY {key} HAVING count(*) > 1"
    yield from _name(connection, table, doubled, "stand more than once", _TWICE)


def _find_off(
    connection: Connection, days: Days, table: str, cuts: tuple[tuple[str, str, str], ...], share: float
) -> Iterator[Fault]:
    if not days.files[table]:
        return
    rows = select_rows(table, days.files[table], distinct=False, mixed=True)
    articles = select_rows("articles", days.files["articles"], distinct=False, mixed=True)
    key = ", ".join(ROW_IDS[table])
    picked = f"SELECT * FROM ({rows}) WHERE hash(article_id) % 1000 < {round(share * 1000)}"
    off = " OR ".join(
        f"{start} < 0 OR substring(text, {start} + 1, {end} - {start}) IS DISTINCT FROM {cut}"
        for cut, start, end in cuts
    )
    texts = f"(SELECT article_id, content_id, text FROM ({articles}))"
    joined = f"FROM ({picked}) AS rows LEFT JOIN {texts} AS texts USING (article_id, content_id)"
    lost = f"SELECT {key}, 1 {joined} WHERE text IS NULL"
    yield from _name(connection, table, lost, "have no article on their day", _LOST)
    cut_off = f"SELECT {key}, 1 {joined} WHERE text IS NOT NULL AND ({off})"
    yield from _name(connection, table, cut_off, "do not cut out of the text what they say", _OFF)


def _name(connection: Connection, table: str, sql: str, what: str, remedy: str) -> Iterator[Fault]:
    found = connection.execute(f"{sql} ORDER BY ALL").fetchmany(_NAMED + 1)
    if not found:
        return
    (count,) = connection.execute(f"SELECT count(*) FROM ({sql})").fetchone() or (0,)
    ids = ", ".join("/".join(row[:-1]) for row in found[:_NAMED])
    more = ", ..." if count > _NAMED else ""
    yield Fault(table, f"{count} rows {what}: {ids}{more}", remedy)


def _batch_days(files: dict[str, tuple[str, ...]]) -> Iterator[Days]:
    by_day: dict[str, dict[str, list[str]]] = {}
    for table, paths in files.items():
        for path in paths:
            by_day.setdefault(pathlib.PurePath(path).parent.name, {}).setdefault(table, []).append(path)
    batch: dict[str, list[str]] = {table: [] for table in files}
    size = 0
    for day in sorted(by_day):
        for table, of_day in by_day[day].items():
            batch[table] += of_day
        size += sum(pathlib.Path(path).stat().st_size for path in by_day[day].get("articles", ()))
        if size >= _BATCH_BYTES:
            yield Days({table: tuple(listed) for table, listed in batch.items()})
            batch, size = {table: [] for table in files}, 0
    yield Days({table: tuple(listed) for table, listed in batch.items()})
