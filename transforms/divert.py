"""Divert: apply a function that may refuse its element; refusals leave by a side door as values."""

from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.rejects import Reject, Rejected

_REJECTS = "rejects"


class _Resource:
    """What a function needs beside its element, built in a worker's setup and closed in its teardown."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._value: Any = None

    def open(self) -> None:
        self._value = self._make()

    def get(self) -> Any:
        return self._value

    def close(self) -> None:
        close = getattr(self._value, "close", None)
        if close:
            close()


class _MapOrDivert(beam.DoFn):
    def __init__(
        self,
        function: Callable[[Any, Any], Any],
        stage: str,
        refuse: Callable[[Any, str, Rejected], Reject],
        make_resource: Callable[[], Any],
    ) -> None:
        self._function, self._stage, self._refuse = function, stage, refuse
        self._resource = _Resource(make_resource)

    def setup(self) -> None:
        self._resource.open()

    def process(self, element: Any) -> Iterator[Any]:
        try:
            result = self._function(element, self._resource.get())
        except Rejected as error:
            yield pvalue.TaggedOutput(_REJECTS, self._refuse(element, self._stage, error))
        else:
            yield result

    def teardown(self) -> None:
        self._resource.close()


class MapOrDivert(beam.PTransform):
    """Apply `function(element, resource)` to each element; a `Rejected` that it raises goes to `rejects`.

    Args:
        function: Gives one value for each element, or raises a `Rejected`. Any other exception fails the run.
        stage: The stage written to the reject.
        rejects: Gathers the refusals of a pipeline.
        refuse: Makes the reject of an element: `reject_page`, `reject_article`.
        make_resource: Builds what the function needs (a sandbox, a tagger), once a worker.
    """

    def __init__(
        self,
        function: Callable[[Any, Any], Any],
        stage: str,
        rejects: ErrorHandler,
        *,
        refuse: Callable[[Any, str, Rejected], Reject],
        make_resource: Callable[[], Any],
    ) -> None:
        super().__init__()
        self._apply = _MapOrDivert(function, stage, refuse, make_resource)
        self._rejects = rejects

    def expand(self, elements: beam.PCollection[Any]) -> beam.PCollection[Any]:
        """Give the results; the refusals are handed to the error handler."""
        outputs = elements | beam.ParDo(self._apply).with_outputs(_REJECTS, main="results")
        self._rejects.add_error_pcollection(outputs[_REJECTS])
        return outputs["results"]
