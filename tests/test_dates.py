import datetime

import pytest

from schemas.documents import DateBasis, Page
from transforms.extraction.dates import date_article, end_of_dates

DAY = datetime.datetime(2025, 9, 4, tzinfo=datetime.UTC)


def page(**fields) -> Page:
    return Page("in", 0, text="t", **fields)


def test_a_date_beside_the_content_comes_before_the_contents_own_and_the_archives():
    given = page(published="2025-09-04", recorded_at=DAY + datetime.timedelta(2))
    dating = date_article(given, published=("2025-09-05",), modified=("2025-09-06",))
    assert (dating.published_at, dating.basis) == (DAY, DateBasis.SIDECAR)
    assert dating.modified_at == DAY + datetime.timedelta(2)
    own = date_article(page(recorded_at=DAY), published=("2025-09-05",), modified=())
    assert (own.published_at, own.basis) == (DAY + datetime.timedelta(1), DateBasis.PAGE)
    recorded = date_article(page(recorded_at=DAY), published=(), modified=())
    assert (recorded.published_at, recorded.basis) == (DAY, DateBasis.RECORD)


@pytest.mark.parametrize("text", ["1970-01-01", "9999-12-31", "2100-01-01", "1989-12-31"])
def test_a_date_out_of_range_is_passed_over_with_a_warning(text):
    dating = date_article(page(published=text), published=(), modified=())
    assert (dating.published_at, dating.basis, dating.warnings) == (None, DateBasis.NONE, ("date_out_of_range",))


@pytest.mark.parametrize(
    ("fetched", "published", "basis"),
    [
        ("2025-09-04T00:00", "2025-09-05T23:59:59", DateBasis.SIDECAR),
        ("2025-09-04T23:00", "2025-09-05T23:59:59", DateBasis.SIDECAR),
        ("2025-09-04T00:00", "2025-09-06", DateBasis.PAGE),
        # Not two days to the hour: the partition must not lie past the day after.
        ("2025-09-04T23:00", "2025-09-06", DateBasis.PAGE),
    ],
)
def test_nothing_is_published_later_than_the_day_after_it_was_fetched(fetched, published, basis):
    moment = datetime.datetime.fromisoformat(fetched).replace(tzinfo=datetime.UTC)
    given = page(published=published, fetched_at=moment)
    assert date_article(given, published=("2025-09-03",), modified=()).basis is basis


def test_the_end_of_dates_is_told_from_the_day_of_fetching_in_utc():
    east = datetime.datetime(2025, 9, 5, 3, tzinfo=datetime.timezone(datetime.timedelta(hours=14)))
    assert end_of_dates(east) == DAY + datetime.timedelta(days=2)
    assert end_of_dates(None).year == 2100


def test_a_date_that_cannot_be_read_is_a_warning():
    dating = date_article(page(published="soon"), published=("2025-09-04",), modified=())
    assert (dating.basis, dating.warnings) == (DateBasis.PAGE, ("date_unparsed",))


def test_of_what_a_page_says_the_first_usable_date_counts_and_the_others_are_no_fault():
    dating = date_article(
        page(), published=("0001-01-01T00:00:00Z", "today", "2025-09-04"), modified=("x", "2025-09-06")
    )
    assert (dating.published_at, dating.warnings) == (DAY, ())
    assert dating.modified_at == DAY + datetime.timedelta(days=2)
    none = date_article(page(recorded_at=DAY), published=("0001-01-01T00:00:00Z", "today"), modified=())
    assert (none.basis, none.warnings) == (DateBasis.RECORD, ("date_out_of_range",))


def test_a_day_is_told_more_exactly_by_a_later_date_of_the_same_day_alone():
    stated = ("2025-09-04", "2025-09-03T10:00:00Z", "2025-09-04T11:00:00Z")
    assert date_article(page(), published=stated, modified=()).published_at == DAY + datetime.timedelta(hours=11)
    assert date_article(page(), published=stated[:2], modified=()).published_at == DAY


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_date_is_none_and_no_fault(blank):
    dating = date_article(page(published=blank), published=(blank,), modified=())
    assert (dating.basis, dating.warnings) == (DateBasis.NONE, ())


def test_an_archives_date_out_of_range_is_passed_over_with_a_warning():
    zero = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    dating = date_article(page(recorded_at=zero), published=(), modified=())
    assert (dating.published_at, dating.basis, dating.warnings) == (None, DateBasis.NONE, ("date_out_of_range",))
