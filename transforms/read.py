"""Read: parts of input files become pages; records that cannot be read are refused."""

import dataclasses
import functools
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.documents import Page
from schemas.rejects import Reject
from transforms.outcomes import READ, SKIPPED, Tally
from transforms.reading.containers import Container, Skipped, read_records
from transforms.reading.feeds import FEED_MEMORY, ParsedFeed
from transforms.sandbox import Sandbox
from transforms.segments import Part

_REJECTS, _TALLIES = "rejects", "tallies"
# Positions kept free for the records of one unit: a feed may hold 10,000 entries.
_POSITIONS = 1 << 20


def open_input(path: str) -> BinaryIO:
    """Open any path that Beam has a filesystem for, as its bytes are stored.

    Raises:
        OSError: The file is gone or may not be read.
    """
    file: BinaryIO = FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    return file


def read_part(part: Part, sandbox: Sandbox) -> Iterator[Page | Reject | Skipped]:
    """Read the records of a part; pages get their position in the whole segment."""
    sidecar = None
    if part.sidecar:
        with open_input(part.sidecar) as file:
            sidecar = file.read()
    with open_input(part.path) as file:
        records = read_records(
            file,
            Container(part.container),
            name=part.name,
            sidecar=sidecar,
            first=part.first,
            last=part.last,
            offset=part.offset,
            parse_feed=functools.partial(parse_in_sandbox, sandbox),
        )
        for record in records:
            if isinstance(record, Page):
                yield dataclasses.replace(record, position=part.position * _POSITIONS + record.position)
            else:
                yield record


def make_feed_sandbox() -> Sandbox:
    """Make the sandbox that feeds are read in."""
    return Sandbox(memory_limit=FEED_MEMORY)


def parse_in_sandbox(sandbox: Sandbox, data: bytes) -> ParsedFeed:
    """Read a feed where it can do no harm; raises what `feeds.parse_feed` does, and what the sandbox does."""
    feed: ParsedFeed = sandbox.call("transforms.reading.feeds:parse_feed", data)
    return feed


class _Read(beam.DoFn):
    def __init__(self, make_sandbox: Callable[[], Sandbox]) -> None:
        self._make_sandbox = make_sandbox

    def setup(self) -> None:
        self._sandbox = self._make_sandbox()

    def process(self, part: Part) -> Iterator[Any]:
        for record in read_part(part, self._sandbox):
            yield pvalue.TaggedOutput(_TALLIES, Tally(SKIPPED if isinstance(record, Skipped) else READ, 1))
            if isinstance(record, Reject):
                yield pvalue.TaggedOutput(_REJECTS, record)
            elif isinstance(record, Page):
                yield record

    def teardown(self) -> None:
        self._sandbox.close()


@dataclasses.dataclass
class ReadRecords(beam.PTransform):
    """Read the records of each part; each is one "read" or "skipped" in `tallies`, refusals go to `rejects`."""

    rejects: ErrorHandler
    tallies: ErrorHandler
    make_sandbox: Callable[[], Sandbox] = make_feed_sandbox

    def expand(self, parts: beam.PCollection[Part]) -> beam.PCollection[Page]:
        """Give the pages of the parts."""
        outputs = parts | beam.ParDo(_Read(self.make_sandbox)).with_outputs(_REJECTS, _TALLIES, main="pages")
        self.rejects.add_error_pcollection(outputs[_REJECTS])
        self.tallies.add_error_pcollection(outputs[_TALLIES])
        return outputs["pages"]
