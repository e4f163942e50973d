"""HTML: the main text of a page. Runs in a sandbox: parsers meet hostile input here."""

import dataclasses
import datetime
import re

import lxml.etree
import lxml.html
import trafilatura
from htmldate import find_date
from trafilatura.metadata import extract_title
from trafilatura.settings import Document

from schemas.rejects import ContentTypeRejected, NoText, TooLarge
from transforms.extraction.dates import EARLIEST, is_usable
from transforms.extraction.extracted import Extracted, Metadata
from transforms.extraction.metadata import read_metadata
from transforms.reading.encodings import clean, decode

# Elements. The pages of the extraction benchmark have up to 1,600. A page of this size takes five seconds; above it,
# whether a page is read within the sandbox's time would hang on how busy the machine is.
MAX_ELEMENTS = 100_000
# Tags of running text; a record that has one of them, and is not of another kind by its beginning, is part of a page.
_FRAGMENT = re.compile(
    r"(?!\s*(?:<\?xml|<rss\b|<feed\b|<rdf|<svg\b|[{\[%]))(?s:.{0,2000}?)"
    r"<(?:p|div|br|span|a|b|i|em|strong|ul|ol|li|h[1-6]|table|blockquote|article|section|main|img|font|pre|figure)[\s/>]",
    re.IGNORECASE,
)
# References to characters that XML has not: one of them, and lxml refuses the tree that trafilatura makes.
_NO_CHARACTERS = re.compile(
    r"&#(?:0*(?:[1-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)|x0*(?:[1-8bcef]|1[\da-f]|fff[ef])(?![\da-f]));?", re.IGNORECASE
)
# Characters. Where the fast pass finds less, the slow one with its second opinions gets its say.
_SHORT_TEXT = 250
# Less of either is a label of some navigation, never a statement. Scripts without spaces have few words.
_MIN_WORDS = 5
_MIN_LETTERS = 20


def extract_html(data: bytes, charset: str | None, url: str | None, end: datetime.datetime) -> Extracted:
    """Extract a page.

    Args:
        data: The page as it came in.
        charset: The one that its container names.
        url: Its address, for relative links and a date in its path.
        end: Before when it must have been published.

    Raises:
        ContentTypeRejected: It is no HTML.
        EncodingUnknown, TooLarge, NoText: It is HTML from which nothing can be taken.
    """
    html, warnings = decode(data, declared=charset)
    tree = _load(_NO_CHARACTERS.sub("", html))
    if tree is None:
        raise ContentTypeRejected(f"no HTML page: begins with {html[:20]!r}")
    elements = sum(1 for _ in tree.iter())
    if elements > MAX_ELEMENTS:
        raise TooLarge(f"{elements} elements, limit {MAX_ELEMENTS}")
    text = _main_text(tree, url)
    words, letters = len(text.split()), sum(map(str.isalnum, text[:1000]))
    if not letters or (words < _MIN_WORDS and letters < _MIN_LETTERS):
        deep = f", nested {_depth(tree)} deep" if elements else ""
        raise NoText(f"{words} words of text among {len(html)} characters in {elements} elements{deep}")
    return Extracted(text, _complete(read_metadata(tree), tree, url, end), warnings)


def _load(html: str) -> lxml.html.HtmlElement | None:
    tree = trafilatura.load_html(html)
    if (tree is None or tree.tag != "html") and _FRAGMENT.match(html):
        # trafilatura is made for whole pages; the fields of JSONL often hold a paragraph.
        return trafilatura.load_html(f"<html><body><article>{html}</article></body></html>")
    return tree


def _main_text(tree: lxml.html.HtmlElement, url: str | None) -> str:
    """Give the longer of what a fast and, where that found little, a slow pass find."""
    longest = ""
    for fast in (True, False):
        # The tree itself is not changed by it: bare_extraction works on a copy.
        document = trafilatura.bare_extraction(tree, url=url, include_comments=False, fast=fast)
        text = clean(document.text or "") if isinstance(document, Document) else ""
        longest = max(longest, text, key=len)
        if len(longest) >= _SHORT_TEXT:
            break
    return longest


def _complete(metadata: Metadata, tree: lxml.html.HtmlElement, url: str | None, end: datetime.datetime) -> Metadata:
    """Search the address and the body for what the head does not state; that is slow, and seldom needed."""
    title = metadata.title or extract_title(tree)
    published = metadata.published
    if not any(is_usable(date, end) for date in published):
        # Without both ends it would take the day of the run for the latest.
        last = end - datetime.timedelta(microseconds=1)
        found = find_date(
            tree, original_date=True, extensive_search=False, url=url, min_date=EARLIEST.replace(tzinfo=None),
            max_date=last.replace(tzinfo=None),
        )  # fmt: skip
        published = (*published, found) if found else published
    return dataclasses.replace(metadata, title=title, published=published)


def _depth(tree: lxml.html.HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
