"""Servers: listeners on loopback, one thread for a connection, and a resolver that knows their names."""

import contextlib
import dataclasses
import ipaddress
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import Self

import trustme

from transforms.fetching.addresses import vet_url
from transforms.fetching.fetcher import Fetcher
from transforms.fetching.limits import Limits
from transforms.fetching.networks import Address, Rules
from transforms.fetching.pace import Pace

# The sites' network; what else is on loopback counts as forbidden.
NETWORK = ipaddress.ip_network("127.1.0.0/16")
_NETWORK_6 = ipaddress.ip_network("::1/128")
# Longer than anything takes here, on a busy machine too; and tenths of seconds, so that a test of a time-out ends soon.
PATIENT = Limits(connect_seconds=5.0, first_byte_seconds=5.0, total_seconds=10.0, archive_seconds=10.0)
QUICK = Limits(connect_seconds=0.5, first_byte_seconds=0.3, total_seconds=0.6, archive_seconds=0.6)
USER_AGENT = "pledgeline-tests/1.0 (+https://pledgeline.example/contact)"


@dataclasses.dataclass(frozen=True)
class Asked:
    """A request that came in; names of headers are in small letters."""

    site: str
    path: str
    headers: Mapping[str, str]
    raw: bytes


Script = Callable[[socket.socket, Asked], None]


class Web:
    """Sites, and everything that a fetcher needs to see them as the public web."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.names: dict[str, list[str]] = {}
        self.looked_up: list[str] = []
        self._ca = trustme.CA()
        self._ports: dict[str, int] = {}
        self._selector = selectors.DefaultSelector()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._ended = False
        self._wake, self._woken = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._wake.send(b"x")
        self._acceptor.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()
        self._wake.close()
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def add(
        self, name: str, pages: Mapping[str, bytes | Script], *, tls: bool = False, address: str | None = None
    ) -> str:
        """Open a site; what is at no path is answered with 404. Gives its address without a path."""
        context = self._server_context(name) if tls else None
        return self._open(name, lambda sock: self._serve(sock, name, pages, context), tls=tls, address=address)

    def add_raw(self, name: str, script: Callable[[socket.socket], None], *, tls: bool = False) -> str:
        """Open a site that does not even read what is asked."""
        return self._open(name, script, tls=tls)

    def trap(self, address: str = "127.2.0.1") -> tuple[int, list[str]]:
        """Listen where nobody may connect to; gives the port, and the list that connections go into."""
        came: list[str] = []
        return self._listen(address, lambda sock: came.append(str(sock.getpeername()))), came

    def paths(self, site: str) -> list[str]:
        """Say which paths of a site were asked for, in order, without robots.txt."""
        return [asked.path for asked in self.asked if asked.site == site and asked.path != "/robots.txt"]

    def resolver(self, name: str) -> list[Address]:
        """Look a name up; raises OSError where it has no address."""
        self.looked_up.append(name)
        known = self.names.get(name.rstrip("."))
        if known is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name in this web")
        return [ipaddress.ip_address(address) for address in known]

    @property
    def ports(self) -> frozenset[int]:
        """The ports of the sites so far."""
        return frozenset(self._ports.values())

    @property
    def rules(self) -> Rules:
        """The network of the sites, and their ports so far."""
        return Rules((NETWORK, _NETWORK_6), self.ports | {80, 443})

    @property
    def tls(self) -> ssl.SSLContext:
        """Trust in the sites' certificates."""
        context = ssl.create_default_context()
        self._ca.configure_trust(context)
        return context

    def fetcher(self, **settings: object) -> Fetcher:
        """Make a fetcher of this web: without pause between requests."""
        given = {"rules": self.rules, "limits": PATIENT, "resolver": self.resolver, "tls": self.tls}
        if "pace" not in settings and "clock" not in settings:
            settings["pace"] = Pace(_no_time, interval=0.0)
        return Fetcher(USER_AGENT, **(given | settings))

    def _open(
        self, name: str, script: Callable[[socket.socket], None], *, tls: bool, address: str | None = None
    ) -> str:
        count = len(self._ports) + 1
        address = address or str(NETWORK.network_address + (count // 250) * 256 + count % 250 + 1)
        self._ports[name] = self._listen(address, script)
        self.names[name] = [address]
        scheme = "https" if tls else "http"
        return vet_url(f"{scheme}://{name}:{self._ports[name]}", self.rules).origin

    def _listen(self, address: str, script: Callable[[socket.socket], None]) -> int:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, 0), family=family, backlog=128)
        self._selector.register(listener, selectors.EVENT_READ, script)
        self._wake.send(b"x")
        return int(listener.getsockname()[1])

    def _accept(self) -> None:
        while not self._ended:
            for key, _ in self._selector.select():
                if key.data is None:
                    self._woken.recv(4096)
                else:
                    connection, _ = key.fileobj.accept()
                    threading.Thread(target=self._run, args=(key.data, connection), daemon=True).start()

    def _run(self, script: Callable[[socket.socket], None], connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
        # A fetcher that gives up leaves the server with a broken connection.
        with contextlib.suppress(OSError), connection:
            script(connection)
        with self._lock:
            self._connections.discard(connection)

    def _serve(
        self, connection: socket.socket, site: str, pages: Mapping[str, bytes | Script], context: ssl.SSLContext | None
    ) -> None:
        sock = context.wrap_socket(connection, server_side=True) if context else connection
        with sock:
            asked = _read_request(sock, site)
            if asked is None:
                return
            with self._lock:
                self.asked.append(asked)
            given = pages.get(asked.path, b"HTTP/1.1 404 Not here\r\nContent-Length: 0\r\n\r\n")
            sock.sendall(given) if isinstance(given, bytes) else given(sock, asked)
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_WR)

    def _server_context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(name).configure_cert(context)
        return context


def _read_request(sock: socket.socket, site: str) -> Asked | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        received = sock.recv(65536)
        if not received:
            return None
        raw += received
    first, *lines = raw.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Asked(site, first.split(" ")[1], headers, raw)


def _no_time() -> float:
    return 0.0
