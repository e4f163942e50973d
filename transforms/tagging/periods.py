"""Periods: what stretch of days an expression of time names, seen from the day on which it was published."""

import datetime
import functools
import re
from collections.abc import Callable

from dateutil.easter import easter

from transforms.tagging.calendars import (
    HOLIDAYS,
    MONTHS,
    ORDINALS,
    SEASONS,
    WEEKDAYS,
    Period,
    add_months,
    cut_period,
    nth_week,
    whole_month,
    whole_year,
)

_YEAR = r"(?:19|20|21)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(WEEKDAYS)
_SEASON = "|".join(SEASONS)
_NEAR = r"(?:later (?:on )?(?:in )?|sometime |some time )?"


# Remembered, because parts of a range are read anew at each way to cut it: "end-end-end-..." would take for ever.
@functools.lru_cache(maxsize=4096)
def read_period(words: str, published: datetime.date | None) -> Period | None:
    """Read what period an expression without its preposition names: "the end of next year", "1 June", "mid-2026".

    A day or month without its year is the next one that ends on or after the day of publication. "Early" is the first
    quarter of a year and the first ten days of a month, "mid" ends at its half. None where the expression is vague,
    no calendar has it, or it is relative and `published` is None.

    Args:
        words: In lower case, with single spaces and straight apostrophes.
        published: The day that "next" and "this" count from.
    """
    for pattern, read in _RULES:
        found = pattern.fullmatch(words)
        if found is None:
            continue
        try:
            period = read(found, published)
        except (ValueError, OverflowError):
            return None  # The 31st of February, or a year that no calendar has.
        if period is not None:
            return period
    return None


def _coming(make: Callable[[int], Period], year: str | None, published: datetime.date | None) -> Period | None:
    """Make a period of a stated year, or else of the year in which it next ends."""
    if year:
        return make(int(year))
    if published is None:
        return None
    for candidate in range(published.year, published.year + 9):  # Eight years on, the 29th of February comes again.
        try:
            period = make(candidate)
        except ValueError:
            continue
        if period.last >= published:
            return period
    return None


def _days(found: re.Match[str], published: datetime.date | None) -> Period | None:
    month, numbers = MONTHS[found["month"]], [int(number) for number in re.findall(r"\d+", found["days"])]

    def make(year: int) -> Period:
        return Period(datetime.date(year, month, numbers[0]), datetime.date(year, month, numbers[-1]))

    return _coming(make, found["year"], published)


def _iso(found: re.Match[str], published: datetime.date | None) -> Period:
    day = datetime.date(int(found["year"]), int(found["month"]), int(found["day"]))
    return Period(day, day)


def _named_month(found: re.Match[str], published: datetime.date | None) -> Period | None:
    if found["which"]:
        return (
            None
            if published is None
            else whole_month(published.year + (found["which"] == "next"), MONTHS[found["month"]])
        )
    return _coming(lambda year: whole_month(year, MONTHS[found["month"]]), found["year"], published)


def _season(found: re.Match[str], published: datetime.date | None) -> Period | None:
    end = SEASONS[found["season"]]

    def make(year: int) -> Period:
        last = whole_month(year + (end == 2 and found["year"] is not None), end).last
        return Period(add_months(last.replace(day=1), -2), last)

    period = _coming(make, found["year"], published)
    skip = period is not None and published is not None and found["which"] == "next" and period.first <= published
    return make(period.last.year + 1) if skip and period is not None else period


def _holiday(found: re.Match[str], published: datetime.date | None) -> Period | None:
    def make(year: int) -> Period:
        name = found["name"]
        day = easter(year) if name == "easter" else datetime.date(year, *HOLIDAYS[name])
        return Period(day, day)

    return _coming(make, found["year"], published)


def _relative(found: re.Match[str], published: datetime.date | None) -> Period | None:
    """Read "this week", "next month", "the year": the running unit, or the one after it."""
    if published is None:
        return None
    ahead = (found["which"] or "") in ("next", "the following", "following", "the coming", "coming")
    unit = found["unit"]
    if unit in ("week", "weekend"):
        monday = published - datetime.timedelta(days=published.weekday()) + datetime.timedelta(days=7 * ahead)
        ahead_of_it = datetime.timedelta(days=5 if unit == "weekend" else 0)
        return Period(monday + ahead_of_it, monday + datetime.timedelta(days=6))
    if unit == "month":
        day = add_months(published.replace(day=1), int(ahead))
        return whole_month(day.year, day.month)
    if unit == "quarter":
        begin = add_months(datetime.date(published.year, 3 * ((published.month - 1) // 3) + 1, 1), 3 * ahead)
        return Period(begin, add_months(begin, 3) - datetime.timedelta(days=1))
    length = {"year": 1, "decade": 10, "century": 100}[unit]
    begin_year = (published.year // length + ahead) * length
    return whole_year(begin_year, begin_year + length - (unit != "century"))


def _weekday(found: re.Match[str], published: datetime.date | None) -> Period | None:
    if published is None:
        return None
    wait = (WEEKDAYS[found["day"]] - published.weekday()) % 7
    if found["which"] == "next":
        wait = 7 - published.weekday() + WEEKDAYS[found["day"]]
    day = published + datetime.timedelta(days=wait)
    return Period(day, day)


def _near_day(found: re.Match[str], published: datetime.date | None) -> Period | None:
    if published is None:
        return None
    wait = 2 if "after" in found.group() else int("tomorrow" in found.group())
    day = published + datetime.timedelta(days=wait)
    return Period(day, day)


def _part(found: re.Match[str], published: datetime.date | None) -> Period | None:
    """Read the beginning, middle or end of a period."""
    whole = read_period(found["whole"], published)
    if whole is None:
        return None
    days = (whole.last - whole.first).days + 1
    part = found["part"].removeprefix("the ")
    if part.startswith(("beginning", "start", "opening", "outset")):
        return Period(whole.first, whole.first)
    if part.startswith(("end", "close", "late", "turn")) or days < 28:
        return whole
    if part.startswith("mid"):
        return Period(whole.first, cut_period(whole, 0.5))
    return Period(whole.first, cut_period(whole, 0.25 if days > 31 else 1 / 3))


def _share(found: re.Match[str], published: datetime.date | None) -> Period | None:
    """Read a half, third or quarter of a period: "the second half of next year"."""
    whole = read_period(found["whole"] or "the year", published)
    if whole is None:
        return None
    share = _share_of(whole, found["number"], found["unit"])
    past = share is not None and published is not None and share.last < published and not found["whole"]
    return _share_of(read_period("next year", published) or whole, found["number"], found["unit"]) if past else share


def _share_of(whole: Period, ordinal: str, unit: str) -> Period | None:
    parts = {"half": 2, "third": 3, "quarter": 4}[unit]
    number = ORDINALS[ordinal] % (parts + 1)
    begin = cut_period(whole, (number - 1) / parts) + datetime.timedelta(days=1) if number > 1 else whole.first
    return Period(begin, cut_period(whole, number / parts)) if number <= parts else None


def _week_of(found: re.Match[str], published: datetime.date | None) -> Period | None:
    whole = read_period(found["whole"], published)
    return None if whole is None else nth_week(whole, ORDINALS[found["number"]])


def _day_of_month(found: re.Match[str], published: datetime.date | None) -> Period | None:
    """Read "the 15th": the next one from the day of publication on."""
    if published is None:
        return None
    for ahead in range(3):  # Of three months in a row one has a 31st.
        month = add_months(published.replace(day=1), ahead)
        day = month + datetime.timedelta(days=int(found["day"]) - 1)
        if day >= published and day.month == month.month:
            return Period(day, day)
    return None


def _quarter(found: re.Match[str], published: datetime.date | None) -> Period | None:
    def make(year: int) -> Period:
        begin = datetime.date(year, 3 * int(found["number"]) - 2, 1)
        return Period(begin, add_months(begin, 3) - datetime.timedelta(days=1))

    return _coming(make, found["year"], published)


def _year_end(found: re.Match[str], published: datetime.date | None) -> Period | None:
    return None if published is None else whole_year(published.year)


def _mid_century(found: re.Match[str], published: datetime.date | None) -> Period | None:
    return None if published is None else whole_year(published.year // 100 * 100 + 50)


def _span(found: re.Match[str], published: datetime.date | None) -> Period | None:
    """Read a range of two periods; the earlier one may lack what the later one states."""
    later = read_period(found["later"], published)
    earlier = read_period(found["earlier"], published)
    if later is None:
        return None
    first = earlier.first if earlier is not None and earlier.first <= later.last else later.first
    return Period(first, later.last)


def _years(found: re.Match[str], published: datetime.date | None) -> Period:
    first = int(found["first"])
    return whole_year(first, first + 9 if found["decade"] else None)


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime.date | None], Period | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)", _iso),
        (rf"(?P<day>\d\d?)[./](?P<month>\d\d?)[./](?P<year>{_YEAR})", _iso),
        (rf"(?:the (?:year )?)?(?P<first>{_YEAR})(?P<decade>'?s)?", _years),
        (
            rf"(?:(?:{_WEEKDAY}),? )?(?:the )?(?P<days>{_DAY}(?: ?(?:and|to|or|-|–) ?{_DAY})?)(?: of)? "
            rf"(?P<month>{_MONTH})\.?(?:,? (?P<year>{_YEAR}))?",
            _days,
        ),
        (
            rf"(?:(?:{_WEEKDAY}),? )?(?P<month>{_MONTH})\.? (?:the )?"
            rf"(?P<days>{_DAY}(?: ?(?:and|to|or|-|–) ?{_DAY})?)(?:,? (?P<year>{_YEAR}))?",
            _days,
        ),
        (
            rf"{_NEAR}(?P<month>{_MONTH})\.?(?:,? (?:of )?(?:(?P<year>{_YEAR})|(?P<which>this|next) year))?",
            _named_month,
        ),
        (
            rf"{_NEAR}(?:(?P<which>this|next|the coming|the) )?(?P<season>{_SEASON})(?: (?:of )?(?P<year>{_YEAR}))?",
            _season,
        ),
        (rf"(?:the )?(?P<name>easter|{'|'.join(HOLIDAYS)})(?:,? (?P<year>{_YEAR}))?", _holiday),
        (
            rf"{_NEAR}(?:(?P<which>this|next|the coming|the following|the current|the|coming|following) )?"
            r"(?P<unit>week|weekend|month|quarter|year|decade|century)(?: is out| is over| ends)?",
            _relative,
        ),
        (
            rf"{_NEAR}(?:late |early )?(?:(?P<which>this coming|this|next|the coming|coming) )?"
            rf"(?P<day>{_WEEKDAY})(?: \w+)?",
            _weekday,
        ),
        (
            r"(?:later |early |late )?(?:today|tonight|this (?:morning|afternoon|evening)"
            r"|(?:the day after )?tomorrow(?: \w+)?)",
            _near_day,
        ),
        (r"(?:the )?(?:year's end|year-end|year end|end-year)", _year_end),
        (r"(?:the )?(?:mid-century|middle of the century)", _mid_century),
        (
            r"(?:the )?(?:very )?(?P<part>end|close|turn|beginning|start|opening|outset|middle|early part|latter part)"
            r" of (?P<whole>.+)",
            _part,
        ),
        (r"(?:the )?(?P<part>early|mid|late|end)(?:-| in | )(?P<whole>.+)", _part),
        (
            rf"(?:the )?(?P<number>{'|'.join(ORDINALS)}) (?P<unit>half|third|quarter)(?: (?:of|in) (?P<whole>.+))?",
            _share,
        ),
        (rf"(?:the )?(?P<number>{'|'.join(ORDINALS)}) week (?:of|in) (?P<whole>.+)", _week_of),
        (r"the (?P<day>\d\d?)(?:st|nd|rd|th)", _day_of_month),
        (rf"q(?P<number>[1-4])(?:,? (?:of )?(?P<year>{_YEAR}))?", _quarter),
        (r"(?P<earlier>.+?)(?: ?[-–] ?| (?:and|to|until|or|through) )(?P<later>.+)", _span),
    )
)
