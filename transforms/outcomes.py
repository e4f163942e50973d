"""Outcomes: how many records of a segment were read, and how those ended that have no row."""

import dataclasses
import json
from collections.abc import Iterable

from transforms.marks import LostClaim

READ = "read"
SKIPPED = "skipped"
DUPLICATES = "duplicates"
FILTERED = "filtered"


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """So many records ended so: `end` is READ, SKIPPED, DUPLICATES or FILTERED."""

    end: str
    count: int


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The sum of a segment's tallies, and the articles whose row another segment has, in order of their ids."""

    read: int = 0
    skipped: int = 0
    duplicates: int = 0
    filtered: int = 0
    claims_lost: tuple[LostClaim, ...] = ()


def sum_outcome(tallies: Iterable[Tally | LostClaim]) -> Outcome:
    """Add tallies up. The order in which they come does not count."""
    counts = dict.fromkeys((READ, SKIPPED, DUPLICATES, FILTERED), 0)
    lost: list[LostClaim] = []
    for tally in tallies:
        if isinstance(tally, LostClaim):
            lost.append(tally)
        else:
            counts[tally.end] += tally.count
    lost.sort(key=lambda claim: (claim.article_id, claim.content_id))
    return Outcome(**counts, claims_lost=tuple(lost))


def encode_outcome(outcome: Outcome) -> str:
    """Write an outcome as JSON."""
    return json.dumps(dataclasses.asdict(outcome), sort_keys=True)


def decode_outcome(text: str) -> Outcome:
    """Read an outcome that `encode_outcome` wrote."""
    data = json.loads(text)
    return Outcome(**data | {"claims_lost": tuple(LostClaim(**claim) for claim in data["claims_lost"])})
