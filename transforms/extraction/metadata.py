"""Metadata: what a page's head states of itself, in JSON-LD (schema.org) and meta elements."""

import dataclasses
import html
import json
from collections.abc import Iterator
from typing import Any

import lxml.html

from transforms.extraction.extracted import Metadata

# JSON-LD fields and meta names that news sites use, the most trusted first (schema.org, Open Graph, Dublin Core).
_TITLE = (("headline",), ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline"))
_AUTHOR = (("author",), ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author", "byl"))
_SOURCE = ((), ("og:site_name", "application-name", "dc.publisher"))
_PUBLISHED = (
    ("datePublished", "dateCreated"),
    (
        "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "dc.date.issued",
        "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "parsely-pub-date",
        "sailthru.date", "og:pubdate", "pubdate", "govuk:first-published-at",
        "citation_publication_date", "publishdate", "publish_date", "publication_date", "article.published", "date",
    ),
)  # fmt: skip
_MODIFIED = (
    ("dateModified",),
    (
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "dcterms.modified",
        "govuk:public-updated-at",
        "last-modified",
    ),
)
# Characters of one JSON-LD block that are looked at, and how deep its lists and graphs go.
_MAX_JSON = 500_000
_MAX_DEPTH = 8
# Types of schema.org that have dates and authors of their own beside the article's: a video's upload is not its day.
_OTHER_TYPES = ("object", "organization", "person", "comment", "answer", "question", "product", "event")
_ARTICLE_TYPES = ("article", "posting", "report")


@dataclasses.dataclass(frozen=True, slots=True)
class _Head:
    objects: tuple[dict[str, Any], ...]
    named: dict[str, list[str]]

    def values(self, fields: tuple[tuple[str, ...], tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
        """Give what each source states that states anything, the most trusted first."""
        for field in fields[0]:
            for item in self.objects:
                if texts := tuple(_texts(item.get(field))):
                    yield texts
        for name in fields[1]:
            if name in self.named:
                yield tuple(self.named[name])

    def first(self, fields: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
        return next(self.values(fields), ())

    def every(self, fields: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for texts in self.values(fields) for text in texts))


def read_metadata(tree: lxml.html.HtmlElement) -> Metadata:
    """Read a page's metadata; what it does not state is None."""
    head = _Head(tuple(sorted(_json_ld(tree), key=_is_other)), _named_meta(tree))
    return Metadata(
        title=next(iter(head.first(_TITLE)), None),
        authors=tuple(dict.fromkeys(head.first(_AUTHOR))) or _marked_authors(tree),
        source=next(iter(head.first(_SOURCE)), None),
        canonical_url=_canonical(tree),
        language=tree.get("lang") or next(iter(head.named.get("og:locale", ())), None),
        published=(*head.every(_PUBLISHED), *_marked_dates(tree)),
        modified=head.every(_MODIFIED),
    )


def _canonical(tree: lxml.html.HtmlElement) -> str | None:
    links = (link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    return next((href for link in links if (href := (link.get("href") or "").strip())), None)


def _named_meta(tree: lxml.html.HtmlElement) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = html.unescape(meta.get("content") or "").strip()
        if name and content:
            named.setdefault(name.strip().lower(), []).append(content)
    return named


def _type(item: dict[str, Any]) -> str:
    types = item.get("@type")
    return str(types[0] if isinstance(types, list) and types else types or "").lower()


def _is_other(item: dict[str, Any]) -> bool:
    return not _type(item).endswith(_ARTICLE_TYPES)


def _json_ld(tree: lxml.html.HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) < _MAX_JSON:
            try:
                found = json.loads(script.text, strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _objects(found, _MAX_DEPTH)


def _objects(found: Any, depth: int) -> Iterator[dict[str, Any]]:
    if not depth:
        return
    if isinstance(found, list):
        for item in found:
            yield from _objects(item, depth - 1)
    elif isinstance(found, dict):
        if not _type(found).endswith(_OTHER_TYPES):
            yield found
        yield from _objects(found.get("@graph", []), depth - 1)


def _texts(value: Any, depth: int = _MAX_DEPTH) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield html.unescape(value).strip()
    elif isinstance(value, dict) and depth:
        yield from _texts(value.get("name"), depth - 1)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _texts(item, depth - 1)


def _marked_authors(tree: lxml.html.HtmlElement) -> tuple[str, ...]:
    marked = tree.xpath("//*[@rel='author' or @itemprop='author']")
    return tuple(dict.fromkeys(text for element in marked if (text := " ".join(element.text_content().split()))))


def _marked_dates(tree: lxml.html.HtmlElement) -> tuple[str, ...]:
    marked = tree.xpath("//*[@itemprop='datePublished']/@datetime | //time[@pubdate]/@datetime")
    times = {time.get("datetime", "") for time in tree.iter("time")}
    # One alone is the article's; of several, any may be a teaser's.
    return (*(str(date).strip() for date in marked[:1]), *(times if len(times) == 1 else ()))
