"""Archives: WARC and ARC files, one unit a record, and the pages among the records."""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from schemas.documents import Page
from schemas.rejects import EmptyBody, HttpStatus, Malformed, Reject, Rejected, TooLarge, reject
from transforms.reading.codings import undo_codings
from transforms.reading.frames import ARC, MAX_BLOCK_BYTES, WARC, Dialect, Frame, read_frames
from transforms.reading.records import Scanned, Skipped
from transforms.reading.responses import Response, parse_response

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# What a page begins with where the server named no type.
_MARKUP = re.compile(
    rb"(?is)(?:\xef\xbb\xbf)?(?>\s+|<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->)*+<(?:!doctype\s+html|html)"
)
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]{1,40})")
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
    for frame in read_frames(peeked, start, _tell_dialect(peeked.head)):
        if last is not None and index >= last:
            return
        if index >= first:
            yield _read_frame(frame, f"{name}#{frame.place}", index - first)
        index += 1


def _tell_dialect(head: bytes) -> Dialect:
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 64)
        except zlib.error:
            return WARC
    # A damaged beginning may leave a later record to tell by.
    arc = ARC.begins.match(head.lstrip(b"\r\n")) or (ARC.boundary.search(head) and not WARC.boundary.search(head))
    return ARC if arc else WARC


def _read_frame(frame: Frame, place: str, position: int) -> Page | Reject | Skipped:
    response = Response()
    try:
        if frame.head:
            response = parse_response(frame)
        if frame.fault:
            raise frame.fault
        if response.is_http and frame.length <= MAX_BLOCK_BYTES:
            # First: damage in the headers of HTTP could make a page look like something to skip.
            response.check_block(frame.block)
        if not _is_page(response):
            return Skipped(place)
        return _make_page(frame, response, place, position)
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


def _is_page(response: Response) -> bool:
    """Say whether a record is a page.

    Raises:
        HttpStatus: The server answered with an error in its place.
        Malformed: It is taken for an HTTP response and is none.
    """
    if not response.is_http:
        return False
    if response.status is None:
        raise Malformed(f"no status line of HTTP: {response.status_line[:80]!r}")
    named = (response.content_type or "").partition(";")[0].strip().lower()
    is_html = named in _HTML_TYPES if named else _MARKUP.match(response.body) is not None
    if response.status >= 400 and (is_html or not named):
        raise HttpStatus(f"HTTP status {response.status}")
    return response.status == 200 and is_html


def _make_page(frame: Frame, response: Response, place: str, position: int) -> Page:
    if frame.length > MAX_BLOCK_BYTES:
        raise TooLarge(f"a record of {frame.length} bytes, limit {MAX_BLOCK_BYTES}")
    response.check_payload()
    if not response.body:
        raise EmptyBody("a response without a body")
    html = undo_codings(response.body, content=response.content_encoding, transfer=response.transfer_encoding)
    if not html.strip():
        raise EmptyBody("nothing but white space in the body")
    charset = _CHARSET.search(response.content_type or "")
    return Page(
        input=place,
        position=position,
        html=html,
        charset=charset[1] if charset else None,
        url=response.url,
        recorded_at=response.date,
        fetched_at=response.date,
        warnings=("truncated",) if response.cut else (),
    )
