"""Entries: what a feed says, as values that can travel between processes."""

import dataclasses
import html
import re
from urllib.parse import urljoin

# A tag, a comment or a declaration; a `<` before anything else is a sign like any other.
_TAG = re.compile(r"<(?:!--.{0,10000}?--|[/!?]?[A-Za-z][^<>]{0,5000})>", re.DOTALL)
# Neither XML nor a table's cell has a place for them.
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    `link` is as it was found, joined to the feed's own address where it was relative. `content` is the entry's own
    HTML, None where it has none. `published` and `modified` are to the letter. `source` is the name of the feed that
    the entry was taken over from.
    """

    guid: str | None = None
    title: str | None = None
    link: str | None = None
    content: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    source: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as it was read.

    `url` is the address that it gives as its own. `malformed` says what its grammar breaks, where not all of it may
    have been read. `overflow` counts the entries beyond the limit, which were not read. `feeds` are the addresses of
    the sitemaps that an index of sitemaps lists in place of entries. `ttl` is for how many seconds the feed asks not to
    be asked again.
    """

    title: str | None = None
    url: str | None = None
    entries: tuple[Entry, ...] = ()
    malformed: str | None = None
    overflow: int = 0
    feeds: tuple[str, ...] = ()
    ttl: float | None = None


def plain_words(text: str | None, *, markup: bool = True) -> str | None:
    """Give a line of text without tags, entities and runs of white space; None where nothing is left."""
    if text and markup:
        text = html.unescape(_TAG.sub(" " if "<br" in text.lower() else "", text))
    words = " ".join(clean(text or "").split())
    return words or None


def clean(text: str) -> str:
    """Take out control characters, but for white space, and halves of characters."""
    return _NO_CHARACTERS.sub("", text)


def markup_of(text: str) -> str:
    """Write plain text as HTML: blank lines part paragraphs."""
    paragraphs = re.split(r"\n[ \t\r]*\n", text)
    return "\n".join(f"<p>{html.escape(part.strip(), quote=False)}</p>" for part in paragraphs if part.strip())


def has_words(content: str | None) -> bool:
    """Say whether anything can be read in a piece of HTML once its tags are gone."""
    return plain_words(content) is not None


def join_link(base: str, link: str) -> str:
    """Resolve a link against the feed's own; one that cannot be read stays as it is."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link
