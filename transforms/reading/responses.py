"""Responses: what the headers of an archive's record and of the HTTP response in it say."""

import base64
import dataclasses
import datetime
import hashlib
import io
import re

from fastwarc.warc import HeaderMap

from schemas.rejects import Malformed, Rejected, SizeMismatch
from transforms.reading.codings import undo_codings
from transforms.reading.frames import Frame
from transforms.reading.landed import PURPOSE_HEADER, Purpose

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_WEB = re.compile(r"(?i)https?://[^\s<>\"\x00-\x1f\x7f]+$")
# Some writers give the answer of a name server the type of HTTP.
_OTHER_PROTOCOL = re.compile(r"(?i)<?(?:dns|whois|ntp|ftp):")
_PARTIAL_DATE = re.compile(r"\d{4}(?:-\d\d)?$")
# All of WARC 1.0 and 1.1.
_RECORD_TYPES = frozenset(
    {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"}
)
_PURPOSES = {purpose.value: purpose for purpose in Purpose}
_ARC_DATE = re.compile(r"\d{14}$")


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    """A record of an archive. `body` is as stored, codings and all; `status` is None where HTTP cannot be read.

    `is_http` says whether the record is a server's answer over HTTP at all. `cut` says that the crawler kept only
    the beginning of the body. `purpose` is what a landed archive says of it.
    """

    url: str | None = None
    date: datetime.datetime | None = None
    is_http: bool = False
    status: int | None = None
    status_line: str = ""
    content_type: str | None = None
    content_encoding: str | None = None
    transfer_encoding: str | None = None
    body: bytes = b""
    cut: bool = False
    block_digest: str | None = None
    payload_digest: str | None = None
    purpose: Purpose | None = None

    def check_block(self, block: bytes) -> None:
        """Hold the record's block against the digest in its header; none given, or of no known kind, is fine.

        Raises:
            SizeMismatch: It disagrees.
        """
        if _disagrees(self.block_digest, block):
            raise SizeMismatch(f"the block does not have the digest {self.block_digest}")

    def check_payload(self) -> None:
        """Hold the body against the digest in the record's header, as `check_block` does.

        Raises:
            SizeMismatch: It disagrees.
        """
        if self.cut or not _disagrees(self.payload_digest, self.body):
            return
        if all(_disagrees(self.payload_digest, body) for body in self._decoded_bodies()):
            raise SizeMismatch(f"the payload does not have the digest {self.payload_digest}")

    def _decoded_bodies(self) -> list[bytes]:
        """Give the body without its chunks, and without any coding: crawlers differ in what they digest."""
        bodies = []
        for content in (None, self.content_encoding):
            try:
                bodies.append(undo_codings(self.body, content=content, transfer=self.transfer_encoding))
            except Rejected:
                continue
        return bodies


def parse_response(frame: Frame) -> Response:
    """Read the headers of a record, and of the HTTP response if it is one.

    Raises:
        Malformed: A header is larger than 32 KiB, the most that is read of one; or the record's type is unknown.
    """
    if not frame.head.startswith(b"WARC/"):
        return _parse_arc(frame)
    fields = _parse_headers(frame.head)
    url, kind = fields.get("WARC-Target-URI"), (fields.get("Content-Type") or "").strip().lower()
    record_type = (fields.get("WARC-Type") or "").strip().lower()
    if record_type not in _RECORD_TYPES:
        # Also what a damaged header shows: to skip it could lose a page without a word.
        raise Malformed(f"a record of unknown type {record_type[:40]!r}")
    is_http = (
        record_type == "response"
        and (kind.startswith("application/http") or frame.block.startswith(b"HTTP/"))
        and not _OTHER_PROTOCOL.match(url or "")
    )
    response = Response(
        url=_web_address((url or "").strip().removeprefix("<").removesuffix(">")),
        date=_parse_date(fields.get("WARC-Date") or ""),
        is_http=is_http,
        cut=fields.get("WARC-Truncated") is not None,
        block_digest=fields.get("WARC-Block-Digest"),
        payload_digest=fields.get("WARC-Payload-Digest"),
        purpose=_PURPOSES.get(fields.get(PURPOSE_HEADER) or ""),
    )
    return _parse_http(response, frame.block) if is_http else response


def _parse_arc(frame: Frame) -> Response:
    # One line: address, host, date and type, then the length (version 2 has more before it).
    words = frame.head.decode("utf-8", "replace").split()
    date = next((word for word in words[1:] if _ARC_DATE.match(word)), "")
    is_http = frame.head.lower().startswith((b"http:", b"https:"))
    response = Response(url=_web_address(words[0]) if words else None, date=_parse_date(date), is_http=is_http)
    return _parse_http(response, frame.block) if is_http else response


def _parse_http(response: Response, block: bytes) -> Response:
    end = _HEAD_END.search(block)
    fields = _parse_headers(block[: end.end()] if end else block)
    return dataclasses.replace(
        response,
        status=fields.status_code if block.startswith(b"HTTP/") else None,
        status_line=fields.status_line or "",
        content_type=fields.get("Content-Type"),
        content_encoding=",".join(fields.get_multiple("Content-Encoding")),
        transfer_encoding=",".join(fields.get_multiple("Transfer-Encoding")),
        body=block[end.end() :] if end else b"",
    )


def _parse_headers(head: bytes) -> HeaderMap:
    """Read a first line and headers; the library wants each line to end in two characters."""
    fields = HeaderMap()
    try:
        fields.parse(io.BytesIO(re.sub(rb"\r*\n", b"\r\n", head)))
    except OSError as error:
        # Not the file: the library's word for a header without end.
        raise Malformed(f"headers of {len(head)} bytes: {error}") from error
    return fields


def _web_address(url: str) -> str | None:
    return url if _WEB.match(url) else None


def _parse_date(text: str) -> datetime.datetime | None:
    text = text.strip()
    # WARC 1.1 allows a year or a month alone.
    if _PARTIAL_DATE.match(text):
        text += "-01-01"[: 10 - len(text)] if len(text) == 4 else "-01"
    try:
        date = datetime.datetime.strptime(text, "%Y%m%d%H%M%S") if _ARC_DATE.match(text) else None
        date = date or datetime.datetime.fromisoformat(text)
        return date.replace(tzinfo=datetime.UTC) if date.tzinfo is None else date.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def _disagrees(stated: str | None, data: bytes) -> bool:
    """Say whether a digest, such as `sha1:` and base32 or hexadecimal, is another one than the data's."""
    name, _, value = (stated or "").strip().partition(":")
    name, value = name.strip().lower().replace("-", ""), value.strip()
    if name not in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512") or not value:
        return False
    digest = hashlib.new(name, data, usedforsecurity=False).digest()
    base32 = base64.b32encode(digest).decode("ascii").rstrip("=")
    return value.lower() != digest.hex() and value.upper().rstrip("=") != base32
