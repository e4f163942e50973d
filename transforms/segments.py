"""Segments: the immutable pieces that input is cut into, and their ids."""

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator

# A segment holds at most this many records and bytes (decoded); one larger record is a segment alone. Smaller
# than it need be: the local runner keeps a segment's articles in memory at six times their size.
MAX_RECORDS = 1_000
MAX_BYTES = 32 * 1024 * 1024
# Records that are read in one go: small enough to share a segment evenly among workers. A stream that can only be
# read from its start is cut in two at most, since the second half costs reading the first.
_PART_RECORDS = 64
_STREAM_PARTS = 2
# A group of small files ends, on average, after this many: where a file's digest says so, so that one more file
# does not move every later boundary.
_GROUP_SIZE = 256
# The container (`containers.Container`) of archives that this software landed.
LANDED = "landed"
# Part of every id: a change of what an id is made of gives new ids to all.
_ID_VERSION = b"segment-1"


@dataclasses.dataclass(frozen=True, slots=True)
class Unit:
    """One record of a file, as the pass over its bytes saw it.

    `digest` is of its stored bytes, `size` counts decoded bytes, `offset` is where reading can start in the
    stored file (None where it cannot, as inside a gzip stream).
    """

    digest: bytes
    size: int
    offset: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A file of input: its address, its name relative to the pattern's fixed part, and what the pass over it gave.

    `container` is a value of `containers.Container`; `sidecar` the address of its sidecar; `stamp` its size and
    modification time when it was looked at (of the sidecar too), to notice a change.
    """

    path: str
    name: str
    container: str
    sidecar: str | None
    sidecar_digest: bytes
    stamp: str
    units: tuple[Unit, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A range of a file's records: `first` to `last`, the latter excluded. `position` is its first in the segment."""

    path: str
    name: str
    container: str
    sidecar: str | None
    stamp: str
    first: int
    last: int
    position: int
    offset: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """A piece of input that one bounded run turns into rows; `size` counts decoded bytes."""

    segment: str
    parts: tuple[Part, ...]
    size: int

    @property
    def units(self) -> int:
        """How many records the pass over the bytes counted; a feed's entries count as one here."""
        return sum(part.last - part.first for part in self.parts)


def cut_segments(sources: Iterable[Source], *, filters: str) -> list[Segment]:
    """Cut sources into segments, in order of their ids.

    Args:
        sources: In any order; they are taken by name, so that the place of the input does not count.
        filters: The filters of the run in a canonical form; they are part of each id.

    Returns:
        Segments by id, then those of landed archives: each of these is cut for itself, in order of their names, so
        that they are what they were when they were landed. An id may occur twice where two files hold the same bytes.
    """
    ordered = sorted(sources, key=lambda source: (source.name, source.path))
    landed = [segment for source in ordered if source.container == LANDED for segment in _cut_ranges(source, filters)]
    others = _cut_others([source for source in ordered if source.container != LANDED], filters)
    return sorted(others, key=lambda segment: segment.segment) + landed


def _cut_others(sources: list[Source], filters: str) -> list[Segment]:
    segments: list[Segment] = []
    group: list[Source] = []
    for source in sources:
        if _is_large([source]):
            segments.extend(_cut_ranges(source, filters))
            continue
        if group and _is_large([*group, source]):
            segments.append(_make_segment([_whole(s) for s in group], filters))
            group = []
        group.append(source)
        if _ends_group(source):
            segments.append(_make_segment([_whole(s) for s in group], filters))
            group = []
    if group:
        segments.append(_make_segment([_whole(s) for s in group], filters))
    return segments


def _is_large(sources: list[Source]) -> bool:
    units = sum(len(source.units) for source in sources)
    size = sum(unit.size for source in sources for unit in source.units)
    return units > MAX_RECORDS or size > MAX_BYTES


def _ends_group(source: Source) -> bool:
    digest = hashlib.sha256(b"".join(unit.digest for unit in source.units)).digest()
    return int.from_bytes(digest[:4], "big") % _GROUP_SIZE == 0


_Range = tuple[Source, int, int]


def _whole(source: Source) -> _Range:
    return source, 0, len(source.units)


def _cut_ranges(source: Source, filters: str) -> Iterator[Segment]:
    first, size = 0, 0
    for index, unit in enumerate(source.units):
        if index > first and (index - first >= MAX_RECORDS or size + unit.size > MAX_BYTES):
            yield _make_segment([(source, first, index)], filters)
            first, size = index, 0
        size += unit.size
    yield _make_segment([(source, first, len(source.units))], filters)


def _make_segment(ranges: list[_Range], filters: str) -> Segment:
    digest = hashlib.sha256(_ID_VERSION + filters.encode())
    parts: list[Part] = []
    position = size = 0
    for source, first, last in ranges:
        digest.update(b"file" + source.sidecar_digest)
        for unit in source.units[first:last]:
            digest.update(unit.digest)
            size += unit.size
        for start, end in _cut_parts(source.units, first, last):
            parts.append(_make_part(source, start, end, position + start - first))
        position += last - first
    return Segment(digest.hexdigest()[:32], tuple(parts), size)


def _cut_parts(units: tuple[Unit, ...], first: int, last: int) -> Iterator[tuple[int, int]]:
    if units[first].offset is not None:
        step = _PART_RECORDS
    else:
        step = max(_PART_RECORDS, -(-(last - first) // _STREAM_PARTS))
    for start in range(first, last, step):
        yield start, min(start + step, last)


def _make_part(source: Source, first: int, last: int, position: int) -> Part:
    return Part(
        path=source.path,
        name=source.name,
        container=source.container,
        sidecar=source.sidecar,
        stamp=source.stamp,
        first=first,
        last=last,
        position=position,
        offset=source.units[first].offset,
    )
