"""Pace: when a site may be asked next; one at a time, and slower where it is under strain."""

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Iterator

from schemas.rejects import RateLimited

# Seconds between the end of one request and the start of the next.
INTERVAL = 1.0
# Seconds. Sites that ask for more between two requests do not mean feeds; so much is kept to.
MAX_CRAWL_DELAY = 120.0
# Seconds. Doubling ends here: a site that comes back is noticed within the hour.
_MAX_DELAY = 3600.0
# Sites that are remembered although nothing holds them back; the memory of a run of months stays flat.
_MAX_IDLE = 10_000
_DAY = 24 * 3600.0


class TooSoon(RateLimited):
    """The pace does not allow the site to be asked yet; `retry_after` says in how many seconds it will."""

    def __init__(self, site: str, seconds: float) -> None:
        super().__init__(f"{site} is asked again in {seconds:.0f} s at the earliest")
        self.retry_after = seconds


@dataclasses.dataclass(slots=True)
class _Site:
    """`crawl_delays` are those that origins of the site state; `turn` counts, so that each is ended once."""

    next_at: float = 0.0
    ended_at: float | None = None
    crawl_delays: dict[str, float] = dataclasses.field(default_factory=dict)
    doublings: int = 0
    turn: int = 0
    is_busy: bool = False

    @property
    def crawl_delay(self) -> float:
        return max(self.crawl_delays.values(), default=0.0)


class Pace:
    """Knows of every site when it may be asked next, in seconds of `clock`. Safe for many threads.

    A site is a registered domain. `start` and `finish` go about each request; `turn` does both, and waits.
    """

    def __init__(self, clock: Callable[[], float], *, interval: float = INTERVAL) -> None:
        self._clock = clock
        self._interval = interval
        self._sites: dict[str, _Site] = {}
        self._many = _MAX_IDLE
        self._changed = threading.Condition()

    def ready_at(self, site: str) -> float:
        """Say when the site may be asked, in the clock's time; whether it is being asked just now is not in it."""
        with self._changed:
            known = self._sites.get(site)
            return known.next_at if known else 0.0

    def set_crawl_delay(self, site: str, origin: str, seconds: float) -> None:
        """Keep the site's requests as far apart as the slowest of its origins asks, at most `MAX_CRAWL_DELAY`.

        It holds for the next one too, counted from the end of the last.
        """
        with self._changed:
            known = self._sites.setdefault(site, _Site())
            if seconds > self._interval:
                known.crawl_delays[origin] = min(seconds, MAX_CRAWL_DELAY)
            else:
                known.crawl_delays.pop(origin, None)
            if known.ended_at is not None:
                known.next_at = max(known.next_at, known.ended_at + known.crawl_delay)

    def start(self, site: str) -> bool:
        """Take the site's turn; False where it is being asked, or may not be yet."""
        with self._changed:
            return self._start(site)

    def finish(self, site: str, *, strained: bool = False, retry_after: float | None = None) -> None:
        """End the turn: the next is an interval away, doubled for each answer in a row that shows strain.

        Args:
            site: Whose turn it was.
            strained: The answer was 429 or 503, or did not come in time.
            retry_after: Seconds for which the site asks to be left alone.
        """
        with self._changed:
            known = self._sites[site]
            known.is_busy = False
            known.doublings = known.doublings + 1 if strained else 0
            delay = max(self._interval, known.crawl_delay) * 2 ** min(known.doublings, 20)
            known.ended_at = self._clock()
            known.next_at = known.ended_at + max(min(delay, _MAX_DELAY), known.crawl_delay, retry_after or 0.0)
            self._changed.notify_all()

    @contextlib.contextmanager
    def turn(self, site: str, *, patience: float) -> Iterator[None]:
        """Wait until the site may be asked, and take its turn; who takes it calls `finish`.

        Raises:
            TooSoon: That would be in more than `patience` seconds.
        """
        deadline = self._clock() + patience
        with self._changed:
            while not self._start(site):
                known = self._sites[site]
                wait = known.next_at - self._clock()
                if wait > deadline - self._clock() or self._clock() >= deadline:
                    raise TooSoon(site, max(wait, self._interval))
                self._changed.wait(deadline - self._clock() if known.is_busy else wait)
            number = self._sites[site].turn
        try:
            yield
        finally:
            self._give_back(site, number)

    def _start(self, site: str) -> bool:
        known = self._sites.setdefault(site, _Site())
        if known.is_busy or known.next_at > self._clock():
            return False
        known.is_busy = True
        known.turn += 1
        if len(self._sites) > self._many:
            self._forget_idle()
        return True

    def _give_back(self, site: str, number: int) -> None:
        """Free the turn of one who failed before it could say how it went; by now it may be another's."""
        with self._changed:
            known = self._sites.get(site)
            if known and known.is_busy and known.turn == number:
                known.is_busy = False
                self._changed.notify_all()

    def _forget_idle(self) -> None:
        now = self._clock()
        # What robots.txt said is read again after a day, and strain of a day ago says nothing.
        self._sites = {
            name: site
            for name, site in self._sites.items()
            if site.is_busy or site.next_at > (now - _DAY if site.doublings or site.crawl_delays else now)
        }
        self._many = max(_MAX_IDLE, 2 * len(self._sites))
