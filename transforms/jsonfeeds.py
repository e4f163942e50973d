"""JSON feeds: versions 1.0 and 1.1 of JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

import json
import re
from typing import Any

from schemas.rejects import Malformed, NotAFeed
from transforms.encodings import decode
from transforms.entries import Entry, ParsedFeed

_VERSION = re.compile(r"https?://(www\.)?jsonfeed\.org/version/", re.IGNORECASE)
_VERSION_FIELD = re.compile(r'"version"\s*:\s*"https?:(?:\\?/){2}(?:www\.)?jsonfeed\.org', re.IGNORECASE)


def looks_like_feed(text: str) -> bool:
    """Say whether the beginning of a JSON document names a version of JSON Feed."""
    return _VERSION_FIELD.search(text) is not None


def parse_feed(data: bytes, max_entries: int) -> ParsedFeed:
    """Parse a JSON Feed.

    Raises:
        Malformed: It is no JSON.
        NotAFeed: It is JSON of another kind.
        EncodingUnknown: It is no text.
    """
    try:
        feed = json.loads(decode(data)[0], strict=False)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from error
    version = feed.get("version") if isinstance(feed, dict) else None
    if not isinstance(version, str) or not _VERSION.match(version):
        raise NotAFeed(f"JSON without the version of a JSON Feed: {str(version)[:100]}")
    items = feed.get("items")
    fault = None if isinstance(items, list) else f"`items` is {_kind(items)} and not a list"
    items = items if isinstance(items, list) else []
    return ParsedFeed(
        title=_string(feed, "title"),
        url=_string(feed, "feed_url"),
        entries=tuple(_read_entry(item, _authors(feed)) for item in items[:max_entries]),
        surplus=max(len(items) - max_entries, 0),
        fault=fault,
    )


def _read_entry(item: Any, feed_authors: tuple[str, ...]) -> Entry:
    if not isinstance(item, dict):
        return Entry(fault=f"the item is {_kind(item)} and not an object")
    html = _string(item, "content_html")
    text = None if html else _string(item, "content_text") or _string(item, "summary")
    return Entry(
        url=_string(item, "url") or _string(item, "external_url"),
        title=_string(item, "title"),
        authors=_authors(item) or feed_authors,
        published=_string(item, "date_published"),
        modified=_string(item, "date_modified"),
        html=html,
        text=text,
    )


def _authors(value: dict[str, Any]) -> tuple[str, ...]:
    # Version 1.0 has one `author`, 1.1 a list of them.
    authors = value.get("authors")
    listed = authors if isinstance(authors, list) else [value.get("author")]
    names = (_string(author, "name") for author in listed if isinstance(author, dict))
    return tuple(dict.fromkeys(name for name in names if name))


def _string(value: dict[str, Any], name: str) -> str | None:
    found = value.get(name)
    return found.strip() or None if isinstance(found, str) else None


def _kind(value: Any) -> str:
    return "null" if value is None else f"a {type(value).__name__}"
