"""Dates: of what feeds, sidecars, pages and archives say of when an article was published, which counts."""

import dataclasses
import datetime

from schemas.documents import DateBasis, Page
from transforms.extraction.timestamps import parse_date

OUT_OF_RANGE = "date_out_of_range"
UNPARSED = "date_unparsed"
# News online does not go back further, and software's zero dates (1, 1601, 1970) lie before it.
EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)
# The end where it is not known when a page was fetched, excluded.
_LATEST = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


@dataclasses.dataclass(frozen=True, slots=True)
class Dating:
    """When an article was published and changed, what the former comes from, and warnings."""

    published_at: datetime.datetime | None
    basis: DateBasis
    modified_at: datetime.datetime | None
    warnings: tuple[str, ...]


def end_of_dates(fetched_at: datetime.datetime | None) -> datetime.datetime:
    """Give the end, excluded, of when something can have been published.

    That is after the day that follows the one of its fetching (somewhere it is tomorrow already), or the year 2100.
    """
    if not fetched_at:
        return _LATEST
    day = fetched_at.astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(day + datetime.timedelta(days=2), _LATEST)


def is_usable(date: str, end: datetime.datetime) -> bool:
    """Say whether it is a date between 1990 and `end`, excluded."""
    found = parse_date(date)
    return found is not None and EARLIEST <= found < end


def date_article(page: Page, *, published: tuple[str, ...], modified: tuple[str, ...]) -> Dating:
    """Decide an article's dates.

    Args:
        page: Its record; a date given beside the content comes first, the archive's date last.
        published: What the content itself says, the most trusted first; the first that is usable comes second.
        modified: When the content itself says it was changed.

    Returns:
        Dates from 1990-01-01 to `end_of_dates`, excluded. Where the one beside the content, or all that the content
        says, or the archive's, are passed over, the warning is `date_out_of_range` or, for what is no date,
        `date_unparsed`.
    """
    end = end_of_dates(page.fetched_at)
    modified_at = _choose((*([page.modified] if page.modified else []), *modified), end)[0]
    recorded = (page.recorded_at.isoformat(),) if page.recorded_at else ()
    given = (page.published,) if page.published else ()
    warnings: dict[str, None] = {}
    for dates, basis in ((given, page.given_basis), (published, DateBasis.PAGE), (recorded, DateBasis.RECORD)):
        found, fault = _choose(dates, end)
        if fault:
            warnings[fault] = None
        if found:
            return Dating(found, basis, modified_at, tuple(warnings))
    return Dating(None, DateBasis.NONE, modified_at, tuple(warnings))


def _choose(dates: tuple[str, ...], end: datetime.datetime) -> tuple[datetime.datetime | None, str | None]:
    """Give the first usable date or, where none of them is, the fault of the first."""
    stated = [(date, parse_date(date)) for date in dates if date.strip()]
    usable = [found for _, found in stated if found and EARLIEST <= found < end]
    if usable:
        # A day alone is told more exactly by another date with a time on it.
        return next((date for date in usable if date.date() == usable[0].date() and _has_time(date)), usable[0]), None
    return None, next((OUT_OF_RANGE if found else UNPARSED for _, found in stated), None)


def _has_time(moment: datetime.datetime) -> bool:
    return moment.time() != datetime.time()
