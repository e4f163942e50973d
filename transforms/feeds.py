"""Feeds: the entries of RSS, Atom and JSON Feed documents, and the pages that are in them."""

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import feedparser

from schemas.documents import DateBasis, Page
from schemas.rejects import ItemLimit, Malformed, NotAFeed, NoText, Reject, Rejected, TooLarge, reject
from transforms import jsonfeeds
from transforms.encodings import decode
from transforms.entries import Entry, ParsedFeed

__all__ = ["MAX_ENTRIES", "MAX_FEED_BYTES", "ParsedFeed", "feed_records", "looks_like_feed", "parse_feed"]

# Bytes. The largest of 541 real feeds has 0.2 MB; feedparser takes about twenty times a feed's size of memory.
MAX_FEED_BYTES = 15_000_000
# Entries that are read of one feed. Publishers' feeds hold 10 to 500; feedparser reads about 3,000 a second.
MAX_ENTRIES = 10_000
# What feedparser notes of feeds that it reads nevertheless without loss.
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
_ROOT = re.compile(r"<(?:[\w.-]{1,30}:)?(rss|feed|RDF|channel)(?=[\s>/])([^>]*)")
# What may stand before the root element.
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ITEM = re.compile(rb"<(?:[\w.-]{1,30}:)?(?:item|entry)(?=[\s>/])")
_ITEM_END = re.compile(rb"</(?:[\w.-]{1,30}:)?(?:item|entry)\s*>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def looks_like_feed(head: bytes) -> bool:
    """Say whether a document begins as a feed does: by its root element, or the version of a JSON Feed."""
    try:
        text, _ = decode(head)
    except Rejected:
        return False
    if text.lstrip().startswith("{"):
        return jsonfeeds.looks_like_feed(text)
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    # RDF is also written for other ends: the feed among them declares the namespace of RSS.
    return root is not None and (root[1] != "RDF" or "rss" in root[2].lower() or "netscape" in root[2].lower())


def parse_feed(data: bytes) -> ParsedFeed:
    """Parse a feed. To be run in a sandbox: feedparser has quadratic corners, and takes memory by the entry.

    Raises:
        TooLarge: It has more than `MAX_FEED_BYTES`.
        NotAFeed: It is something else.
        Malformed: It is a JSON Feed and no JSON.
    """
    if len(data) > MAX_FEED_BYTES:
        raise TooLarge(f"a feed of {len(data)} bytes, limit {MAX_FEED_BYTES}")
    if data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return jsonfeeds.parse_feed(data, MAX_ENTRIES)
    data, surplus = _cut_surplus(data)
    # From a stream of bytes: a string could be taken for an address to fetch or a file to open.
    parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version") and not parsed.entries:
        raise NotAFeed(_fault(parsed) or "neither RSS nor Atom nor JSON Feed")
    base = _web_address(parsed.feed.get("link"), "")
    return ParsedFeed(
        title=_plain(parsed.feed.get("title")),
        url=_self_link(parsed.feed),
        entries=tuple(_read_entry(entry, base) for entry in parsed.entries[:MAX_ENTRIES]),
        surplus=surplus + max(len(parsed.entries) - MAX_ENTRIES, 0),
        fault=_fault(parsed),
    )


def feed_records(parsed: ParsedFeed, *, name: str) -> Iterator[Page | Reject]:
    """Give one record for each entry in order, then what is wrong with the feed as a whole.

    Args:
        parsed: The feed.
        name: Its file's name, for `input`: `name#entry`, from 1.
    """
    for index, entry in enumerate(parsed.entries):
        yield _entry_record(parsed, entry, f"{name}#{index + 1}", index)
    if parsed.surplus:
        error: Rejected = ItemLimit(f"{MAX_ENTRIES + parsed.surplus} entries, limit {MAX_ENTRIES}")
        yield reject(error, "read", place=name)
    if parsed.fault:
        error = Malformed(f"{len(parsed.entries)} entries could be read, others may be lost: {parsed.fault}")
        yield reject(error, "read", place=name)


def _entry_record(parsed: ParsedFeed, entry: Entry, place: str, position: int) -> Page | Reject:
    if entry.fault:
        return reject(Malformed(entry.fault), "read", place=place)
    if not (entry.html or entry.text or "").strip():
        error = NoText("the entry has no content of its own; this version does not fetch what it links to")
        return reject(error, "read", place=place, url=entry.url)
    return Page(
        input=place,
        position=position,
        html=entry.html.encode("utf-8", "replace") if entry.html else None,
        text=None if entry.html else entry.text,
        charset="utf-8" if entry.html else None,
        url=entry.url,
        title=entry.title,
        authors=entry.authors,
        source=parsed.title,
        feed_url=parsed.url,
        published=entry.published,
        given_basis=DateBasis.FEED,
        modified=entry.modified,
    )


def _cut_surplus(data: bytes) -> tuple[bytes, int]:
    """Take out the items past the limit before they are parsed, and count them."""
    starts = _ITEM.finditer(data)
    first = next(itertools.islice(starts, MAX_ENTRIES, None), None)
    if first is None:
        return data, 0
    surplus = 1 + sum(1 for _ in starts)
    end = first.end()
    for closing in _ITEM_END.finditer(data, end):
        end = closing.end()
    return data[: first.start()] + data[end:], surplus


def _fault(parsed: Any) -> str | None:
    error = parsed.get("bozo_exception")
    if error is None or isinstance(error, _HARMLESS):
        return None
    return f"{type(error).__name__}: {error}"


def _read_entry(entry: Any, base: str | None) -> Entry:
    contents = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    content: Any = next((c for c in contents if _is_text(c) and (c.get("value") or "").strip()), {})
    value, is_plain = content.get("value"), content.get("type") == "text/plain"
    # `entry["updated"]` would give the date of publication where there is no other, with a warning.
    updated = dict.get(entry, "updated")
    return Entry(
        url=_web_address(entry.get("link"), base),
        title=_plain(entry.get("title")),
        authors=_authors(entry),
        published=dict.get(entry, "published") or dict.get(entry, "created") or updated or None,
        modified=updated or None,
        html=None if is_plain else value,
        text=value if is_plain else None,
    )


def _is_text(content: Any) -> bool:
    kind = content.get("type") or "text/html"
    return kind.startswith("text/") or "xml" in kind


def _web_address(link: Any, base: str | None) -> str | None:
    """Give a link as it stands, or joined to the site's address where it is relative."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        return urljoin(base, link.strip()) if base else link.strip()
    except ValueError:
        return link.strip()


def _self_link(feed: Any) -> str | None:
    links = (link.get("href") for link in feed.get("links", ()) if link.get("rel") == "self")
    return next((href for href in links if href and href.lower().startswith(("http://", "https://"))), None)


def _authors(entry: Any) -> tuple[str, ...]:
    details = [detail.get("name") for detail in entry.get("authors", ()) if detail]
    names = details if any(details) else [(entry.get("author_detail") or {}).get("name") or entry.get("author")]
    return tuple(dict.fromkeys(name.strip() for name in names if name and name.strip()))


def _plain(title: Any) -> str | None:
    """Take the tags out of a title; feedparser has undone its entities."""
    return (" ".join(_TAG.sub(" ", title).split()) or None) if isinstance(title, str) else None
