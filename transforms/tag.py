"""Tag: articles become tagged articles."""

import dataclasses
from collections.abc import Callable

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.documents import Article
from schemas.rejects import reject_article
from schemas.tags import TaggedArticle
from transforms.divert import MapOrDivert
from transforms.tagging.tagger import Tagger, tag_article


@dataclasses.dataclass
class TagArticles(beam.PTransform):
    """Find the actors and commitments of each article; refusals go to `rejects` under stage "tag"."""

    rejects: ErrorHandler
    make_tagger: Callable[[], Tagger]

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[TaggedArticle]:
        """Give a tagged article for each article."""
        return articles | MapOrDivert(
            tag_article, "tag", self.rejects, refuse=reject_article, make_resource=self.make_tagger
        )
