"""Robots: what a site's robots.txt allows, by RFC 9309."""

import collections
import dataclasses
import functools
import re
import threading
import weakref
import zlib
from collections.abc import Callable

from protego import Protego

from schemas.rejects import RobotsDisallowed, RobotsUnreachable

# Seconds: RFC 9309, section 2.4.
_KEEP_SECONDS = 24 * 3600.0
# Seconds until a robots.txt that could not be had is asked for again.
_KEEP_FAILURE_SECONDS = 60.0
# Origins; and those of them whose rules are ready for use.
_MAX_KEPT = 10_000
_MAX_PARSED = 512
# Of user agents and rules. Five hundred kilobytes can hold a hundred million, for which no memory would do.
_MAX_PAIRS = 200_000
_PRODUCT = re.compile(r"[A-Za-z_-]+")


@dataclasses.dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one robots.txt says to one user agent; without a file everything is allowed.

    `packed` is the file, compressed: what is made of it takes thirty times as much, and a run keeps thousands.
    """

    product: str
    packed: bytes | None = None

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests; 0 where nothing is said."""
        delay = _parse(self.packed).crawl_delay(self.product) if self.packed else None
        return float(delay or 0.0)

    def check(self, url: str) -> None:
        """Hold an address against the rules.

        Raises:
            RobotsDisallowed: It is not to be fetched.
        """
        if self.packed and not _parse(self.packed).can_fetch(url, self.product):
            raise RobotsDisallowed(f"robots.txt does not allow {self.product} to fetch {url}")


def product_of(user_agent: str) -> str:
    """Give the name by which robots.txt speaks of a user agent: what is before its version."""
    found = _PRODUCT.match(user_agent)
    if not found:
        raise ValueError(f"a user agent starts with a name: {user_agent[:80]!r}")
    return found[0]


def judge_robots(status: int | None, body: bytes, product: str) -> RobotsRules:
    """Read the answer to a request for robots.txt, after redirects; `body` may be cut.

    Raises:
        RobotsUnreachable: The server failed, so everything is disallowed.
    """
    if status is not None and 200 <= status < 300:
        return RobotsRules(product, zlib.compress(body))
    if status is not None and 300 <= status < 500:
        # Also a redirect to nowhere: RFC 9309, 2.3.1.2 and 2.3.1.3.
        return RobotsRules(product)
    raise RobotsUnreachable(f"robots.txt was answered with status {status}")


class RobotsMemory:
    """The rules of origins for a day, and for a minute what kept them from being had. Safe for many threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: collections.OrderedDict[str, tuple[float, RobotsRules | None]] = collections.OrderedDict()
        self._lock = threading.Lock()
        self._asking: weakref.WeakValueDictionary[str, _Asking] = weakref.WeakValueDictionary()

    def find(self, origin: str, ask: Callable[[], RobotsRules]) -> RobotsRules:
        """Give the rules of an origin; one thread asks for those that are not known, others wait for it.

        Raises:
            RobotsUnreachable: They could not be had, now or within the last minute.
            Rejected: What else `ask` raises; it is asked again the next time.
        """
        with self._lock:
            asking = self._asking.setdefault(origin, _Asking())
        with asking.lock:
            until, rules = self._kept.get(origin, (0.0, None))
            seconds = until - self._clock()
            if seconds <= 0:
                return self._ask(origin, ask)
        if rules is None:
            error = RobotsUnreachable(f"robots.txt of {origin} could not be had; it is asked again in {seconds:.0f} s")
            error.retry_after = seconds
            raise error
        return rules

    def _ask(self, origin: str, ask: Callable[[], RobotsRules]) -> RobotsRules:
        try:
            rules = ask()
        except RobotsUnreachable as error:
            self._keep(origin, None, _KEEP_FAILURE_SECONDS)
            error.retry_after = _KEEP_FAILURE_SECONDS
            raise
        self._keep(origin, rules, _KEEP_SECONDS)
        return rules

    def _keep(self, origin: str, rules: RobotsRules | None, seconds: float) -> None:
        with self._lock:
            self._kept[origin] = (self._clock() + seconds, rules)
            self._kept.move_to_end(origin)
            while len(self._kept) > _MAX_KEPT:
                self._kept.popitem(last=False)


class _Asking:
    """The one who asks for an origin's robots.txt holds its lock."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


@functools.lru_cache(_MAX_PARSED)
def _parse(packed: bytes) -> Protego:
    text = zlib.decompress(packed).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    return Protego.parse(_cut(text))


def _cut(text: str) -> str:
    """Leave off what stands after the most pairs of agents and rules: the library keeps one of each pair."""
    pairs = agents = 0
    follows_agent = False
    lines = text.splitlines()
    for index, line in enumerate(lines):
        is_agent = line.lstrip().lower().startswith("user")
        if is_agent:
            agents = agents + 1 if follows_agent else 1
        elif line.strip():
            pairs += agents
        follows_agent = is_agent or (follows_agent and not line.strip())
        if pairs > _MAX_PAIRS:
            return "\n".join(lines[:index])
    return text
