"""Landing: what was fetched becomes a web archive, written aside and put in place whole."""

import datetime
import fcntl
import os
import pathlib
import threading
from collections.abc import Iterable
from typing import BinaryIO

from schemas.documents import Link
from schemas.exchanges import Exchange, Role
from schemas.rejects import Rejected
from schemas.version import VERSION
from transforms.fetching.retries import is_passing
from transforms.fetching.warc import answer_id, exchange_records, record, record_id, warcinfo
from transforms.fetching.whole import whole_size
from transforms.reading.landed import Purpose, Refusal, encode_link, entry_html

SUFFIX = ".warc.gz"
# Of an archive that is being written: no reader takes it for one.
UNFINISHED = ".open"
_HTML = "text/html; charset=utf-8"


def landing_name(begun: datetime.datetime, run: str) -> str:
    """Name an archive: names sort by time, which is the order in which archives are processed."""
    return f"{begun:%Y%m%dT%H%M%S%f}Z-{run}"


class Landing:
    """An archive under way. Its file is made with the first record; `land` puts it in place.

    Each method writes all records of one event at once, so that a process that dies leaves whole ones before the cut.
    For any number of threads.
    """

    def __init__(self, aside: pathlib.Path, landed: pathlib.Path, *, begun: datetime.datetime, run: str) -> None:
        """Take the folders of archives under way and of those in place, on one filesystem, and what names the archive.

        Args:
            aside: Where it is written.
            landed: Where it is put.
            begun: When it is begun, in UTC.
            run: What tells it from one that another process begins in the same moment.
        """
        self._aside, self._landed, self._begun = aside, landed, begun
        self._name = landing_name(begun, run)
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self.links = 0
        self.size = 0

    def add_exchanges(self, exchanges: Iterable[Exchange], purpose: Purpose) -> None:
        """Write what was asked and answered without a document: for a feed, or in a try before the last."""
        self._write(_exchanges(exchanges, purpose))

    def add_feed(self, feed_url: str, exchanges: Iterable[Exchange]) -> None:
        """Write a poll of a feed, which `feed_url` names as its list does."""
        self._write(_exchanges(exchanges, Purpose.FEED, feed_url))

    def add_page(self, link: Link, exchanges: Iterable[Exchange]) -> None:
        """Write a link's page: the last exchange brought it, those before led to it."""
        *before, last = exchanges
        said = _link_record(link, last.started_at, refers_to=answer_id(last, Purpose.PAGE))
        self._write(_exchanges(before, Purpose.ATTEMPT) + exchange_records(last, Purpose.PAGE) + said, links=1)

    def add_entry(self, link: Link, at: datetime.datetime, *, error: Rejected | None = None) -> None:
        """Write an entry's own content as the document, because it is asked for or because of the page's refusal.

        Args:
            link: With its content.
            at: When its feed, or its page in vain, was fetched.
            error: Why its page could not be had, where that is why.
        """
        html, url = entry_html(link.content or ""), link.url or link.feed_url
        entry = record("conversion", html, at=at, url=url, content_type=_HTML, purpose=Purpose.ENTRY)
        said = _link_record(
            link,
            at,
            refers_to=record_id("conversion", html, at=at, url=url, purpose=Purpose.ENTRY),
            refusal=_refusal(error, "fetch") if error else None,
        )
        self._write(_exchanges(error.exchanges if error else (), Purpose.ATTEMPT) + entry + said, links=1)

    def add_refusal(self, link: Link, at: datetime.datetime, error: Rejected, *, stage: str = "fetch") -> None:
        """Write that a link came to nothing: it is a row of `rejects`. A feed's own fault is one of a link to it."""
        said = _link_record(link, at, refusal=_refusal(error, stage))
        self._write(_exchanges(error.exchanges, Purpose.ATTEMPT) + said, links=1)

    def land(self) -> pathlib.Path | None:
        """Put the archive in place and give its path; None where nothing was written.

        Raises:
            OSError: The disk is full or may not be written.
        """
        with self._lock:
            if self._file is None:
                return None
            self._file.flush()
            os.fsync(self._file.fileno())
            target = _put_in_place(pathlib.Path(self._file.name), self._landed)
            self._file.close()
            self._file = None
            return target

    def _write(self, records: bytes, *, links: int = 0) -> None:
        if not records:
            return
        with self._lock:
            if self._file is None:
                self._file = _begin(self._aside / (self._name + SUFFIX + UNFINISHED))
                records = warcinfo(VERSION, self._begun) + records
            self._file.write(records)
            self._file.flush()
            self.links += links
            self.size += len(records)


def recover_landings(aside: pathlib.Path, landed: pathlib.Path) -> list[pathlib.Path]:
    """Put in place what dead processes left, cut to the last event that is whole; archives still written are left.

    Returns:
        The archives put in place; one in which nothing is whole is removed.

    Raises:
        OSError: The disk may not be written.
    """
    recovered = []
    for path in sorted(aside.glob(f"*{SUFFIX}{UNFINISHED}")):
        with open(path, "r+b") as file:
            if not _try_lock(file):
                continue
            size = whole_size(file)
            if not size:
                path.unlink()
                continue
            file.truncate(size)
            os.fsync(file.fileno())
            recovered.append(_put_in_place(path, landed))
    return recovered


def _begin(path: pathlib.Path) -> BinaryIO:
    file = open(path, "xb")
    _try_lock(file)
    return file


def _try_lock(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _put_in_place(path: pathlib.Path, landed: pathlib.Path) -> pathlib.Path:
    target = landed / path.name.removesuffix(UNFINISHED)
    os.rename(path, target)
    for folder in (landed, path.parent):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return target


def _exchanges(exchanges: Iterable[Exchange], purpose: Purpose, feed_url: str | None = None) -> bytes:
    return b"".join(
        exchange_records(exchange, Purpose.ROBOTS)
        if exchange.role is Role.ROBOTS
        else exchange_records(exchange, purpose, feed_url)
        for exchange in exchanges
    )


def _refusal(error: Rejected, stage: str) -> Refusal:
    return Refusal(stage, error.reason, str(error), is_passing(error))


def _link_record(
    link: Link, at: datetime.datetime, *, refers_to: str | None = None, refusal: Refusal | None = None
) -> bytes:
    return record(
        "metadata",
        encode_link(link, refusal),
        at=at,
        url=link.url,
        content_type="application/json",
        purpose=Purpose.LINK if refers_to else Purpose.REFUSAL,
        fields=(("WARC-Refers-To", refers_to),) if refers_to else (),
    )
