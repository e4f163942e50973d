"""Register: `pledgeline register WAREHOUSE --format delta` keeps the tables as Delta Lake or Iceberg tables too.

The same command again brings them up to date: what was published since is one more version, or snapshot, of each.
"""

import argparse
import contextlib
import fcntl
import pathlib
import sys
from collections.abc import Callable, Iterator

from pipelines.exits import USAGE, exit_code
from pipelines.layout import Layout, find_warehouse
from pipelines.options import add_lock_timeout
from pipelines.publish import opened_for_change
from schemas.tables import TABLES
from warehouse.linking import LinkedFile, UnfitPlace, drop_links, link_tables

# Brings a table up to date (its name and all files that it is to hold); gives how many were added and removed.
Refresh = Callable[[str, tuple[LinkedFile, ...]], tuple[int, int]]
# Forgets what was before.
Drop = Callable[[str], None]


class LibraryMissing(ValueError):
    """The library of a table format is not installed."""


def open_format(name: str, folder: pathlib.Path) -> tuple[Refresh, Drop]:
    """Load a table format over a folder.

    Raises:
        LibraryMissing: See there.
        UnfitPlace: The library would look for another folder.
    """
    # Delta's library takes %20 for a space at some times and for itself at others.
    if "%" in str(folder.absolute()):
        raise UnfitPlace(f"{folder} has a percent sign, which the libraries misread: name another --catalog")
    try:
        if name == "delta":
            from warehouse.delta import refresh_delta

            return lambda table, files: refresh_delta(folder / table, table, files), lambda table: None
        from warehouse.iceberg import drop_iceberg_history, open_catalog, refresh_iceberg
    except ModuleNotFoundError as error:
        raise LibraryMissing(f"{error.name} is not installed: pip install 'pledgeline[{name}]'") from error
    catalog = open_catalog(folder)
    return (
        lambda table, files: refresh_iceberg(catalog, folder / table, table, files),
        lambda table: drop_iceberg_history(catalog, table),
    )


def register(
    layout: Layout, folder: pathlib.Path, formats: tuple[Refresh, Drop], *, drop_history: bool, lock_timeout: float
) -> dict[str, tuple[int, int, int]]:
    """Bring the registered tables in a folder up to date; gives files added, removed and held by table.

    Args:
        layout: The warehouse.
        folder: Where the registered tables are; on the warehouse's disk.
        formats: What `open_format` gave.
        drop_history: Let earlier versions go, and with them rows that the warehouse no longer has.
        lock_timeout: Seconds to wait for another writer.

    Raises:
        UnfitPlace: The folder is on another disk.
        LockHeld: Another run was publishing for too long.
        OSError: The disk is full or may not be written; the same call goes on from there.
    """
    refresh, drop = formats
    counts = {}
    with _alone(folder):
        with opened_for_change(layout, lock_timeout), layout.lock(lock_timeout):
            linked = link_tables(layout, folder)
        for table in TABLES:
            added, removed = refresh(table, linked[table])
            if drop_history:
                drop(table)
                drop_links(folder / table, linked[table])
            counts[table] = (added, removed, len(linked[table]))
    return counts


@contextlib.contextmanager
def _alone(folder: pathlib.Path) -> Iterator[None]:
    """Wait for another registration in the same folder to end."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline register` with the given arguments, or those of the process; gives the exit code."""
    options = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)

    def run() -> int:
        layout = find_warehouse(options.warehouse)
        folder = options.catalog or layout.private / options.format
        try:
            formats = open_format(options.format, folder)
            counts = register(
                layout, folder, formats, drop_history=options.drop_history, lock_timeout=options.lock_timeout
            )
        except (LibraryMissing, UnfitPlace) as error:
            print(f"pledgeline: {error}", file=sys.stderr)
            return USAGE
        for table, (added, removed, held) in counts.items():
            print(f"{folder / table}: {added} files added, {removed} removed, {held} in all")
        return 0

    return exit_code(run)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline register",
        description="Keep the tables as Delta Lake or Iceberg tables too, without a copy; again, to refresh them.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("warehouse", help="the folder that backfill or monitor writes")
    add("--format", choices=("delta", "iceberg"), required=True, help="of which an extra brings the library")
    add("--catalog", type=pathlib.Path, metavar="FOLDER", help="where they are; default: in the warehouse's own folder")
    add("--drop_history", action="store_true", help="let earlier versions go, as after a takedown")
    add_lock_timeout(parser)
    return parser
