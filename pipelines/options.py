"""Options: what a run is told on its command line, checked before anything starts."""

import argparse
import dataclasses
import datetime
import functools
import os
from collections.abc import Callable

from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.fetching import add_fetcher_options, make_fetcher
from pipelines.runner import LOCAL_RUNNER
from schemas.version import VERSION
from transforms.fetching.fetcher import Fetcher
from transforms.filters import Filters


@dataclasses.dataclass(frozen=True, slots=True)
class FetchOptions:
    """How a backfill fetches. `common_crawl` stands before the paths in its lists of archives."""

    make_fetcher: Callable[[], Fetcher]
    common_crawl: str


@dataclasses.dataclass(frozen=True, slots=True)
class BackfillOptions:
    """The settings of a backfill. `beam_flags` go to Beam as they are; without `fetching` no connection is made."""

    inputs: tuple[str, ...]
    output: str
    filters: Filters
    model: str | None
    workers: int
    runner: str
    reprocess: bool
    max_reject_ratio: float
    lock_timeout: float
    stall_timeout: float
    beam_flags: tuple[str, ...]
    fetching: FetchOptions | None = None


def parse_backfill(arguments: list[str]) -> BackfillOptions:
    """Read the command line of `backfill`; exits with code 2 where it is wrong."""
    parser = _backfill_parser()
    known, rest = parser.parse_known_args(arguments)
    check_beam_flags(parser, rest)
    if "://" in known.output:
        parser.error(f"--output {known.output}: the warehouse must be a folder on a local disk")
    if known.start_date and known.end_date and known.start_date >= known.end_date:
        parser.error("--start_date must be before --end_date, which is excluded")
    return BackfillOptions(
        inputs=tuple(known.input),
        output=known.output,
        filters=Filters(
            start_date=known.start_date,
            end_date=known.end_date,
            require_date=known.require_date,
            languages=tuple(known.languages or ()),
            include_hosts=tuple(known.include_hosts or ()),
        ),
        model=known.model,
        workers=known.workers,
        runner=known.runner,
        reprocess=known.reprocess,
        max_reject_ratio=known.max_reject_ratio,
        lock_timeout=known.lock_timeout,
        stall_timeout=known.stall_timeout,
        beam_flags=tuple(rest),
        fetching=_fetch_options(known) if known.fetch else None,
    )


def _fetch_options(known: argparse.Namespace) -> FetchOptions:
    known.user_agent = known.user_agent or f"pledgeline/{VERSION}"
    return FetchOptions(functools.partial(make_fetcher, known), known.common_crawl.rstrip("/") + "/")


def _backfill_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline backfill",
        description="Read documents, tag their actors and commitments, and write Parquet by date.",
        epilog="Any option of Apache Beam is taken too.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--input",
        action="append",
        required=True,
        metavar="PATTERN",
        help="file, folder or glob with **; with --fetch an address too; repeatable",
    )
    add("--output", required=True, metavar="FOLDER", help="the warehouse; made where it does not exist")
    add("--start_date", type=day, metavar="DAY", help="keep articles published on this day or later")
    add("--end_date", type=day, metavar="DAY", help="keep articles published before this day")
    add("--require_date", action="store_true", help="drop articles of unknown date")
    add("--languages", type=_names, metavar="en,fr", help="keep articles in these languages (ISO 639-1)")
    add("--include_hosts", type=_names, metavar="HOST,...", help="keep articles from these hosts and their subdomains")
    add("--model", metavar="NAME", help="an installed English spaCy pipeline; default: the bundled one")
    add_workers(parser)
    add("--runner", default=LOCAL_RUNNER, help="the Beam runner; default: %(default)s, embedded")
    add("--reprocess", action="store_true", help="do finished segments again, and replace their files")
    add("--max_reject_ratio", type=ratio, default=0.5, help="exit with 3 where more is rejected (%(default)s)")
    add_lock_timeout(parser)
    _add_fetch_options(parser)
    return parser


def _add_fetch_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--fetch", action="store_true", help="fetch what feeds, lists of addresses and inputs at a distance lead to")
    add(
        "--common_crawl",
        default="https://data.commoncrawl.org/",
        metavar="URL",
        help="where the archives are that lists such as warc.paths.gz name (%(default)s)",
    )
    add_fetcher_options(parser)


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add the options of commands that tag: how many processes, and the patience with them."""
    parser.add_argument(
        "--workers", type=count, default=_processors(), help="processes; default: one a processor (%(default)s)"
    )
    parser.add_argument(
        "--stall_timeout",
        type=seconds,
        default=900.0,
        metavar="S",
        help="give up where nothing moves (%(default)s)",
    )


def add_lock_timeout(parser: argparse.ArgumentParser) -> None:
    """Add the option that every command has that publishes."""
    parser.add_argument(
        "--lock_timeout",
        type=seconds,
        default=60.0,
        metavar="S",
        help="seconds to wait for another writer (%(default)s)",
    )


def check_beam_flags(parser: argparse.ArgumentParser, flags: list[str]) -> None:
    """Exit with code 2 where there is a flag that Beam does not know."""
    beam_parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for options in PipelineOptions.__subclasses__():
        if hasattr(options, "_add_argparse_args"):
            options._add_argparse_args(beam_parser)
    _, unknown = beam_parser.parse_known_args(flags)
    if unknown:
        unquoted = "" if all(flag.startswith("-") for flag in unknown) else " (put patterns in quotes: 'in/**/*.txt')"
        parser.error(f"unknown: {' '.join(unknown[:5])}{unquoted}")


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def day(text: str) -> datetime.date:
    """Read a day from the command line."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day as 2025-09-04") from None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())


def count(text: str) -> int:
    """Read a number of things, at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def ratio(text: str) -> float:
    """Read a share from the command line."""
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1")
    return number


def seconds(text: str) -> float:
    """Read a number of seconds."""
    number = float(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number
