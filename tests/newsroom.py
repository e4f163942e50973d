"""Newsroom: publishers on loopback with feeds and articles, each at an address of its own.

    python -m tests.newsroom --feeds 200 --rate 1 --log requests.jsonl

One thread serves them all, so that hundreds of them leave the processors to who asks.
"""

import argparse
import asyncio
import collections
import contextlib
import dataclasses
import hashlib
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Self
from xml.sax.saxutils import escape

# One of the ports that are allowed everywhere; sites differ by their address.
PORT = 8080
# Every process has its own, so that several may serve at once.
_NETWORK = 64
_NETWORKS = 128
_STATES = ("Norway", "Kenya", "Brazil", "Japan", "Canada", "Ghana", "Chile", "Finland", "Egypt", "Nepal")
_DEEDS = (
    "promised to send {number} trucks to {other}",
    "refused to join the talks with {other} on grain",
    "offered {other} {number} million dollars for the wells",
    "threatened {other} with tariffs of {number} percent",
    "signed an agreement with {other} on {number} ferries",
    "called on {other} to return {number} fishing boats",
)
_PLAIN = (
    "The harbour was quiet in the morning and the market opened late.",
    "Officials spoke for two hours and said little to the reporters outside.",
    "A delegation walked along the river and looked at the new bridge.",
    "The minister arrived by train, as she had done in the years before.",
    "Rain fell on the square while the band played for the guests.",
)


@dataclasses.dataclass(frozen=True)
class Request:
    """What came in and what was answered; `at` is in POSIX seconds."""

    at: float
    host: str
    path: str
    status: int
    etag: str | None
    user_agent: str | None


@dataclasses.dataclass
class Site:
    """A publisher: its feed's entries, its pages, and how it behaves.

    `answer` takes the place of the feed's usual answer: it is given the request's headers and gives status, headers
    and body, or None for the usual one. Pages in `pages` are served by their path: (status, headers, body).
    """

    host: str
    entries: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    pages: dict[str, tuple[int, list[str], bytes]] = dataclasses.field(default_factory=dict)
    answer: Callable[[dict[str, str]], tuple[int, list[str], bytes] | None] | None = None
    headers: list[str] = dataclasses.field(default_factory=list)
    robots: bytes | None = None
    delay: float = 0.0
    shown: int = 20

    @property
    def url(self) -> str:
        """The feed's address."""
        return f"http://{self.host}:{PORT}/feed.xml"

    def publish(self, number: int, *, words: int = 120, title: str | None = None) -> str:
        """Publish an article; gives its address."""
        path = f"/articles/{number}.html"
        title = title or f"Report {number} from {self.host}"
        self.pages[path] = (200, ["Content-Type: text/html; charset=utf-8"], article_page(number, title, words))
        address = f"http://{self.host}:{PORT}{path}"
        self.entries.insert(0, (address, title, f"{self.host}-{number}"))
        return address

    def feed(self) -> bytes:
        """Write the feed as it is now."""
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid isPermaLink='false'>{guid}</guid>"
            "<pubDate>Thu, 04 Sep 2025 10:00:00 GMT</pubDate></item>"
            for link, title, guid in self.entries[: self.shown]
        )
        name = f"<title>Site {self.host}</title><link>http://{self.host}:{PORT}/</link>"
        return f"<?xml version='1.0'?><rss version='2.0'><channel>{name}{items}</channel></rss>".encode()

    def respond(self, path: str, asked: dict[str, str]) -> tuple[int, list[str], bytes]:
        """Answer a request."""
        if path == "/robots.txt":
            return (200, ["Content-Type: text/plain"], self.robots) if self.robots is not None else (404, [], b"")
        if path != "/feed.xml":
            return self.pages.get(path, (404, ["Content-Type: text/html"], b"<p>no such page</p>"))
        given = self.answer(asked) if self.answer else None
        if given:
            return given
        body = self.feed()
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = [f"ETag: {etag}", "Content-Type: application/rss+xml", *self.headers]
        return (304, headers, b"") if asked.get("if-none-match") == etag else (200, headers, body)


def article_page(number: int, title: str, words: int) -> bytes:
    """Write a page with an article of about so many words, among which are commitments."""
    numbers = random.Random(number)
    sentences: list[str] = []
    while sum(len(sentence.split()) for sentence in sentences) < words:
        one, other = numbers.sample(_STATES, 2)
        deed = numbers.choice(_DEEDS).format(number=numbers.randint(2, 900), other=other)
        sentences += [f"{one} {deed}, its government said on day {number}.", *numbers.sample(_PLAIN, 2)]
    paragraphs = "".join(f"<p>{' '.join(sentences[at : at + 4])}</p>" for at in range(0, len(sentences), 4))
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(title)}</title></head><body><nav>Home News</nav>"
        f"<article><h1>{escape(title)}</h1>{paragraphs}</article></body></html>"
    ).encode()


class Newsroom:
    """Sites that are served for as long as the context lasts."""

    def __init__(self, count: int) -> None:
        """Make sites."""
        network = _NETWORK + os.getpid() % _NETWORKS
        hosts = [f"127.{network}.{number // 250}.{number % 250 + 1}" for number in range(count)]
        self.sites = [Site(host) for host in hosts]
        self.requests: list[Request] = []
        # Requests for feeds so far.
        self.polled = 0
        self._by_host = {site.host: site for site in self.sites}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def opml(self) -> str:
        """Write the list of feeds."""
        outlines = "".join(f'<outline type="rss" text="{site.host}" xmlUrl="{site.url}"/>' for site in self.sites)
        return f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>'

    def polls(self, site: Site) -> list[Request]:
        """Give the requests for a site's feed."""
        return [r for r in self.requests if (r.host, r.path) == (site.host, "/feed.xml")]

    def statuses(self) -> collections.Counter[int]:
        """Count the answers to polls of all feeds."""
        return collections.Counter(request.status for request in self.requests if request.path == "/feed.xml")

    async def _listen(self) -> None:
        self._servers = [await asyncio.start_server(self._serve, site.host, PORT) for site in self.sites]

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1].partition("?")[0]
            asked = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            site = self._by_host[writer.get_extra_info("sockname")[0]]
            if site.delay:
                await asyncio.sleep(site.delay)
            status, headers, body = site.respond(path, asked)
            self.polled += path == "/feed.xml"
            self.requests.append(
                Request(time.time(), site.host, path, status, asked.get("if-none-match"), asked.get("user-agent"))
            )
            lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *headers, "Connection: close", "", ""]
            writer.write("\r\n".join(lines).encode("latin-1") + body)
            await writer.drain()
        writer.close()


def main() -> int:
    """Publish articles at a steady rate until standard input ends; the log has what was published and asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--rate", type=float, default=1.0, help="articles a second, over all feeds")
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--for_seconds", type=float, default=float("inf"), help="stop publishing then, not serving")
    parser.add_argument("--log", required=True)
    known = parser.parse_args()
    order = random.Random(1)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    with Newsroom(known.feeds) as newsroom, open(known.log, "w") as log:
        print(newsroom.opml(), flush=True)
        number = written = 0
        stop_at = time.monotonic() + known.for_seconds
        while not ended.wait(1 / known.rate if known.rate else 1.0):
            if known.rate and time.monotonic() < stop_at:
                number += 1
                url = order.choice(newsroom.sites).publish(number, words=known.words)
                _write(log, {"published": url, "at": time.time()})
            for request in newsroom.requests[written:]:
                written += 1
                _write(log, dataclasses.asdict(request))
    return 0


def _write(log: Any, event: dict[str, Any]) -> None:
    log.write(json.dumps(event) + "\n")
    log.flush()


if __name__ == "__main__":
    sys.exit(main())
