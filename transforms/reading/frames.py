"""Frames: the records of an archive, cut out by their stated lengths, with the damage between them."""

import dataclasses
import hashlib
import re
from collections.abc import Iterator

from schemas.rejects import EmptyBody, Rejected, SizeMismatch, Truncated, WarcCorrupt
from transforms.reading.stretches import Readable, Stretch, read_stretches

# Bytes. A block (what follows a record's header) up to this size is held whole: a body of 20 MB and its headers.
MAX_BLOCK_BYTES = 20_000_000 + 256 * 1024
# Bytes. Of a larger block its beginning is held, where the headers of HTTP are.
_HELD_BYTES = 64 * 1024
_MAX_HEAD_BYTES = 256 * 1024
_STEP = 1024 * 1024
# Bytes. No beginning of a record that `Dialect.boundary` looks for is longer.
_OVERLAP = 8 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Dialect:
    """How records are written one after another.

    `begins` matches their first letters, `head` a whole header, `length` finds the block's length in it;
    `boundary` ends where a record begins amid other bytes, and is strict, for it decides only after damage.
    """

    name: str
    begins: re.Pattern[bytes]
    head: re.Pattern[bytes]
    length: re.Pattern[bytes]
    boundary: re.Pattern[bytes]


WARC = Dialect(
    "WARC",
    begins=re.compile(rb"WARC/"),
    head=re.compile(rb"(?s:.*?)\n\r?\n"),
    length=re.compile(rb"(?i)\ncontent-length[ \t]*:[ \t]*([^\r\n]*)"),
    boundary=re.compile(rb"\n(?=WARC/\d\.\d{1,2}\r?\n[A-Za-z-]{2,40}:)"),
)
# The fields of version 1 are five, of version 2 ten; the length is the last in both.
ARC = Dialect(
    "ARC",
    begins=re.compile(rb"(?:filedesc|https?|ftp|dns|whois|ntp|metadata)s?:"),
    head=re.compile(rb"[^\n]*\n"),
    length=re.compile(rb" (\S*)[ \t]*\r?\n\Z"),
    boundary=re.compile(rb"\n(?=(?:https?|ftp|dns|whois):\S{1,4000} [0-9a-f.:]{3,40} \d{14} [^\n]{0,3000}\d\r?\n)"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """One record, or one damaged stretch where `fault` is set.

    `place` names where it lies: its offset in the stored file, or that of its gzip member, a plus sign and its
    position in what the member unpacks to. `offset` is set where reading can start at it. `block` is cut short
    where `length` is more than `MAX_BLOCK_BYTES`. `digest` is the SHA-256 of header and block.
    """

    place: str
    offset: int | None
    head: bytes
    block: bytes
    length: int
    digest: bytes
    fault: Rejected | None = None


class _Cursor:
    """A place in a stretch; what it passes enters `digest`."""

    def __init__(self, stretch: Stretch) -> None:
        self._chunks = iter(stretch.chunks)
        self.buffer = bytearray()
        self.at = 0
        self.digest = hashlib.sha256()

    def fill(self, size: int) -> bool:
        """Have at least `size` bytes in the buffer; False where the stretch ends before."""
        while len(self.buffer) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self.buffer += chunk
        return True

    def take(self, size: int) -> bytes:
        """Pass bytes, at most those in the buffer."""
        data = bytes(self.buffer[:size])
        self.digest.update(data)
        del self.buffer[:size]
        self.at += len(data)
        return data

    def skip_newlines(self) -> bool:
        """Pass newlines; say whether anything follows. What follows gets a digest of its own."""
        while self.fill(1) and self.buffer[0] in b"\r\n":
            self.at += 1
            del self.buffer[:1]
        self.digest = hashlib.sha256()
        return bool(self.buffer)

    def find(self, pattern: re.Pattern[bytes], size: int | None = None) -> bool:
        """Pass bytes, at most `size`, up to the end of the first match; say whether there is one."""
        left = size
        while left is None or left > 0:
            more = self.fill(_STEP if left is None else min(_STEP, left + _OVERLAP))
            found = pattern.search(self.buffer)
            if found and (left is None or found.end() < left):
                self.take(found.end())
                return True
            step = max(len(self.buffer) - _OVERLAP, 0) if more else len(self.buffer)
            step = step if left is None else min(step, left)
            self.take(step)
            left = None if left is None else left - step
            if not more and (left is None or not self.buffer):
                return False
        return False


def read_frames(stream: Readable, offset: int, dialect: Dialect) -> Iterator[Frame]:
    """Cut an archive into records from `offset` on, where `stream` stands: the start or a frame's `offset`.

    An archive without a record gives one frame with a fault.

    Raises:
        OSError: The stream cannot be read; damage in its bytes never raises.
    """
    empty = offset == 0
    for stretch in read_stretches(stream, offset, dialect.begins):
        for frame in _frame_stretch(stretch, dialect):
            empty = False
            yield frame
    if empty:
        yield Frame("0", None, b"", b"", 0, hashlib.sha256().digest(), EmptyBody("an archive without records"))


def _frame_stretch(stretch: Stretch, dialect: Dialect) -> Iterator[Frame]:
    cursor = _Cursor(stretch)
    first, more = True, cursor.skip_newlines()
    while more:
        frame = _frame_record(cursor, stretch, dialect, first)
        more = cursor.skip_newlines()
        if not more and stretch.fault and (first or frame.fault):
            # One record and one fault: the record is what was damaged, even if its end seems to be there.
            yield dataclasses.replace(frame, offset=None, fault=stretch.fault)
            return
        yield frame
        first = False
    if stretch.fault:
        yield _Place(cursor, stretch, first).frame(b"", b"", 0, stretch.fault)


class _Place:
    """Where a record begins; what is known of it before it is read."""

    def __init__(self, cursor: _Cursor, stretch: Stretch, first: bool) -> None:
        self._cursor = cursor
        self._enterable = first or not stretch.packed
        at = stretch.offset if stretch.packed else stretch.offset + cursor.at
        self._offset = at
        self._place = str(at) if self._enterable else f"{at}+{cursor.at}"

    def frame(self, head: bytes, block: bytes, length: int, fault: Rejected | None) -> Frame:
        """Make the frame, with the digest of what the cursor has passed since."""
        offset = self._offset if self._enterable and not fault else None
        return Frame(self._place, offset, head, block, length, self._cursor.digest.digest(), fault)


def _frame_record(cursor: _Cursor, stretch: Stretch, dialect: Dialect, first: bool) -> Frame:
    place = _Place(cursor, stretch, first)
    head = _take_head(cursor, dialect)
    if not head:
        held = bytes(cursor.buffer[:_HELD_BYTES])
        more = cursor.find(dialect.boundary)
        error: Rejected = WarcCorrupt(f"no {dialect.name} record begins here")
        if not more and not stretch.packed and (dialect.begins.match(held) or b"WARC/".startswith(held)):
            error = Truncated("the file ends within a record's header")
        return place.frame(b"", held, len(held), stretch.fault or error)
    stated = dialect.length.search(head)
    length = int(stated[1]) if stated and re.fullmatch(rb"\d{1,18}", stated[1].strip()) else -1
    if length < 0:
        shown = stated[1][:40].decode("ascii", "replace") if stated else "none"
        cursor.find(dialect.boundary)
        return place.frame(head, b"", 0, SizeMismatch(f"length of the record: {shown!r}"))
    if length > MAX_BLOCK_BYTES:
        return _frame_large(cursor, stretch, dialect, place, head, length)
    return _frame_held(cursor, stretch, dialect, place, head, length)


def _take_head(cursor: _Cursor, dialect: Dialect) -> bytes:
    size = 4096
    cursor.fill(size)
    if not dialect.begins.match(cursor.buffer):
        return b""
    while not (found := dialect.head.match(cursor.buffer)):
        size *= 4
        if size > _MAX_HEAD_BYTES or len(cursor.buffer) < size // 4:
            return b""
        cursor.fill(size)
    return cursor.take(found.end())


def _frame_held(cursor: _Cursor, stretch: Stretch, dialect: Dialect, place: _Place, head: bytes, length: int) -> Frame:
    whole = cursor.fill(length)
    if whole and _ends_well(cursor, dialect, length, stretch):
        return place.frame(head, cursor.take(length), length, None)
    found = dialect.boundary.search(cursor.buffer)
    held = bytes(cursor.buffer[: min(found.start(), length) if found else length])
    cut = not whole and not stretch.packed and not held.endswith(b"\n\r\n")
    if cursor.find(dialect.boundary) or whole or not cut:
        said = "more" if whole else f"{len(held)} up to the record's end"
        return place.frame(head, held, length, stretch.fault or SizeMismatch(f"length {length} stated, {said}"))
    error = Truncated(f"the file ends {length - len(held)} bytes before the record does")
    return place.frame(head, held, length, stretch.fault or error)


def _ends_well(cursor: _Cursor, dialect: Dialect, length: int, stretch: Stretch) -> bool:
    """Say whether the block's stated end is one: two newlines, the next record or the stretch's end follow."""
    cursor.fill(length + _OVERLAP)
    rest = bytes(cursor.buffer[length : length + _OVERLAP])
    if rest.startswith((b"\r\n\r\n", b"\n\n")):
        return True
    swallowed = dialect is WARC and bytes(cursor.buffer[max(length - 1, 0) : length]) in (b"\r", b"\n")
    if not rest.strip(b"\r\n"):
        return not (swallowed and stretch.packed and not stretch.fault)
    return dialect.begins.match(rest.lstrip(b"\r\n")) is not None and not swallowed


def _frame_large(cursor: _Cursor, stretch: Stretch, dialect: Dialect, place: _Place, head: bytes, length: int) -> Frame:
    # A block that is not held cannot be gone back into: a boundary in it counts at once. Only an archive stored
    # unpacked inside another one, of more than 20 MB, is cut in pieces by that.
    cursor.fill(_HELD_BYTES)
    held = bytes(cursor.buffer[:_HELD_BYTES])
    start = cursor.at
    if cursor.find(dialect.boundary, length):
        return place.frame(head, held, length, SizeMismatch(f"length {length} stated, {cursor.at - start} there"))
    passed = cursor.at - start
    if passed < length:
        error: Rejected = SizeMismatch(f"length {length} stated, {passed} there")
        if not stretch.packed:
            error = Truncated(f"the file ends {length - passed} bytes before the record does")
        return place.frame(head, held, length, stretch.fault or error)
    if _ends_well(cursor, dialect, 0, stretch):
        return place.frame(head, held, length, None)
    cursor.find(dialect.boundary)
    return place.frame(head, held, length, SizeMismatch(f"length {length} stated, more there"))
