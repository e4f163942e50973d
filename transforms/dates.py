"""Dates: what feeds, sidecars, pages and archives say of when an article was published, and which of it counts."""

import dataclasses
import datetime
import email.utils
import re

from schemas.documents import DateBasis, Page

OUT_OF_RANGE = "date_out_of_range"
UNPARSED = "date_unparsed"
# News online does not go back further, and software's zero dates (1970) lie before it. End excluded.
_EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)
_LATEST = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
# Past the day after it was fetched nothing can have been published, in any time zone.
_AFTER_FETCH = datetime.timedelta(days=2)
_FORMATS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d.%m.%Y", "%Y/%m/%d", "%a %b %d %H:%M:%S %Y")
_FRACTION = re.compile(r"(?<=:\d\d)[.,]\d+")


@dataclasses.dataclass(frozen=True, slots=True)
class Dating:
    """When an article was published and changed, what the former comes from, and warnings."""

    published_at: datetime.datetime | None
    basis: DateBasis
    modified_at: datetime.datetime | None
    warnings: tuple[str, ...]


def parse_date(text: str) -> datetime.datetime | None:
    """Read a date as feeds and pages write it: ISO 8601, RFC 822, or a few plain forms.

    A date without time is the beginning of that day, one without zone is UTC; None where it is none of these.
    """
    text = _FRACTION.sub("", " ".join(text.split()))
    for read in (datetime.datetime.fromisoformat, _parse_mail_date, _parse_plain_date):
        try:
            found = read(text)
            return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found.astimezone(datetime.UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _parse_mail_date(text: str) -> datetime.datetime:
    # An unknown zone such as PDT comes back naive where it is none of RFC 822's.
    return email.utils.parsedate_to_datetime(text)


def _parse_plain_date(text: str) -> datetime.datetime:
    for form in _FORMATS:
        try:
            return datetime.datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(f"no date: {text}")


def date_article(page: Page, *, published: str | None, modified: str | None) -> Dating:
    """Decide an article's dates.

    Args:
        page: Its record; a date given beside the content comes first, the archive's date last.
        published: What the content itself says, comes second.
        modified: When the content itself says it was changed.

    Returns:
        Dates within [1990-01-01, the day after fetching where it was fetched, else 2100-01-01). One outside is passed
        over with the warning `date_out_of_range`, one that is no date with `date_unparsed`.
    """
    latest = page.fetched_at + _AFTER_FETCH if page.fetched_at else _LATEST
    warnings: list[str] = []
    for text, basis in ((page.published, page.given_basis), (published, DateBasis.PAGE)):
        found = _within(text, latest, warnings)
        if found:
            return Dating(found, basis, _modified(page, modified, latest), tuple(warnings))
    recorded = page.recorded_at
    if recorded and _EARLIEST <= recorded < latest:
        return Dating(recorded, DateBasis.RECORD, _modified(page, modified, latest), tuple(warnings))
    if recorded:
        warnings.append(OUT_OF_RANGE)
    return Dating(None, DateBasis.NONE, _modified(page, modified, latest), tuple(dict.fromkeys(warnings)))


def _within(text: str | None, latest: datetime.datetime, warnings: list[str]) -> datetime.datetime | None:
    if not text or not text.strip():
        return None
    found = parse_date(text)
    if found is None:
        warnings.append(UNPARSED)
    elif not _EARLIEST <= found < latest:
        warnings.append(OUT_OF_RANGE)
        return None
    return found


def _modified(page: Page, modified: str | None, latest: datetime.datetime) -> datetime.datetime | None:
    return _within(page.modified, latest, []) or _within(modified, latest, [])
