"""Metadata: what a page's head states of itself, in JSON-LD (schema.org) and meta elements."""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import lxml.html

# JSON-LD fields and meta names that news sites use, the most trusted first (schema.org, Open Graph, Dublin Core).
_TITLE = (("headline",), ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline"))
_AUTHOR = (("author",), ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author", "byl"))
_SOURCE = ((), ("og:site_name", "application-name", "dc.publisher"))
_PUBLISHED = (
    ("datePublished", "dateCreated", "uploadDate"),
    (
        "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "dc.date.issued",
        "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "parsely-pub-date",
        "sailthru.date", "pubdate", "publishdate", "publish_date", "publication_date", "article.published", "date",
    ),
)  # fmt: skip
_MODIFIED = (
    ("dateModified",),
    ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified"),
)
# Characters of one JSON-LD block that are looked at.
_MAX_JSON = 500_000


@dataclasses.dataclass(frozen=True, slots=True)
class Metadata:
    """What a document states of itself; dates and the language tag are to the letter."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    published: str | None = None
    modified: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _Head:
    objects: tuple[dict[str, Any], ...]
    named: dict[str, str]

    def values(self, fields: tuple[tuple[str, ...], tuple[str, ...]]) -> Iterator[str]:
        for field in fields[0]:
            for item in self.objects:
                yield from _texts(item.get(field))
        for name in fields[1]:
            if name in self.named:
                yield self.named[name]

    def first(self, fields: tuple[tuple[str, ...], tuple[str, ...]]) -> str | None:
        return next(self.values(fields), None)


def read_metadata(tree: lxml.html.HtmlElement) -> Metadata:
    """Read a page's metadata; what it does not state is None."""
    head = _Head(tuple(_json_ld(tree)), _named_meta(tree))
    canonical = next(iter(tree.xpath("//link[@rel='canonical']/@href")), None)
    return Metadata(
        title=head.first(_TITLE),
        authors=tuple(dict.fromkeys(head.values(_AUTHOR))) or _marked_authors(tree),
        source=head.first(_SOURCE),
        canonical_url=str(canonical).strip() if canonical else None,
        language=tree.get("lang"),
        published=head.first(_PUBLISHED) or _marked_date(tree),
        modified=head.first(_MODIFIED),
    )


def _named_meta(tree: lxml.html.HtmlElement) -> dict[str, str]:
    named: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = (meta.get("content") or "").strip()
        if name and content:
            named.setdefault(name.strip().lower(), content)
    return named


def _json_ld(tree: lxml.html.HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) < _MAX_JSON:
            try:
                found = json.loads(script.text, strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _objects(found)


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, list):
        for item in found:
            yield from _objects(item)
    elif isinstance(found, dict):
        yield found
        yield from _objects(found.get("@graph", []))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value.strip()
    elif isinstance(value, dict):
        yield from _texts(value.get("name"))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _marked_authors(tree: lxml.html.HtmlElement) -> tuple[str, ...]:
    marked = tree.xpath("//*[@rel='author' or @itemprop='author']")
    return tuple(dict.fromkeys(text for element in marked if (text := " ".join(element.text_content().split()))))


def _marked_date(tree: lxml.html.HtmlElement) -> str | None:
    marked = tree.xpath("//*[@itemprop='datePublished']/@datetime | //time[@pubdate]/@datetime")
    return str(marked[0]).strip() if marked else None
