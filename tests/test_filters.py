import datetime

import pytest

from schemas.documents import Article, Page
from transforms.filters import Filters, admits_article, admits_page, parse_filters

DAY = datetime.date(2025, 9, 4)


def article(day: datetime.date | None = DAY, language: str = "en") -> Article:
    published = datetime.datetime.combine(day, datetime.time(12), datetime.UTC) if day else None
    return Article("a", "c", "in", 0, "text", published_at=published, language=language)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), True),
        (Filters(start_date=DAY), True),
        (Filters(start_date=DAY + datetime.timedelta(1)), False),
        (Filters(end_date=DAY), False),
        (Filters(end_date=DAY + datetime.timedelta(1)), True),
        (Filters(languages=("fr",)), False),
        (Filters(languages=("fr", "en")), True),
        (Filters(require_date=True), True),
    ],
)
def test_a_dated_article(filters, kept):
    assert admits_article(article(), filters) is kept


def test_undated_articles_stay_unless_a_date_is_required():
    assert admits_article(article(None), Filters(start_date=DAY))
    assert not admits_article(article(None), Filters(require_date=True))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a", True),
        ("https://news.example.org/a", True),
        ("https://notexample.org/a", False),
        ("https://[broken", False),
        (None, False),
    ],
)
def test_hosts_stand_for_their_subdomains(url, kept):
    assert admits_page(Page("in", 0, text="t", url=url), Filters(include_hosts=("example.org",))) is kept


def test_the_canonical_form_comes_back_and_forgets_the_order_of_values():
    filters = Filters(DAY, None, True, ("en", "fr"), ("b.org", "a.org"))
    assert parse_filters(filters.canonical()).canonical() == filters.canonical()
    assert Filters(languages=("fr", "en")).canonical() == Filters(languages=("en", "fr")).canonical()
