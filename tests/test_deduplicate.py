import datetime
import functools
import pathlib

import apache_beam as beam
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.error_handling import CollectingErrorHandler

from pipelines.runner import make_pipeline
from tests.values import article
from transforms.claims import ClaimIndex
from transforms.deduplicate import DeduplicateArticles
from transforms.marks import LostClaim
from transforms.outcomes import DUPLICATES, Tally

EARLY, LATE = datetime.date(2025, 9, 4), datetime.date(2025, 9, 5)


def open_claims(path: str) -> ClaimIndex:
    return ClaimIndex(pathlib.Path(path), read_only=True)


def expect(tmp_path, articles, *, kept, tallies, held=()):
    path = tmp_path / "state.sqlite"
    with ClaimIndex(path, read_only=False) as index:
        index.bring_up_to_date({"other": "1"}, lambda segments: [("other", held)])
    make_claims = functools.partial(open_claims, str(path))
    with make_pipeline("FnApiRunner", workers=1, flags=[]) as pipeline:
        with CollectingErrorHandler() as handler:
            found = pipeline | beam.Create(articles) | DeduplicateArticles("mine", make_claims, handler)
        assert_that(found, equal_to(kept), label="kept")
        assert_that(handler.output(), equal_to(tallies), label="tallied")


def test_the_earliest_published_stays(tmp_path):
    late, early, undated = article(position=0, day=LATE), article(position=1, day=EARLY), article(position=2)
    expect(tmp_path, [late, early, undated], kept=[early], tallies=[Tally(DUPLICATES, 2)])


def test_on_the_same_day_the_first_in_the_segment_stays(tmp_path):
    second, first = article(position=9, day=EARLY), article(position=3, day=EARLY)
    expect(tmp_path, [second, first], kept=[first], tallies=[Tally(DUPLICATES, 1)])


def test_another_version_of_an_article_is_no_duplicate(tmp_path):
    versions = [article(content="c1"), article(content="c2")]
    expect(tmp_path, versions, kept=versions, tallies=[])


def test_what_a_finished_segment_holds_is_lost_to_it(tmp_path):
    expect(
        tmp_path,
        [article(1), article(2)],
        held=[("a1", "c")],
        kept=[article(2)],
        tallies=[LostClaim("a1", "c", to="other"), Tally(DUPLICATES, 1)],
    )
