"""Merged files: files of a partition that hold the rows of many segments, and the records that say so."""

import dataclasses
import json
from typing import Any

_PREFIX = "merged-"


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """The record of a merged file: its `path` in the warehouse, rows, SHA-256 of its bytes, and rows by segment.

    A segment's mark keeps naming the file that its run published; where that is gone, its rows of the partition are
    those of the merged file that name the segment. After a retag these are rows made anew, and not as many as the
    mark says.
    """

    path: str
    rows: int
    sha256: str
    segments: dict[str, int]
    finished_at: str

    @property
    def name(self) -> str:
        """What the file and its record are called, without their endings."""
        return self.path.rsplit("/", 1)[1].removesuffix(".parquet")

    @property
    def partition(self) -> str:
        """The table and the day's folder that the file lies in."""
        return self.path.rsplit("/", 1)[0]


def merged_path(partition: str, digest: str) -> str:
    """Name a merged file of a partition (`articles/date=2025-09-04`), relative to the warehouse."""
    return f"{partition}/{_PREFIX}{digest}.parquet"


def encode_merged(merged: Merged) -> str:
    """Write a record as JSON."""
    return json.dumps(dataclasses.asdict(merged), indent=1, sort_keys=True) + "\n"


def decode_merged(text: str) -> Merged:
    """Read a record that `encode_merged` wrote.

    Raises:
        ValueError, KeyError, TypeError: The text is no such record.
    """
    data: dict[str, Any] = json.loads(text)
    return Merged(**data)
