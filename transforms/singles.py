"""Singles: files that are one document each, with an optional sidecar that says what the document does not."""

import json
import zlib
from typing import BinaryIO

from schemas.documents import Page
from schemas.rejects import DecompressionBomb, EmptyBody, Malformed, TooLarge, Truncated, Undecodable
from transforms.encodings import decode

SIDECAR_MALFORMED = "sidecar_malformed"
# Bytes, decoded.
MAX_FILE_BYTES = 20_000_000
# Fetched and stored text shrinks by less than this; safety's limit for what is fetched.
_MAX_RATIO = 100
_FREE_BYTES = 1_000_000
_FIELDS = ("url", "title", "published", "modified", "source", "language")


def read_whole(stream: BinaryIO) -> bytes:
    """Read a file whole, gzip undone.

    Raises:
        TooLarge: It has more than `MAX_FILE_BYTES`.
        DecompressionBomb: It grows more than a hundredfold.
        Truncated, Undecodable: The gzip stream breaks off or is damaged.
    """
    data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise TooLarge(f"more than {MAX_FILE_BYTES} bytes in one document")
    return _inflate(data) if data.startswith(b"\x1f\x8b") else data


def _inflate(data: bytes) -> bytes:
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    limit = min(MAX_FILE_BYTES, max(_FREE_BYTES, _MAX_RATIO * len(data)))
    try:
        inflated = member.decompress(data, limit + 1)
    except zlib.error as error:
        raise Undecodable(f"the gzip stream is damaged: {error}") from error
    if len(inflated) > MAX_FILE_BYTES:
        raise TooLarge(f"more than {MAX_FILE_BYTES} bytes in one document")
    if len(inflated) > limit:
        raise DecompressionBomb(f"{len(data)} bytes grow more than {_MAX_RATIO}:1")
    if not member.eof:
        raise Truncated("the gzip stream breaks off: the file is not whole")
    return inflated


def read_document(data: bytes, *, name: str, sidecar: bytes | None, is_html: bool) -> Page:
    """Make the page of a text or HTML file; a broken sidecar is a warning.

    Raises:
        EmptyBody: There is nothing in it.
        EncodingUnknown: It is text in no encoding.
    """
    if not data.strip():
        raise EmptyBody("the file is empty")
    text, warnings = (None, ()) if is_html else decode(data)
    try:
        fields = _read_sidecar(sidecar)
    except Malformed:
        fields, warnings = {}, (*warnings, SIDECAR_MALFORMED)
    return Page(
        input=name,
        position=0,
        html=data if is_html else None,
        text=text,
        url=fields.get("url"),
        title=fields.get("title"),
        published=fields.get("published"),
        modified=fields.get("modified"),
        source=fields.get("source"),
        language=fields.get("language"),
        warnings=warnings,
    )


def _read_sidecar(sidecar: bytes | None) -> dict[str, str]:
    if sidecar is None:
        return {}
    try:
        found = json.loads(decode(sidecar)[0], strict=False)
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from error
    if not isinstance(found, dict):
        raise Malformed("not an object")
    fields = {name: found.get(name) for name in _FIELDS}
    if any(value is not None and not isinstance(value, str) for value in fields.values()):
        raise Malformed("a field that is no string")
    return {name: value for name, value in fields.items() if value}
