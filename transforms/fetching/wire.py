"""Wire: a connected socket that keeps what goes through it, within limits of time and size."""

import io
import socket
from collections.abc import Callable

from schemas.rejects import TimedOut, TooLarge

# Bytes asked of the system at once.
_STEP = 64 * 1024


class Wire:
    """What HTTP needs of a socket, and no more; each wait ends at a deadline, whatever trickles in.

    The first answer is due by `first_byte`, everything by `deadline`, in the time of `clock`.
    """

    def __init__(self, sock: socket.socket, *, clock: Callable[[], float], first_byte: float, deadline: float) -> None:
        self.sent = bytearray()
        # What came, until `forget`.
        self.received = bytearray()
        self._socket = sock
        self._clock = clock
        self._first_byte = first_byte
        self._deadline = deadline
        self._limit, self._limited = 0, ""
        self._stall_seconds: float | None = None
        self._forgotten = 0
        self._keeps = True
        self._reader: _Reader | None = None

    @property
    def count(self) -> int:
        """Bytes received so far."""
        return len(self.received) + self._forgotten

    @property
    def taken(self) -> int:
        """Bytes that HTTP has taken so far; what was received beyond may not belong to the response."""
        return self._reader.position if self._reader else 0

    def limit(self, count: int, what: str) -> None:
        """Refuse more than `count` bytes from the start, here or as they come; `what` they are is named then."""
        self._limit, self._limited = count, what
        self._check_count()

    def forget(self, start: int, *, stall_seconds: float) -> None:
        """Keep nothing of what came after `start` and will come; then each wait is bounded by itself too."""
        self._keeps, self._stall_seconds = False, stall_seconds
        self._forgotten += len(self.received) - start
        del self.received[start:]

    def sendall(self, data: bytes) -> None:
        """Send, within the time."""
        self._wait()
        self._socket.sendall(data)
        self.sent += data

    def makefile(self, mode: str, *_: object) -> io.BufferedReader:
        """Give the reading side."""
        self._reader = _Reader(_Incoming(self))
        return self._reader

    def settimeout(self, seconds: float | None) -> None:
        """Do nothing: the deadlines decide."""

    def close(self) -> None:
        """Do nothing: HTTP closes as soon as it has the head; who opened the socket closes it in the end."""

    def receive(self, buffer: memoryview) -> int:
        """Read what there is into the buffer, and keep it; 0 at the end.

        Raises:
            TimedOut: Nothing came within the time.
            TooLarge: More came than may.
        """
        self._wait()
        try:
            size = self._socket.recv_into(buffer)
        except TimeoutError as error:
            raise self._timed_out() from error
        if self._keeps:
            self.received += buffer[:size]
        else:
            self._forgotten += size
        self._check_count()
        return size

    def _check_count(self) -> None:
        if self.count > self._limit:
            raise TooLarge(f"more than {self._limit} bytes of {self._limited}")

    def _wait(self) -> None:
        due = self._deadline if self.count else min(self._first_byte, self._deadline)
        seconds = due - self._clock()
        if seconds <= 0:
            raise self._timed_out()
        self._socket.settimeout(min(seconds, self._stall_seconds or seconds))

    def _timed_out(self) -> TimedOut:
        return TimedOut(f"only {self.count} bytes of an answer came in time" if self.count else "no answer in time")


class _Incoming(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._wire.receive(buffer)

    def tell(self) -> int:
        return self._wire.count


class _Reader(io.BufferedReader):
    """Knows how much was taken out of it, also after HTTP has closed it."""

    def __init__(self, raw: _Incoming) -> None:
        super().__init__(raw, _STEP)
        self._end = 0

    @property
    def position(self) -> int:
        return self._end if self.closed else self.tell()

    def close(self) -> None:
        self._end = self.position
        super().close()
