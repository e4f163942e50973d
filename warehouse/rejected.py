"""Rejected: the rejects that are still open, and where the record of each can be had once more."""

import dataclasses
import datetime
import json
import pathlib
import re

from pipelines.layout import Layout
from pipelines.planning import InputFile, current_stamp, scan_inputs
from transforms.marks import Mark
from transforms.reading.containers import Container, sniff
from transforms.scans import ScanCache
from transforms.segments import Part, Source
from warehouse.views import connect

_COLUMNS = "reject_id, stage, input, url, reason, payload, segment, date"
# What follows the file's name in `input`: a line, or an offset. An offset with a place within its gzip member
# cannot be entered, and is not found again.
_PLACE = re.compile(r"#([0-9]+)$")
_ARCHIVES = (Container.WARC.value, Container.LANDED.value)


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """Which rejects to go through again; an empty tuple or None means all. `end_date` is excluded."""

    reasons: tuple[str, ...] = ()
    start_date: datetime.date | None = None
    end_date: datetime.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class OpenReject:
    """A row of `rejects` that no later segment resolves; `date` is its partition's."""

    reject_id: str
    stage: str
    input: str | None
    url: str | None
    reason: str
    payload: bytes | None
    segment: str
    date: datetime.date | None


def find_open(root: pathlib.Path, wanted: Wanted) -> list[OpenReject]:
    """Find the open rejects that are wanted, by segment and input."""
    conditions = {
        "list_contains(?, reason)": list(wanted.reasons) or None,
        "date >= ?": wanted.start_date,
        "date < ?": wanted.end_date,
    }
    asked = {condition: value for condition, value in conditions.items() if value is not None}
    where = " AND ".join(asked) or "true"
    with connect(root) as connection:
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM rejects WHERE {where} ORDER BY segment, input, reject_id", list(asked.values())
        ).fetchall()
    return [OpenReject(*row) for row in rows]


class Sources:
    """Where records can be read once more: in the inputs that marks name, or in the rejects themselves."""

    def __init__(self, layout: Layout) -> None:
        """Take the warehouse."""
        self._layout = layout
        self._scanned: dict[str, Source] = {}

    def find(self, reject: OpenReject, mark: Mark | None) -> Part | None:
        """Find the record of a reject: in its input if that is as it was, else as its payload; None where neither is.

        Raises:
            OSError: The disk is full or may not be written.
        """
        if reject.input is None or mark is None:
            return None
        name, place = _split(reject.input, mark)
        parts = [part for part in mark.inputs if part.name == name]
        if parts and parts[0].stamp == current_stamp(parts[0].path, parts[0].sidecar):
            found = self._in_input(parts, place)
            if found:
                return found
        return self._in_payload(reject, parts, name, place) if reject.payload is not None else None

    def _in_input(self, parts: list[Part], place: int | None) -> Part | None:
        source = self._scan(parts[0])
        index = _index(source, place)
        if index is None or not any(part.first <= index < part.last for part in parts):
            return None
        return dataclasses.replace(parts[0], first=index, last=index + 1, position=0, offset=source.units[index].offset)

    def _scan(self, part: Part) -> Source:
        if part.path not in self._scanned:
            file = InputFile(part.path, part.name, part.sidecar, part.stamp)
            with ScanCache(self._layout.state) as scans:
                (self._scanned[part.path],) = scan_inputs([file], scans)
        return self._scanned[part.path]

    def _in_payload(self, reject: OpenReject, parts: list[Part], name: str, place: int | None) -> Part:
        """Write the payload beside the warehouse's landed files, with what the reject says of it as a sidecar."""
        payload = reject.payload or b""
        folder = self._layout.replayed
        folder.mkdir(exist_ok=True)
        path, sidecar = folder / reject.reject_id, folder / f"{reject.reject_id}.json"
        path.write_bytes(payload)
        said = {"url": reject.url, "published": reject.date.isoformat() if reject.date else None}
        sidecar.write_text(json.dumps({key: value for key, value in said.items() if value}), encoding="utf-8")
        container = _container_of(reject, parts)
        is_line = container == Container.JSONL.value and place is not None
        first = place - 1 if is_line and place else 0
        return Part(
            path=str(path),
            name=name if is_line or container in _ARCHIVES else reject.input or name,
            container=container,
            sidecar=str(sidecar),
            stamp=current_stamp(str(path), str(sidecar)),
            first=first,
            last=first + 1,
            position=0,
            offset=0,
        )


def _container_of(reject: OpenReject, parts: list[Part]) -> str:
    """Say what a payload is: a record of its container where that was refused, later the document in it."""
    payload = reject.payload or b""
    if reject.stage == "read":
        return parts[0].container if parts else sniff(payload, reject.reject_id).value
    is_html = sniff(payload, reject.reject_id) is Container.HTML
    return (Container.HTML if is_html else Container.TEXT).value


def _split(place: str, mark: Mark) -> tuple[str, int | None]:
    """Part an input from the place in it; a file's own name may end in what looks like one."""
    found = _PLACE.search(place)
    if not found or any(part.name == place for part in mark.inputs):
        return place, None
    return place[: found.start()], int(found[1])


def _index(source: Source, place: int | None) -> int | None:
    """Give the number of the unit that a place names, or None where there is none."""
    if source.container == Container.JSONL.value:
        return place - 1 if place and place <= len(source.units) else None
    if source.container in _ARCHIVES:
        offsets = [unit.offset for unit in source.units]
        return offsets.index(place) if place is not None and place in offsets else None
    return 0
