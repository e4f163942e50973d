"""Lines: a stream, gzipped or not, cut at line feeds with bounded memory; damage is noticed and comes last."""

import dataclasses
import hashlib
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from schemas.rejects import Rejected, Truncated, Undecodable

# Bytes, decoded. A longer line is not held, only measured.
MAX_LINE_BYTES = 20_000_000
_CHUNK = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line without its line feed, or the damage that ends the stream.

    `data` is None where the line is longer than `MAX_LINE_BYTES`; `size` is its bytes in any case, `digest` their
    SHA-256. `offset` is where it begins in the stored file, None in a gzip stream. `fault` is set for damage alone.
    """

    data: bytes | None
    size: int
    digest: bytes
    offset: int | None
    fault: Rejected | None = None


def read_lines(stream: BinaryIO, *, offset: int | None = None) -> Iterator[Line]:
    """Cut a stream into lines.

    Args:
        stream: At its beginning.
        offset: Where to begin, at the first byte of a line; only in a stream that is not gzipped.

    Yields:
        Every line, blank ones too. A gzip stream that breaks off or is damaged ends with a line that has a `fault`.
    """
    if offset:
        _skip(stream, offset)
    first = stream.read(_CHUNK)
    is_gzip = not offset and first.startswith(_GZIP_MAGIC)
    chunks = _inflate(first, stream) if is_gzip else _plain(first, stream)
    place = None if is_gzip else offset or 0
    pending = _Pending()
    try:
        for chunk in chunks:
            *ends, rest = chunk.split(b"\n")
            for end in ends:
                line = pending.close(end, place)
                place = None if place is None else place + line.size + 1
                yield line
            pending.add(rest)
    except Rejected as error:
        if pending.size:
            yield pending.close(b"", place)
        yield Line(None, 0, hashlib.sha256(error.reason.encode()).digest(), None, error)
        return
    if pending.size:
        yield pending.close(b"", place)


class _Pending:
    """The beginning of a line whose end has not come yet."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.size = 0
        self._digest = hashlib.sha256()
        self._pieces: list[bytes] = []

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        self._digest.update(piece)
        if self.size <= MAX_LINE_BYTES:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    def close(self, end: bytes, offset: int | None) -> Line:
        self.add(end)
        data = b"".join(self._pieces) if self.size <= MAX_LINE_BYTES else None
        line = Line(data, self.size, self._digest.digest(), offset)
        self._start()
        return line


def _skip(stream: BinaryIO, offset: int) -> None:
    if stream.seekable():
        stream.seek(offset)
        return
    while offset:
        skipped = len(stream.read(min(offset, _CHUNK)))
        if not skipped:
            return
        offset -= skipped


def _plain(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    chunk = first
    while chunk:
        yield chunk
        chunk = stream.read(_CHUNK)


def _inflate(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Undo gzip of one or more members; what follows the last member and is none is passed over, as gzip does."""
    chunk, member = first, zlib.decompressobj(zlib.MAX_WBITS | 16)
    while chunk:
        try:
            inflated = member.decompress(chunk, _CHUNK)
        except zlib.error as error:
            raise Undecodable(f"the gzip stream is damaged: {error}") from error
        if inflated:
            yield inflated
        if member.eof:
            chunk = (member.unused_data or stream.read(_CHUNK)).lstrip(b"\0")
            if not chunk or not chunk.startswith(_GZIP_MAGIC[: len(chunk)]):
                return
            member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        else:
            chunk = member.unconsumed_tail or stream.read(_CHUNK)
    if not member.eof and first:
        raise Truncated("the gzip stream breaks off: the file is not whole")
