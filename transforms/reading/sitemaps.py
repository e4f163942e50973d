"""Sitemaps (https://www.sitemaps.org/protocol.html), with what Google's news extension says of each article."""

from lxml import etree

from schemas.rejects import Malformed
from transforms.reading.entries import Entry, ParsedFeed, plain_words


def parse_sitemap(data: bytes, max_entries: int) -> ParsedFeed:
    """Read a sitemap, or an index of sitemaps, in UTF-8.

    Its entries have no content of their own; `modified` is all that one without the news extension says of dates.

    Raises:
        Malformed: Nothing can be read of it.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Malformed(f"sitemap: {error}") from error
    if root is None:
        raise Malformed("sitemap: no element in it can be read")
    pages, sitemaps = list(root.iterchildren("{*}url")), list(root.iterchildren("{*}sitemap"))
    fault = next(iter(parser.error_log), None)
    return ParsedFeed(
        entries=tuple(_make_entry(page) for page in pages[:max_entries]),
        malformed=f"line {fault.line}: {fault.message}" if fault else None,
        overflow=max(len(pages) - max_entries, 0) + max(len(sitemaps) - max_entries, 0),
        feeds=tuple(filter(None, (_text(sitemap, "loc") for sitemap in sitemaps[:max_entries]))),
    )


def _make_entry(page: etree._Element) -> Entry:
    return Entry(
        title=_text(page, "title"),
        link=_text(page, "loc"),
        published=_text(page, "publication_date"),
        modified=_text(page, "lastmod"),
        language=_text(page, "language"),
        source=_text(page, "name"),
    )


def _text(element: etree._Element, name: str) -> str | None:
    found = next(element.iterdescendants("{*}" + name), None)
    return plain_words(found.text, markup=False) if found is not None else None
