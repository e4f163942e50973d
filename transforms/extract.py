"""Extract: pages become articles."""

import dataclasses
from collections.abc import Callable

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.documents import Article, Page
from schemas.rejects import reject_page
from transforms.divert import MapOrDivert
from transforms.extraction.pages import Extractor, extract_article


def _extract(page: Page, extractor: Extractor) -> Article:
    # Looked up when it is called and not when the pipeline is built.
    return extract_article(page, extractor)


@dataclasses.dataclass
class ExtractArticles(beam.PTransform):
    """Turn each page into an article; refusals go to `rejects` under stage "extract"."""

    rejects: ErrorHandler
    make_extractor: Callable[[], Extractor] = Extractor

    def expand(self, pages: beam.PCollection[Page]) -> beam.PCollection[Article]:
        """Give an article for each page that has one."""
        return pages | MapOrDivert(
            _extract, "extract", self.rejects, refuse=reject_page, make_resource=self.make_extractor
        )
