"""Select: elements that the filters of a run, or the warehouse's takedowns, do not admit are counted and leave."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.transforms.error_handling import ErrorHandler

from transforms.outcomes import FILTERED, Tally

_TALLIES = "tallies"


class _Select(beam.DoFn):
    def __init__(self, admits: Callable[[Any, Any], bool], given: Any) -> None:
        self._admits, self._given = admits, given

    def process(self, element: Any) -> Iterator[Any]:
        if self._admits(element, self._given):
            yield element
        else:
            yield pvalue.TaggedOutput(_TALLIES, Tally(FILTERED, 1))


@dataclasses.dataclass
class Select(beam.PTransform):
    """Keep the elements for which `admits(element, given)` holds; each other is one "filtered" in `tallies`."""

    admits: Callable[[Any, Any], bool]
    given: Any
    tallies: ErrorHandler

    def expand(self, elements: beam.PCollection[Any]) -> beam.PCollection[Any]:
        """Give the elements that are kept."""
        outputs = elements | beam.ParDo(_Select(self.admits, self.given)).with_outputs(_TALLIES, main="kept")
        self.tallies.add_error_pcollection(outputs[_TALLIES])
        return outputs["kept"]
