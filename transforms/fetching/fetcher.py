"""Fetcher: documents from the web, politely, within limits, and with all that went over the wire for them."""

import datetime
import ssl
import time
from collections.abc import Callable
from typing import BinaryIO, Self

from schemas.exchanges import Request, Response
from schemas.rejects import Rejected
from transforms.fetching.heads import Fields
from transforms.fetching.limits import Limits
from transforms.fetching.names import Resolver, system_resolver
from transforms.fetching.networks import Rules
from transforms.fetching.pace import Pace
from transforms.fetching.proxies import Proxy
from transforms.fetching.robots import RobotsMemory, product_of
from transforms.fetching.transport import Transport
from transforms.fetching.visits import Means, Visit

# Seconds that one fetch waits for a turn: longer than any crawl delay that is kept to.
PATIENCE = 150.0
_PUBLIC = Rules()
_LIMITS = Limits()


def utc_now() -> datetime.datetime:
    """Give the time of day."""
    return datetime.datetime.now(datetime.UTC)


class Fetcher:
    """Fetches documents; safe for many threads. As a context, it cuts what is still under way at its end.

    Args:
        user_agent: What servers are told; the name before its version is what robots.txt is read for.
        rules: What may be asked besides the public web.
        limits: Of time and size.
        resolver: Looks names up.
        clock: Seconds that only go forward, for deadlines and pace.
        now: The time of day, for what is written down.
        tls: Whom to trust; the system's own by default.
        proxy: What makes the connections; none by default, whatever the environment says.
        pace: Of all sites; by default one of its own, in the time of `clock`.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        rules: Rules = _PUBLIC,
        limits: Limits = _LIMITS,
        resolver: Resolver = system_resolver,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime.datetime] = utc_now,
        tls: ssl.SSLContext | None = None,
        proxy: Proxy | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.pace = pace or Pace(clock)
        self._transport = Transport(
            rules=rules, limits=limits, resolver=resolver, clock=clock, now=now, tls=tls, proxy=proxy
        )
        self._means = Means(
            user_agent=user_agent,
            product=product_of(user_agent),
            rules=rules,
            limits=limits,
            clock=clock,
            now=now,
            pace=self.pace,
            robots=RobotsMemory(clock),
            transport=self._transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.abort()

    def abort(self) -> None:
        """Cut what is under way, from any thread; fetches then raise `transport.Aborted`."""
        self._transport.abort()

    def fetch(
        self,
        request: Request,
        *,
        sink: BinaryIO | None = None,
        patience: float = PATIENCE,
        on_head: Callable[[Fields], None] | None = None,
    ) -> Response:
        """Ask for a document, after its site's robots.txt, in its site's pace, through redirects.

        Args:
            request: What to ask; its validators make 304 an answer.
            sink: A file for the body as it comes, without chunks but with any coding; for archives, which are too
                large for memory. After a refusal it may hold a part, and a request with `first_byte` goes on from it:
                the file then has that many bytes, and is cut to none where the answer comes whole.
            patience: Seconds to wait for the turn of each hop.
            on_head: Told the fields of the document's head before its body is taken.

        Raises:
            Rejected: It was refused, here or there; `exchanges` are those made until then, `retry_after` says for
                how long the site wants, or has, to be left alone.
            TooSoon: A site's turn would come in more than `patience` seconds.
            Aborted: `abort` was called.
        """
        visit = Visit(self._means, request, sink=sink, patience=patience, on_head=on_head)
        try:
            return visit.run()
        except Rejected as error:
            error.exchanges = tuple(visit.exchanges)
            raise
