"""Web pages: the page in a server's answer as an archive holds it."""

import dataclasses
import re

from schemas.documents import Page
from schemas.rejects import ContentTypeRejected, EmptyBody, HttpStatus, Malformed, TooLarge
from transforms.reading.codings import undo_codings
from transforms.reading.encodings import decode
from transforms.reading.frames import MAX_BLOCK_BYTES, Frame
from transforms.reading.responses import Response

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# What a page begins with where the server named no type.
_MARKUP = re.compile(
    rb"(?is)(?:\xef\xbb\xbf)?(?>\s+|<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->)*+<(?:!doctype\s+html|html)"
)
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]{1,40})")


def is_page(response: Response) -> bool:
    """Say whether a record is a page.

    Raises:
        HttpStatus: The server answered with an error in its place.
        Malformed: It is taken for an HTTP response and is none.
    """
    if not response.is_http:
        return False
    if response.status is None:
        raise Malformed(f"no status line of HTTP: {response.status_line[:80]!r}")
    named = _named_type(response)
    is_html = named in _HTML_TYPES if named else _MARKUP.match(response.body) is not None
    if response.status >= 400 and (is_html or not named):
        raise HttpStatus(f"HTTP status {response.status}")
    return response.status == 200 and is_html


def make_page(frame: Frame, response: Response, place: str, position: int) -> Page:
    """Make the page of an answer, with its body as the server meant it.

    Raises:
        TooLarge, DecompressionBomb, Undecodable: The body cannot be had within limits.
        SizeMismatch: It does not have the digest that the record states.
        EmptyBody: Nothing is in it.
    """
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


def make_linked_page(frame: Frame, response: Response, place: str, position: int) -> Page:
    """Make the page of an answer that was asked for as a document: HTML, or plain text, or refused.

    Raises:
        ContentTypeRejected: It is neither.
        TooLarge, DecompressionBomb, Undecodable, SizeMismatch, EmptyBody, EncodingUnknown: As for any page.
    """
    page = make_page(frame, response, place, position)
    named = _named_type(response)
    # Servers name types that are as good, such as those of XML, or none.
    if named in _HTML_TYPES or _MARKUP.match(page.html or b""):
        return page
    if named != "text/plain":
        raise ContentTypeRejected(f"content type {named[:80] or 'not named'}: neither HTML nor plain text")
    text, warnings = decode(page.html or b"", declared=page.charset)
    return dataclasses.replace(page, html=None, charset=None, text=text, warnings=(*page.warnings, *warnings))


def _named_type(response: Response) -> str:
    return (response.content_type or "").partition(";")[0].strip().lower()
