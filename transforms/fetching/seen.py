"""Seen: which entries of a feed are new or changed, which are known, and how often a link is tried.

Times are POSIX seconds.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping

from schemas.documents import Link
from schemas.ids import stable_id
from schemas.rejects import UrlInvalid
from transforms.extraction.urls import article_key, canonicalize
from transforms.fetching.schedule import DAY
from transforms.reading.entries import plain_words
from transforms.reading.links import entry_version

# Tries of a link, the first one included, before it is refused; between them the pause doubles.
MAX_TRIES = 4
# Entries that change more often than this are taken once a day: some feeds date all of them anew at each poll.
_QUICK_CHANGES = 3
# An entry is forgotten when its feed has not shown it for this long.
TIME_TO_LIVE = 30 * DAY


@dataclasses.dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry of a feed in its latest version.

    `key` is the entry's own in its feed, `digest` of this version, `address` what its link is known by in other
    feeds. `taken_at` is when this version was seen first, `shown_at` when the entry was seen last, to the day.
    `link` is there until it was fetched or refused, and `due_at` when it may be tried; `tries` counts those so far.
    """

    feed: str
    key: str
    digest: str
    address: str | None
    first_at: float
    taken_at: float
    shown_at: float
    changes: int = 0
    tries: int = 0
    due_at: float = 0.0
    link: Link | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Sorted:
    """What a poll showed: entries to fetch, others whose record changes, and how many are had already elsewhere."""

    fresh: tuple[SeenEntry, ...] = ()
    others: tuple[SeenEntry, ...] = ()
    duplicates: int = 0


def entry_key(link: Link) -> str:
    """Identify an entry within its feed: by guid and address, and where it has neither by all that it says."""
    address = entry_address(link)
    if link.guid or address:
        return stable_id("entry", link.guid, address)
    return stable_id("entry", link.title, link.published, plain_words(link.content))


def entry_address(link: Link) -> str | None:
    """Give what a link's page is known by, the same with or without tracking, scheme and `www.`."""
    if not link.url:
        return None
    try:
        return article_key(canonicalize(link.url))
    except UrlInvalid:
        return link.url


def sort_entries(
    links: Iterable[Link], known: Mapping[str, SeenEntry], is_held: Callable[[str], bool], feed: str, at: float
) -> Sorted:
    """Tell what a feed shows: which entries are to be fetched.

    Args:
        links: The feed's entries, in their order.
        known: The feed's entries so far, by key.
        is_held: Says of an address whether any entry has it.
        feed: Its address in its list.
        at: When it was polled.
    """
    fresh: list[SeenEntry] = []
    others: list[SeenEntry] = []
    shown: set[str] = set()
    addresses: set[str] = set()
    duplicates = 0
    for link in links:
        entry = _make(link, feed, at)
        before = known.get(entry.key)
        if entry.key in shown:
            duplicates += before is None
        elif before is None and entry.address and (entry.address in addresses or is_held(entry.address)):
            duplicates += 1
            others.append(dataclasses.replace(entry, link=None))
        elif before is None:
            fresh.append(entry)
        elif before.digest == entry.digest or not _may_change(before, at):
            if before.shown_at != entry.shown_at:
                others.append(dataclasses.replace(before, shown_at=entry.shown_at))
        else:
            duplicates += before.link is not None
            fresh.append(dataclasses.replace(entry, first_at=before.first_at, changes=before.changes + 1))
        shown.add(entry.key)
        if entry.address:
            addresses.add(entry.address)
    return Sorted(tuple(fresh), tuple(others), duplicates)


def _make(link: Link, feed: str, at: float) -> SeenEntry:
    return SeenEntry(
        feed=feed,
        key=entry_key(link),
        digest=entry_version(link),
        address=entry_address(link),
        first_at=at,
        taken_at=at,
        shown_at=at // DAY * DAY,
        due_at=at,
        link=link,
    )


def _may_change(before: SeenEntry, at: float) -> bool:
    return before.changes < _QUICK_CHANGES or at - before.taken_at >= DAY


def finish(entry: SeenEntry) -> SeenEntry:
    """Give the entry once its link came to its end."""
    return dataclasses.replace(entry, link=None, due_at=0.0)


def try_later(entry: SeenEntry, at: float, *, pause: float, retry_after: float | None) -> SeenEntry | None:
    """Give the entry after a try that failed for a while; None where it was the last one.

    Args:
        entry: Before the try.
        at: When it was tried.
        pause: After the first try; it doubles with each.
        retry_after: What the server asks for, up to a day.
    """
    if entry.tries + 1 >= MAX_TRIES:
        return None
    wait = max(pause * 2.0**entry.tries, min(retry_after or 0.0, DAY))
    return dataclasses.replace(entry, tries=entry.tries + 1, due_at=at + wait)
