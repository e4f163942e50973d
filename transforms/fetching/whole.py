"""Whole archives: where one that was cut short while it was written still makes sense."""

import zlib
from typing import BinaryIO

from transforms.reading.landed import awaits_link

_CHUNK = 64 * 1024
# Bytes of a record in which its header lies.
_HEAD_BYTES = 16 * 1024


def whole_size(file: BinaryIO) -> int:
    """Give how many bytes of a landed archive make whole events: 0 where there is none but the archive's own header.

    A document whose link is cut off is not whole: without it the archive would not give the row again.
    """
    whole = end = count = 0
    file.seek(0)
    while (found := _read_member(file, end)) is not None:
        head, end = found
        count += 1
        if count > 1 and not awaits_link(head):
            whole = end
    return whole


def _read_member(file: BinaryIO, start: int) -> tuple[bytes, int] | None:
    """Unpack the gzip member at a place: the beginning of what it holds, and its end; None where it has none."""
    file.seek(start)
    unpacker, head, end = zlib.decompressobj(16 + zlib.MAX_WBITS), b"", start
    while not unpacker.eof:
        data = file.read(_CHUNK)
        if not data:
            return None
        end += len(data)
        try:
            unpacked = unpacker.decompress(data)
        except zlib.error:
            return None
        head += unpacked[: _HEAD_BYTES - len(head)]
    return head, end - len(unpacker.unused_data)
