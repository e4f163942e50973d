"""Answers: what a poll came to, made of the response or the refusal."""

import email.utils
import re
from collections.abc import Iterable

from schemas.exchanges import Response
from schemas.rejects import Rejected, clean_detail
from transforms.fetching.schedule import Answer, FeedState, Kind
from transforms.reading.feeds import ParsedFeed

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,10})\"?\s*(?=$|,)", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|,)\s*no-(?:cache|store)\s*(?=$|,|=)", re.IGNORECASE)
_GONE = 410


def answer_unchanged(state: FeedState, response: Response, at: float) -> Answer:
    """Make the answer of a poll that was answered by 304, or by the bytes of the poll before."""
    # A 304 need not repeat the validators; a 200 without them has none.
    before = state if response.status == 304 else None
    words = "304: not modified" if response.status == 304 else "200: the same bytes as before"
    return _answer(response, at, Kind.UNCHANGED, words, before)


def answer_feed(response: Response, at: float, parsed: ParsedFeed, digest: str, new: int) -> Answer:
    """Make the answer of a poll that brought a feed; `digest` is of its body, `new` counts new and changed entries."""
    words = f"200: {new or 'nothing'} new of {len(parsed.entries)}"
    return _answer(response, at, Kind.CHANGED, words, None, parsed=parsed, digest=digest, new=new)


def answer_refusal(error: Rejected, at: float) -> Answer:
    """Make the answer of a poll that brought no feed."""
    gone = error.reason == "http_status" and error.status == _GONE
    return Answer(
        at=at,
        kind=Kind.GONE if gone else Kind.FAILED,
        words=clean_detail(f"{error.reason}: {error}"),
        reason=error.reason,
        retry_after=error.retry_after,
    )


def _answer(
    response: Response,
    at: float,
    kind: Kind,
    words: str,
    before: FeedState | None,
    *,
    parsed: ParsedFeed | None = None,
    digest: str | None = None,
    new: int = 0,
) -> Answer:
    fresh_for, fresh_by = read_freshness(response.headers, at)
    if parsed and parsed.ttl and parsed.ttl > fresh_for:
        fresh_for, fresh_by = parsed.ttl, "the feed's ttl"
    return Answer(
        at=at,
        kind=kind,
        words=words,
        etag=response.header("ETag") or (before.etag if before else None),
        last_modified=response.header("Last-Modified") or (before.last_modified if before else None),
        digest=digest,
        fresh_for=fresh_for,
        fresh_by=fresh_by,
        moved_to=response.moved_permanently_to,
        title=parsed.title if parsed else None,
        new=new,
    )


def read_freshness(headers: Iterable[tuple[str, str]], at: float) -> tuple[float, str]:
    """Read for how many seconds a response counts as fresh (RFC 9111), and which header says so; 0 where none does."""
    named: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        named[key] = f"{named[key]},{value}" if key in named and key == "cache-control" else named.get(key, value)
    control = named.get("cache-control", "")
    if _NO_CACHE.search(control):
        return 0.0, ""
    if stated := _MAX_AGE.search(control):
        age = named.get("age", "0").strip()
        return max(float(stated[1]) - (float(age) if age.isdecimal() else 0.0), 0.0), "Cache-Control"
    expires = _read_date(named.get("expires"))
    if expires is None:
        return 0.0, ""
    sent = _read_date(named.get("date"))
    return max(expires - (at if sent is None else sent), 0.0), "Expires"


def _read_date(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        # "Expires: 0" and its like: expired already.
        return None
