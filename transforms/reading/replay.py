"""Replay: the records of a landed archive become what they were fetched for."""

import dataclasses

from schemas.documents import Link, Page
from schemas.rejects import MAX_PAYLOAD_BYTES, Malformed, Reject, clean_detail, mask_url
from transforms.reading.frames import Frame
from transforms.reading.landed import PAGE_REFUSED, Purpose, decode_link, is_link, page_fields
from transforms.reading.records import Skipped
from transforms.reading.responses import Response
from transforms.reading.webpages import make_linked_page


def replay_record(
    frame: Frame, follower: Frame | None, response: Response, place: str, position: int
) -> Page | Reject | Skipped:
    """Read a record of a landed archive, with the one behind it, which says what the link was.

    Raises:
        Rejected: The page cannot be used, or what is said of the link cannot be read.
    """
    if response.purpose is Purpose.REFUSAL:
        return _read_refusal(frame, response, place)
    if response.purpose not in (Purpose.PAGE, Purpose.ENTRY):
        return Skipped(place)
    link, refusal = Link(), None
    if follower and is_link(follower.head) and not follower.fault:
        link, refusal = decode_link(follower.block)
    if response.purpose is Purpose.PAGE:
        page = make_linked_page(frame, response, place, position)
    else:
        page = _make_entry(frame, response, link, place, position)
        # A page names its publisher better than the feed's title does; an entry has nothing else.
        link = dataclasses.replace(link, source=link.source or link.feed_title)
    warnings = (*page.warnings, PAGE_REFUSED) if refusal else page.warnings
    return dataclasses.replace(page, warnings=warnings, **page_fields(link))


def _read_refusal(frame: Frame, response: Response, place: str) -> Reject:
    link, refusal = decode_link(frame.block)
    if not refusal:
        raise Malformed("a refusal that does not say why")
    return Reject(
        stage=refusal.stage,
        reason=refusal.reason,
        detail=clean_detail(refusal.detail),
        input=place,
        url=mask_url(link.url) if link.url else None,
        payload=frame.block if len(frame.block) <= MAX_PAYLOAD_BYTES else None,
        payload_ref=None if len(frame.block) <= MAX_PAYLOAD_BYTES else place,
        day=response.date.date() if response.date else None,
        occurred_at=response.date,
    )


def _make_entry(frame: Frame, response: Response, link: Link, place: str, position: int) -> Page:
    return Page(
        input=place,
        position=position,
        html=frame.block,
        charset="utf-8",
        url=link.url,
        recorded_at=response.date,
        fetched_at=response.date,
    )
