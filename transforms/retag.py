"""Retag: slices of stored articles become staged pieces of new rows."""

import dataclasses
import functools
from collections.abc import Callable, Iterator

import apache_beam as beam

from transforms.retagging import Slice, retag_slice
from transforms.tagging.tagger import Tagger, tag_article


class _RetagArticles(beam.DoFn):
    def __init__(self, make_tagger: Callable[[], Tagger]) -> None:
        self._make_tagger = make_tagger

    def setup(self) -> None:
        self._tagger = self._make_tagger()

    def process(self, part: Slice) -> Iterator[str]:
        yield from retag_slice(part, functools.partial(tag_article, tagger=self._tagger))


@dataclasses.dataclass
class RetagArticles(beam.PTransform):
    """Tag the articles of each slice again; their rows are staged as pieces."""

    make_tagger: Callable[[], Tagger]

    def expand(self, parts: beam.PCollection[Slice]) -> beam.PCollection[str]:
        """Give the id of each article; the staged pieces are the result."""
        return parts | beam.ParDo(_RetagArticles(self.make_tagger)).with_output_types(str)
