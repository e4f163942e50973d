"""Formats: what a file holds is told from its content, and then from its name."""

import codecs
import enum
import json
import re
import zlib
from collections.abc import Set

from schemas.rejects import Rejected
from transforms.reading.encodings import decode
from transforms.reading.feeds import looks_like_feed
from transforms.reading.landed import is_landed

# Bytes of a file that its format is told from.
HEAD_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_STEP = 512
# Lines of which one must be an object where the first is broken.
_PROBED_LINES = 20
# Bytes that a blank file consists of: white space, a byte order mark, padding.
_BLANK = b" \t\r\n\0\xef\xbb\xbf"
_ARCHIVE = re.compile(rb"[\r\n]*(?:WARC/\d|filedesc://)")
# The first bytes of formats that are met among documents and are none here.
_FOREIGN = re.compile(
    rb"%PDF-|PK\x03\x04|\x89PNG|GIF8[79]a|\xff\xd8\xff|RIFF.{4}(?:WAVE|WEBP|AVI )|\x7fELF|BZh[1-9]1AY&SY|"
    rb"\xd0\xcf\x11\xe0|\x28\xb5\x2f\xfd|\xfd7zXZ|7z\xbc\xaf|PAR1|SQLite format 3|OggS",
    re.DOTALL,
)
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_OPML = re.compile(r"<opml[\s>]", re.IGNORECASE)
_LINK = re.compile(r"(https?|feed)://\S+", re.IGNORECASE)
# Of a list with columns; the first name is that of OPML, others are met where people wrote lists by hand.
URL_NAMES = ("xmlurl", "url", "feed_url", "feedurl", "feed", "link")
LIST_HEADER = re.compile(rf'(?i)(?:.*[,;\t])?\s*"?(?:{"|".join(URL_NAMES)})"?\s*(?:[,;\t].*)?')
_ANY_LINK = re.compile(r"(https?|feed):", re.IGNORECASE)
# As https://data.commoncrawl.org lists them: relative to that address.
_PATH = re.compile(r"(?:[\w.=-]+/)+[\w.=-]+\.w?arc(?:\.gz)?")
_ARCHIVE_NAME = re.compile(r"\.w?arc(\.gz)?$", re.IGNORECASE)
_LINES_NAME = re.compile(r"\.(jsonl|ndjson|jl)(\.gz)?$", re.IGNORECASE)
_HTML_NAME = re.compile(r"\.x?html?(\.gz)?$", re.IGNORECASE)
_TEXT_NAME = re.compile(r"(\.(txt|text|md)(\.gz)?|(^|/)[^./]+)$", re.IGNORECASE)
_WITH_SIDECAR = (".txt", ".text", ".md", ".html", ".htm", ".xhtml", "")


class Container(enum.StrEnum):
    """What a file holds.

    LANDED is a web archive that was fetched by this software, LINKS a list of addresses, PATHS one of the archives of
    Common Crawl, UNKNOWN what is not read here, EMPTY nothing.
    """

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"
    WARC = "warc"
    LANDED = "landed"
    FEED = "feed"
    LINKS = "links"
    PATHS = "paths"
    UNKNOWN = "unknown"
    EMPTY = "empty"


def sniff(head: bytes, name: str) -> Container:
    """Tell what a file holds from its first 64 KiB as stored, gzip undone, and only then from its name."""
    is_whole = len(head) < HEAD_BYTES
    head, is_sound = _unpack_head(head)
    if not head.strip(_BLANK):
        return Container.EMPTY if is_whole and is_sound else _tell_by_name(name)
    if _ARCHIVE.match(head):
        return Container.LANDED if is_landed(head) else Container.WARC
    if _FOREIGN.match(head):
        return Container.UNKNOWN
    if looks_like_feed(head):
        return Container.FEED
    text = _decode_head(head)
    # A damaged archive shows pages and no header at its beginning.
    if text is None or _ARCHIVE_NAME.search(name):
        return _tell_by_name(name)
    return _sniff_text(text.lstrip(), name)


def _tell_by_name(name: str) -> Container:
    if _ARCHIVE_NAME.search(name):
        return Container.WARC
    if _LINES_NAME.search(name):
        return Container.JSONL
    if _HTML_NAME.search(name):
        return Container.HTML
    return Container.TEXT if _TEXT_NAME.search(name) else Container.UNKNOWN


def _sniff_text(text: str, name: str) -> Container:
    if _OPML.search(text[:2000]):
        return Container.LINKS
    if _LINES_NAME.search(name) or _holds_objects(text):
        return Container.JSONL
    # Words before the first tag are met in pages, but a text that speaks of tags is none.
    is_markup = text.startswith("<") or not _TEXT_NAME.search(name)
    if (is_markup and _HTML.search(text[:5000])) or (_HTML_NAME.search(name) and "<" in text):
        return Container.HTML
    listed = _sniff_list([line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")])
    return listed or (Container.TEXT if _TEXT_NAME.search(name) else Container.UNKNOWN)


def _sniff_list(lines: list[str]) -> Container | None:
    if not lines:
        return None
    # The last line may be cut.
    sure, rows = lines[:-1] or lines, lines[1:-1] or lines[1:]
    if all(map(_LINK.match, sure)) or (LIST_HEADER.fullmatch(lines[0]) and rows and all(map(_ANY_LINK.search, rows))):
        return Container.LINKS
    return Container.PATHS if all(map(_PATH.fullmatch, sure)) else None


def _holds_objects(text: str) -> bool:
    """Say whether lines are JSON objects; some may be broken, but not the whole of the first ones."""
    lines = text.split("\n", _PROBED_LINES)[:_PROBED_LINES]
    if not lines[0].startswith("{"):
        return False
    # A first line longer than the head cannot be parsed: only a document can be that long.
    return (len(lines) == 1 and len(lines[0]) > 10_000) or any(map(_is_object, lines))


def _is_object(line: str) -> bool:
    if not line.startswith("{"):
        return False
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False


def _decode_head(head: bytes) -> str | None:
    try:
        # The head may end amid a character.
        text = None if b"\0" in head else codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        text = None
    try:
        return decode(head)[0] if text is None else text
    except Rejected:
        return None


def _unpack_head(head: bytes) -> tuple[bytes, bool]:
    """Undo gzip as far as it goes; and say whether it went well."""
    if not head.startswith(_GZIP_MAGIC):
        return head, True
    unpacker, unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray()
    for start in range(0, len(head), _STEP):
        try:
            unpacked += unpacker.decompress(head[start : start + _STEP], HEAD_BYTES)
        except zlib.error:
            return bytes(unpacked), False
        if unpacker.eof or len(unpacked) >= HEAD_BYTES:
            return bytes(unpacked), True
    return bytes(unpacked), len(head) >= HEAD_BYTES


def sidecar_name(name: str) -> str:
    """Name the sidecar of a document: the same name with `.json` in place of the last suffix, `.gz` apart."""
    stem = name.removesuffix(".gz")
    folder, slash, base = stem.rpartition("/")
    return f"{folder}{slash}{base.rpartition('.')[0] or base}.json"


def is_sidecar(name: str, siblings: Set[str]) -> bool:
    """Say whether a file is the sidecar of a text or HTML document among its siblings."""
    if not name.endswith(".json"):
        return False
    stem = name.removesuffix(".json")
    return any(stem + suffix + packed in siblings for suffix in _WITH_SIDECAR for packed in ("", ".gz"))
