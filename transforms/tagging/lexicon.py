"""Tables of the lexicons: read from package data, so that they are found in a work tree, a wheel and on workers."""

import csv
import functools
import importlib.resources

# What separates the values of a list inside one cell.
LIST_SEPARATOR = "|"

_SUFFIXES = (".tsv", ".csv")


class LexiconError(ValueError):
    """A table of the lexicons is missing or malformed: a fault of the package, not of a document."""


@functools.cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Read the rows of one table in file order, each as column to value; cells are stripped, absent ones empty.

    Rows are shared between callers: do not change them.

    Args:
        name: The file's name in `lexicons/`, with `.tsv` or `.csv`; without a suffix, `.tsv` is meant.

    Raises:
        LexiconError: There is no such table, a row has more or fewer cells than the head, or a row has no `source`.
    """
    file_name = name if name.endswith(_SUFFIXES) else f"{name}.tsv"
    resource = importlib.resources.files("lexicons").joinpath(file_name)
    if not resource.is_file():
        raise LexiconError(f"no table {file_name} in the lexicons")
    lines = [line for line in resource.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    cells = [line.split("\t") for line in lines] if file_name.endswith(".tsv") else list(csv.reader(lines))
    if not cells:
        raise LexiconError(f"table {file_name} is empty")
    return tuple(_row(file_name, cells[0], row) for row in cells[1:])


def split_cell(cell: str) -> tuple[str, ...]:
    """Split a cell that holds a list; an empty cell is an empty list."""
    return tuple(value for value in (part.strip() for part in cell.split(LIST_SEPARATOR)) if value)


def _row(file_name: str, columns: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(columns):
        raise LexiconError(f"{file_name}: {len(cells)} cells where the head has {len(columns)}: {cells!r}")
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    if not row.get("source"):
        raise LexiconError(f"{file_name}: a row without source: {cells!r}")
    return row
