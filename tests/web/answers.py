"""What sites send: whole responses as bytes, and scripts that send them in parts, or never."""

import gzip
import socket
import threading
import zlib
from collections.abc import Callable

import brotli
import zstandard

from tests.web.servers import Asked, Script

# The longest that a stalling script stays; the end of the web cuts it sooner.
_FOREVER = threading.Event()
CODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def answer(body: bytes | str = b"", status: int = 200, *headers: str, kind: str | None = "text/html") -> bytes:
    """Make a response with its length; `headers` are whole lines."""
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *headers]
    lines += [f"Content-Type: {kind}"] if kind else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(location: str, status: int = 302) -> bytes:
    """Send the asker elsewhere."""
    return answer(b"elsewhere", status, f"Location: {location}")


def not_modified(body: bytes | str, etag: str, last_modified: str | None = None, kind: str = "text/xml") -> Script:
    """Answer 304 to who sends the validator to the letter, and everybody else whole."""

    def script(sock: socket.socket, asked: Asked) -> None:
        lines = [f"ETag: {etag}"] + ([f"Last-Modified: {last_modified}"] if last_modified else [])
        known = asked.headers.get("if-none-match") == etag
        sock.sendall(answer(b"", 304, *lines, kind=None) if known else answer(body, 200, *lines, kind=kind))

    return script


def in_turn(*answers: bytes | Script) -> Script:
    """Give one answer after the other, and the last for ever."""
    left = list(answers)
    lock = threading.Lock()

    def script(sock: socket.socket, asked: Asked) -> None:
        with lock:
            given = left.pop(0) if len(left) > 1 else left[0]
        sock.sendall(given) if isinstance(given, bytes) else given(sock, asked)

    return script


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", kind: str = "text/html", coding: str | None = None) -> bytes:
    """Make a response in chunks; `end` is what closes it."""
    head = f"HTTP/1.1 200 Said\r\nTransfer-Encoding: chunked\r\nContent-Type: {kind}\r\n"
    head += f"Content-Encoding: {coding}\r\n" if coding else ""
    return head.encode() + b"\r\n" + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def coded(body: bytes, coding: str, kind: str = "text/html") -> bytes:
    """Make a response in one content coding."""
    return answer(CODERS[coding](body), 200, f"Content-Encoding: {coding}", kind=kind)


def stalled(first: bytes = b"") -> Script:
    """Send the beginning, and nothing more until the web ends."""

    def script(sock: socket.socket, asked: Asked) -> None:
        sock.sendall(first)
        _FOREVER.wait(600)

    return script


def dripping(first: bytes, drop: bytes = b"x", seconds: float = 0.02) -> Script:
    """Send the beginning, and then a drop at a time, without end."""

    def script(sock: socket.socket, asked: Asked) -> None:
        sock.sendall(first)
        while not _FOREVER.wait(seconds):
            sock.sendall(drop)

    return script


def flood(first: bytes, wave: bytes) -> Script:
    """Send without end, as fast as it is taken."""

    def script(sock: socket.socket, asked: Asked) -> None:
        sock.sendall(first)
        while True:
            sock.sendall(wave)

    return script
