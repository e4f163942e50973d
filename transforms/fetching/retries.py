"""Retries: which refusals may be gone a while later, and how long a while is."""

from schemas.rejects import (
    ConnectFailed,
    DnsFailed,
    HttpStatus,
    RateLimited,
    Rejected,
    RobotsUnreachable,
    SizeMismatch,
    TimedOut,
    TlsFailed,
    Truncated,
)

# What depends on the state of a server or of the way to it. A bad certificate is mostly renewed.
_PASSING = (ConnectFailed, DnsFailed, RateLimited, RobotsUnreachable, SizeMismatch, TimedOut, TlsFailed, Truncated)
# Seconds before the second try; each one after it waits four times as long.
FIRST_PAUSE = 5.0
_GROWTH = 4.0


def is_passing(error: Rejected) -> bool:
    """Say whether another try may succeed."""
    return isinstance(error, _PASSING) or (isinstance(error, HttpStatus) and (error.status or 0) >= 500)


def pause_after(attempt: int, error: Rejected, *, first_pause: float = FIRST_PAUSE) -> float:
    """Give the seconds to wait after a try in vain, counted from 1; not less than the server asked for."""
    pause: float = first_pause * _GROWTH ** (attempt - 1)
    return max(pause, error.retry_after or 0.0)
