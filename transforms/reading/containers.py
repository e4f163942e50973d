"""Containers: the records of a file, whatever it holds."""

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from schemas.documents import Page
from schemas.rejects import MAX_PAYLOAD_BYTES, ContentTypeRejected, EmptyBody, Reject, Rejected, reject
from transforms.reading.archives import read_archive, scan_archive
from transforms.reading.feeds import ParsedFeed, feed_records
from transforms.reading.formats import Container, is_sidecar, sidecar_name, sniff
from transforms.reading.jsonl import read_jsonl, scan_jsonl
from transforms.reading.records import Scanned, Skipped
from transforms.reading.singles import read_document, read_whole

__all__ = ["Container", "Scanned", "Skipped", "is_sidecar", "read_records", "scan", "sidecar_name", "sniff"]

_CHUNK = 1 << 20


def scan(stream: BinaryIO, container: Container) -> Iterator[Scanned]:
    """Pass over a file's bytes and give its units in order, the same as `read_records` counts.

    Raises:
        OSError: The file cannot be read.
    """
    if container is Container.JSONL:
        yield from scan_jsonl(stream)
    elif container in (Container.WARC, Container.LANDED):
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
    elif container in (Container.WARC, Container.LANDED):
        yield from read_archive(stream, name=name, first=first, last=last, offset=offset)
    else:
        yield from _read_single(stream, container, name, sidecar, parse_feed)


def _read_single(
    stream: BinaryIO, container: Container, name: str, sidecar: bytes | None, parse_feed: Callable[[bytes], ParsedFeed]
) -> Iterator[Page | Reject]:
    data = b""
    try:
        if container not in (Container.TEXT, Container.HTML, Container.FEED):
            data = stream.read(MAX_PAYLOAD_BYTES + 1)
            raise _refusal(container, name)
        data = read_whole(stream)
        if container is Container.FEED:
            yield from feed_records(parse_feed(data), name=name)
        else:
            yield read_document(data, name=name, sidecar=sidecar, is_html=container is Container.HTML)
    except Rejected as error:
        yield reject(error, "read", place=name, payload=data or None)


def _refusal(container: Container, name: str) -> Rejected:
    if container is Container.EMPTY:
        return EmptyBody("the file is empty")
    if container in (Container.LINKS, Container.PATHS):
        return ContentTypeRejected("a list of addresses: with --fetch what they name is fetched")
    return ContentTypeRejected(f"{name} is none of text, HTML, JSONL, WARC, RSS, Atom or JSON Feed")
