"""Downloads: archives and lists at a distance come into the landing folder whole, over as many tries as it takes."""

import fcntl
import json
import os
import pathlib
import re
import sys
from collections.abc import Callable
from typing import Self
from urllib.parse import unquote, urlsplit

from pipelines.exits import LockHeld
from pipelines.layout import Layout
from schemas.exchanges import Accept, Request
from schemas.ids import stable_id
from schemas.rejects import Rejected
from transforms.fetching.fetcher import Fetcher
from transforms.fetching.retries import is_passing

# Within the folder of what is landed: files as they are elsewhere, which are no archives of ours.
FILES = "files"
# Tries in a row that bring nothing; each that does begins anew.
_TRIES = 4
# Seconds before the second try; doubled for each after it.
_PAUSE = 5.0
_UNFIT = re.compile(r"[^\w.-]+")
_RANGE_NOT_SATISFIABLE = 416


def download(url: str, layout: Layout, fetcher: Fetcher, *, wait: Callable[[float], object]) -> pathlib.Path:
    """Fetch a file, unless it is there already, going on where an earlier try or run broke off.

    Args:
        url: Where it is.
        layout: Its landing folders.
        fetcher: What asks.
        wait: Lets so many seconds pass.

    Raises:
        Rejected: It was refused, for good or for as long as it is tried.
        LockHeld: Another run is fetching it.
        OSError: The disk is full or may not be written.
    """
    target = layout.landed / FILES / file_name(url)
    if target.exists():
        return target
    print(f"fetching {url}", file=sys.stderr, flush=True)
    with _Part(url, layout.landing / (target.name + ".part"), layout.landing / (target.name + ".note")) as part:
        _fetch(part, fetcher, wait)
        part.put_in_place(target)
    return target


def _fetch(part: "_Part", fetcher: Fetcher, wait: Callable[[float], object]) -> None:
    tries = 0
    while True:
        before = part.size
        try:
            part.fetch(fetcher)
            return
        except Rejected as error:
            tries = tries + 1 if part.size <= before else 1
            if error.status == _RANGE_NOT_SATISFIABLE:
                part.restart()
            elif not is_passing(error) or tries >= _TRIES:
                raise
            wait(max(_PAUSE * 2 ** (tries - 1), error.retry_after or 0.0))


def file_name(url: str) -> str:
    """Name the file of an address: by a digest of it, and by its own last name, which may tell what is in it."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    return f"{stable_id('file', url)[:12]}-{_UNFIT.sub('_', last)[-100:] or 'file'}"


class _Part:
    """A file that is not whole yet, with a note of what the server calls the version that it is of; one run's alone."""

    def __init__(self, url: str, path: pathlib.Path, note: pathlib.Path) -> None:
        self._url, self._path, self._note = url, path, note

    def __enter__(self) -> Self:
        # Read and written from any place, and not emptied where it is there.
        self._sink = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
        try:
            fcntl.flock(self._sink.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._sink.close()
            raise LockHeld(f"another run is fetching {self._url}") from error
        return self

    def __exit__(self, *_: object) -> None:
        if not self.size:
            self.restart()
            self._path.unlink(missing_ok=True)
        self._sink.close()

    @property
    def size(self) -> int:
        self._sink.flush()
        return os.fstat(self._sink.fileno()).st_size

    def fetch(self, fetcher: Fetcher) -> None:
        # What no validator names may be another version by now.
        validators = self._read_note() if self.size else {}
        first = self.size if validators else 0
        self._sink.seek(first)
        self._sink.truncate()
        fetcher.fetch(
            Request(self._url, Accept.ARCHIVE, **validators, first_byte=first),
            sink=self._sink,
            on_head=self._write_note,
        )
        self._sink.flush()
        os.fsync(self._sink.fileno())

    def restart(self) -> None:
        self._sink.truncate(0)
        self._note.unlink(missing_ok=True)

    def put_in_place(self, target: pathlib.Path) -> None:
        target.parent.mkdir(exist_ok=True)
        os.rename(self._path, target)
        self._note.unlink(missing_ok=True)
        for folder in (target.parent, self._path.parent):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _read_note(self) -> dict[str, str]:
        try:
            said = json.loads(self._note.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return {name: said[name] for name in ("etag", "last_modified") if isinstance(said.get(name), str)}

    def _write_note(self, fields: tuple[tuple[str, str], ...]) -> None:
        named = {name.lower(): value for name, value in reversed(fields)}
        said = {"url": self._url, "etag": named.get("etag"), "last_modified": named.get("last-modified")}
        # A weak validator does not tell bytes apart.
        if (said["etag"] or "").startswith("W/"):
            del said["etag"]
        self._note.write_text(json.dumps(said), encoding="utf-8")
