"""Archives: WARC and ARC files, one unit a record, and the pages among the records."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from schemas.documents import Page
from schemas.rejects import Reject, Rejected, reject
from transforms.reading.frames import ARC, MAX_BLOCK_BYTES, WARC, Dialect, Frame, read_frames
from transforms.reading.landed import awaits_link
from transforms.reading.records import Scanned, Skipped
from transforms.reading.replay import replay_record
from transforms.reading.responses import Response, parse_response
from transforms.reading.webpages import is_page, make_page

_HEAD_BYTES = 16 * 1024


class _Peeked:
    """A stream that was looked into at its beginning and may not be able to go back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.head = b""
        while len(self.head) < _HEAD_BYTES and (more := stream.read(_HEAD_BYTES - len(self.head))):
            self.head += more
        self._given = False

    def read(self, size: int) -> bytes:
        """Read on, the beginning first."""
        if self._given:
            return self._stream.read(size)
        self._given = True
        return self.head or self._stream.read(size)


def scan_archive(stream: BinaryIO) -> Iterator[Scanned]:
    """Give one unit for each record of any kind, in order; a damaged stretch is one too.

    Raises:
        OSError: The stream cannot be read; damage in its bytes never raises.
    """
    peeked = _Peeked(stream)
    for frame in read_frames(peeked, 0, _tell_dialect(peeked.head)):
        yield Scanned(frame.digest, len(frame.head) + frame.length, frame.offset)


def read_archive(
    stream: BinaryIO, *, name: str, first: int, last: int | None, offset: int | None
) -> Iterator[Page | Reject | Skipped]:
    """Read the units from `first` on, `last` excluded: each gives one page, refusal or skipped record.

    Args:
        stream: The stored file, at its beginning.
        name: What the file is called in `input`.
        first: Number of the first unit, as `scan_archive` counts them.
        last: Number of the unit to stop before; None reads to the end.
        offset: What `scan_archive` said of unit `first`; None where it cannot be entered there.

    Raises:
        OSError: The stream cannot be read; damage in its bytes never raises.
    """
    index, start = 0, 0
    if offset is not None and stream.seekable():
        index, start = first, stream.seek(offset)
    peeked = _Peeked(stream)
    for frame, follower in _with_followers(read_frames(peeked, start, _tell_dialect(peeked.head))):
        if last is not None and index >= last:
            return
        if index >= first:
            yield _read_frame(frame, follower, f"{name}#{frame.place}", index - first)
        index += 1


def _with_followers(frames: Iterator[Frame]) -> Iterator[tuple[Frame, Frame | None]]:
    """Give each frame with the one that follows it where that may be its link: at once where it is not."""
    waiting = None
    for frame in frames:
        if waiting:
            yield waiting, frame
        waiting = frame if awaits_link(frame.head) else None
        if not waiting:
            yield frame, None
    if waiting:
        yield waiting, None


def _tell_dialect(head: bytes) -> Dialect:
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 64)
        except zlib.error:
            return WARC
    # A damaged beginning may leave a later record to tell by.
    arc = ARC.begins.match(head.lstrip(b"\r\n")) or (ARC.boundary.search(head) and not WARC.boundary.search(head))
    return ARC if arc else WARC


def _read_frame(frame: Frame, follower: Frame | None, place: str, position: int) -> Page | Reject | Skipped:
    response = Response()
    try:
        if frame.head:
            response = parse_response(frame)
        if frame.fault:
            raise frame.fault
        if (response.is_http or response.purpose) and frame.length <= MAX_BLOCK_BYTES:
            # First: damage in the headers of HTTP could make a page look like something to skip.
            response.check_block(frame.block)
        if response.purpose:
            return replay_record(frame, follower, response, place, position)
        if not is_page(response):
            return Skipped(place)
        return make_page(frame, response, place, position)
    except Rejected as error:
        return reject(
            frame.fault or error,
            "read",
            place=place,
            payload=frame.head + frame.block if frame.length <= MAX_BLOCK_BYTES else None,
            url=response.url,
            day=response.date.date() if response.date else None,
            occurred_at=response.date,
        )
