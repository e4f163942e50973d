"""Stretches: an archive file's bytes, unpacked, in pieces that can be read each for itself.

A gzip file is cut where a member begins with a record, so that damage in one member ends with it; members that
begin amid a record belong to the stretch before. A file that is not packed is one stretch.
"""

import dataclasses
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from schemas.rejects import Rejected, Truncated, WarcCorrupt

_GZIP_MAGIC = b"\x1f\x8b\x08"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
# Bytes. What is read at once, and what is unpacked at once (a deflate stream may hold a thousand times its size).
_CHUNK = 64 * 1024
_UNPACKED_CHUNK = 1024 * 1024
# Bytes of the stored file kept behind the reading position. Damage is noticed late: what was unpacked wrongly may
# reach into the members that follow, and the search for them goes back to the beginning of the damaged one.
_LOOK_BACK = 512 * 1024
_KEPT = _LOOK_BACK + 2 * _CHUNK
# Bytes of a member that surely unpack to its first letters: gzip header, Huffman tables, first block.
_LOOK_AHEAD = 4096
_FIRST_LETTERS = 32


class Readable(Protocol):
    """What is asked of a stored file."""

    def read(self, size: int, /) -> bytes:
        """Read on; at most `size` bytes, none only at the end."""


@dataclasses.dataclass(slots=True)
class Stretch:
    """Unpacked bytes that begin with a record.

    `offset` is where the stretch begins in the stored file. `chunks` is read once, and to its end before the next
    stretch is asked for; then `fault` says what ended it before its time, if anything did. `packed` says that
    positions in the stretch are no positions in the file.
    """

    offset: int
    packed: bool
    chunks: Iterable[bytes] = ()
    fault: Rejected | None = None


class _Stored:
    """The stored file, which can be gone back in a little even where the stream cannot seek."""

    def __init__(self, stream: Readable, offset: int) -> None:
        self._stream = stream
        self._base = offset
        self._buffer = bytearray()
        self.at = offset

    def read(self) -> bytes:
        """Read on; nothing is left where it is empty."""
        if not self.peek(1):
            return b""
        data = bytes(self._buffer[self.at - self._base :])
        self.at += len(data)
        return data

    def peek(self, size: int) -> bytes:
        """Give the next bytes without moving on; fewer than `size` only at the end of the file."""
        while len(self._buffer) - (self.at - self._base) < size:
            chunk = self._stream.read(_CHUNK)
            if not chunk:
                break
            self._buffer += chunk
        spare = min(len(self._buffer) - _KEPT, self.at - self._base - _LOOK_BACK)
        if spare > 0:
            del self._buffer[:spare]
            self._base += spare
        here = self.at - self._base
        return bytes(self._buffer[here : here + size])

    def go_back(self, offset: int) -> None:
        """Go back to an offset, or as near to it as is kept."""
        self.at = max(offset, self._base)


def read_stretches(stream: Readable, offset: int, begins: re.Pattern[bytes]) -> Iterator[Stretch]:
    """Cut an archive into stretches from `offset` on, where `stream` stands.

    Args:
        stream: The stored file; need not be seekable.
        offset: Where the stream stands, counted from the file's beginning.
        begins: Matches the first letters of any record.

    Raises:
        OSError: The stream cannot be read; damage in its bytes never raises.
    """
    stored = _Stored(stream, offset)
    if _is_packed(stored, begins):
        yield from _packed_stretches(stored, begins)
    elif stored.peek(1):
        yield Stretch(offset, False, iter(stored.read, b""))


def _is_packed(stored: _Stored, begins: re.Pattern[bytes]) -> bool:
    # A file whose first bytes are damaged is packed if a member with a record is found a little further on.
    start = stored.peek(_LOOK_AHEAD)
    if start.startswith(_GZIP_MAGIC[:2]) or begins.match(start.lstrip(b"\r\n")):
        return start.startswith(_GZIP_MAGIC[:2])
    start = stored.peek(_LOOK_BACK)
    return any(_starts_record(start[found.start() :], begins) for found in re.finditer(re.escape(_GZIP_MAGIC), start))


def _packed_stretches(stored: _Stored, begins: re.Pattern[bytes]) -> Iterator[Stretch]:
    while stored.peek(1):
        start = stored.at
        if not stored.peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC):
            cut = len(stored.peek(len(_GZIP_MAGIC))) < len(_GZIP_MAGIC)
            if _find_member(stored, begins):
                error = Truncated("the file ends within a gzip header") if cut else None
                yield Stretch(start, True, fault=error or WarcCorrupt(f"no gzip member at byte {start}"))
            continue
        stretch = Stretch(start, True)
        stretch.chunks = _unpack_stretch(stored, begins, stretch)
        yield stretch
        for _ in stretch.chunks:
            pass


def _unpack_stretch(stored: _Stored, begins: re.Pattern[bytes], stretch: Stretch) -> Iterator[bytes]:
    while True:
        start = stored.at
        try:
            yield from _unpack_member(stored)
        except (Truncated, WarcCorrupt) as error:
            stretch.fault = error
            stored.go_back(max(start + 1, stored.at - _LOOK_BACK))
            _find_member(stored, begins)
            if stored.peek(1) and isinstance(error, Truncated):
                stretch.fault = WarcCorrupt(f"the gzip member at byte {start} has no end")
            return
        ahead = stored.peek(_LOOK_AHEAD)
        if not ahead.startswith(_GZIP_MAGIC) or _starts_record(ahead, begins) is not False:
            return


def _unpack_member(stored: _Stored) -> Iterator[bytes]:
    """Unpack the member that begins here, and stand behind it.

    Raises:
        Truncated: The file ends within the member.
        WarcCorrupt: The member cannot be unpacked from where `stored.at` stands then.
    """
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    while not unpacker.eof:
        data = stored.read()
        if not data:
            raise Truncated(f"the file ends at byte {stored.at}, within a gzip member")
        while data and not unpacker.eof:
            before = unpacker.copy()
            try:
                unpacked = unpacker.decompress(data, _UNPACKED_CHUNK)
            except zlib.error as error:
                stored.at -= len(data)
                yield from _salvage(before, data, stored)
                raise WarcCorrupt(f"gzip member damaged before byte {stored.at}: {error}") from error
            yield unpacked
            data = unpacker.unconsumed_tail
            # A full buffer may leave something in the unpacker that no further input brings out.
            while len(unpacked) == _UNPACKED_CHUNK and not data and not unpacker.eof:
                unpacked = unpacker.decompress(b"", _UNPACKED_CHUNK)
                yield unpacked
    stored.at -= len(unpacker.unused_data)


def _salvage(unpacker: "zlib._Decompress", data: bytes, stored: _Stored) -> Iterator[bytes]:
    """Unpack byte by byte what lies before the damage, and stand behind the byte that shows it."""
    for index in range(len(data)):
        stored.at += 1
        try:
            unpacked = unpacker.decompress(data[index : index + 1])
        except zlib.error:
            return
        yield unpacked


def _find_member(stored: _Stored, begins: re.Pattern[bytes]) -> bool:
    """Go on to the next member that begins with a record; say whether anything but padding was passed."""
    passed = b""
    while ahead := stored.peek(_CHUNK + _LOOK_AHEAD):
        found = ahead.find(_GZIP_MAGIC, 0, _CHUNK + len(_GZIP_MAGIC) - 1)
        step = found if found >= 0 else min(len(ahead), _CHUNK)
        passed += ahead[:step].strip(b"\0\r\n")[:1]
        stored.at += step
        if found >= 0:
            if _starts_record(stored.peek(_LOOK_AHEAD), begins):
                return True
            passed += b"?"
            stored.at += 1
    return bool(passed)


def _starts_record(packed: bytes, begins: re.Pattern[bytes]) -> bool | None:
    """Say whether a member begins with a record; None where nothing of it can be unpacked."""
    try:
        unpacked = zlib.decompressobj(_GZIP_WINDOW).decompress(packed[:_LOOK_AHEAD], _FIRST_LETTERS)
    except zlib.error:
        return None
    return begins.match(unpacked.lstrip(b"\r\n")) is not None if unpacked else None
