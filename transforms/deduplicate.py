"""Deduplicate: of the records that are one and the same, the earliest goes on."""

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.documents import Article
from schemas.rejects import Reject, reject_id
from transforms.claims import Claim, ClaimIndex
from transforms.marks import LostClaim
from transforms.outcomes import DUPLICATES, Tally

_TALLIES = "tallies"
_LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


def claim_of(record: Article | Reject) -> Claim:
    """Give what the record's row is unique by."""
    return (reject_id(record), "") if isinstance(record, Reject) else (record.article_id, record.content_id)


def _precedence(record: Article | Reject) -> tuple[datetime.datetime, int]:
    # Rejects of one id are equal in all that their row shows.
    return (_LATEST, 0) if isinstance(record, Reject) else (record.published_at or _LATEST, record.position)


class _Deduplicate(beam.DoFn):
    def __init__(self, segment: str, make_claims: Callable[[], ClaimIndex]) -> None:
        self._segment, self._make_claims = segment, make_claims

    def process(self, group: tuple[Claim, Iterable[Any]]) -> Iterator[Any]:
        claim, found = group
        records = sorted(found, key=_precedence)
        # Opened here and not in setup: SQLite's connections belong to a thread, and bundles move between threads.
        with self._make_claims() as claims:
            holder = claims.holder(claim, but_not=self._segment)
        if holder:
            yield pvalue.TaggedOutput(_TALLIES, LostClaim(*claim, to=holder))
        else:
            yield records[0]
        losers = len(records) if holder else len(records) - 1
        if losers:
            yield pvalue.TaggedOutput(_TALLIES, Tally(DUPLICATES, losers))


@dataclasses.dataclass
class Deduplicate(beam.PTransform):
    """Keep one record of each claim, unless another finished segment holds it.

    Of articles it is the earliest published, then the first in the segment. Each record that leaves is one
    "duplicates", and each claim lost to another segment one `LostClaim`.
    """

    segment: str
    make_claims: Callable[[], ClaimIndex]

    def expand(self, records: beam.PCollection[Any]) -> tuple[beam.PCollection[Any], beam.PCollection[Any]]:
        """Give the records that are kept, and the tallies."""
        outputs = (
            records
            | beam.WithKeys(claim_of).with_output_types(tuple[Claim, Any])
            | beam.GroupByKey()
            | beam.ParDo(_Deduplicate(self.segment, self.make_claims)).with_outputs(_TALLIES, main="kept")
        )
        return outputs["kept"], outputs[_TALLIES]


@dataclasses.dataclass
class DeduplicateArticles(beam.PTransform):
    """Keep one of the articles that are the same; what becomes of the others goes to `tallies`."""

    segment: str
    make_claims: Callable[[], ClaimIndex]
    tallies: ErrorHandler

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Article]:
        """Give the articles that are kept."""
        kept, tallies = articles | Deduplicate(self.segment, self.make_claims)
        self.tallies.add_error_pcollection(tallies)
        return kept
