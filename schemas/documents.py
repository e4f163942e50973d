"""Documents on their way: a feed, a link in it, a page as it came in, the article that was found in it."""

import dataclasses
import datetime
import enum


class DateBasis(enum.StrEnum):
    """What the day of an article's partition comes from; never a file's or a run's clock."""

    FEED = "feed"
    PAGE = "page"
    SIDECAR = "sidecar"
    RECORD = "record"
    NONE = "none"


@dataclasses.dataclass(frozen=True, slots=True)
class Feed:
    """A feed to be watched, with what a list says of it.

    `source` and `language` are given to its articles where they say nothing themselves. `interval` is in seconds, the
    least between two polls; None leaves it to how often the feed changes. Without `full_text` its entries' own content
    is taken and no page behind them is asked for.
    """

    url: str
    title: str | None = None
    source: str | None = None
    language: str | None = None
    interval: float | None = None
    full_text: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """A document to be had: what a feed's entry, or a list of addresses, says of it before it is fetched.

    `url` is as it was found, joined to the feed's own where it was relative, and judged by nobody yet; None where the
    entry has none. `content` is the entry's own HTML, None where it has none. Dates are to the letter. `feed_url` is
    the feed's address as its list has it, `feed_title` what the feed calls itself. `source` is the publisher by the
    list, or by the entry of a feed that takes over from others.
    """

    url: str | None = None
    feed_url: str | None = None
    feed_title: str | None = None
    guid: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None
    published: str | None = None
    modified: str | None = None
    content: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One record as its container held it, before extraction.

    Exactly one of `html` and `text` is set. `published` is a date to the letter as given beside the content, by
    the source that `given_basis` names (a feed's entry, a sidecar or the fields of a JSONL line); dates inside
    the HTML are found by extraction. `recorded_at` is the WARC-Date, the last resort for the partition's day.
    `position` counts the records of the whole segment from 0 and decides between duplicates.
    """

    input: str
    position: int
    html: bytes | None = None
    text: str | None = None
    charset: str | None = None
    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    language: str | None = None
    feed_url: str | None = None
    published: str | None = None
    given_basis: DateBasis = DateBasis.SIDECAR
    modified: str | None = None
    recorded_at: datetime.datetime | None = None
    fetched_at: datetime.datetime | None = None
    warnings: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Article:
    """A document with its full text, ids and dates; the columns of `articles` say what each field is.

    `text` never changes from here on: every tag points into it by offsets. Datetimes are UTC-aware.
    `position` is the page's.
    """

    article_id: str
    content_id: str
    input: str
    position: int
    text: str
    url: str | None = None
    canonical_url: str | None = None
    source: str | None = None
    feed_url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    published_at: datetime.datetime | None = None
    date_basis: DateBasis = DateBasis.NONE
    modified_at: datetime.datetime | None = None
    fetched_at: datetime.datetime | None = None
    warnings: tuple[str, ...] = ()

    @property
    def day(self) -> datetime.date | None:
        """The UTC day of the partition, or None where no date is known."""
        return self.published_at.date() if self.published_at else None
