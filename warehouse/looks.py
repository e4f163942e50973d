"""Looks: what is read of a warehouse at one moment, while others may write it."""

import pathlib
from collections.abc import Callable
from typing import TypeVar

import duckdb

from warehouse.views import Connection, connect

Seen = TypeVar("Seen")

# Files are merged or replaced a day at a time, so that one more look nearly always suffices.
_TRIES = 5


def look(root: pathlib.Path, read: Callable[[Connection], Seen]) -> Seen:
    """Read something of a warehouse, again where a file went or a column is missing in some of them.

    Raises:
        NoWarehouse: There is no such folder, or it holds no table.
        OSError: A file cannot be read.
    """
    mixed = False
    for _ in range(_TRIES):
        try:
            with connect(root, mixed=mixed) as connection:
                return read(connection)
        # DuckDB's, for a file that is gone, cut or of other columns than the first.
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as error:
            mixed, last = True, error
    raise OSError(" ".join(str(last).split()))
