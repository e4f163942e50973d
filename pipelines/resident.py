"""Resident: what takes seconds to load is loaded once in a process, and serves one run after another."""

import functools

from transforms.extraction.pages import Extractor
from transforms.tagging.tagger import Tagger, make_tagger


class _ResidentExtractor(Extractor):
    def close(self) -> None:
        """Stay: the next run needs it again."""


@functools.cache
def resident_tagger(model: str | None) -> Tagger:
    """Give this process's tagger with a model."""
    return make_tagger(model)


@functools.cache
def resident_extractor() -> Extractor:
    """Give this process's extractor."""
    return _ResidentExtractor()
