"""Entries: what a parsed feed holds, whatever its format."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One entry. At most one of `html` and `text` is set; dates are to the letter; `fault` says why it is none."""

    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    html: str | None = None
    text: str | None = None
    fault: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed and its entries in order.

    `title` is the publisher's name for it, `url` the address that it gives itself. `surplus` counts entries past
    the limit; `fault` says what is broken in the feed as a whole, where entries could be read nevertheless.
    """

    title: str | None
    url: str | None
    entries: tuple[Entry, ...]
    surplus: int = 0
    fault: str | None = None
