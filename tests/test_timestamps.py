import datetime

import pytest

from transforms.extraction.timestamps import parse_date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-09-04", "2025-09-04T00:00"),
        ("20250904", "2025-09-04T00:00"),
        ("2025-9-4", "2025-09-04T00:00"),
        ("2025/09/04", "2025-09-04T00:00"),
        ("04.09.2025", "2025-09-04T00:00"),
        ("2025年9月4日", "2025-09-04T00:00"),
        ("2025-09-04 12:00:00", "2025-09-04T12:00"),
        ("2025-09-04T12:00:00.5Z", "2025-09-04T12:00:00.500"),
        ("2025-09-04T23:30:00-05:00", "2025-09-05T04:30"),
        ("2025-09-04T12:00:00 +0200", "2025-09-04T10:00"),
        ("2025-09-04 12:00:00 UTC", "2025-09-04T12:00"),
        ("2025-09-04 12:00:00 +0200 UTC", "2025-09-04T10:00"),
        ("2025-09-04T12:00:00+02:00[Europe/Berlin]", "2025-09-04T10:00"),
        ("2025-06-30T23:59:60Z", "2025-06-30T23:59:59"),
        ("1756987200", "2025-09-04T12:00"),
        ("1756987200999", "2025-09-04T12:00"),
    ],
)
def test_numbers(text, moment):
    assert parse_date(text) == datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 04 Sep 2025 12:00:00 GMT", "2025-09-04T12:00"),
        ("Thu, 4 Sep 2025 12:00 +0200", "2025-09-04T10:00"),
        ("Thursday, 04-Sep-25 12:00:00 GMT", "2025-09-04T12:00"),
        ("4 Sep 99 12:00:00 GMT", "1999-09-04T12:00"),
        ("Thu, 4 Sept 2025 12:00:00 EDT", "2025-09-04T16:00"),
        ("Thu, 4 Sep 2025 12:00:00 CEST", "2025-09-04T10:00"),
        ("Thu, 4 Sep 2025 12:00:00 XYZ", "2025-09-04T12:00"),
        ("Thu Sep  4 12:00:00 2025", "2025-09-04T12:00"),
        ("Thu Sep  4 12:00:00 PDT 2025", "2025-09-04T19:00"),
        ("Thu Sep 04 2025 12:00:00 GMT+0200 (Central European Summer Time)", "2025-09-04T10:00"),
        ("4 September 2025", "2025-09-04T00:00"),
        ("4th of", None),
        ("4th September 2025", "2025-09-04T00:00"),
        ("September 4, 2025", "2025-09-04T00:00"),
        ("Sept. 4, 2025", "2025-09-04T00:00"),
        ("Thursday, September 4, 2025 10:05 PM", "2025-09-04T22:05"),
        ("Sep 4, 2025 at 12:05 a.m.", "2025-09-04T00:05"),
        ("sep 4 2025, 12:05 pm", "2025-09-04T12:05"),
    ],
)
def test_names_of_months(text, moment):
    expected = moment and datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC)
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "yesterday", "2025", "2025-13-40", "2025-02-30", "0000-00-00", "Thu, 99 Sep", "99999999999", "\x00",
        "9" * 500, "4/9/2025", "4 Foo 2025", "4 Sep 2025 25:00", "4 Sep 2025 12:61", "9999-12-31T23:59:59-12:00",
        "2025-09-04T12:00:00+25:00", "٢٠٢٥-٠٩-٠٤", "4 septembre 2025", "1 2 3", "(" * 99 + ")", "2025-09-04 and later",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text):
    assert parse_date(text) is None
