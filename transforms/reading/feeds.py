"""Feeds: RSS, Atom and JSON feeds and sitemaps, one record an entry."""

import codecs
import io
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import feedparser

from schemas.documents import DateBasis, Page
from schemas.rejects import EmptyBody, ItemLimit, Malformed, NotAFeed, NoText, Reject, TooLarge, reject
from transforms.reading.entries import Entry, ParsedFeed, clean, has_words, join_link, markup_of, plain_words
from transforms.reading.feedtext import cut_entries, is_sitemap, looks_like_feed, starts_json, to_utf8
from transforms.reading.jsonfeeds import parse_json_feed
from transforms.reading.members import GZIP_MAGIC
from transforms.reading.singles import read_whole
from transforms.reading.sitemaps import parse_sitemap

__all__ = [
    "FEED_MEMORY",
    "MAX_ENTRIES",
    "MAX_FEED_BYTES",
    "ParsedFeed",
    "feed_records",
    "looks_like_feed",
    "parse_feed",
]

MAX_ENTRIES = 10_000
# Bytes. What is fetched of a feed at most.
MAX_FEED_BYTES = 15_000_000
# Bytes of address space for reading one, in a sandbox. The worst of 15 MB that can be read, JSON of five million empty
# items, takes half of it; tags without end would take more than any limit.
FEED_MEMORY = 1_000_000_000
_READABLE = frozenset({None, "", "text/plain", "text/html", "text/xml", "application/xml", "application/xhtml+xml"})


def parse_feed(data: bytes) -> ParsedFeed:
    """Read a feed of any kind; what its grammar breaks is told in the result as far as entries can be read.

    A hostile feed can take minutes (an expression on authors is quadratic): call it where it can be killed.

    Raises:
        NotAFeed: The document is none.
        Malformed: Nothing can be read of it.
        TooLarge: It has more than `MAX_FEED_BYTES`.
        DecompressionBomb, Truncated, Undecodable: It is a gzip file that cannot be unpacked.
    """
    if len(data) > MAX_FEED_BYTES:
        raise TooLarge(f"a feed of {len(data)} bytes, limit {MAX_FEED_BYTES}")
    if data.startswith(GZIP_MAGIC):
        # Sitemaps are served as gzip files, which no header tells.
        data = read_whole(io.BytesIO(data))
    if starts_json(data):
        return parse_json_feed(data.removeprefix(codecs.BOM_UTF8), MAX_ENTRIES)
    data = to_utf8(data)
    if is_sitemap(data):
        return parse_sitemap(data, MAX_ENTRIES)
    data, overflow = cut_entries(data, MAX_ENTRIES)
    parsed = _parse_xml(data)
    if not parsed.get("version") and not looks_like_feed(data[:65536]):
        raise NotAFeed("no root element of RSS, RDF, Atom or a sitemap")
    feed, found = parsed["feed"], parsed["entries"]
    url = next((link.get("href") for link in feed.get("links", ()) if link.get("rel") == "self"), None)
    base = url or _text(feed, "link") or ""
    authors = _authors(feed)
    # An id is an address in RSS where nothing says otherwise, in Atom a mere name.
    named = str(parsed["version"]).startswith("atom")
    return ParsedFeed(
        title=plain_words(_text(feed, "title"), markup=_is_markup(feed, "title")),
        url=url or None,
        entries=tuple(_make_entry(entry, base, authors, named) for entry in found[:MAX_ENTRIES]),
        malformed=_what_is_broken(parsed),
        overflow=overflow + max(len(found) - MAX_ENTRIES, 0),
        ttl=_seconds(_text(feed, "ttl")),
    )


def _parse_xml(data: bytes) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # A stream of bytes: a string might be taken for an address, and fetched.
            parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
        except Exception as error:
            # The parser has no exception of its own for what it cannot read.
            raise Malformed(f"{type(error).__name__}: {error}") from error
    return {"version": "", "feed": {}, "entries": []} | dict(parsed)


def _what_is_broken(parsed: dict[str, Any]) -> str | None:
    error = parsed.get("bozo_exception")
    # A charset that is not the declared one, and a missing header, are no breach of grammar.
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    if not parsed.get("bozo") or isinstance(error, harmless):
        return None
    return f"{type(error).__name__}: {error}"


def _make_entry(entry: dict[str, Any], base: str, authors: tuple[str, ...], named: bool) -> Entry:
    link = _link(entry, named)
    modified = _text(entry, "updated")
    return Entry(
        guid=_text(entry, "id"),
        title=plain_words(_text(entry, "title"), markup=_is_markup(entry, "title")),
        link=join_link(base, link) if link else None,
        content=_content(entry),
        published=_text(entry, "published") or _text(entry, "created") or modified,
        modified=modified,
        authors=_authors(entry) or authors,
        source=plain_words(_text(entry.get("source") or {}, "title")),
    )


def _link(entry: dict[str, Any], named: bool) -> str | None:
    link = _text(entry, "feedburner_origlink") or _text(entry, "link")
    # The parser gives the id where there is no link.
    if link and "links" not in entry and link == _text(entry, "id"):
        return link if not named and _is_web_address(link) else None
    return link


def _text(fields: dict[str, Any], name: str) -> str | None:
    # `in` first: the parser's dictionary gives some fields in place of others, with a warning.
    value = fields[name] if name in fields else None
    return clean(value).strip() or None if isinstance(value, str) else None


def _seconds(minutes: str | None) -> float | None:
    return 60.0 * int(minutes) if minutes and re.fullmatch(r"[0-9]{1,6}", minutes) else None


def _is_markup(fields: dict[str, Any], name: str) -> bool:
    detail = fields.get(f"{name}_detail") or {}
    return detail.get("type") != "text/plain"


def _content(entry: dict[str, Any]) -> str | None:
    """Give the longest content, else the summary, as HTML."""
    contents = [(item.get("type"), item.get("value") or "") for item in entry.get("content", ())]
    contents.sort(key=lambda content: -len(content[1]))
    summary = _text(entry, "summary") or ""
    contents.append(("text/html" if _is_markup(entry, "summary") else "text/plain", summary))
    for kind, value in contents:
        written = markup_of(value) if kind == "text/plain" else value
        if kind in _READABLE and has_words(written):
            return clean(written)
    return None


def _authors(fields: dict[str, Any]) -> tuple[str, ...]:
    listed = [author.get("name") or author.get("email") for author in fields.get("authors", ()) if author]
    names = [plain_words(name) for name in listed or [_text(fields, "author")] if name]
    return tuple(dict.fromkeys(name for name in names if name))


def feed_records(feed: ParsedFeed, *, name: str) -> Iterator[Page | Reject]:
    """Give a page for each entry that has content of its own, and a refusal for each other thing.

    Args:
        feed: The feed as it was read.
        name: What the feed's file is called in `input`; an entry's number from 0 follows it.
    """
    source_url = feed.url if _is_web_address(feed.url) else None
    for index, entry in enumerate(feed.entries):
        yield _make_record(entry, feed.title, source_url, f"{name}#{index}", index)
    if feed.malformed:
        yield reject(Malformed(feed.malformed), "read", place=name, url=source_url)
    if feed.overflow:
        total = len(feed.entries) + feed.overflow
        yield reject(ItemLimit(f"{total} entries, limit {MAX_ENTRIES}"), "read", place=name, url=source_url)
    if not (feed.entries or feed.malformed or feed.overflow):
        yield reject(EmptyBody("a feed without entries"), "read", place=name, url=source_url)


def _make_record(entry: Entry, source: str | None, feed_url: str | None, place: str, index: int) -> Page | Reject:
    url = entry.link if _is_web_address(entry.link) else None
    if entry.content is None:
        payload = json.dumps({"title": entry.title, "link": entry.link}, ensure_ascii=False)
        error = NoText("an entry without content of its own")
        return reject(error, "read", place=place, payload=payload.encode("utf-8", "replace"), url=url)
    return Page(
        input=place,
        position=index,
        html=f"<html><body><article>{entry.content}</article></body></html>".encode("utf-8", "replace"),
        charset="utf-8",
        url=url,
        title=entry.title,
        authors=entry.authors,
        source=source,
        language=entry.language,
        feed_url=feed_url,
        published=entry.published,
        given_basis=DateBasis.FEED,
        modified=entry.modified,
        warnings=("url_invalid",) if entry.link and not url else (),
    )


def _is_web_address(url: str | None) -> bool:
    if not url or re.search(r"[\x00-\x20\x7f\\]", url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
