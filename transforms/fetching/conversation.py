"""Conversation: a request and its response over one connection."""

import dataclasses
import http.client
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.response import BaseHTTPResponse

from schemas.rejects import ConnectFailed, Malformed, Rejected, SizeMismatch, TimedOut, TooLarge, Truncated
from transforms.fetching.addresses import Target
from transforms.fetching.heads import Fields, check_length, field, read_fields, transfer_coding
from transforms.fetching.limits import Limits
from transforms.fetching.wire import Wire

_STEP = 64 * 1024
_WARC_TRUNCATED = {TimedOut: "time", TooLarge: "length", Truncated: "disconnect"}


@dataclasses.dataclass(frozen=True, slots=True)
class Intake:
    """How many bytes of a body are taken as they come; `cuts` says that the rest is left and is no fault.

    With a `sink` the body goes there, without chunks, and is not kept.
    """

    wire_bytes: int
    cuts: bool = False
    sink: BinaryIO | None = None


# From status and fields to what is taken of the body; None leaves it where it is.
Take = Callable[[int, Fields], Intake | None]


class Conversation:
    """What was said; `fault` is what went wrong after the first word."""

    def __init__(self, connection: HTTPConnection, wire: Wire, limits: Limits) -> None:
        self.status: int | None = None
        self.fields: Fields = ()
        self.head_size = 0
        self.streamed: int | None = None
        self.fault: Rejected | None = None
        self._connection, self._wire, self._limits = connection, wire, limits
        self._left_off: str | None = None
        self._end: int | None = None

    @property
    def response(self) -> bytes:
        """All of the response that came in, byte for byte, and nothing beyond it."""
        return bytes(self._wire.received[: self._end])

    @property
    def truncated(self) -> str | None:
        """Why the response is not whole, in the words of WARC-Truncated."""
        if self.fault and not isinstance(self.fault, SizeMismatch):
            return _WARC_TRUNCATED.get(type(self.fault), "unspecified")
        return self._left_off

    def hold(self, target: Target, headers: Mapping[str, str], take: Take) -> None:
        """Ask, and take the answer; what goes wrong becomes the fault."""
        try:
            response = self._ask(target, headers)
            intake = take(response.status, self.fields)
            if intake is None:
                self._left_off = "unspecified"
                self._end = self.head_size
            else:
                self._take_body(response, intake)
        except Rejected as error:
            self.fault = error

    def _ask(self, target: Target, headers: Mapping[str, str]) -> BaseHTTPResponse:
        self._wire.limit(self._limits.head_bytes, "headers")
        self._connection.sock = self._wire  # type: ignore[assignment]
        head = {"Host": target.netloc, **headers}
        try:
            self._connection.request("GET", target.path, headers=head, preload_content=False, decode_content=False)
            response = self._connection.getresponse()
        except (OSError, http.client.HTTPException, HTTPError) as error:
            raise _refuse(error, has_head=False) from error
        self.head_size = self._wire.taken
        self.status = response.status
        self.fields = read_fields(bytes(self._wire.received[: self.head_size]))
        return response

    def _take_body(self, response: BaseHTTPResponse, intake: Intake) -> None:
        if intake.sink:
            self.streamed = 0
            self._wire.forget(self.head_size, stall_seconds=self._limits.first_byte_seconds)
        try:
            self._wire.limit(self.head_size + intake.wire_bytes, "head and body")
            for piece in _pieces(response):
                if intake.sink:
                    intake.sink.write(piece)
                    self.streamed = (self.streamed or 0) + len(piece)
        except TooLarge:
            if not intake.cuts:
                raise
            self._left_off = "length"
            self._end = self.head_size + intake.wire_bytes
            return
        self._end = self._wire.taken
        if self.status not in (204, 304):
            self._check_length()

    def _check_length(self) -> None:
        """Refuse a body that goes on behind its stated length; closing line ends are no body."""
        if transfer_coding(self.fields):
            return
        check_length(self.fields)
        if bytes(self._wire.received[self._end :]).strip(b"\r\n\0 "):
            raise SizeMismatch(f"{field(self.fields, 'content-length')} bytes are stated, and more come")


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    """Give the body without its chunks. Faults of the network are told apart from those of the file it goes to."""
    try:
        yield from response.stream(_STEP, decode_content=False)
    except (OSError, http.client.HTTPException, HTTPError) as error:
        raise _refuse(error, has_head=True) from error


def _refuse(error: Exception, *, has_head: bool) -> Rejected:
    if isinstance(error, InvalidHeader):
        return SizeMismatch(str(error))
    if isinstance(error, http.client.LineTooLong) or "more than" in str(error):
        return TooLarge(f"headers: {error}")
    if has_head:
        return Truncated(f"the body ends before its end: {error}")
    if isinstance(error, http.client.BadStatusLine) and not isinstance(error, ConnectionError):
        return Malformed(f"no answer in HTTP: {error}")
    return ConnectFailed(f"the connection ended before an answer: {error}")
