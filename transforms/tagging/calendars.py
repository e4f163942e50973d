"""Calendar: the names of months, days and seasons in English, and reckoning with stretches of days."""

import calendar
import dataclasses
import datetime

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name} | {"sept": 9}
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
# The last month of each season, on the northern half, as weather services count it.
SEASONS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}
HOLIDAYS = {"christmas": (12, 25), "christmas eve": (12, 24), "new year": (1, 1), "new year's day": (1, 1)} | {
    "new year's eve": (12, 31),
    "may day": (5, 1),
    "halloween": (10, 31),
    "valentine's day": (2, 14),
}
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": -1,
    "final": -1,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included."""

    first: datetime.date
    last: datetime.date


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Give the same day some months on, or the month's last where it is shorter. ValueError past the year 9999."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return datetime.date(year, month, min(day.day, _month_days(year, month)))


def _month_days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def whole_year(year: int, last: int | None = None) -> Period:
    """Give all days of a year, or of the years up to a last one."""
    return Period(datetime.date(year, 1, 1), datetime.date(last or year, 12, 31))


def whole_month(year: int, month: int) -> Period:
    """Give all days of a month."""
    return Period(datetime.date(year, month, 1), datetime.date(year, month, _month_days(year, month)))


def cut_period(whole: Period, share: float) -> datetime.date:
    """Give the last day of the first part of a period: by months where it is made of them, else by days."""
    months = (whole.last.year - whole.first.year) * 12 + whole.last.month - whole.first.month + 1
    if months > 1:
        return add_months(whole.first, round(months * share)) - datetime.timedelta(days=1)
    return whole.first + datetime.timedelta(days=int(((whole.last - whole.first).days + 1) * share) - 1)


def nth_week(whole: Period, number: int) -> Period:
    """Give a week of a period by its number: seven days each from its first day; -1 is the seven that end it."""
    if number < 0:
        return Period(whole.last - datetime.timedelta(days=6), whole.last)
    first = whole.first + datetime.timedelta(days=7 * (number - 1))
    return Period(first, min(whole.last, first + datetime.timedelta(days=6)))
