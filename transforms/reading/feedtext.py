"""Feed documents: their encoding, their root element and their length, seen before any parser sees them."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What may stand before the root element: declarations, comments, a document type with its own declarations.
_PROLOG = re.compile(
    r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[\]<>\"']|\"[^\"]*\"|'[^']*')*+(?:\[.*?\]\s*)?>",
    re.DOTALL | re.IGNORECASE,
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|RDF|urlset|sitemapindex)(?=[\s>/])")
_JSON_VERSION = re.compile(r"\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org")
_ENTRY_START = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]")
# An identifier of other protocols on a link, which the parser takes for its address.
_IDENTIFIER = re.compile(
    rb"(<link\b[^<>]{0,2000}?)\suri\s*=\s*(?:\"(?!https?:)[^\"<>]{0,2000}\"|'(?!https?:)[^'<>]{0,2000}')"
)
# What names a character by its number; some of the numbers have none, and the parser gives up at half of one.
_NUMBERED = re.compile(rb"&#(?:[xX]([0-9A-Fa-f]{1,20})|([0-9]{1,20}));")


def looks_like_feed(head: bytes) -> bool:
    """Say whether a file that begins so is a feed: by its root element, or by the version of a JSON feed."""
    text = _decode_head(head)
    if text.startswith("{"):
        return _JSON_VERSION.search(text) is not None
    root = _find_root(text)
    if root is None:
        return False
    # RDF has other uses; those of RSS say so in their namespaces.
    return root[1] != "RDF" or re.search(r"rss|netscape", text[root.start() :]) is not None


def _find_root(text: str) -> re.Match[str] | None:
    at = 0
    while passed := _PROLOG.match(text, at):
        at = passed.end()
    return _ROOT.match(text, at)


def _decode_head(head: bytes) -> str:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace").lstrip()
    # Latin letters in UTF-16 and UTF-32 without a mark are the same with zeros between.
    return head.replace(b"\0", b"").decode("latin-1").lstrip()


def starts_json(data: bytes) -> bool:
    """Say whether a document begins as a JSON object does."""
    return _decode_head(data[:1024]).startswith("{")


def to_utf8(data: bytes) -> bytes:
    """Make a document of XML fit for the parser.

    It knows UTF-16 and UTF-32 only where an XML declaration names them, numbers that are no characters not at all, and
    takes any `uri` of a link for its address.
    """
    marked = next(((mark, encoding) for mark, encoding in _BOMS if data.startswith(mark)), None)
    if marked is None:
        wide = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(data[:2])
        marked = (b"", wide) if wide else (b"", "utf-8")
    mark, encoding = marked
    if encoding != "utf-8":
        text = data[len(mark) :].decode(encoding, "replace")
        data = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    return _IDENTIFIER.sub(rb"\1", _NUMBERED.sub(_keep_character, data))


def _keep_character(found: re.Match[bytes]) -> bytes:
    number = int(found[1], 16) if found[1] else int(found[2])
    whole = 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number <= 0x10FFFF
    return found[0] if whole or number in (0x9, 0xA, 0xD) else b""


def is_sitemap(data: bytes) -> bool:
    """Say whether the root element of a document of XML, in UTF-8, is that of a sitemap or of an index of them."""
    root = _find_root(data[:65536].decode("utf-8", "replace").lstrip("\ufeff"))
    return root is not None and root[1] in ("urlset", "sitemapindex")


def cut_entries(data: bytes, limit: int) -> tuple[bytes, int]:
    """Cut off the entries beyond the limit, of which the parser would make objects, and say how many there are."""
    starts = [found.start() for found in _ENTRY_START.finditer(data)]
    root = _ROOT.search(data[:65536].decode("latin-1"))
    if len(starts) <= limit or root is None:
        return data, 0
    name = root[0][1:].encode("latin-1")
    prefix = name.rpartition(b":")[0]
    channel = (prefix + b":channel" if prefix else b"channel") if root[1] == "rss" else b""
    ends = b"</%s></%s>" % (channel, name) if channel else b"</%s>" % name
    return data[: starts[limit]] + ends, len(starts) - limit
