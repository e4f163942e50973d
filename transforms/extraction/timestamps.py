"""Timestamps: dates as feeds, sidecars and pages write them become moments."""

import datetime
import re

# Characters; what is longer is no date.
_MAX_LENGTH = 100
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# Hours from UTC. Names that mean two things (IST: India, Ireland, Israel) are left out; CST is North America's as in
# RFC 822.
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "WEST": 1, "CEST": 2, "EET": 2, "SAST": 2,
    "EEST": 3, "MSK": 3, "EAT": 3, "PKT": 5, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?: ?(?P<half>[ap])\.?m\.?)?"
_OFFSET = r"(?: ?(?:GMT|UTC)?(?P<offset>[+-]\d\d:?\d\d)(?: UTC)?| ?(?P<zone>[a-z]{1,5}))?"
_TIME = rf"(?:,?(?: at)?[ T]{_CLOCK}{_OFFSET})?"
_DAY, _NAME, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<month>[a-z]{3,9})\.?", r"(?P<year>\d{4})"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"{_YEAR}[-./年](?P<month>\d{{1,2}})[-./月]{_DAY}日?{_TIME}",
        rf"{_DAY}\.(?P<month>\d{{1,2}})\.{_YEAR}{_TIME}",
        # RFC 822 and 850; their years may have two digits.
        rf"{_DAY}[ -]{_NAME},?[ -](?P<year>\d{{4}}|\d\d){_TIME}",
        rf"{_NAME} {_DAY},? {_YEAR}{_TIME}",
        # What C's ctime and date(1) print.
        rf"{_NAME} {_DAY} {_CLOCK}{_OFFSET} {_YEAR}",
    )
)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]* +", re.IGNORECASE)
# A zone said a second time, by its long name or its city.
_ASIDE = re.compile(r" ?(?:\([^()]*\)|\[[\w/+-]+\])$")


def parse_date(text: str) -> datetime.datetime | None:
    """Read a date: ISO 8601, RFC 822, seconds or milliseconds since 1970, or a plain form such as "4 September 2025".

    A date without time is the beginning of that day, one without zone, or with one whose name is unknown, is UTC; None
    where it is none of these. Days and months that are both numbers are read after a year and before dots only: with
    slashes (4/9/2025) they change places from country to country.
    """
    plain = _WEEKDAY.sub("", _ASIDE.sub("", " ".join(text[: _MAX_LENGTH + 1].split())))
    if len(plain) > _MAX_LENGTH or not any(character.isdigit() for character in plain):
        return None
    for read in (_read_count, datetime.datetime.fromisoformat, _read_form):
        try:
            found = read(plain)
            return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found.astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _read_count(text: str) -> datetime.datetime:
    # Ten digits are seconds up to the year 2286, thirteen milliseconds.
    if not re.fullmatch(r"\d{10}(?:\d{3})?", text, re.ASCII):
        raise ValueError(text)
    return datetime.datetime.fromtimestamp(int(text[:10]), datetime.UTC)


def _read_form(text: str) -> datetime.datetime:
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _build(found.groupdict())
    raise ValueError(text)


def _build(parts: dict[str, str | None]) -> datetime.datetime:
    year, hour = int(parts["year"] or 0), int(parts["hour"] or 0)
    if len(parts["year"] or "") == 2:
        year += 1900 if year > 68 else 2000
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    # A leap second is the one before it.
    second = min(int(parts["second"] or 0), 59)
    month, day, minute = _month(parts["month"] or ""), int(parts["day"] or 0), int(parts["minute"] or 0)
    return datetime.datetime(year, month, day, hour, minute, second, tzinfo=_zone(parts["offset"], parts["zone"]))


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    name = text.lower().replace("sept", "sep") if len(text) == 4 else text.lower()
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)


def _zone(offset: str | None, name: str | None) -> datetime.timezone:
    if not offset:
        return datetime.timezone(datetime.timedelta(hours=_ZONES.get((name or "").upper(), 0)))
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return datetime.timezone(datetime.timedelta(minutes=-minutes if offset[0] == "-" else minutes))
