"""Transport: one request to one checked address, and its answer, byte for byte."""

import contextlib
import dataclasses
import datetime
import errno
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping

from urllib3.connection import HTTPConnection

from schemas.exchanges import Exchange, Role
from schemas.rejects import ConnectFailed, Rejected, TimedOut, TlsFailed
from transforms.fetching.addresses import Target
from transforms.fetching.conversation import Conversation, Take
from transforms.fetching.heads import Fields
from transforms.fetching.limits import Limits
from transforms.fetching.names import Resolver, find_addresses
from transforms.fetching.networks import Address, Rules
from transforms.fetching.proxies import Proxy
from transforms.fetching.wire import Wire

# Of one name. A site with more of them that do not answer is down.
_MAX_ADDRESSES = 4
# Faults of this machine and not of the site: too many open files, no memory.
_OURS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})


class Aborted(Exception):
    """The transport was told to end; nothing can be said of the address that was being asked."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the exchange, the fields of its head, and what is wrong with it, if anything."""

    exchange: Exchange
    fields: Fields
    fault: Rejected | None = None


class Transport:
    """Makes connections and closes them, one for each request. Safe for many threads."""

    def __init__(
        self,
        *,
        rules: Rules,
        limits: Limits,
        resolver: Resolver,
        clock: Callable[[], float],
        now: Callable[[], datetime.datetime],
        tls: ssl.SSLContext | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self._rules, self._limits, self._resolver = rules, limits, resolver
        self._clock, self._now = clock, now
        self._tls = tls or ssl.create_default_context()
        self._tls.set_alpn_protocols(["http/1.1"])
        self._proxy = proxy
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._aborted = False

    def exchange(self, target: Target, headers: Mapping[str, str], *, seconds: float, take: Take, role: Role) -> Answer:
        """Ask once; the name is looked up once, and the connection goes to an address that was checked.

        A fault after the request was sent is part of the answer, one before it is raised.

        Args:
            target: Where to; the host goes into Host and SNI, and the certificate must be its own.
            headers: What is said besides Host.
            seconds: For everything, name and encryption included.
            take: Decides by the head how much of the body is taken, and whereto.
            role: What the exchange is for, as the archive is told.

        Raises:
            Rejected: DnsFailed, ForbiddenAddress, ConnectFailed, TlsFailed or TimedOut.
            Aborted: `abort` was called.
        """
        deadline = self._clock() + seconds
        look_up = min(self._limits.connect_seconds, seconds)
        addresses = find_addresses(target, self._rules, self._resolver, seconds=look_up)
        started_at = self._now()
        with self._connected(target, addresses, deadline) as (connection, sock, address):
            wire = Wire(
                sock,
                clock=self._clock,
                first_byte=self._clock() + self._limits.first_byte_seconds,
                deadline=deadline,
            )
            talk = Conversation(connection, wire, self._limits)
            talk.hold(target, headers, take)
        self._check_aborted()
        exchange = Exchange(
            url=target.url,
            address=str(address),
            started_at=started_at,
            request=bytes(wire.sent),
            response=talk.response,
            head_size=talk.head_size,
            status=talk.status,
            truncated=talk.truncated,
            role=role,
            streamed=talk.streamed,
        )
        return Answer(exchange, talk.fields, talk.fault)

    def abort(self) -> None:
        """Cut all connections and make no more: whoever waits for one gets `Aborted`."""
        self._aborted = True
        with self._lock:
            for guard in self._open:
                with contextlib.suppress(OSError):
                    guard.shutdown(socket.SHUT_RDWR)

    def _check_aborted(self) -> None:
        if self._aborted:
            raise Aborted

    @contextlib.contextmanager
    def _connected(
        self, target: Target, addresses: tuple[Address, ...], deadline: float
    ) -> Iterator[tuple[HTTPConnection, socket.socket, Address]]:
        by = min(self._clock() + self._limits.connect_seconds, deadline)
        sock, address = self._dial(target, addresses, by)
        with sock, self._guarded(sock):
            sock.settimeout(max(by - self._clock(), 0.001))
            connection = _Connection(target, sock, address, self._proxy)
            try:
                connection.connect()
                # Not left to urllib3, which writes to the context each time: it is in use in other threads.
                secured = self._tls.wrap_socket(sock, server_hostname=target.host) if target.scheme == "https" else sock
            except (OSError, http.client.HTTPException) as error:
                self._check_aborted()
                raise _refuse_connection(target, error) from error
            with secured:
                yield connection, secured, address

    def _dial(self, target: Target, addresses: tuple[Address, ...], by: float) -> tuple[socket.socket, Address]:
        """Connect to the first address that answers; each has its share of the time."""
        last: OSError = OSError("no time is left")
        candidates = addresses[:_MAX_ADDRESSES]
        for index, address in enumerate(candidates):
            self._check_aborted()
            seconds = (by - self._clock()) / (len(candidates) - index)
            place = (self._proxy.host, self._proxy.port) if self._proxy else (str(address), target.port)
            try:
                return socket.create_connection(place, timeout=max(seconds, 0.001)), address
            except OSError as error:
                if error.errno in _OURS:
                    raise
                last = error
        raise _refuse_connection(target, last) from last

    @contextlib.contextmanager
    def _guarded(self, sock: socket.socket) -> Iterator[None]:
        # A second handle on the same connection: encryption takes the first one away.
        with sock.dup() as guard:
            with self._lock:
                self._open.add(guard)
            try:
                self._check_aborted()
                yield
            finally:
                with self._lock:
                    self._open.discard(guard)


class _Connection(HTTPConnection):
    """A connection that was made already; behind a proxy it is led on to the checked address, and not to the name."""

    def __init__(self, target: Target, sock: socket.socket, address: Address, proxy: Proxy | None) -> None:
        super().__init__(target.host, target.port)
        self._dialled = sock
        if proxy:
            self.set_tunnel(str(address), target.port, headers=proxy.headers)

    def _new_conn(self) -> socket.socket:
        return self._dialled


def _refuse_connection(target: Target, error: Exception) -> Rejected:
    if isinstance(error, TimeoutError):
        return TimedOut(f"no connection to {target.netloc} in time")
    if isinstance(error, ssl.SSLError):
        return TlsFailed(f"{target.netloc}: {error}")
    return ConnectFailed(f"{target.netloc}: {error}")
