"""Landed archives: what their records say beyond WARC, so that the archive alone gives the rows again.

Every record of a landed archive names its purpose in a header of its own. A link ends in exactly one record: the page
that was fetched, the entry's own content, or the refusal. Page and entry are followed at once by their link.
"""

import dataclasses
import enum
import json
import re
from typing import Any

from schemas.documents import DateBasis, Link
from schemas.rejects import Malformed, Rejected
from transforms.reading.encodings import clean
from transforms.reading.fields import authors_of, string_fields

PURPOSE_HEADER = "Pledgeline-Purpose"
# On the records of a poll, the feed's address as its list has it, every `%` of its own written as `%25`.
FEED_HEADER = "Pledgeline-Feed"
# What the first record of a landed archive says of its writer, before the version.
SOFTWARE = "pledgeline/"
# On an article whose text is the feed's own because the page behind its link could not be had.
PAGE_REFUSED = "page_refused"
_WRITER = re.compile(rb"WARC/1\.[01]\r?\n(?s:.{0,2000}?)\r?\n\r?\nsoftware: pledgeline/")
_AWAITS = re.compile(rb"\r\n%s: (?:page|entry)\r\n" % PURPOSE_HEADER.encode())
_IS_LINK = re.compile(rb"\r\n%s: link\r\n" % PURPOSE_HEADER.encode())
_PURPOSE = re.compile(rb"\r\n%s: ([a-z]+)\r\n" % PURPOSE_HEADER.encode())
_STRINGS = ("feed_url", "feed_title", "guid")


class Purpose(enum.StrEnum):
    """What a record of a landed archive is; only `PAGE`, `ENTRY` and `REFUSAL` are records of the promise.

    `FEED` and `ROBOTS` are exchanges that led to links, `ATTEMPT` one that did not bring the link's page: a redirect,
    or a try that failed. `LINK` belongs to the record before it.
    """

    PAGE = "page"
    ENTRY = "entry"
    REFUSAL = "refusal"
    LINK = "link"
    FEED = "feed"
    ROBOTS = "robots"
    ATTEMPT = "attempt"


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """Why a link was refused: its stage, reason and detail in `rejects`; and whether another try might succeed."""

    stage: str
    reason: str
    detail: str
    passing: bool = False


def is_landed(head: bytes) -> bool:
    """Say whether an archive that begins so, unpacked, was landed by this software."""
    return _WRITER.match(head) is not None


def awaits_link(head: bytes) -> bool:
    """Say whether the record with this header is followed by its link."""
    return _AWAITS.search(head) is not None


def is_link(head: bytes) -> bool:
    """Say whether the record with this header says what the one before it was fetched for."""
    return _IS_LINK.search(head) is not None


def purpose_of(head: bytes) -> Purpose | None:
    """Say what the record with this header is, None where it does not say."""
    named = _PURPOSE.search(head)
    return next((purpose for purpose in Purpose if named and purpose.value == named[1].decode("ascii")), None)


def encode_link(link: Link, refusal: Refusal | None = None) -> bytes:
    """Write a link as JSON, without its content, and why its page was refused."""
    fields = dataclasses.asdict(dataclasses.replace(link, content=None))
    said: dict[str, Any] = {"link": {name: value for name, value in fields.items() if value}}
    if refusal:
        said["refusal"] = dataclasses.asdict(refusal)
    return json.dumps(said, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def decode_link(data: bytes) -> tuple[Link, Refusal | None]:
    """Read what `encode_link` wrote.

    Raises:
        Malformed: It is no such thing.
    """
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the link of a landed record: {error}") from error
    fields = said.get("link") if isinstance(said, dict) else None
    if not isinstance(fields, dict):
        raise Malformed("the metadata of a landed record without its link")
    own = {name: clean(fields[name]) for name in _STRINGS if isinstance(fields.get(name), str)}
    return Link(**string_fields(fields)[0], **own, authors=authors_of(fields)), _decode_refusal(said.get("refusal"))


def _decode_refusal(said: Any) -> Refusal | None:
    if said is None:
        return None
    try:
        refusal = Refusal(str(said["stage"]), str(said["reason"]), str(said["detail"]), said.get("passing") is True)
    except (KeyError, TypeError, AttributeError) as error:
        raise Malformed(f"the refusal of a landed record: {error}") from error
    if refusal.reason not in {kind.reason for kind in Rejected.__subclasses__()}:
        raise Malformed(f"the refusal of a landed record for an unknown reason: {refusal.reason[:40]!r}")
    return refusal


def page_fields(link: Link) -> dict[str, Any]:
    """Give what a link says of its page beside its address, as the fields of a `Page`."""
    return {
        "title": link.title,
        "authors": link.authors,
        "source": link.source,
        "language": link.language,
        "feed_url": link.feed_url,
        "published": link.published,
        "modified": link.modified,
        "given_basis": DateBasis.FEED,
    }


def entry_html(content: str) -> bytes:
    """Write an entry's own content as a page in UTF-8."""
    return f"<html><body><article>{content}</article></body></html>".encode("utf-8", "replace")
