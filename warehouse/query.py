"""Query: `pledgeline query WAREHOUSE "SELECT ..."` answers a question in SQL."""

import argparse
import contextlib
import os
import pathlib
import shutil
import sys
from collections.abc import Iterator
from typing import TextIO

import pyarrow as pa

from pipelines.exits import USAGE, NoWarehouse
from warehouse.output import write_csv, write_json, write_parquet
from warehouse.session import Answer, Session, Unanswerable

_FORMATS = ("table", "csv", "json", "parquet")
# Rows that a table on a terminal shows unasked.
_TERMINAL_ROWS = 40


def main(arguments: list[str]) -> int:
    """Answer as the command line says; gives the exit code."""
    options = _parse(arguments)
    try:
        with Session(options.warehouse) as session:
            return _answer(session, options)
    except (NoWarehouse, Unanswerable) as error:
        print(f"pledgeline: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # Whoever read has enough. What Python still holds must not be written to the closed pipe at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="pledgeline query",
        description="Ask a warehouse in DuckDB's SQL, which only reads. Without SQL a prompt opens; see .help there.",
        epilog="Views: articles, actors, commitments, rejects, segments, latest_articles, latest_commitments, "
        "distinct_commitments, statements, pledges_by_pair.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("warehouse", type=pathlib.Path, help="the --output of a backfill")
    add("sql", nargs="?", metavar="SQL", help="one statement; - reads it from standard input")
    add("--format", choices=_FORMATS, default="table", help="default: %(default)s")
    add("--output", type=pathlib.Path, metavar="FILE", help="write there; Parquet needs it")
    add("--max_rows", type=int, metavar="N", help=f"rows of a table; default: {_TERMINAL_ROWS} on a terminal, else all")
    options = parser.parse_args(arguments)
    inside = options.output and options.output.resolve().is_relative_to(options.warehouse.resolve())
    if inside:
        parser.error(f"--output {options.output} is inside the warehouse, which is only read")
    if options.format == "parquet" and not options.output:
        parser.error("--format parquet needs --output FILE")
    if options.sql is None and not sys.stdin.isatty():
        options.sql = "-"
    if options.sql is None and options.output:
        parser.error("--output needs SQL")
    return options


def _answer(session: Session, options: argparse.Namespace) -> int:
    if options.sql is None:
        # Loading the prompt takes longer than most answers.
        from warehouse.prompt import run_prompt

        run_prompt(session, lambda answer: _show(session, answer, options, sys.stdout))
        return 0
    sql = sys.stdin.read() if options.sql == "-" else options.sql
    answer = session.ask(sql)
    if options.format == "parquet":
        _write_parquet(answer, options.output)
    elif options.output:
        with _replaced(options.output) as path, path.open("w", encoding="utf-8", newline="") as file:
            _show(session, answer, options, file)
    else:
        _show(session, answer, options, sys.stdout)
        sys.stdout.flush()
    return 0


def _show(session: Session, answer: Answer, options: argparse.Namespace, file: TextIO) -> None:
    if options.format == "csv":
        write_csv(answer, file)
    elif options.format == "json":
        write_json(answer, file)
    else:
        terminal = file.isatty()
        rows = options.max_rows if options.max_rows is not None else _TERMINAL_ROWS if terminal else 0
        session.draw(answer, file, max_rows=rows, width=shutil.get_terminal_size().columns if terminal else 0)


def _write_parquet(answer: Answer, output: pathlib.Path) -> None:
    try:
        with _replaced(output) as path:
            write_parquet(answer, path)
    except pa.ArrowException as error:
        raise Unanswerable(f"Parquet cannot hold this: {error}") from error


@contextlib.contextmanager
def _replaced(output: pathlib.Path) -> Iterator[pathlib.Path]:
    """Give a file to write that takes the place of `output` when it is whole."""
    unfinished = output.with_name(f"{output.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        os.replace(unfinished, output)
    finally:
        unfinished.unlink(missing_ok=True)
