"""Options of `monitor`, checked before anything starts."""

import argparse
import dataclasses
import functools
import pathlib
import re
from collections.abc import Callable

from pipelines.fetching import add_fetcher_options, make_fetcher
from pipelines.options import BackfillOptions, check_beam_flags, count, seconds
from pipelines.runner import LOCAL_RUNNER
from transforms.fetching.fetcher import Fetcher
from transforms.fetching.schedule import DAY, DEFAULT_INTERVAL, HOUR, MINUTE
from transforms.filters import Filters

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(s|m|min|h|d)?")
_UNITS = {"s": 1.0, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY}


@dataclasses.dataclass(frozen=True, slots=True)
class MonitorOptions:
    """The settings of a monitor: `processing` are those of the runs that process what was landed."""

    feeds: pathlib.Path
    output: str
    once: bool
    duration: float | None
    poll_interval: float
    make_fetcher: Callable[[], Fetcher]
    metrics_file: pathlib.Path | None
    accept_lost_state: bool
    processing: BackfillOptions


def parse_monitor(arguments: list[str]) -> MonitorOptions:
    """Read the command line of `monitor`; exits with code 2 where it is wrong."""
    parser = _parser()
    known, rest = parser.parse_known_args(arguments)
    check_beam_flags(parser, rest)
    if "://" in known.output:
        parser.error(f"--output {known.output}: the warehouse must be a folder on a local disk")
    if not known.user_agent:
        parser.error(
            "--user_agent is required: servers are told who asks and where to complain, "
            "such as --user_agent 'example-monitor/1.0 (+https://example.org/monitor)'"
        )
    processing = BackfillOptions(
        inputs=(),
        output=known.output,
        filters=Filters(),
        model=known.model,
        workers=known.workers,
        runner=known.runner,
        reprocess=False,
        max_reject_ratio=1.0,
        lock_timeout=known.lock_timeout,
        stall_timeout=known.stall_timeout,
        beam_flags=tuple(rest),
    )
    return MonitorOptions(
        feeds=known.feeds,
        output=known.output,
        once=known.once,
        duration=known.duration,
        poll_interval=known.poll_interval,
        make_fetcher=functools.partial(make_fetcher, known),
        metrics_file=known.metrics_file,
        accept_lost_state=known.accept_lost_state,
        processing=processing,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline monitor",
        description="Watch feeds: poll what is due, land what is new as web archives, process it, and begin again.",
        epilog="Any option of Apache Beam is taken too.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--feeds", type=pathlib.Path, required=True, metavar="FILE", help="OPML, CSV, or one address a line")
    add("--output", required=True, metavar="FOLDER", help="the warehouse; made where it does not exist")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--once", action="store_true", help="end when all that is due has been asked, for cron")
    length.add_argument("--duration", type=length_of_time, metavar="10m", help="end after this time")
    add(
        "--poll_interval",
        type=_interval,
        default=DEFAULT_INTERVAL,
        metavar="15m",
        help="how often a feed is asked that has something new once an hour; the others follow (15m)",
    )
    add("--metrics_file", type=pathlib.Path, metavar="FILE", help="keep counts there, in Prometheus' text format")
    add("--accept_lost_state", action="store_true", help="go on although part of what feeds have shown is forgotten")
    add("--model", metavar="NAME", help="an installed English spaCy pipeline; default: the bundled one")
    add("--workers", type=count, default=1, help="processes for what is landed at once (%(default)s)")
    add("--runner", default=LOCAL_RUNNER, help="the Beam runner; default: %(default)s, embedded")
    add("--lock_timeout", type=seconds, default=60.0, metavar="S", help="wait for another writer (%(default)s)")
    add("--stall_timeout", type=seconds, default=900.0, metavar="S", help="give up where nothing moves (%(default)s)")
    add_fetcher_options(parser)
    return parser


def length_of_time(text: str) -> float:
    """Read a length of time such as 90, 90s, 15m, 1.5h or 2d, in seconds."""
    found = _LENGTH.fullmatch(text.strip().lower())
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time such as 30s, 15m or 2h")
    return float(found[1]) * _UNITS[found[2] or "s"]


def _interval(text: str) -> float:
    length = length_of_time(text)
    if length < 1:
        raise argparse.ArgumentTypeError("must be at least 1s")
    return length
