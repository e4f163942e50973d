"""Erasing: records are taken out of a landed archive, and all others stay where they are."""

import datetime
import os
import pathlib
import shutil
import struct
import uuid
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from schemas.rejects import Rejected
from transforms.reading.codings import undo_codings
from transforms.reading.frames import WARC, Frame, read_frames
from transforms.reading.landed import Purpose, awaits_link, decode_link, is_link, purpose_of
from transforms.reading.responses import Response, parse_response

# RFC 1952: the flag of a member that has a comment, after ten bytes of header.
_COMMENT_FLAG = 0x10
_HEADER = struct.Struct("<4BI2B")


def erase_records(path: pathlib.Path, is_wanted: Callable[[str], bool], mentions: Callable[[bytes], bool]) -> int:
    """Overwrite what an archive holds of some addresses, as a whole or not at all; gives the number of records.

    In the place of each stands an empty record in a gzip member of the same length, so that the places of all other
    records stay true. Size and modification time stay too: for those who processed it, it is the same file.

    Args:
        path: A landed archive.
        is_wanted: Says of an address whether its records go.
        mentions: Says of the body of a feed whether it does; the whole answer goes then.

    Raises:
        OSError: The disk is full or may not be written.
    """
    with open(path, "rb") as file:
        spans = list(_find_spans(file, path.stat().st_size, is_wanted, mentions))
    if not spans:
        return 0
    stat = path.stat()
    copy = path.with_name(path.name + ".unfinished")
    shutil.copyfile(path, copy)
    with open(copy, "r+b") as file:
        for start, end in spans:
            file.seek(start)
            file.write(filler(end - start, at=datetime.datetime.fromtimestamp(stat.st_mtime, datetime.UTC)))
        os.fsync(file.fileno())
    os.utime(copy, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    os.replace(copy, path)
    return len(spans)


_Span = tuple[int, int]


def _find_spans(
    file: BinaryIO, size: int, is_wanted: Callable[[str], bool], mentions: Callable[[bytes], bool]
) -> Iterator[_Span]:
    """Give the places of the records that go, from the first byte of their members to the one after the last."""
    before: tuple[Frame, bool] | None = None
    for frame in read_frames(file, 0, WARC):
        goes = _goes(frame, before, is_wanted, mentions)
        if before and before[1]:
            yield _span(before[0], frame.offset)
        before = frame, goes
    if before and before[1]:
        yield _span(before[0], size)


def _span(frame: Frame, end: int | None) -> _Span:
    assert frame.offset is not None and end is not None, "records of a landed archive are members of their own"
    return frame.offset, end


def _goes(
    frame: Frame, before: tuple[Frame, bool] | None, is_wanted: Callable[[str], bool], mentions: Callable[[bytes], bool]
) -> bool:
    if frame.fault or frame.offset is None:
        return False
    purpose = purpose_of(frame.head)
    if is_link(frame.head) and before and before[1] and awaits_link(before[0].head):
        return True
    try:
        response = parse_response(frame)
        if response.url and is_wanted(response.url):
            return True
        if purpose in (Purpose.LINK, Purpose.REFUSAL):
            link, _ = decode_link(frame.block)
            return bool(link.url and is_wanted(link.url))
        # The answer of a feed holds its entries' text; that of a redirect the address that it leads to.
        return purpose in (Purpose.FEED, Purpose.ATTEMPT) and (mentions(frame.block) or mentions(_body(response)))
    except Rejected:
        return False


def _body(response: Response) -> bytes:
    return undo_codings(response.body, content=response.content_encoding, transfer=response.transfer_encoding)


def filler(length: int, *, at: datetime.datetime) -> bytes:
    """Make an empty WARC record in a gzip member of just this length, padded by a comment in the member's header.

    Raises:
        ValueError: The length is too small for one; about 170 bytes suffice.
    """
    head = (
        "WARC/1.1\r\nWARC-Type: metadata\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{at.isoformat()} {length}')}>\r\n"
        f"WARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    ).encode("ascii")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(head) + packer.flush()
    trailer = struct.pack("<II", zlib.crc32(head), len(head))
    padding = length - _HEADER.size - len(packed) - len(trailer) - 1
    if padding < 0:
        raise ValueError(f"{length} bytes are too few for an empty record")
    return _HEADER.pack(0x1F, 0x8B, 8, _COMMENT_FLAG, 0, 2, 255) + b" " * padding + b"\0" + packed + trailer
