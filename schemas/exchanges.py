"""Exchanges: what is asked of a server, what it answered, and the bytes that went over the wire for it."""

import dataclasses
import datetime
import enum


class Accept(enum.StrEnum):
    """What is asked for; it decides which content types and how many bytes are taken."""

    FEED = "feed"
    PAGE = "page"
    ARCHIVE = "archive"


class Role(enum.StrEnum):
    """What an exchange was made for: the request itself (a redirect counts as it), or leave to make it."""

    DOCUMENT = "document"
    ROBOTS = "robots"


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """One address to ask. The validators are those of an earlier response, to the letter.

    `first_byte` is where to go on with a body that broke off: the answer begins there if it is still the one that the
    validators name, else anew.
    """

    url: str
    accept: Accept = Accept.PAGE
    etag: str | None = None
    last_modified: str | None = None
    first_byte: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response as they went over the wire, byte for byte: what a web archive keeps.

    `url` is the hop's own address and `address` the IP address that was connected to. `response` is status line,
    headers and body with all codings and chunks, of which the first `head_size` bytes come before the body.
    `status` is None where no whole head arrived. `truncated` says why the rest is missing, in the words of
    WARC-Truncated: "length", "time", "disconnect" or "unspecified". The body of a response that was streamed to a
    file is there and not here: `streamed` is its size.
    """

    url: str
    address: str
    started_at: datetime.datetime
    request: bytes
    response: bytes
    head_size: int
    status: int | None = None
    truncated: str | None = None
    role: Role = Role.DOCUMENT
    streamed: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    """What came of a request, after redirects. Status is 200 or 304; everything else is refused.

    `url` is the address that answered. `headers` are those of the last hop, in order, bytes above 127 as Latin-1,
    so that validators can be sent back byte for byte. `body` is without codings, and empty for 304 and for what was
    streamed to a file. `moved_permanently_to` is where an unbroken chain of 301 and 308 from the first hop leads.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime.datetime
    content_type: str | None = None
    charset: str | None = None
    exchanges: tuple[Exchange, ...] = ()
    moved_permanently_to: str | None = None

    def header(self, name: str) -> str | None:
        """Give the value of the first header of this name, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)
