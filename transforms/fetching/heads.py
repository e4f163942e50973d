"""Heads: what the headers of a response say."""

import datetime
import email.utils
import re
from collections.abc import Sequence

from schemas.exchanges import Accept
from schemas.rejects import SizeMismatch, Undecodable

Fields = Sequence[tuple[str, str]]

# Seconds: a site that asks to be left alone for longer is asked again after a day.
MAX_RETRY_AFTER = 24 * 3600.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})

FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_XML = ("application/xml", "text/xml")
# Many feeds are labelled as what they are not; whether one is a feed, its content decides.
_LOOSE = ("text/html", "text/plain", "application/json", "text/json", "application/octet-stream", "binary/octet-stream")
# Sitemaps too are served as gzip files.
_GZIP = ("application/gzip", "application/x-gzip")
_PAGES = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "text/plain", *_XML)
_ARCHIVES = (
    "application/warc",
    "application/warc-fields",
    *_GZIP,
    "application/zstd",
    "application/jsonl",
    "application/json-lines",
    "application/x-ndjson",
    "application/x-jsonlines",
    "text/csv",
    "text/tab-separated-values",
    "text/x-opml",
    *FEEDS,
    *_XML,
    *_LOOSE,
)
_ALLOWED = {
    Accept.FEED: frozenset({*FEEDS, *_XML, *_LOOSE, "application/rss", "text/rss", "text/xml+rss", *_GZIP}),
    Accept.PAGE: frozenset(_PAGES),
    Accept.ARCHIVE: frozenset(_ARCHIVES),
}
ACCEPT_HEADERS = {
    Accept.FEED: ", ".join(FEEDS) + ", application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    Accept.PAGE: "text/html, application/xhtml+xml, application/xml;q=0.8, text/plain;q=0.5",
    Accept.ARCHIVE: "*/*",
}
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(r"(?i);\s*charset\s*=\s*[\"']?([^\s;\"']+)")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


def read_fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """Read names and values, to the letter but for blanks around them, as Latin-1; interim heads are passed over."""
    _, *lines = _HEAD_END.split(head.rstrip(b"\r\n"))[-1].decode("latin-1").split("\n")
    fields: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.rstrip("\r").partition(":")
        if line.startswith((" ", "\t")) and fields:
            # A folded line, as RFC 9112 allowed no longer but says how to read.
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
        elif colon:
            fields.append((name.strip(), value.strip(" \t")))
    return tuple(fields)


def field(fields: Fields, name: str) -> str | None:
    """Give the value of the first field of this name in small letters, or None."""
    return next((value for key, value in fields if key.lower() == name), None)


def media_type(fields: Fields) -> tuple[str | None, str | None]:
    """Give the type in small letters and the charset that Content-Type names, each None where there is none."""
    value = field(fields, "content-type") or ""
    named, charset = _MEDIA_TYPE.match(value.strip().lower()), _CHARSET.search(value)
    return named[0] if named else None, charset[1] if charset else None


def is_allowed(kind: str | None, accept: Accept) -> bool:
    """Say whether content of a type is taken; what names no type may be anything."""
    return kind is None or kind in _ALLOWED[accept] or (accept is not Accept.PAGE and kind.endswith("+xml"))


def content_coding(fields: Fields) -> str:
    """Give the coding of the content, empty where there is none.

    Raises:
        Undecodable: There is more than one on another, as only bombs have.
    """
    listed = ",".join(value for key, value in fields if key.lower() == "content-encoding").lower().split(",")
    codings = [name for part in listed if (name := part.strip()) not in ("", "identity")]
    if len(codings) > 1:
        raise Undecodable(f"{len(codings)} codings on one another, limit 1: {', '.join(codings)[:80]}")
    return codings[0] if codings else ""


def transfer_coding(fields: Fields) -> str:
    """Give what Transfer-Encoding says: "chunked", or nothing.

    Raises:
        Undecodable: It lists another coding, or the same twice; those that HTTP knows besides are in no use.
    """
    listed = ",".join(value for key, value in fields if key.lower() == "transfer-encoding").lower().split(",")
    codings = [name for part in listed if (name := part.strip()) not in ("", "identity")]
    if codings not in ([], ["chunked"]):
        raise Undecodable(f"Transfer-Encoding: {', '.join(codings)[:80]}")
    return "".join(codings)


def check_length(fields: Fields) -> None:
    """Hold the stated lengths of the body against each other.

    Raises:
        SizeMismatch: They differ, or are no numbers.
    """
    stated = {part.strip() for key, value in fields if key.lower() == "content-length" for part in value.split(",")}
    if len(stated) > 1 or not all(part.isascii() and part.isdigit() for part in stated):
        raise SizeMismatch(f"stated lengths: {', '.join(sorted(stated))[:80]}")


def retry_after(fields: Fields, now: datetime.datetime) -> float | None:
    """Give the seconds that Retry-After asks for, as a number or a date; at most a day, None where it says nothing."""
    value = (field(fields, "retry-after") or "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:10]), MAX_RETRY_AFTER)
    try:
        date = email.utils.parsedate_to_datetime(value)
        date = date.replace(tzinfo=datetime.UTC) if date.tzinfo is None else date
        return min(max((date - now).total_seconds(), 0.0), MAX_RETRY_AFTER)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
