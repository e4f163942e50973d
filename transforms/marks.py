"""Marks: the records of finished segments, from which everything else about a warehouse can be rebuilt."""

import dataclasses
import json
from typing import Any

from transforms.segments import Part


@dataclasses.dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file of a finished segment: its path in the warehouse, rows, and SHA-256 of its bytes."""

    path: str
    rows: int
    sha256: str


@dataclasses.dataclass(frozen=True, slots=True)
class LostClaim:
    """An article that this segment held too, and the segment that has its row; of a reject, `content_id` is empty."""

    article_id: str
    content_id: str
    to: str


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """The record of a finished segment. `sequence` orders marks: of two segments with one article the lower has it.

    `counts` has read, articles, rejects, duplicates, filtered and skipped. `finished_at` is ISO 8601 in UTC.
    `resolves` holds the ids of rejects whose records this segment went through again and that it did not have to
    refuse the same way: they are open no more.
    """

    segment: str
    sequence: int
    inputs: tuple[Part, ...]
    filters: str
    counts: dict[str, int]
    files: tuple[PublishedFile, ...]
    claims_lost: tuple[LostClaim, ...]
    versions: dict[str, str]
    finished_at: str
    resolves: tuple[str, ...] = ()


def encode_mark(mark: Mark) -> str:
    """Write a mark as JSON."""
    return json.dumps(dataclasses.asdict(mark), indent=1, sort_keys=True) + "\n"


def decode_mark(text: str) -> Mark:
    """Read a mark that `encode_mark` wrote.

    Raises:
        ValueError, KeyError, TypeError: The text is not a mark.
    """
    data: dict[str, Any] = json.loads(text)
    return Mark(
        **data
        | {
            "inputs": tuple(Part(**part) for part in data["inputs"]),
            "files": tuple(PublishedFile(**file) for file in data["files"]),
            "claims_lost": tuple(LostClaim(**claim) for claim in data["claims_lost"]),
            "resolves": tuple(data.get("resolves", ())),
        }
    )


def with_versions(mark: Mark, versions: dict[str, str]) -> Mark:
    """Give a mark with other versions in the place of those it has by the same names."""
    return dataclasses.replace(mark, versions=mark.versions | versions)


def is_balanced(counts: dict[str, int]) -> bool:
    """Say whether every record read is accounted for: read = articles + rejects + duplicates + filtered."""
    return counts["read"] == sum(counts[end] for end in ("articles", "rejects", "duplicates", "filtered"))
