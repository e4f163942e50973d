"""Visits: one fetch on its way, through robots.txt, turns and redirects."""

import dataclasses
import datetime
import re
from collections.abc import Callable
from typing import BinaryIO

from schemas.exchanges import Accept, Exchange, Request, Response, Role
from schemas.rejects import (
    ContentTypeRejected,
    EmptyBody,
    HttpStatus,
    RateLimited,
    RedirectLoop,
    Rejected,
    RobotsUnreachable,
    SizeMismatch,
    TimedOut,
    TooManyRedirects,
)
from transforms.extraction.urls import site_of
from transforms.fetching.addresses import Target
from transforms.fetching.conversation import Intake, Take
from transforms.fetching.heads import (
    ACCEPT_HEADERS,
    Fields,
    content_coding,
    field,
    is_allowed,
    media_type,
    retry_after,
    transfer_coding,
)
from transforms.fetching.hops import Arrival, follow
from transforms.fetching.limits import Limits
from transforms.fetching.networks import Rules
from transforms.fetching.pace import Pace
from transforms.fetching.robots import RobotsMemory, RobotsRules, judge_robots
from transforms.fetching.transport import Answer, Transport
from transforms.reading.codings import undo_codings

_STRAINED = frozenset({429, 503})
_TAKEN = frozenset({200, 203})
# Bytes of an answer that is no document: enough to see what it said, and kept for the archive.
_ASIDE_BYTES = 256 * 1024
# What may stand in a header: a validator that does not is not sent.
_SENDABLE = re.compile(r"[\t\x20-\x7e\x80-\xff]+")


@dataclasses.dataclass(frozen=True, slots=True)
class Means:
    """What all visits of one fetcher share."""

    user_agent: str
    product: str
    rules: Rules
    limits: Limits
    clock: Callable[[], float]
    now: Callable[[], datetime.datetime]
    pace: Pace
    robots: RobotsMemory
    transport: Transport


class Visit:
    """One fetch: what was asked, what was exchanged for it, and the time that it has left."""

    def __init__(
        self,
        means: Means,
        request: Request,
        *,
        sink: BinaryIO | None,
        patience: float,
        on_head: Callable[[Fields], None] | None = None,
    ) -> None:
        self.exchanges: list[Exchange] = []
        self._means, self._request, self._sink, self._patience = means, request, sink, patience
        self._on_head = on_head
        self._seconds = means.limits.archive_seconds if sink else means.limits.total_seconds
        self._taken = _TAKEN | {206} if sink and request.first_byte else _TAKEN

    def run(self) -> Response:
        """Go through with it; what is raised is said of `Fetcher.fetch`."""
        arrival = self._follow(self._request.url, self._ask_document)
        exchange, fields = arrival.answer.exchange, arrival.answer.fields
        self._check_status(exchange.status, fields)
        kind, charset = media_type(fields)
        return Response(
            url=arrival.target.url,
            status=304 if exchange.status == 304 else 200,
            headers=tuple(fields),
            body=b"" if exchange.status == 304 else self._read_body(exchange, fields),
            fetched_at=exchange.started_at,
            content_type=kind,
            charset=charset,
            exchanges=tuple(self.exchanges),
            moved_permanently_to=arrival.moved_to,
        )

    def _follow(self, url: str, ask: Callable[[Target], Answer]) -> Arrival:
        return follow(url, ask, rules=self._means.rules, redirects=self._means.limits.redirects)

    def _ask_document(self, target: Target) -> Answer:
        robots = self._means.robots.find(target.origin, lambda: self._ask_robots(target))
        robots.check(target.url)
        return self._take_turn(target, self._headers(), self._take_document, Role.DOCUMENT)

    def _ask_robots(self, target: Target) -> RobotsRules:
        """Ask for the robots.txt of an origin; a site that cannot be connected to at all is refused for that."""
        # What is cut cannot be decoded, so no coding is asked for.
        headers = {"User-Agent": self._means.user_agent, "Accept-Encoding": "identity", "Connection": "close"}
        before = len(self.exchanges)
        try:
            arrival = self._follow(
                f"{target.origin}/robots.txt",
                lambda hop: self._take_turn(hop, headers, self._take_robots, Role.ROBOTS),
            )
            exchange, fields = arrival.answer.exchange, arrival.answer.fields
            body = self._decode(exchange, fields) if exchange.status in _TAKEN else b""
            rules = judge_robots(exchange.status, body, self._means.product)
        except (RedirectLoop, TooManyRedirects):
            rules = judge_robots(404, b"", self._means.product)
        except Rejected as error:
            if len(self.exchanges) == before or isinstance(error, (RobotsUnreachable, RateLimited)):
                raise
            raise RobotsUnreachable(f"robots.txt of {target.origin}: {error}") from error
        self._means.pace.set_crawl_delay(site_of(target.url), target.origin, rules.crawl_delay)
        return rules

    def _take_turn(self, target: Target, headers: dict[str, str], take: Take, role: Role) -> Answer:
        pace, site = self._means.pace, site_of(target.url)
        with pace.turn(site, patience=self._patience):
            start = self._means.clock()
            try:
                answer = self._means.transport.exchange(target, headers, seconds=self._seconds, take=take, role=role)
            except Rejected as error:
                pace.finish(site, strained=isinstance(error, TimedOut))
                raise
            wait = retry_after(answer.fields, self._means.now())
            strained = answer.exchange.status in _STRAINED or isinstance(answer.fault, TimedOut)
            pace.finish(site, strained=strained, retry_after=wait)
        self._seconds -= self._means.clock() - start
        self.exchanges.append(answer.exchange)
        # What is no document is told by its status, whole or not.
        if answer.fault and answer.exchange.status in (None, *self._taken):
            raise answer.fault
        return answer

    def _headers(self) -> dict[str, str]:
        request, is_archive = self._request, self._request.accept is Accept.ARCHIVE
        headers = {
            "User-Agent": self._means.user_agent,
            "Accept": ACCEPT_HEADERS[request.accept],
            # Not br: it is landed as it came, and warcio 1.8 fails on it with brotli 1.2. Where it comes it is undone.
            "Accept-Encoding": "identity" if is_archive else "gzip, deflate, zstd",
            "Connection": "close",
        }
        validators = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
        if request.first_byte:
            # A weak validator says that two bodies mean the same, not that their bytes are.
            strong = None if (request.etag or "").startswith("W/") else request.etag
            validators = {"If-Range": strong or request.last_modified, "Range": f"bytes={request.first_byte}-"}
        return headers | {name: value for name, value in validators.items() if value and _SENDABLE.fullmatch(value)}

    def _take_document(self, status: int, fields: Fields) -> Intake | None:
        limits = self._means.limits
        if status not in self._taken:
            return Intake(_ASIDE_BYTES, cuts=True)
        if not is_allowed(media_type(fields)[0], self._request.accept):
            return None
        if self._sink and self._request.first_byte:
            self._find_place(self._sink, status, fields)
        if self._on_head:
            self._on_head(fields)
        return Intake(limits.archive_bytes if self._sink else limits.wire_bytes, sink=self._sink)

    def _find_place(self, sink: BinaryIO, status: int, fields: Fields) -> None:
        """Go to where the body begins in the file: where it broke off, or at the start where it comes whole."""
        first = self._request.first_byte if status == 206 else 0
        if status == 206 and not (field(fields, "content-range") or "").lower().startswith(f"bytes {first}-"):
            raise SizeMismatch(f"bytes from {first} were asked for, {field(fields, 'content-range')} come")
        sink.seek(first)
        sink.truncate()

    def _take_robots(self, status: int, fields: Fields) -> Intake:
        return Intake(self._means.limits.robots_bytes, cuts=True)

    def _check_status(self, status: int | None, fields: Fields) -> None:
        """Refuse what is no document, with how long the server asks to be left alone."""
        is_conditional = bool(self._request.etag or self._request.last_modified)
        if status in self._taken or (status == 304 and is_conditional):
            return
        wait = retry_after(fields, self._means.now())
        is_limit = status == 429 or (status == 503 and wait is not None)
        error = (RateLimited if is_limit else HttpStatus)(f"answered with status {status}")
        error.retry_after = wait
        raise error

    def _read_body(self, exchange: Exchange, fields: Fields) -> bytes:
        kind = media_type(fields)[0]
        if not is_allowed(kind, self._request.accept):
            raise ContentTypeRejected(f"{kind} is not taken for a {self._request.accept}")
        body = b"" if self._sink else self._decode(exchange, fields)
        if not (exchange.streamed if self._sink else body.strip()):
            raise EmptyBody("the answer has no content")
        return body

    def _decode(self, exchange: Exchange, fields: Fields) -> bytes:
        return undo_codings(
            exchange.response[exchange.head_size :],
            content=content_coding(fields),
            transfer=transfer_coding(fields),
            max_bytes=self._means.limits.body_bytes(self._request.accept),
        )
