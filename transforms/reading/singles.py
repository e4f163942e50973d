"""Singles: files that are one document each, with an optional sidecar that says what the document does not."""

import io
import json
from typing import Any, BinaryIO

from schemas.documents import Page
from schemas.rejects import DecompressionBomb, EmptyBody, Rejected, TooLarge
from transforms.reading.encodings import decode
from transforms.reading.fields import authors_of, string_fields
from transforms.reading.members import GZIP_MAGIC, Members

SIDECAR_MALFORMED = "sidecar_malformed"
# Bytes, decoded.
MAX_FILE_BYTES = 20_000_000
_CHUNK = 1 << 20
# Fetched and stored text shrinks by less than this; safety's limit for what is fetched.
_MAX_RATIO = 100
_FREE_BYTES = 1_000_000


def read_whole(stream: BinaryIO) -> bytes:
    """Read a file whole, gzip undone.

    Raises:
        TooLarge: It has more than `MAX_FILE_BYTES`.
        DecompressionBomb: It grows more than a hundredfold.
        Truncated, Undecodable: The gzip stream breaks off or is damaged.
    """
    data = bytearray()
    # A raw stream may give less than it is asked for before its end.
    while chunk := stream.read(_CHUNK):
        data += chunk
        if len(data) > MAX_FILE_BYTES:
            raise TooLarge(f"more than {MAX_FILE_BYTES} bytes in one document")
    return _unpack(bytes(data)) if data.startswith(GZIP_MAGIC) else bytes(data)


def _unpack(data: bytes) -> bytes:
    pieces, size = [], 0
    for piece in Members(io.BytesIO(), data):
        if isinstance(piece, Rejected):
            raise piece
        pieces.append(piece)
        size += len(piece)
        if size > max(_FREE_BYTES, _MAX_RATIO * len(data)):
            raise DecompressionBomb(f"{len(data)} bytes grow more than {_MAX_RATIO}:1")
        if size > MAX_FILE_BYTES:
            raise TooLarge(f"more than {MAX_FILE_BYTES} bytes in one document")
    return b"".join(pieces)


def read_document(data: bytes, *, name: str, sidecar: bytes | None, is_html: bool) -> Page:
    """Make the page of a text or HTML file; a broken sidecar is a warning.

    Raises:
        EmptyBody: There is nothing in it.
        EncodingUnknown: It is text in no encoding.
    """
    if not data.strip():
        raise EmptyBody("the file is empty")
    text, warnings = (None, ()) if is_html else decode(data)
    found, is_malformed = _load_sidecar(sidecar)
    fields, is_wrong = string_fields(found)
    return Page(
        input=name,
        position=0,
        html=data if is_html else None,
        text=text,
        authors=authors_of(found),
        warnings=(*warnings, SIDECAR_MALFORMED) if is_malformed or is_wrong else warnings,
        **fields,
    )


def _load_sidecar(sidecar: bytes | None) -> tuple[dict[str, Any], bool]:
    """Give what is in a sidecar, and whether it is broken."""
    if sidecar is None:
        return {}, False
    try:
        found = json.loads(decode(sidecar)[0], strict=False)
    except (Rejected, ValueError, RecursionError):
        return {}, True
    return (found, False) if isinstance(found, dict) else ({}, True)
