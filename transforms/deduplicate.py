"""Deduplicate: of the articles that are one and the same, the earliest goes on."""

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.documents import Article
from transforms.claims import Claim, ClaimIndex
from transforms.marks import LostClaim
from transforms.outcomes import DUPLICATES, Tally

_TALLIES = "tallies"
_LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


def claim_of(article: Article) -> Claim:
    """Give the key that rows of `articles` are unique by."""
    return article.article_id, article.content_id


def _precedence(article: Article) -> tuple[datetime.datetime, int]:
    return article.published_at or _LATEST, article.position


class _Deduplicate(beam.DoFn):
    def __init__(self, segment: str, make_claims: Callable[[], ClaimIndex]) -> None:
        self._segment, self._make_claims = segment, make_claims

    def process(self, group: tuple[Claim, Iterable[Article]]) -> Iterator[Any]:
        claim, found = group
        articles = sorted(found, key=_precedence)
        # Opened here and not in setup: SQLite's connections belong to a thread, and bundles move between threads.
        with self._make_claims() as claims:
            holder = claims.holder(claim, but_not=self._segment)
        if holder:
            yield pvalue.TaggedOutput(_TALLIES, LostClaim(*claim, to=holder))
        else:
            yield articles[0]
        losers = len(articles) if holder else len(articles) - 1
        if losers:
            yield pvalue.TaggedOutput(_TALLIES, Tally(DUPLICATES, losers))


@dataclasses.dataclass
class DeduplicateArticles(beam.PTransform):
    """Keep one article of each (article_id, content_id): the earliest published, then the first in the segment.

    What another finished segment holds already is not kept. Each article that leaves is one "duplicates" in
    `tallies`, and each claim lost to another segment one `LostClaim`.
    """

    segment: str
    make_claims: Callable[[], ClaimIndex]
    tallies: ErrorHandler

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Article]:
        """Give the articles that are kept."""
        outputs = (
            articles
            | beam.WithKeys(claim_of).with_output_types(tuple[Claim, Article])
            | beam.GroupByKey()
            | beam.ParDo(_Deduplicate(self.segment, self.make_claims)).with_outputs(_TALLIES, main="kept")
        )
        self.tallies.add_error_pcollection(outputs[_TALLIES])
        return outputs["kept"]
