"""Refusals: why a record could not be used, as an exception where it is found and a value where it travels."""

import dataclasses
import datetime
import hashlib
import re
import unicodedata
from typing import ClassVar

from schemas.documents import Article, Page
from schemas.exchanges import Exchange
from schemas.ids import stable_id

# Bytes. A record up to this size is kept whole in its reject, a larger one by reference (docs/codebook.md).
MAX_PAYLOAD_BYTES = 64 * 1024
# Characters. Long enough for a sentence and a URL, short enough for a table's cell.
MAX_DETAIL_LENGTH = 500

# All before the last @ of a host: names alone are tokens for some servers, and passwords may hold an @.
_CREDENTIALS = re.compile(r"(?<=://)[^/\s?#]*@")
# Parameters that are called key, token and so on, with or without a word before: X-Amz-Signature, api_key, accessToken.
_SECRETS = re.compile(
    r"(?i)(?<![\w.-])((?:[\w.-]{0,40}[-_.]|access|api|auth|client|id|refresh)?"
    r"(?:auth|authorization|credential|jwt|key|pass|passwd|password|pwd|secret|session|sessionid|sig|signature|token)=)"
    r"[^&\s#]+"
)


class Rejected(Exception):
    """A record that cannot be used. The message is for a person: it shows the value and the limit.

    A refusal while fetching carries the exchanges that were made until then, for the archive, and for how many
    seconds the server, or the pace, asks to be left alone.
    """

    reason: ClassVar[str] = ""
    exchanges: tuple[Exchange, ...] = ()
    retry_after: float | None = None

    @property
    def status(self) -> int | None:
        """The status of the last answer that came in, None where there was none."""
        return self.exchanges[-1].status if self.exchanges else None


class UrlInvalid(Rejected):
    """The address cannot be read as a URL."""

    reason = "url_invalid"


class UrlScheme(Rejected):
    """The address is of another scheme than http, https and feed."""

    reason = "url_scheme"


class ForbiddenAddress(Rejected):
    """The host or port is none of the public web: private, local or reserved."""

    reason = "forbidden_address"


class DnsFailed(Rejected):
    """The name of the host leads to no address."""

    reason = "dns"


class RobotsDisallowed(Rejected):
    """The site's robots.txt does not allow the address."""

    reason = "robots_disallowed"


class RobotsUnreachable(Rejected):
    """The site's robots.txt cannot be had, so nothing is known to be allowed."""

    reason = "robots_unreachable"


class ConnectFailed(Rejected):
    """No connection could be made, or it ended before an answer."""

    reason = "connect"


class TlsFailed(Rejected):
    """The server's certificate or its encryption does not hold."""

    reason = "tls"


class TimedOut(Rejected):
    """The answer did not come within its time."""

    reason = "timeout"


class RateLimited(Rejected):
    """The server asks for fewer requests."""

    reason = "rate_limited"


class RedirectLoop(Rejected):
    """The redirects lead back to where they were."""

    reason = "redirect_loop"


class TooManyRedirects(Rejected):
    """The redirects go on for longer than they are followed."""

    reason = "too_many_redirects"


class ContentTypeRejected(Rejected):
    """The content is of no type that is read here."""

    reason = "content_type"


class NotAFeed(Rejected):
    """The document was taken for a feed and is none."""

    reason = "not_a_feed"


class Malformed(Rejected):
    """The record breaks the grammar of its container."""

    reason = "malformed"


class ItemLimit(Rejected):
    """The container holds more records than are read from one."""

    reason = "item_limit"


class Truncated(Rejected):
    """The record ends before its stated length."""

    reason = "truncated"


class WarcCorrupt(Rejected):
    """A stretch of an archive cannot be decoded."""

    reason = "warc_corrupt"


class SizeMismatch(Rejected):
    """A record's stated length or digest disagrees with its bytes."""

    reason = "size_mismatch"


class HttpStatus(Rejected):
    """The server answered with an error in place of a page."""

    reason = "http_status"


class TooLarge(Rejected):
    """The record is larger than the limit."""

    reason = "too_large"


class DecompressionBomb(Rejected):
    """The record grows past the allowed ratio when decoded."""

    reason = "decompression_bomb"


class Undecodable(Rejected):
    """A content coding (gzip, br, ...) cannot be undone."""

    reason = "decode"


class EncodingUnknown(Rejected):
    """The bytes are text in no encoding that can be told."""

    reason = "encoding"


class EmptyBody(Rejected):
    """There is nothing in the record."""

    reason = "empty_body"


class ParserTimeout(Rejected):
    """A parser did not finish within its time."""

    reason = "parser_timeout"


class ParserCrash(Rejected):
    """A parser died or outgrew its memory."""

    reason = "parser_crash"


class NoText(Rejected):
    """No article text is in the page."""

    reason = "no_text"


class TaggerCrash(Rejected):
    """The tagger failed on the document."""

    reason = "tagger_crash"


@dataclasses.dataclass(frozen=True, slots=True)
class Reject:
    """One refused record: the value behind a row of `rejects`.

    `day` is the record's own day where it is known, `occurred_at` when it was fetched (None for files).
    `payload` is the record whole where it has at most `MAX_PAYLOAD_BYTES`, else `payload_ref` says where it lies.
    """

    stage: str
    reason: str
    detail: str
    input: str | None = None
    url: str | None = None
    payload: bytes | None = None
    payload_ref: str | None = None
    day: datetime.date | None = None
    occurred_at: datetime.datetime | None = None


def reject_id(reject: Reject) -> str:
    """Identify a reject by its input, place and reason: the same record refused again is the same reject."""
    payload = hashlib.sha256(reject.payload).hexdigest() if reject.payload is not None else None
    return stable_id(reject.input, reject.url, reject.stage, reject.reason, payload)


def clean_detail(detail: str) -> str:
    """Make an error's words fit for a table: no control characters, credentials masked, at most 500 characters."""
    printable = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Cf") else c for c in detail)
    masked = mask_url(" ".join(printable.split()))
    return masked if len(masked) <= MAX_DETAIL_LENGTH else masked[: MAX_DETAIL_LENGTH - 1] + "…"


def mask_url(text: str) -> str:
    """Replace credentials and secrets in the URLs of a text by `***`."""
    return _SECRETS.sub(r"\1***", _CREDENTIALS.sub("***@", text))


def reject(
    error: Rejected,
    stage: str,
    *,
    place: str | None,
    payload: bytes | None = None,
    url: str | None = None,
    day: datetime.date | None = None,
    occurred_at: datetime.datetime | None = None,
) -> Reject:
    """Make the value of a refusal; `place` is the record's `input` and serves as reference where it is too large."""
    keep = payload is not None and len(payload) <= MAX_PAYLOAD_BYTES
    return Reject(
        stage=stage,
        reason=error.reason,
        detail=clean_detail(str(error)),
        input=place,
        url=mask_url(url) if url else None,
        payload=payload if keep else None,
        payload_ref=None if keep else place,
        day=day,
        occurred_at=occurred_at,
    )


def reject_page(page: Page, stage: str, error: Rejected) -> Reject:
    """Make the refusal of a page, with its content as payload and the day it was recorded."""
    payload = page.html if page.html is not None else (page.text or "").encode("utf-8", "surrogatepass")
    day = page.recorded_at.date() if page.recorded_at else None
    return reject(error, stage, place=page.input, payload=payload, url=page.url, day=day, occurred_at=page.fetched_at)


def reject_article(article: Article, stage: str, error: Rejected) -> Reject:
    """Make the refusal of an article, with its text as payload."""
    payload = article.text.encode("utf-8", "surrogatepass")
    return reject(
        error,
        stage,
        place=article.input,
        payload=payload,
        url=article.url,
        day=article.day,
        occurred_at=article.fetched_at,
    )
