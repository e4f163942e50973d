import datetime
import time

import pytest

from benchmarks.deadlines import read_expressions, share_right
from transforms.tagging.deadlines import find_deadlines, resolve_deadline

# A Thursday.
PUBLISHED = datetime.date(2025, 9, 4)

# Written down before the code that resolves them.
RESOLVED = [
    ("by 2030", "2030-12-31"),
    ("by the end of 2030", "2030-12-31"),
    ("before 2030", "2029-12-31"),
    ("in 2027", "2027-12-31"),
    ("in the 2030s", "2039-12-31"),
    ("until 2027", "2027-12-31"),
    ("through 2028", "2028-12-31"),
    ("between 2026 and 2029", "2029-12-31"),
    ("from 2026 to 2031", "2031-12-31"),
    ("by 2050 at the latest", "2050-12-31"),
    ("by mid-2026", "2026-06-30"),
    ("in early 2026", "2026-03-31"),
    ("in late 2027", "2027-12-31"),
    ("before 1 June 2026", "2026-05-31"),
    ("by March 31, 2026", "2026-03-31"),
    ("on the 3rd of May 2026", "2026-05-03"),
    ("by 2026-03-31", "2026-03-31"),
    ("no later than September 1", "2026-09-01"),
    ("on 12 November", "2025-11-12"),
    ("from 1 January", "2026-01-01"),
    ("on April 22 and 23", "2026-04-23"),
    ("from 5 to 9 May", "2026-05-09"),
    ("by September", "2025-09-30"),
    ("in February", "2026-02-28"),
    ("in February 2028", "2028-02-29"),
    ("by mid-October", "2025-10-15"),
    ("at the end of October", "2025-10-31"),
    ("by the end of the year", "2025-12-31"),
    ("by year's end", "2025-12-31"),
    ("before the end of the month", "2025-09-30"),
    ("by the end of next year", "2026-12-31"),
    ("by the end of the decade", "2029-12-31"),
    ("by mid-century", "2050-12-31"),
    ("at the beginning of next year", "2026-01-01"),
    ("in the first quarter of 2026", "2026-03-31"),
    ("in the second half of next year", "2026-12-31"),
    ("by Q3 2026", "2026-09-30"),
    ("today", "2025-09-04"),
    ("tomorrow", "2025-09-05"),
    ("on Friday", "2025-09-05"),
    ("Thursday", "2025-09-04"),
    ("by Monday", "2025-09-08"),
    ("next Friday", "2025-09-12"),
    ("this weekend", "2025-09-07"),
    ("later this week", "2025-09-07"),
    ("next week", "2025-09-14"),
    ("by the end of the week", "2025-09-07"),
    ("this month", "2025-09-30"),
    ("next month", "2025-10-31"),
    ("early next month", "2025-10-10"),
    ("later this year", "2025-12-31"),
    ("next year", "2026-12-31"),
    ("early next year", "2026-03-31"),
    ("this autumn", "2025-11-30"),
    ("in the spring", "2026-05-31"),
    ("by summer 2027", "2027-08-31"),
    ("in two days", "2025-09-06"),
    ("within 48 hours", "2025-09-06"),
    ("over the next 10 days", "2025-09-14"),
    ("within six months", "2026-03-04"),
    ("in the next three weeks", "2025-09-25"),
    ("within a year", "2026-09-04"),
    ("over the next decade", "2035-09-04"),
    ("within 10 to 12 years", "2037-09-04"),
    ("over 18 months", "2027-03-04"),
    ("over the coming five years", "2030-09-04"),
    ("by Christmas", "2025-12-25"),
    ("before Christmas", "2025-12-24"),
    ("as soon as possible and no later than 1 October", "2025-10-01"),
]
# Found wanting on a second list of expressions, and mended.
RESOLVED += [
    ("by April next year", "2026-04-30"),
    ("by January of next year", "2026-01-31"),
    ("in the second quarter", "2026-06-30"),
    ("by the year 2030", "2030-12-31"),
    ("on New Year's Eve", "2025-12-31"),
    ("later in the spring", "2026-05-31"),
    ("by Friday evening", "2025-09-05"),
    ("in October or November", "2025-11-30"),
    ("five years from now", "2030-09-04"),
    ("next winter", "2026-02-28"),
    ("by Easter", "2026-04-05"),
    ("by Sept. 15", "2025-09-15"),
    ("by the first week of July", "2026-07-07"),
    ("by the 3rd", "2025-10-03"),
    ("by 5 p.m. on Friday", "2025-09-05"),
    ("by midnight", "2025-09-04"),
    ("in a year's time", "2026-09-04"),
    ("within a year and a half", "2027-03-04"),
    ("this coming Monday", "2025-09-08"),
    ("before the year is out", "2025-12-31"),
    ("over the course of next year", "2026-12-31"),
    ("by the end of the third quarter", "2025-09-30"),
    ("by this time next year", "2026-09-04"),
    ("until at least October", "2025-10-31"),
    ("as early as next week", "2025-09-14"),
    ("on Tuesday, 9 September 2025", "2025-09-09"),
]
VAGUE = [
    "by the end of her term",
    "within 30 days of the request",
    "soon",
    "in the coming days",
    "in the coming weeks",
    "shortly",
    "immediately",
    "as soon as possible",
    "as quickly as possible",
    "after the elections",
    "within days",
    "over the coming years",
    "in due course",
    "in fiscal year 2027",
    "in the near future",
]
ABSOLUTE = [("by 2030", "2030-12-31"), ("before 1 June 2026", "2026-05-31"), ("in May 2027", "2027-05-31")]


@pytest.mark.parametrize(("surface", "due"), RESOLVED)
def test_resolved(surface, due):
    assert resolve_deadline(surface, PUBLISHED) == datetime.date.fromisoformat(due)


@pytest.mark.parametrize("surface", VAGUE)
def test_vague_ones_have_no_day(surface):
    assert resolve_deadline(surface, PUBLISHED) is None


@pytest.mark.parametrize(("surface", "due"), ABSOLUTE)
def test_absolute_ones_need_no_publication(surface, due):
    assert resolve_deadline(surface, None) == datetime.date.fromisoformat(due)


@pytest.mark.parametrize(
    "surface", ["next week", "on Friday", "within six months", "on 5 May", "by the end of the year"]
)
def test_relative_ones_need_publication(surface):
    assert resolve_deadline(surface, None) is None


@pytest.mark.parametrize(
    "surface", ["on 31 February 2026", "by 2026-13-45", "in 99999999999 years", "", "banana", "in 9990 years"]
)
def test_what_no_calendar_has_is_no_day(surface):
    assert resolve_deadline(surface, PUBLISHED) is None


@pytest.mark.parametrize("surface", [surface for surface, _ in RESOLVED] + VAGUE)
def test_every_expression_is_found_whole_in_a_sentence(surface):
    text = f"The ministry will send the second convoy {surface}, it said."
    assert surface in [text[start:end] for start, end in find_deadlines(text)]


@pytest.mark.parametrize(
    "text",
    [
        "He said on Tuesday that aid, promised last year and again two weeks ago, will come.",
        "Since 2014 the 40-year-old has led the 2030 Agenda group.",
        "Article 5 of the 1949 treaty has 14 parts and may be amended.",
        "The march went on; they may second a second envoy.",
        "Earlier this year, earlier this week and last Monday nothing happened.",
    ],
)
def test_what_is_past_or_a_name_is_no_deadline(text):
    assert [text[start:end] for start, end in find_deadlines(text)] == []


def test_two_deadlines_of_one_sentence():
    text = "By the end of October it will send 20 trucks, and within six months another 50."
    assert [text[start:end] for start, end in find_deadlines(text)] == ["By the end of October", "within six months"]


@pytest.mark.parametrize(
    "piece",
    [
        "by ",
        "in ",
        "the ",
        "2030 ",
        "1 ",
        "May ",
        "next ",
        "the end of ",
        "in the next ",
        "within 2 ",
        "and ",
        "-",
        "five ",
    ],
)
def test_time_grows_with_length_alone(piece):
    text = (piece * 100_000)[:100_000]
    begin = time.process_time()
    find_deadlines(text)
    resolve_deadline("by " + text, PUBLISHED)
    assert time.process_time() - begin < 10  # well under a second; minutes where a step is quadratic


def test_nine_of_ten_expressions_of_the_benchmark_are_right():
    readings = read_expressions()
    assert len(readings) >= 60
    assert share_right(readings) >= 0.9
