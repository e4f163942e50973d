"""Forget: what a warehouse holds of an address goes, and a tombstone keeps it from coming back."""

import argparse
import collections
import dataclasses
import datetime
import html
import pathlib
import sys
from collections.abc import Iterable, Iterator

from pipelines.changes import Change, apply_change, write_record
from pipelines.exits import exit_code
from pipelines.holdings import Rewriting, join_rewritings, old_records, record_merged
from pipelines.layout import Layout, find_warehouse
from pipelines.options import add_lock_timeout
from pipelines.publish import opened_for_change
from schemas.ids import stable_id
from schemas.rejects import UrlInvalid
from transforms.fetching.erasing import erase_records
from transforms.forgotten import Tombstone, article_id_of, encode_tombstone, is_forgotten
from transforms.merged import merged_path
from transforms.merging import merge_files, read_batches, without_values
from transforms.partitions import STAGED_SUFFIX, count_rows, parse_partition, partition_name
from warehouse.views import connect

# By which column the rows of a table go.
_COLUMNS = {"articles": "article_id", "actors": "article_id", "commitments": "article_id", "rejects": "reject_id"}


@dataclasses.dataclass
class Found:
    """What is known of an address: ids of its articles and rejects with their days, and all forms of its address."""

    articles: dict[str, set[datetime.date | None]]
    rejects: dict[str, set[datetime.date | None]]
    addresses: set[str]
    copies: int = 0

    def ids(self, table: str) -> dict[str, set[datetime.date | None]]:
        """Give the ids of the rows that go from a table, with the days where they lie."""
        return self.rejects if table == "rejects" else self.articles


def find_address(layout: Layout, url: str) -> Found:
    """Find what a warehouse has of an address, in whatever form it was met.

    Raises:
        UrlInvalid: It is no address of a page.
    """
    article_id = article_id_of(url)
    found = Found({article_id: set()}, {}, {url})
    with connect(layout.root) as connection:
        rows = connection.execute(
            "SELECT article_id, url, canonical_url, date FROM articles WHERE list_contains([article_id, url], ?)"
            " OR list_contains([article_id, url, canonical_url], ?)",
            [article_id, url],
        ).fetchall()
        for row_id, *addresses, date in rows:
            found.articles.setdefault(row_id, set()).add(date)
            found.addresses |= {address for address in addresses if address}
        same_text = (
            "SELECT count(*) FROM articles WHERE NOT list_contains(?, article_id) AND content_id IN "
            "(SELECT content_id FROM articles WHERE list_contains(?, article_id))"
        )
        (found.copies,) = connection.execute(same_text, [list(found.articles)] * 2).fetchone() or (0,)
    for reject_id, day in _find_rejects(layout, found):
        found.rejects.setdefault(reject_id, set()).add(day)
    return found


def _find_rejects(layout: Layout, found: Found) -> Iterator[tuple[str, datetime.date | None]]:
    """Find the rejects of an address, and those whose record speaks of it; from the files: the view hides old ones."""
    articles = frozenset(found.articles)
    for path in sorted(layout.root.glob("rejects/date=*/*.parquet")):
        for batch in read_batches(path, "rejects", ["reject_id", "url", "payload"]):
            for row in batch.to_pylist():
                if is_forgotten(row["url"], articles) or _mentions(row["payload"], found.addresses):
                    yield row["reject_id"], parse_partition(path.parent.name)


def _mentions(body: bytes | None, addresses: Iterable[str]) -> bool:
    # As it stands, and as markup has it.
    forms = {form for address in addresses for form in (address, html.escape(address))}
    return body is not None and any(form.encode() in body for form in forms)


@dataclasses.dataclass
class Removed:
    """What a takedown removed: rows by table, and records of landed archives."""

    rows: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    records: int = 0
    copies: int = 0


def forget(layout: Layout, url: str, *, lock_timeout: float) -> Removed:
    """Take an address out of a warehouse; done again, it takes out what has come since, or what a dead run left.

    Raises:
        UrlInvalid: It is no address of a page.
        LockHeld, OSError: What is left is taken out by the same call.
    """
    removed = Removed()
    with opened_for_change(layout, lock_timeout) as folder, layout.lock(lock_timeout):
        found = find_address(layout, url)
        removed.copies = found.copies
        # First, so that a run under way that has the article already finds it when it wants to publish.
        _bury(layout, found)
        removed.records = sum(_erase(layout, found))
        parts = list(_rewrite_tables(layout, found, folder, removed))
        if parts:
            change = join_rewritings(parts)
            name = f"forget-{stable_id(*sorted(found.articles), *change.removes)}"
            apply_change(
                layout,
                Change(
                    name=name,
                    folder=layout.relative(folder),
                    moves=change.moves,
                    removes=change.removes,
                    records=change.records,
                    undo=tuple(move.path for move in change.moves),
                ),
            )
    return removed


def _erase(layout: Layout, found: Found) -> Iterator[int]:
    articles = frozenset(found.articles) | {article_id_of(address) for address in found.addresses}
    for path in sorted(layout.landed.glob("*.warc.gz")):
        yield erase_records(
            path, lambda address: is_forgotten(address, articles), lambda body: _mentions(body, found.addresses)
        )
    for reject_id in found.rejects:
        for path in layout.replayed.glob(f"{reject_id}*"):
            path.unlink()


def _rewrite_tables(layout: Layout, found: Found, folder: pathlib.Path, removed: Removed) -> Iterator[Rewriting]:
    for table, column in _COLUMNS.items():
        ids = found.ids(table)
        for day in {day for days in ids.values() for day in days}:
            partition = f"{table}/{partition_name(day)}"
            for path in sorted((layout.root / partition).glob("*.parquet")):
                source = layout.relative(path)
                target = merged_path(partition, stable_id("forget", source, *sorted(ids)))
                staged = folder / (target + STAGED_SUFFIX)
                segments = merge_files([path], staged, table, keep=without_values(column, list(ids)))
                gone = count_rows(path) - sum(segments.values())
                if gone:
                    removed.rows[table] += gone
                    yield _replace(layout, source, target, staged, segments)


def _replace(layout: Layout, source: str, target: str, staged: pathlib.Path, segments: dict[str, int]) -> Rewriting:
    removes = (source, *old_records(layout, [source]))
    if not segments:
        return Rewriting(removes=removes)
    move, records = record_merged(layout, target, staged, segments)
    return Rewriting(moves=(move,), removes=removes, records=records)


def _bury(layout: Layout, found: Found) -> None:
    now = datetime.datetime.now(datetime.UTC).isoformat()
    for article_id in sorted(found.articles):
        path = layout.forgotten / f"{article_id}.json"
        if not path.exists():
            write_record(path, encode_tombstone(Tombstone(article_id, now)))


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline forget` with the given arguments, or those of the process; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="pledgeline forget",
        description="Take down what a warehouse holds of an address, and keep it from coming back.",
        allow_abbrev=False,
    )
    parser.add_argument("warehouse", help="the folder that backfill or monitor writes")
    parser.add_argument("url", help="the address of a page")
    add_lock_timeout(parser)
    known = parser.parse_args(sys.argv[1:] if arguments is None else arguments)

    def run() -> int:
        layout = find_warehouse(known.warehouse)
        try:
            removed = forget(layout, known.url, lock_timeout=known.lock_timeout)
        except UrlInvalid as error:
            parser.error(str(error))
        _print_removed(removed)
        return 0

    return exit_code(run)


def _print_removed(removed: Removed) -> None:
    counts = ", ".join(f"{removed.rows[table]} {table}" for table in _COLUMNS)
    print(f"removed: {counts}, {removed.records} landed records; it will not come back")
    if removed.copies:
        print(f"{removed.copies} articles have the same text at other addresses and stay: forget those too")
    print("not touched: your own input files, exports, registered snapshots, and tables made from these (pledges)")
