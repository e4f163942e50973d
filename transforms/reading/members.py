"""Members: a gzip stream unpacked with bounded memory, where damage costs as little as it can."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from schemas.rejects import Rejected, Truncated, Undecodable

GZIP_MAGIC = b"\x1f\x8b"
_MEMBER_MAGIC = b"\x1f\x8b\x08"
_WINDOW = zlib.MAX_WBITS | 16
# Bytes. What is read at once, and what is unpacked at once: a deflate stream may hold a thousand times its size.
_CHUNK = 64 * 1024
_UNPACKED_CHUNK = 1 << 20
# Bytes of the stored stream that are kept: damage is noticed late, and the next member may lie before that.
_KEPT = 1 << 20
# Bytes of a member that surely unpack to its first letters, and how many of those are looked at.
_LOOK_AHEAD = 4096
_FIRST_LETTERS = 64
_NO_TEXT = bytes({*range(32)} - {*b"\t\n\r"})


class Members:
    """A gzip stream of one or more members, unpacked.

    Iterating gives pieces of what they hold, and a `Rejected` in the place of each stretch that cannot be unpacked;
    what lies before and after it, from the next member that holds text, is given. Zeros between members are padding.
    """

    def __init__(self, stream: BinaryIO, head: bytes) -> None:
        """Take a stream of which `head` has been read already."""
        self._stream = stream
        self._raw = bytearray(head)
        self._base = self._at = self._start = 0
        self._unpacked = 0
        self._verdict: Rejected | None = None

    @property
    def growth(self) -> float:
        """How many times its stored size the member has been unpacked to, up to here."""
        return self._unpacked / max(self._at - self._start, 1)

    def give_up(self, error: Rejected) -> None:
        """Give this refusal in place of the rest of the member."""
        self._verdict = error

    def __iter__(self) -> Iterator[bytes | Rejected]:
        while self._skip_padding():
            self._start, self._unpacked, self._verdict = self._at, 0, None
            try:
                yield from self._unpack()
            except Rejected as error:
                self._find_text()
                yield error

    def _peek(self, size: int = 1) -> bytes:
        while len(self._raw) - (self._at - self._base) < size and (chunk := self._stream.read(_CHUNK)):
            self._raw += chunk
        spare = self._at - self._base - _KEPT
        if spare > 0:
            del self._raw[:spare]
            self._base += spare
        start = self._at - self._base
        return bytes(self._raw[start : start + size])

    def _skip_padding(self) -> bool:
        while ahead := self._peek(_CHUNK):
            left = ahead.lstrip(b"\0")
            self._at += len(ahead) - len(left)
            if left:
                return True
        return False

    def _unpack(self) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(_WINDOW)
        while not unpacker.eof:
            data = self._peek(_CHUNK)
            if not data:
                raise Truncated(f"the gzip stream breaks off at byte {self._at}: the file is not whole")
            self._at += len(data)
            full = True
            # A full buffer may leave something in the unpacker that no further input brings out.
            while (data or full) and not unpacker.eof:
                before = unpacker.copy()
                try:
                    piece = unpacker.decompress(data, _UNPACKED_CHUNK)
                except zlib.error as error:
                    yield from _salvage(before, data)
                    raise Undecodable(f"the gzip stream is damaged before byte {self._at}: {error}") from error
                self._unpacked += len(piece)
                yield piece
                if self._verdict:
                    raise self._verdict
                data, full = unpacker.unconsumed_tail, len(piece) == _UNPACKED_CHUNK
        self._at -= len(unpacker.unused_data)

    def _find_text(self) -> None:
        """Go on to the next member that holds text, or to the end of the stream."""
        self._at = max(self._start + 1, self._base)
        while ahead := self._peek(_CHUNK + _LOOK_AHEAD):
            found = ahead.find(_MEMBER_MAGIC, 0, _CHUNK + len(_MEMBER_MAGIC) - 1)
            if found >= 0 and _holds_text(ahead[found : found + _LOOK_AHEAD]):
                self._at += found
                return
            self._at += found + 1 if found >= 0 else min(len(ahead), _CHUNK)


def _salvage(unpacker: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """Unpack byte by byte what lies before the damage."""
    for index in range(len(data)):
        try:
            yield unpacker.decompress(data[index : index + 1])
        except zlib.error:
            return


def _holds_text(member: bytes) -> bool:
    try:
        letters = zlib.decompressobj(_WINDOW).decompress(member, _FIRST_LETTERS)
    except zlib.error:
        return False
    return bool(letters) and len(letters.translate(None, _NO_TEXT)) == len(letters)
