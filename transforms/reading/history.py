"""History: what a landed archive says of polls and of links that came to their end, for the state of monitoring."""

import dataclasses
import datetime
import re
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import unquote

from schemas.documents import Link
from schemas.exchanges import Exchange, Response
from schemas.rejects import Rejected
from transforms.reading.codings import undo_codings
from transforms.reading.frames import WARC, Frame, read_frames
from transforms.reading.landed import FEED_HEADER, Purpose, decode_link, purpose_of
from transforms.reading.responses import Response as Record
from transforms.reading.responses import parse_response

_FEED = re.compile(rb"\r\n%s: ([^\r\n]*)\r\n" % FEED_HEADER.encode())
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


@dataclasses.dataclass(frozen=True, slots=True)
class LandedPoll:
    """A poll of a feed, named as its list names it; `response` may have any status but that of a redirect."""

    feed_url: str
    response: Response


@dataclasses.dataclass(frozen=True, slots=True)
class LandedEnd:
    """A link that was fetched, or refused after its last try; another one might succeed where it `is_passing`.

    A feed's own fault is one of a link to it. `reason` is that of the refusal.
    """

    link: Link
    at: datetime.datetime
    is_passing: bool = False
    reason: str | None = None


def read_history(stream: BinaryIO) -> Iterator[LandedPoll | LandedEnd]:
    """Read an archive that this software landed, in order; what is damaged in it is passed over.

    Raises:
        OSError: The stream cannot be read.
    """
    hops: list[Record] = []
    for frame in read_frames(stream, 0, WARC):
        purpose = purpose_of(frame.head)
        if frame.fault or purpose not in (Purpose.FEED, Purpose.LINK, Purpose.REFUSAL):
            continue
        try:
            if purpose is not Purpose.FEED:
                yield _read_end(frame)
                continue
            hops.append(parse_response(frame))
            if hops[-1].status not in _REDIRECTS:
                yield _read_poll(frame, hops)
                hops = []
        except Rejected:
            hops = []


def _read_end(frame: Frame) -> LandedEnd:
    link, refusal = decode_link(frame.block)
    at = parse_response(frame).date or datetime.datetime.fromtimestamp(0, datetime.UTC)
    # A refused page whose entry has content of its own gave a document.
    is_refused = purpose_of(frame.head) is Purpose.REFUSAL
    return LandedEnd(
        link, at, is_refused and refusal is not None and refusal.passing, refusal.reason if refusal else None
    )


def _read_poll(frame: Frame, hops: list[Record]) -> LandedPoll:
    last = hops[-1]
    named = _FEED.search(frame.head)
    url, date = last.url or "", last.date or datetime.datetime.fromtimestamp(0, datetime.UTC)
    moved = len(hops) > 1 and all(hop.status in _PERMANENT for hop in hops[:-1])
    response = Response(
        url=url,
        status=last.status or 0,
        headers=_read_headers(frame.block),
        body=undo_codings(last.body, content=last.content_encoding, transfer=last.transfer_encoding),
        fetched_at=date,
        # What was sent is of no use here, and the answer is at hand already.
        exchanges=(Exchange(url, "", date, b"", b"", 0, status=last.status),),
        moved_permanently_to=url if moved else None,
    )
    return LandedPoll(unquote(named[1].decode("ascii")) if named else url, response)


def _read_headers(block: bytes) -> tuple[tuple[str, str], ...]:
    # As Latin-1, so that validators can be sent back byte for byte.
    lines = re.split(r"\r?\n", block.partition(b"\r\n\r\n")[0].decode("latin-1"))[1:]
    pairs = (line.partition(":") for line in lines)
    return tuple((name.strip(), value.strip(" \t")) for name, colon, value in pairs if colon)
