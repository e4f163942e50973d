"""Ledger: the bounded run that joins statements into pledges and stages them by day."""

import pathlib

import apache_beam as beam

from pipelines.runner import LOCAL_RUNNER, make_pipeline, run_to_end
from transforms.join import JoinStatements, StagePledges


def join_buckets(paths: list[str], folder: pathlib.Path, ledger: str, *, workers: int, stall_timeout: float) -> None:
    """Join buckets of statements; what is staged lies in `folder` and carries the name `ledger`.

    Raises:
        RunFailed: The run ended badly, or never will.
    """
    pipeline = make_pipeline(LOCAL_RUNNER, workers=workers, flags=[])
    _ = pipeline | beam.Create(paths) | beam.Reshuffle() | JoinStatements() | StagePledges(str(folder), ledger)

    def count_files() -> int:
        return sum(1 for _ in folder.rglob("*"))

    run_to_end(pipeline, stall_timeout=stall_timeout, ticks=count_files)
