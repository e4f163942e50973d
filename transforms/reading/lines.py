"""Lines: a stream, gzipped or not, cut at line feeds with bounded memory; a damaged stretch is a line too."""

import codecs
import dataclasses
import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from schemas.rejects import DecompressionBomb, Rejected
from transforms.reading.members import GZIP_MAGIC, Members

# Bytes, decoded. A longer line is not held, only measured.
MAX_LINE_BYTES = 20_000_000
# A gzip member in which a line grows past that is given up where it grows by more than this factor.
_MAX_GROWTH = 100
_CHUNK = 1 << 20
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What begins a line of JSONL, by which a member after damage is known to begin with a whole line.
_LINE_START = b"{"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line without its line feed, or a damaged stretch.

    `data` is None where the line is longer than `MAX_LINE_BYTES`; `size` is its bytes in any case, `digest` their
    SHA-256. `offset` is where it begins in the stored file, None where reading cannot begin there. `fault` is set
    for damage: `data` is then the beginning of the line in which it lies.
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
        offset: Where to begin, at the `offset` of a line.

    Yields:
        Every line, blank ones too, and every damaged stretch of a gzip stream. UTF-16 is rewritten as UTF-8.
    """
    if offset:
        _skip(stream, offset)
    head = stream.read(_CHUNK)
    if not offset and head.startswith(GZIP_MAGIC):
        yield from _packed_lines(Members(stream, head))
    elif not offset and head.startswith(_WIDE_MARKS):
        yield from _plain_lines(_narrow(_read_on(stream, head)), None)
    else:
        yield from _plain_lines(_read_on(stream, head), offset or 0)


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

    def close(self, end: bytes = b"", offset: int | None = None, fault: Rejected | None = None) -> Line:
        self.add(end)
        if fault:
            self._digest.update(str(fault).encode())
        data = b"".join(self._pieces) if self.size <= MAX_LINE_BYTES else None
        line = Line(data, self.size, self._digest.digest(), offset, fault)
        self._start()
        return line


def _plain_lines(chunks: Iterator[bytes], place: int | None) -> Iterator[Line]:
    pending = _Pending()
    for chunk in chunks:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            line = pending.close(end, place)
            place = None if place is None else place + line.size + 1
            yield line
        pending.add(rest)
    if pending.size:
        yield pending.close(offset=place)


def _packed_lines(members: Members) -> Iterator[Line]:
    pending, is_lost = _Pending(), False
    for piece in members:
        if isinstance(piece, Rejected):
            yield pending.close(fault=piece)
            is_lost = True
            continue
        if is_lost and piece:
            # What follows damage may begin amid a line.
            piece = piece if piece.startswith(_LINE_START) else piece.partition(b"\n")[2]
            is_lost = not piece
        *ends, rest = piece.split(b"\n")
        for end in ends:
            yield pending.close(end)
        pending.add(rest)
        if pending.size > MAX_LINE_BYTES and members.growth > _MAX_GROWTH:
            members.give_up(DecompressionBomb(f"a line of more than {pending.size} bytes grows {members.growth:.0f}:1"))
    if pending.size:
        yield pending.close()


def _skip(stream: BinaryIO, offset: int) -> None:
    if stream.seekable():
        stream.seek(offset)
        return
    while offset:
        skipped = len(stream.read(min(offset, _CHUNK)))
        if not skipped:
            return
        offset -= skipped


def _read_on(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    chunk = head
    while chunk:
        yield chunk
        chunk = stream.read(_CHUNK)


def _narrow(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")
