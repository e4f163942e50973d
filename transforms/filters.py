"""Filters: which records of the input a run keeps."""

import dataclasses
import datetime
import json
from urllib.parse import urlsplit

from schemas.documents import Article, Page


@dataclasses.dataclass(frozen=True, slots=True)
class Filters:
    """What a run keeps; an empty tuple or None keeps all.

    `start_date` is included, `end_date` is not. Undated articles stay unless `require_date`. `languages` are
    ISO 639-1 codes. `include_hosts` are host names without scheme; a name stands for its subdomains too.
    """

    start_date: datetime.date | None = None
    end_date: datetime.date | None = None
    require_date: bool = False
    languages: tuple[str, ...] = ()
    include_hosts: tuple[str, ...] = ()

    def canonical(self) -> str:
        """Write the filters in the form that enters segment ids; the order of values given does not count."""
        return json.dumps(
            {
                "start_date": self.start_date.isoformat() if self.start_date else None,
                "end_date": self.end_date.isoformat() if self.end_date else None,
                "require_date": self.require_date,
                "languages": sorted(set(self.languages)),
                "include_hosts": sorted(set(self.include_hosts)),
            },
            sort_keys=True,
        )


def admits_page(page: Page, filters: Filters) -> bool:
    """Say whether a page may be kept, by what is known before extraction: its host."""
    if not filters.include_hosts:
        return True
    try:
        host = urlsplit(page.url or "").hostname or ""
    except ValueError:
        return False
    return any(host == name or host.endswith("." + name) for name in filters.include_hosts)


def admits_article(article: Article, filters: Filters) -> bool:
    """Say whether an article is kept, by its day and language."""
    if filters.languages and article.language not in filters.languages:
        return False
    if article.day is None:
        return not filters.require_date
    if filters.start_date and article.day < filters.start_date:
        return False
    return not (filters.end_date and article.day >= filters.end_date)


def parse_filters(text: str) -> Filters:
    """Read filters from the form that `Filters.canonical` wrote."""
    data = json.loads(text)
    return Filters(
        start_date=_parse_day(data["start_date"]),
        end_date=_parse_day(data["end_date"]),
        require_date=data["require_date"],
        languages=tuple(data["languages"]),
        include_hosts=tuple(data["include_hosts"]),
    )


def _parse_day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
