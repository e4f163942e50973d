"""Containers: what a file holds is told from its content, then its name; and its records are read."""

import enum
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from schemas.documents import Page
from schemas.rejects import ContentTypeRejected, EmptyBody, Reject, Rejected, reject
from transforms.archives import read_archive, scan_archive
from transforms.encodings import decode
from transforms.feeds import ParsedFeed, feed_records, looks_like_feed
from transforms.jsonl import read_jsonl, scan_jsonl
from transforms.records import Scanned, Skipped
from transforms.singles import read_document, read_whole

_CHUNK = 1 << 20
# The first bytes of formats that are met in archives and are no documents here.
_FOREIGN = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"RIFF",
    b"\x7fELF",
    b"BZh",
    b"\xd0\xcf\x11\xe0",
)
_ARCHIVE = (b"WARC/", b"filedesc://")
_WITH_SIDECAR = (".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".txt.gz", ".html.gz")
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_LINK = re.compile(r"(https?|feed)://\S+", re.IGNORECASE)
_LINES_NAME = re.compile(r"\.(jsonl|ndjson)(\.gz)?$", re.IGNORECASE)
_HTML_NAME = re.compile(r"\.x?html?(\.gz)?$", re.IGNORECASE)
_TEXT_NAME = re.compile(r"(\.(txt|text|md)(\.gz)?|(^|/)[^./]+)$", re.IGNORECASE)


class Container(enum.StrEnum):
    """What a file holds. LINKS is a list of addresses, UNKNOWN what is not read here, EMPTY nothing."""

    TEXT = "text"
    HTML = "html"
    JSONL = "jsonl"
    WARC = "warc"
    FEED = "feed"
    LINKS = "links"
    UNKNOWN = "unknown"
    EMPTY = "empty"


def sniff(head: bytes, name: str) -> Container:
    """Tell what a file holds from its first 64 KiB as stored, gzip undone, and only then from its name."""
    is_whole = len(head) < 64 * 1024
    head = _inflate_head(head)
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return Container.EMPTY if is_whole else Container.UNKNOWN
    if head.startswith(_ARCHIVE):
        return Container.WARC
    if head.startswith(_FOREIGN):
        return Container.UNKNOWN
    if looks_like_feed(head):
        return Container.FEED
    try:
        text, _ = decode(head)
    except Rejected:
        return Container.JSONL if _LINES_NAME.search(name) else Container.UNKNOWN
    return _sniff_text(text.lstrip(), name)


def _sniff_text(text: str, name: str) -> Container:
    if re.search(r"<opml[\s>]", text[:2000], re.IGNORECASE):
        return Container.LINKS
    if _LINES_NAME.search(name) or _begins_with_object(text):
        return Container.JSONL
    if _HTML.search(text[:5000]) or (_HTML_NAME.search(name) and "<" in text):
        return Container.HTML
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if lines and all(_LINK.match(line.strip()) for line in lines[:-1] or lines):
        return Container.LINKS
    return Container.TEXT if _TEXT_NAME.search(name) else Container.UNKNOWN


def _begins_with_object(text: str) -> bool:
    line, end, _ = text.partition("\n")
    if not line.startswith("{"):
        return False
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        # A first line longer than the head cannot be parsed: only a document can be that long.
        return not end and len(line) > 10_000


def _inflate_head(head: bytes) -> bytes:
    if not head.startswith(b"\x1f\x8b"):
        return head
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 64 * 1024)
    except zlib.error:
        return head


def sidecar_name(name: str) -> str:
    """Name the sidecar of a document: the same name with `.json` in place of the last suffix."""
    stem = name.removesuffix(".gz")
    folder, slash, base = stem.rpartition("/")
    return f"{folder}{slash}{base.rpartition('.')[0] or base}.json"


def is_sidecar(name: str, siblings: set[str]) -> bool:
    """Say whether a file is the sidecar of a text or HTML document among its siblings."""
    if not name.endswith(".json"):
        return False
    stem = name.removesuffix(".json")
    return any(stem + suffix in siblings for suffix in _WITH_SIDECAR)


def scan(stream: BinaryIO, container: Container) -> Iterator[Scanned]:
    """Pass over a file's bytes and give its units in order, the same as `read_records` counts.

    Raises:
        OSError: The file cannot be read.
    """
    if container is Container.JSONL:
        yield from scan_jsonl(stream)
    elif container is Container.WARC:
        yield from scan_archive(stream)
    else:
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
        yield Scanned(digest.digest(), size, 0)


def read_records(
    stream: BinaryIO,
    container: Container,
    *,
    name: str,
    sidecar: bytes | None,
    first: int,
    last: int | None,
    offset: int | None,
    parse_feed: Callable[[bytes], ParsedFeed],
) -> Iterator[Page | Reject | Skipped]:
    """Read the units `first` to `last` of a file, the latter excluded (None: to the end).

    Args:
        stream: At its beginning.
        container: What it holds.
        name: Its name, for `input`.
        sidecar: The bytes of its sidecar.
        first: The first unit.
        last: The unit after the last.
        offset: Where unit `first` begins in the file, if reading can begin there.
        parse_feed: Parses a feed, in a sandbox: feed parsers have quadratic corners.

    Yields:
        Every record once: a page, a reject, or a skipped one outside the count. `Page.position` counts from 0.

    Raises:
        OSError: The file cannot be read. Bad data never raises.
    """
    if container is Container.JSONL:
        yield from read_jsonl(stream, name=name, first=first, last=last, offset=offset)
    elif container is Container.WARC:
        yield from read_archive(stream, name=name, first=first, last=last, offset=offset)
    else:
        yield from _read_single(stream, container, name, sidecar, parse_feed)


def _read_single(
    stream: BinaryIO, container: Container, name: str, sidecar: bytes | None, parse_feed: Callable[[bytes], ParsedFeed]
) -> Iterator[Page | Reject]:
    data = b""
    try:
        data = read_whole(stream)
        if container is Container.FEED:
            yield from feed_records(parse_feed(data), name=name)
        elif container in (Container.TEXT, Container.HTML):
            yield read_document(data, name=name, sidecar=sidecar, is_html=container is Container.HTML)
        else:
            raise _refusal(container, name)
    except Rejected as error:
        yield reject(error, "read", place=name, payload=data or None)


def _refusal(container: Container, name: str) -> Rejected:
    if container is Container.EMPTY:
        return EmptyBody("the file is empty")
    if container is Container.LINKS:
        return ContentTypeRejected("a list of addresses: this version reads no links, only documents that are there")
    return ContentTypeRejected(f"{name} is none of text, HTML, JSONL, WARC, RSS, Atom or JSON Feed")
