"""JSON feeds: versions 1.0 and 1.1 (https://jsonfeed.org/version/1.1), read leniently field by field."""

import json
from typing import Any

from schemas.rejects import Malformed, NotAFeed
from transforms.reading.entries import Entry, ParsedFeed, clean, has_words, join_link, markup_of, plain_words


def parse_json_feed(data: bytes, max_entries: int) -> ParsedFeed:
    """Read a JSON feed.

    Raises:
        Malformed: The document is no JSON.
        NotAFeed: It is JSON of another kind.
    """
    try:
        # The library tells UTF-8, 16 and 32 apart.
        feed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"JSON: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version")):
        raise NotAFeed("JSON without the version and items of a JSON feed")
    base = _string(feed, "feed_url") or _string(feed, "home_page_url") or ""
    authors, language = _authors(feed), _string(feed, "language")
    entries = [_make_entry(item, base, authors, language) for item in items[:max_entries]]
    return ParsedFeed(
        title=plain_words(_string(feed, "title")),
        url=_string(feed, "feed_url"),
        entries=tuple(entries),
        overflow=max(len(items) - max_entries, 0),
    )


def _make_entry(item: object, base: str, authors: tuple[str, ...], language: str | None) -> Entry:
    if not isinstance(item, dict):
        return Entry()
    content = _string(item, "content_html")
    if not has_words(content):
        text = _string(item, "content_text") or _string(item, "summary")
        content = markup_of(text) if text else None
    link = _string(item, "url") or _string(item, "external_url")
    return Entry(
        guid=_identifier(item.get("id")),
        title=plain_words(_string(item, "title")),
        link=join_link(base, link) if link else None,
        content=content,
        published=_string(item, "date_published"),
        modified=_string(item, "date_modified"),
        authors=_authors(item) or authors,
        language=_string(item, "language") or language,
    )


def _identifier(value: object) -> str | None:
    # A string by the standard; numbers are to be taken too, it says.
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return clean(value).strip() or None if isinstance(value, str) else None


def _string(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return clean(value).strip() or None if isinstance(value, str) else None


def _authors(fields: dict[str, Any]) -> tuple[str, ...]:
    # A list since 1.1, a single author in 1.0.
    authors = fields.get("authors")
    listed = authors if isinstance(authors, list) else [fields.get("author")]
    names = [plain_words(_string(author, "name")) for author in listed if isinstance(author, dict)]
    return tuple(name for name in names if name)
