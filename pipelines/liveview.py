"""Live view: a monitor's state on a terminal, and plain lines in a pipe."""

import collections
import datetime
import sys
import time
from collections.abc import Callable
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pipelines.gathering import Glance
from pipelines.metrics import Tallies
from transforms.fetching.schedule import in_words

_LINES = 8


class View:
    """Shows what a monitor does, on standard error."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """Take the time of day, in POSIX seconds."""
        self._clock = clock
        self._began = clock()
        self._lines: collections.deque[str] = collections.deque(maxlen=_LINES)
        self._live = Live(console=Console(stderr=True), refresh_per_second=2) if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def say(self, line: str) -> None:
        """Tell something that happened, with the time; can be called from any thread."""
        stamped = f"{datetime.datetime.fromtimestamp(self._clock(), datetime.UTC):%H:%M:%S} {line}"
        if self._live:
            self._lines.append(stamped)
        else:
            print(stamped, file=sys.stderr, flush=True)

    def show(self, glance: Glance, tallies: Tallies) -> None:
        """Bring the view up to date; nothing in a pipe."""
        if self._live:
            lines = [Text(line, style="dim", no_wrap=True, overflow="ellipsis") for line in list(self._lines)]
            self._live.update(Group(_table(glance, tallies, self._clock(), self._began), *lines))


def _table(glance: Glance, tallies: Tallies, now: float, began: float) -> Table:
    table = Table(title=f"monitoring for {in_words(now - began)}", show_header=False, title_justify="left")
    table.add_column(style="bold")
    table.add_column()
    troubled = [f"{glance.failing} failing"] * bool(glance.failing) + [f"{glance.gone} gone"] * bool(glance.gone)
    table.add_row("feeds", ", ".join([f"{glance.feeds:,}", *troubled]))
    polls = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(glance.polls.items()))
    table.add_row("polls", polls or "none yet")
    table.add_row("under way", f"{glance.under_way} requests; {glance.waiting:,} pages wait")
    ended = tallies.ended
    table.add_row(
        "records", f"{ended['articles']:,} articles, {ended['rejects']:,} rejects, {ended['duplicates']:,} duplicates"
    )
    wait = "as answers come" if glance.next_at is None else f"in {in_words(max(glance.next_at - now, 0.0))}"
    table.add_row("next", wait + (f"; behind by {in_words(glance.lag)}" if glance.lag >= 1 else ""))
    table.add_row("last cycle", in_words(tallies.cycle_seconds) if tallies.archives else "none yet")
    return table
