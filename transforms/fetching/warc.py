"""WARC: records as ISO 28500:2017 (version 1.1) writes them, each a gzip member of its own."""

import base64
import datetime
import gzip
import hashlib
import uuid
from urllib.parse import quote

from schemas.exchanges import Exchange
from transforms.reading.landed import FEED_HEADER, PURPOSE_HEADER, SOFTWARE, Purpose

# What stands in an address as it is; anything else is written by percent signs, so that no address ends a line.
_SAFE = "%/:=&?~#+!$,;'@()*[]"
# Level 6 packs pages within a hundredth of the best and in half its time.
_LEVEL = 6


def record(
    kind: str,
    block: bytes,
    *,
    at: datetime.datetime,
    url: str | None,
    content_type: str,
    purpose: Purpose | None = None,
    fields: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """Write one record; its id follows from what is in it, so that the same event gives the same bytes.

    Args:
        kind: Its WARC-Type.
        block: What follows its header.
        at: When it was fetched or made, in UTC.
        url: What it is of.
        content_type: What the block is.
        purpose: What it is in a landed archive.
        fields: Further headers.
    """
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", record_id(kind, block, at=at, url=url, purpose=purpose)),
        ("WARC-Date", at.astimezone(datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")),
        *([("WARC-Target-URI", quote(url, safe=_SAFE))] if url else []),
        *fields,
        *([(PURPOSE_HEADER, purpose.value)] if purpose else []),
        ("WARC-Block-Digest", digest(block)),
        ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    ]
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
    return gzip.compress(head.encode("ascii") + block + b"\r\n\r\n", _LEVEL, mtime=0)


def record_id(
    kind: str, block: bytes, *, at: datetime.datetime, url: str | None, purpose: Purpose | None = None
) -> str:
    """Give the id that `record` writes."""
    said = f"{kind} {at.isoformat()} {url} {purpose} {len(block)} ".encode("utf-8", "replace")
    return f"<urn:uuid:{uuid.UUID(bytes=hashlib.sha256(said + block).digest()[:16], version=5)}>"


def digest(data: bytes) -> str:
    """Give the digest of a block or payload as web archives have it: SHA-1 in base 32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


def warcinfo(version: str, at: datetime.datetime) -> bytes:
    """Write the first record of an archive, which says who wrote it."""
    block = (
        f"software: {SOFTWARE}{version}\r\nformat: WARC File Format 1.1\r\n"
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    )
    return record("warcinfo", block.encode("ascii"), at=at, url=None, content_type="application/warc-fields")


def exchange_records(exchange: Exchange, purpose: Purpose, feed_url: str | None = None) -> bytes:
    """Write a request and what answered it, to the byte; the answer comes last, and is left out where none came.

    Args:
        exchange: What went over the wire.
        purpose: What it was made for.
        feed_url: The feed that it was made for, where it is a poll, as its list has it.
    """
    peer = (("WARC-IP-Address", exchange.address),)
    request = record(
        "request",
        exchange.request,
        at=exchange.started_at,
        url=exchange.url,
        content_type="application/http; msgtype=request",
        fields=(("WARC-Concurrent-To", answer_id(exchange, purpose)), *peer) if exchange.response else peer,
    )
    if not exchange.response:
        return request
    cut = (("WARC-Truncated", exchange.truncated),) if exchange.truncated else ()
    # A head that broke off is no message of HTTP.
    whole = exchange.status is not None
    payload = (("WARC-Payload-Digest", digest(exchange.response[exchange.head_size :])),) if whole else ()
    feed = ((FEED_HEADER, quote(feed_url, safe=_SAFE.replace("%", ""))),) if feed_url else ()
    answer = record(
        "response",
        exchange.response,
        at=exchange.started_at,
        url=exchange.url,
        content_type="application/http; msgtype=response" if whole else "application/octet-stream",
        purpose=purpose,
        fields=(*peer, *cut, *payload, *feed),
    )
    return request + answer


def answer_id(exchange: Exchange, purpose: Purpose) -> str:
    """Give the id of the record of an exchange's answer."""
    return record_id("response", exchange.response, at=exchange.started_at, url=exchange.url, purpose=purpose)
