"""Schedule: when a feed is asked next, and why. Times are POSIX seconds, lengths of time seconds.

A feed is asked about every `poll_interval`; oftener where it changes oftener than once an hour, more rarely where it
changes more rarely, and never before what its server or its list asks for. A plan follows from what is known of the
feed alone, so that another `poll_interval` holds at once for all feeds.
"""

import dataclasses
import enum
import hashlib
from typing import Any

from schemas.documents import Feed

MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0
DEFAULT_INTERVAL = 15 * MINUTE
# The limits of what is made of how often a feed changes, unless `poll_interval` itself lies beyond them. Nothing that a
# server asks for counts for longer than a day.
FASTEST = 5 * MINUTE
SLOWEST = DAY
# A feed with a new entry once in this time is asked every `poll_interval`.
_USUAL_GAP = HOUR
# With the usual interval of 15 minutes, 5 minutes and a day.
_MOST_OFTEN, _MOST_RARELY = 1 / 3, 96.0
# The part that the latest gap between entries has in their mean.
_NEW_PART = 0.3
# At most this part of an interval is added to it, so that feeds of one start part ways.
_JITTER = 0.1
# Seconds on top of what a server asks for: its clock counts whole ones, and an answer takes its time.
_SLACK = 1.0
# Permanent redirects to one place, one after another, after which a feed is asked there.
_SIGHTS = 3
# Only a person can mend these: they are asked about once a day.
_HOPELESS = frozenset({"url_invalid", "url_scheme", "forbidden_address", "robots_disallowed"})


class Kind(enum.StrEnum):
    """How a poll ended. UNCHANGED is a 304, or the very bytes of the poll before; FAILED anything but a feed."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    GONE = "gone"


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What a poll came to.

    `words` say it to a person. `etag` and `last_modified` are the server's, byte for byte; `digest` is of the body.
    `fresh_for` is how long the server or the feed (`fresh_by` says which) asks not to be asked; `retry_after` the
    same of a failure. `moved_to` is where a permanent redirect led. `new` counts entries that were not there before.
    """

    at: float
    kind: Kind
    words: str
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    fresh_for: float = 0.0
    fresh_by: str = ""
    retry_after: float | None = None
    reason: str | None = None
    moved_to: str | None = None
    title: str | None = None
    new: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of a feed from its polls.

    `url` is its address in its list, `address` where it is asked. `asked_at`, `answer` and `failed_for` are of the
    last poll, `failures` counts those at the end. `not_before` is asked for by `not_before_by`. `changed_at` is the
    last poll that brought entries, `gap` the mean time between entries. `noted` has the reasons for which it is in
    `rejects` already. The rest are counts since `first_at`.
    """

    url: str
    address: str
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    first_at: float | None = None
    asked_at: float | None = None
    answer: str = ""
    not_before: float = 0.0
    not_before_by: str = ""
    changed_at: float | None = None
    gap: float | None = None
    failures: int = 0
    failed_for: str | None = None
    moved_to: str | None = None
    sights: int = 0
    gone_at: float | None = None
    noted: str = ""
    polls: int = 0
    unchanged: int = 0
    errors: int = 0
    entries: int = 0
    duplicates: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """When a feed is asked next (None: never again), and why then."""

    at: float | None
    why: str


def new_feed(feed: Feed) -> FeedState:
    """Give what is known of a feed that was never asked."""
    return FeedState(url=feed.url, address=feed.url, title=feed.title)


def observe(state: FeedState, answer: Answer) -> FeedState:
    """Give what is known after a poll. An answer from before the last one changes nothing, so polls can be replayed."""
    if state.asked_at is not None and answer.at <= state.asked_at:
        return state
    if answer.kind is Kind.FAILED:
        changes = _after_failure(state, answer)
    elif answer.kind is Kind.GONE:
        changes = {"gone_at": answer.at, "errors": state.errors + 1}
    else:
        changes = _after_success(state, answer)
    return dataclasses.replace(
        state,
        first_at=answer.at if state.first_at is None else state.first_at,
        asked_at=answer.at,
        answer=answer.words,
        polls=state.polls + 1,
        **changes,
    )


def _after_failure(state: FeedState, answer: Answer) -> dict[str, Any]:
    return {
        "errors": state.errors + 1,
        "failures": state.failures + 1,
        "failed_for": answer.reason,
        **_wish(answer.at, answer.retry_after or 0.0, "Retry-After"),
    }


def _after_success(state: FeedState, answer: Answer) -> dict[str, Any]:
    return {
        "title": answer.title or state.title,
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "digest": answer.digest or state.digest,
        "unchanged": state.unchanged + (answer.kind is Kind.UNCHANGED),
        "failures": 0,
        "failed_for": None,
        **_wish(answer.at, answer.fresh_for, answer.fresh_by),
        **(_after_change(state, answer) if answer.new else {}),
        **_after_move(state, answer.moved_to),
    }


def _wish(at: float, wait: float, by: str) -> dict[str, Any]:
    if not wait:
        return {"not_before": 0.0, "not_before_by": ""}
    return {"not_before": at + min(wait + _SLACK, DAY), "not_before_by": by}


def _after_change(state: FeedState, answer: Answer) -> dict[str, Any]:
    gap = state.gap
    if state.changed_at is not None:
        latest = (answer.at - state.changed_at) / answer.new
        gap = latest if gap is None else (1 - _NEW_PART) * gap + _NEW_PART * latest
    return {"changed_at": answer.at, "gap": gap, "entries": state.entries + answer.new}


def _after_move(state: FeedState, moved_to: str | None) -> dict[str, Any]:
    if moved_to is None or moved_to == state.address:
        return {"moved_to": None, "sights": 0}
    sights = state.sights + 1 if moved_to == state.moved_to else 1
    if sights < _SIGHTS:
        return {"moved_to": moved_to, "sights": sights}
    return {"address": moved_to, "moved_to": None, "sights": 0}


def plan(state: FeedState, poll_interval: float, least: float | None = None) -> Plan:
    """Say when a feed is asked next.

    Args:
        state: What is known of it.
        poll_interval: The one knob: how often a usual feed is asked.
        least: What the feed's list asks for at least between two polls.
    """
    if state.gone_at is not None:
        return Plan(None, "gone (410): never asked again")
    if state.asked_at is None:
        return Plan(0.0, "never asked: at once")
    if state.failures:
        interval, why = _after_failures(state, poll_interval)
    else:
        interval, why = _by_changes(state, poll_interval)
    if least is not None and least > interval:
        interval, why = least, f"its list says: every {in_words(least)} at most"
    at = state.asked_at + interval * (1 + _JITTER * _fraction(state))
    if state.not_before > at:
        asked_for = in_words(state.not_before - state.asked_at)
        return Plan(state.not_before, f"{state.not_before_by} asks for {asked_for}")
    return Plan(at, why)


def _after_failures(state: FeedState, poll_interval: float) -> tuple[float, str]:
    if state.failed_for in _HOPELESS:
        return max(DAY / (1 + _JITTER), poll_interval), f"{state.failed_for}: once a day, until it is mended"
    longest = max(SLOWEST / (1 + _JITTER), poll_interval)
    interval = min(poll_interval * 2.0 ** min(state.failures - 1, 30), longest)
    times = "failed" if state.failures == 1 else f"failed {state.failures} times in a row"
    return interval, f"{times} ({state.failed_for}): waits {in_words(interval)}"


def _by_changes(state: FeedState, poll_interval: float) -> tuple[float, str]:
    assert state.asked_at is not None
    last = state.changed_at if state.changed_at is not None else state.first_at
    quiet = state.asked_at - (state.asked_at if last is None else last)
    gap = max(state.gap if state.gap is not None else _USUAL_GAP, quiet)
    interval = poll_interval * min(max(gap / _USUAL_GAP, _MOST_OFTEN), _MOST_RARELY)
    # Jitter comes on top, and even with it nothing lies beyond the limits.
    interval = max(interval, min(poll_interval, FASTEST))
    interval = min(interval, max(poll_interval, SLOWEST / (1 + _JITTER)))
    if quiet >= gap and quiet > _USUAL_GAP:
        return interval, f"nothing new for {in_words(quiet)}: every {in_words(interval)}"
    if state.gap is None:
        return interval, f"not known yet how often it changes: every {in_words(interval)}"
    return interval, f"something new about every {in_words(gap)}: asked every {in_words(interval)}"


def _fraction(state: FeedState) -> float:
    """Give a number in [0, 1) that is the feed's own at this poll, and the same on any machine."""
    digest = hashlib.blake2b(f"{state.polls} {state.url}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


def in_words(seconds: float) -> str:
    """Say a length of time with two digits that count: "45 min", "1.5 h"."""
    for unit, length in (("d", DAY), ("h", HOUR), ("min", MINUTE)):
        if seconds >= length:
            return f"{_digits(seconds / length)} {unit}"
    return f"{_digits(seconds)} s"


def _digits(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
