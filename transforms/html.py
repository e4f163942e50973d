"""HTML: the main text of a page. Runs in a sandbox: parsers meet hostile input here."""

import dataclasses

import lxml.html
import trafilatura
from htmldate import find_date
from trafilatura.metadata import extract_title
from trafilatura.settings import Document

from schemas.rejects import NoText
from transforms.metadata import Metadata, read_metadata

# Words. Less is a label of some navigation, never a statement.
_MIN_WORDS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Extracted:
    """What a document says: its text to the letter, and what it states of itself."""

    text: str
    metadata: Metadata


def extract_html(html: str, url: str | None) -> Extracted:
    """Extract a page.

    Args:
        html: The decoded page.
        url: Its address, for relative links.

    Raises:
        NoText: It holds no article text, or is no HTML at all.
    """
    tree = trafilatura.load_html(html)
    if tree is None:
        raise NoText(f"{len(html)} characters that are no HTML page")
    # Before extraction, which takes the tree apart.
    metadata = _complete(read_metadata(tree), tree)
    document = trafilatura.bare_extraction(tree, url=url, include_comments=False)
    text = document.text or "" if isinstance(document, Document) else ""
    words = len(text.split())
    if words < _MIN_WORDS:
        raise NoText(f"{words} words of text among {len(html)} characters of HTML")
    return Extracted(text, metadata)


def _complete(metadata: Metadata, tree: lxml.html.HtmlElement) -> Metadata:
    """Search the body for what the head does not state; that is slow, and seldom needed."""
    title = metadata.title or extract_title(tree)
    published = metadata.published or find_date(tree, original_date=True, extensive_search=False)
    return dataclasses.replace(metadata, title=title, published=published)
