"""Pages: a record with text or HTML becomes an article with ids, dates and language."""

import re
import unicodedata
from typing import Self
from urllib.parse import urljoin

from schemas.documents import Article, Page
from schemas.ids import stable_id
from schemas.rejects import EmptyBody, NoText, TooLarge, UrlInvalid
from transforms.extraction.dates import date_article, end_of_dates
from transforms.extraction.extracted import Extracted
from transforms.extraction.language import TAGGED_LANGUAGE, UNTAGGED, LanguageReader
from transforms.extraction.urls import article_key, canonicalize, host_of, is_same_site
from transforms.reading.encodings import clean
from transforms.sandbox import Sandbox

URL_INVALID = "url_invalid"
# By name, so that the parsers are loaded in the sandbox alone.
_EXTRACT = "transforms.extraction.html:extract_html"
# Bytes. The largest of the 181 pages of the extraction benchmark has a tenth of it.
MAX_PAGE_BYTES = 20_000_000
_ADDRESS = re.compile(r"(?i)^(https?:|www\.|mailto:|//)|@[\w-]+\.")
# Characters; what is longer is no name.
_MAX_AUTHOR = 100
_BYLINE = re.compile(r"(?i)^(written |posted |story |words )?by:?\s+")
# What follows a name in a byline: a handle, a newsroom after a bar, a date after a dot.
_AFTER_NAME = re.compile(r"\s+(?:[|•·@]|[-–—] ).*$")
# Accounts of content systems in the place of names.
_ACCOUNTS = frozenset({"admin", "administrator", "editor", "root", "user", "webmaster"})


class Extractor:
    """What extraction needs beside a page: a sandbox for parsers, and the tables of languages."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        """Take a sandbox, or make one with the usual limits."""
        self.sandbox = sandbox or Sandbox()
        self.languages = LanguageReader()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox's process."""
        self.sandbox.close()


def extract_article(page: Page, extractor: Extractor) -> Article:
    """Turn a page into an article.

    Raises:
        EmptyBody, NoText, TooLarge, EncodingUnknown, ContentTypeRejected: There is nothing to take out of it.
        ParserTimeout, ParserCrash: The parser did not survive it.
    """
    extracted = _extract(page, extractor.sandbox)
    stated = extracted.metadata
    url, canonical, faults = _addresses(page, stated.canonical_url)
    dating = date_article(page, published=stated.published, modified=stated.modified)
    language = extractor.languages.identify(extracted.text, hint=page.language or stated.language)
    untagged = () if language in (TAGGED_LANGUAGE, None) else (UNTAGGED,)
    content_id = stable_id("content", _normalise(extracted.text))
    return Article(
        article_id=stable_id("article", article_key(canonical)) if canonical else stable_id("article", content_id),
        content_id=content_id,
        input=page.input,
        position=page.position,
        text=extracted.text,
        url=url,
        canonical_url=canonical,
        source=_line(page.source) or _name(stated.source) or (host_of(canonical) if canonical else None),
        feed_url=page.feed_url,
        title=_line(page.title) or _line(stated.title),
        authors=_clean_authors(page.authors or stated.authors),
        language=language,
        published_at=dating.published_at,
        date_basis=dating.basis,
        modified_at=dating.modified_at,
        fetched_at=page.fetched_at,
        warnings=tuple(dict.fromkeys((*page.warnings, *extracted.warnings, *faults, *dating.warnings, *untagged))),
    )


def _extract(page: Page, sandbox: Sandbox) -> Extracted:
    if page.html is None:
        text = clean(page.text or "")
        if not text.strip():
            raise NoText("the document has no text")
        return Extracted(text)
    if not page.html.strip():
        raise EmptyBody("the page is empty")
    if len(page.html) > MAX_PAGE_BYTES:
        raise TooLarge(f"{len(page.html)} bytes of HTML, limit {MAX_PAGE_BYTES}")
    end = end_of_dates(page.fetched_at)
    extracted: Extracted = sandbox.call(_EXTRACT, page.html, page.charset, page.url, end)
    return extracted


def _addresses(page: Page, stated: str | None) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Give a page's URL as it was given, the canonical one, and warnings."""
    if not page.url:
        return None, None, ()
    try:
        canonical = canonicalize(page.url)
    except UrlInvalid:
        return None, None, (URL_INVALID,)
    if stated:
        try:
            claimed = canonicalize(urljoin(page.url, stated))
        except (UrlInvalid, ValueError):
            return page.url, canonical, ()
        # A page may not speak for another site, and one that names a site's front page names nothing.
        if is_same_site(claimed, canonical) and "/" in article_key(claimed):
            canonical = claimed
    return page.url, canonical, ()


def _normalise(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _line(text: str | None) -> str | None:
    return " ".join(clean(text).split()) or None if text else None


def _name(text: str | None) -> str | None:
    """Give a name on one line; None where it is none but an address."""
    name = _line(text)
    return None if not name or _ADDRESS.search(name) else name


def _clean_authors(authors: tuple[str, ...]) -> tuple[str, ...]:
    names = (_AFTER_NAME.sub("", _BYLINE.sub("", name)) for author in authors if (name := _name(author)))
    return tuple(
        dict.fromkeys(name for name in names if 0 < len(name) <= _MAX_AUTHOR and name.lower() not in _ACCOUNTS)
    )
