"""The spine: the one corridor that a document walks through, whatever door it came in by."""

import dataclasses
import functools
import pathlib
from collections.abc import Callable

import apache_beam as beam
from apache_beam.transforms.error_handling import ErrorHandler

from pipelines.progress import EXTRACTED, TAGGED, Tick
from pipelines.resident import resident_extractor, resident_tagger
from schemas.version import VERSION
from transforms.claims import ClaimIndex
from transforms.deduplicate import DeduplicateArticles
from transforms.extract import ExtractArticles
from transforms.extraction.pages import Extractor
from transforms.filters import Filters, admits_article, admits_page
from transforms.forgotten import Forgotten, admits_remembered
from transforms.read import ReadRecords
from transforms.segments import Segment
from transforms.select import Select
from transforms.tag import TagArticles
from transforms.tagging.tagger import Tagger, make_tagger
from transforms.write import StageArticles, StageSideDoor, Staging


@dataclasses.dataclass(frozen=True)
class Corridor:
    """What a run of one segment is given: where to stage, what to keep, and how to build what workers need.

    Where it is `resident`, what was built stays in its process for the runs to come.
    """

    staging_folder: str
    state_path: str
    filters: Filters
    model: str | None
    forgotten: Forgotten = frozenset()
    resident: bool = False

    def make_claims(self) -> ClaimIndex:
        """Open the index of claims, for reading."""
        return ClaimIndex(pathlib.Path(self.state_path), read_only=True)

    @property
    def make_tagger(self) -> Callable[[], Tagger]:
        """What builds a worker's tagger."""
        return functools.partial(resident_tagger if self.resident else make_tagger, self.model)

    @property
    def make_extractor(self) -> Callable[[], Extractor]:
        """What builds a worker's extractor."""
        return resident_extractor if self.resident else Extractor


def process_segment(pipeline: beam.Pipeline, segment: Segment, corridor: Corridor) -> None:
    """Lay out the run that turns a segment into staged files; nothing runs until the pipeline does."""
    staging = Staging(f"{corridor.staging_folder}/{segment.segment}", segment.segment, VERSION)
    # One side door for both: of two error handlers in one pipeline Beam gives the same label to the same step.
    with ErrorHandler(StageSideDoor(staging, corridor.make_claims, corridor.forgotten)) as aside:
        _ = (
            pipeline
            | beam.Create(segment.parts)
            | ReadRecords(rejects=aside, tallies=aside)
            | "SelectPages" >> Select(admits_page, corridor.filters, tallies=aside)
            | ExtractArticles(rejects=aside, make_extractor=corridor.make_extractor)
            | "SelectArticles" >> Select(admits_article, corridor.filters, tallies=aside)
            | "SelectRemembered" >> Select(admits_remembered, corridor.forgotten, tallies=aside)
            | "TickExtracted" >> Tick(corridor.staging_folder, EXTRACTED)
            | DeduplicateArticles(segment.segment, corridor.make_claims, tallies=aside)
            | TagArticles(rejects=aside, make_tagger=corridor.make_tagger)
            | "TickTagged" >> Tick(corridor.staging_folder, TAGGED)
            | StageArticles(staging)
        )
