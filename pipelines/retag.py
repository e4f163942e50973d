"""Retag: the bounded run that tags slices of stored articles again."""

import functools
import pathlib

import apache_beam as beam

from pipelines.progress import EXTRACTED, TAGGED, Tick, count_ticks
from pipelines.runner import LOCAL_RUNNER, make_pipeline, run_to_end
from transforms.retag import RetagArticles
from transforms.retagging import Slice
from transforms.tagging.tagger import make_tagger


def retag_slices(
    slices: list[Slice], folder: pathlib.Path, *, model: str | None, workers: int, stall_timeout: float
) -> None:
    """Tag the articles of slices again; each slice stages its pieces, and ticks go to the run's `folder`.

    Raises:
        RunFailed: The run ended badly, or never will.
    """
    pipeline = make_pipeline(LOCAL_RUNNER, workers=1 if len(slices) == 1 else workers, flags=[])
    _ = (
        pipeline
        | beam.Create(slices)
        | beam.Reshuffle()
        | RetagArticles(functools.partial(make_tagger, model))
        | "TickExtracted" >> Tick(str(folder), EXTRACTED)
        | "TickTagged" >> Tick(str(folder), TAGGED)
    )
    run_to_end(pipeline, stall_timeout=stall_timeout, ticks=lambda: count_ticks(folder, TAGGED))
