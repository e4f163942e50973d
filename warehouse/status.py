"""Status: `pledgeline status WAREHOUSE` tells what is in a warehouse, how it is, and what to do about it."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from pipelines.exits import exit_code
from pipelines.layout import Layout, find_warehouse
from warehouse.sections import (
    Section,
    plain,
    rejects_section,
    segments_section,
    tables_section,
    versions_section,
)
from warehouse.watched import feeds_section, monitoring_section

# In the order in which they are told; a section that has nothing to tell is None.
SECTIONS: tuple[Callable[[Layout], Section | None], ...] = (
    tables_section,
    segments_section,
    versions_section,
    rejects_section,
    monitoring_section,
    feeds_section,
)
_UNITS = ("B", "kB", "MB", "GB", "TB")


def read_status(layout: Layout) -> list[Section]:
    """Look at everything that there is to tell.

    Raises:
        OSError: A file cannot be read.
    """
    return [section for read in SECTIONS if (section := read(layout))]


def main(arguments: list[str] | None = None) -> int:
    """Run `pledgeline status` with the given arguments, or those of the process; gives the exit code."""
    options = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)

    def run() -> int:
        sections = read_status(find_warehouse(options.warehouse))
        if options.format == "json":
            print(json.dumps(as_json(sections), ensure_ascii=False, indent=1))
        else:
            print_sections(sections)
        return 0

    return exit_code(run)


def as_json(sections: list[Section]) -> dict[str, Any]:
    """Give each section's rows as objects under its name, and all advice together."""
    told: dict[str, Any] = {
        section.name: [dict(zip(section.head, map(plain, row), strict=True)) for row in section.rows]
        for section in sections
    }
    return told | {"advice": [line for section in sections for line in section.advice]}


def print_sections(sections: list[Section]) -> None:
    """Print each section as a table, and below them the advice."""
    # What is not on a terminal is not cut to a width.
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 240)
    for section in sections:
        if not section.rows:
            console.print(f"{section.title}: none\n")
            continue
        table = Table(title=section.title, title_justify="left", title_style="bold", box=None, pad_edge=False)
        for name, value in zip(section.head, section.rows[0], strict=True):
            numeric = isinstance(value, int) and not isinstance(value, bool)
            table.add_column(name.replace("_", " "), justify="right" if numeric else "left")
        for row in section.rows:
            table.add_row(*map(tell, section.head, row))
        console.print(table, "")
    for line in (line for section in sections for line in section.advice):
        console.print(f"- {line}", soft_wrap=True)


def tell(name: str, value: Any) -> str:
    """Write a value for a reader; of a column `bytes` in a unit that fits."""
    if value is None:
        return "-"
    if name == "bytes":
        return _size(value)
    if isinstance(value, int):
        return f"{value:,}"
    return value.isoformat(sep=" ", timespec="seconds") if hasattr(value, "isoformat") else str(value)


def _size(size: float) -> str:
    for unit in _UNITS:
        if size < 1000 or unit == _UNITS[-1]:
            break
        size /= 1000
    return f"{size:.1f} {unit}" if unit != "B" else f"{size:.0f} B"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline status",
        description="Tell what is in a warehouse, how it is, and what to do about it.",
        allow_abbrev=False,
    )
    parser.add_argument("warehouse", help="the folder that backfill or monitor writes")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    return parser
