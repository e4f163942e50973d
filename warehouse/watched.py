"""Watched: what `pledgeline status` tells of the feeds that a monitor watches."""

import contextlib
import datetime
import time
from collections.abc import Callable, Iterator

from pipelines.exits import WarehouseDamaged
from pipelines.layout import Layout
from transforms.fetching.schedule import DAY, FeedState, Plan, in_words, plan
from transforms.fetching.store import FeedStore, StateDamaged, Watch
from warehouse.sections import Section

# Days over which entries a day are counted, at most.
_WINDOW = 7.0
# Seconds after which a feed that should have been asked shows that no monitor is at work.
_LATE = 3600.0


def monitoring_section(layout: Layout, *, clock: Callable[[], float] = time.time) -> Section | None:
    """Tell how monitoring stands as a whole; None where nothing was ever watched."""
    with _opened(layout) as store:
        if not store:
            return None
        states, watch, waiting = store.feeds(), store.watch() or Watch(0.0, {}, ""), len(store.waiting())
    watched = [states[url] for url in watch.feeds if url in states]
    never = len(watch.feeds) - len(watched)
    now = clock()
    planned = [_plan(state, watch).at for state in watched]
    lag = max((now - at for at in planned if at is not None), default=0.0)
    asked = [state.asked_at for state in watched if state.asked_at is not None]
    row = (
        len(watch.feeds),
        sum(bool(state.failures) for state in watched),
        sum(state.gone_at is not None for state in watched),
        never,
        sum(state.polls for state in watched),
        sum(state.unchanged for state in watched),
        sum(state.entries for state in states.values()),
        sum(state.duplicates for state in states.values()),
        waiting,
        _moment(max(asked)) if asked else None,
        in_words(lag) if lag > 0 else "none",
    )
    head = ("feeds", "failing", "gone", "never_asked", "polls", "unchanged", "entries", "duplicates", "pages_waiting")
    late = f"the most overdue feed should have been asked {in_words(lag)} ago: is `pledgeline monitor` at work?"
    advice = (late,) if lag > _LATE else ()
    return Section("monitoring", "monitoring", (*head, "last_asked", "lag"), (row,), advice)


def feeds_section(layout: Layout, *, clock: Callable[[], float] = time.time) -> Section | None:
    """Tell of each feed when it was asked last, what came of it, and when it is asked next and why."""
    now = clock()
    with _opened(layout) as store:
        if not store:
            return None
        states, watch = store.feeds(), store.watch() or Watch(0.0, {}, "")
        recent = store.recent_entries(now - _WINDOW * DAY)
    rows = tuple(_row(url, states.get(url), watch, recent.get(url, 0), now) for url in sorted(watch.feeds | states))
    head = ("feed", "last_asked", "answer", "next", "why", "entries_a_day", "entries", "polls", "errors", "failures")
    gone = [url for url in watch.feeds if url in states and states[url].gone_at is not None]
    advice: tuple[str, ...] = ()
    if gone:
        advice += (f"gone for good, to be taken off the list: {len(gone)}, such as {gone[0]}",)
    moved = [state for url, state in states.items() if url in watch.feeds and state.address != url]
    if moved:
        advice += (f"moved: {len(moved)}; {moved[0].url} is asked at {moved[0].address} now",)
    return Section("feeds", "feeds", head, rows, advice)


def _row(url: str, state: FeedState | None, watch: Watch, recent: int, now: float) -> tuple[object, ...]:
    if state is None or state.asked_at is None:
        return (url, None, "", None, "never asked: at once", 0.0, 0, 0, 0, 0)
    if url in watch.feeds:
        planned = _plan(state, watch)
    else:
        planned = Plan(None, "not in the list any more")
    # Counted from the first poll on, whose entries are of unknown age and count as those of one day.
    days = min(max((now - (state.first_at or now)) / DAY, 1.0), _WINDOW)
    return (
        url,
        _moment(state.asked_at),
        state.answer,
        None if planned.at is None else _moment(planned.at),
        planned.why,
        round(recent / days, 1),
        state.entries,
        state.polls,
        state.errors,
        state.failures,
    )


def _plan(state: FeedState, watch: Watch) -> Plan:
    return plan(state, watch.poll_interval, watch.feeds.get(state.url))


def _moment(at: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(int(at), datetime.UTC)


@contextlib.contextmanager
def _opened(layout: Layout) -> Iterator[FeedStore | None]:
    """Open what is known of feeds; None where nothing ever was."""
    if not layout.state.exists():
        yield None
        return
    try:
        store = FeedStore(layout.state, read_only=True)
    except StateDamaged as error:
        raise WarehouseDamaged(f"{error}: the next run of monitor rebuilds it, or says what to do") from error
    with store:
        yield store if store.exists() else None
