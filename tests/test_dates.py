import datetime

import pytest

from schemas.documents import DateBasis, Page
from transforms.dates import date_article, parse_date

DAY = datetime.datetime(2025, 9, 4, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-09-04", "2025-09-04T00:00+00:00"),
        ("2025-09-04T23:30:00-05:00", "2025-09-05T04:30+00:00"),
        ("2025-09-04T12:00:00.123456Z", "2025-09-04T12:00+00:00"),
        ("2025-09-04 12:00:00", "2025-09-04T12:00+00:00"),
        ("20250904", "2025-09-04T00:00+00:00"),
        ("Thu, 04 Sep 2025 12:00:00 GMT", "2025-09-04T12:00+00:00"),
        ("Thu, 4 Sep 2025 12:00:00 +0200", "2025-09-04T10:00+00:00"),
        ("4 September 2025", "2025-09-04T00:00+00:00"),
        ("September 4, 2025", "2025-09-04T00:00+00:00"),
        ("04.09.2025", "2025-09-04T00:00+00:00"),
    ],
)
def test_dates_as_feeds_and_pages_write_them(text, moment):
    assert parse_date(text) == datetime.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2025-13-40", "99999999999", "0000-00-00", "Thu, 99 Sep", "\x00", "9" * 500]
)
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None


def page(**fields) -> Page:
    return Page("in", 0, text="t", **fields)


def test_a_date_beside_the_content_comes_before_the_contents_own_and_the_archives():
    given = page(published="2025-09-04", recorded_at=DAY + datetime.timedelta(2))
    dating = date_article(given, published="2025-09-05", modified="2025-09-06")
    assert (dating.published_at, dating.basis) == (DAY, DateBasis.SIDECAR)
    assert dating.modified_at == DAY + datetime.timedelta(2)
    own = date_article(page(recorded_at=DAY), published="2025-09-05", modified=None)
    assert (own.published_at, own.basis) == (DAY + datetime.timedelta(1), DateBasis.PAGE)
    recorded = date_article(page(recorded_at=DAY), published=None, modified=None)
    assert (recorded.published_at, recorded.basis) == (DAY, DateBasis.RECORD)


@pytest.mark.parametrize("text", ["1970-01-01", "9999-12-31", "2100-01-01", "1989-12-31"])
def test_a_date_out_of_range_is_passed_over_with_a_warning(text):
    dating = date_article(page(published=text), published=None, modified=None)
    assert (dating.published_at, dating.basis, dating.warnings) == (None, DateBasis.NONE, ("date_out_of_range",))


def test_nothing_is_published_later_than_the_day_after_it_was_fetched():
    late = page(published="2025-09-07", fetched_at=DAY)
    assert date_article(late, published="2025-09-03", modified=None).basis is DateBasis.PAGE
    next_day = page(published="2025-09-05", fetched_at=DAY)
    assert date_article(next_day, published=None, modified=None).basis is DateBasis.SIDECAR


def test_a_date_that_cannot_be_read_is_a_warning():
    dating = date_article(page(published="soon"), published="2025-09-04", modified=None)
    assert (dating.basis, dating.warnings) == (DateBasis.PAGE, ("date_unparsed",))
