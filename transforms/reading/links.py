"""Links: what the entries of a feed lead to, and what tells an entry from its own earlier state."""

from schemas.documents import Feed, Link
from schemas.ids import stable_id
from schemas.rejects import ItemLimit, Malformed, NoText, Rejected
from transforms.reading.entries import Entry, ParsedFeed, join_link, plain_words


def links_of(parsed: ParsedFeed, feed: Feed) -> tuple[Link, ...]:
    """Make a link of each entry, in order, also of those that lead nowhere and say nothing.

    Args:
        parsed: The feed as it was read.
        feed: The feed as its list names it, which speaks before what the feed says of itself; of a file the address
            may be empty.
    """
    return tuple(_make_link(entry, parsed, feed) for entry in parsed.entries)


def _make_link(entry: Entry, parsed: ParsedFeed, feed: Feed) -> Link:
    return Link(
        url=join_link(feed.url, entry.link) if entry.link else None,
        feed_url=feed.url or None,
        feed_title=parsed.title,
        guid=entry.guid,
        title=entry.title,
        authors=entry.authors,
        source=feed.source or entry.source,
        language=feed.language or entry.language,
        published=entry.published,
        modified=entry.modified,
        content=entry.content,
    )


def faults_of(parsed: ParsedFeed, limit: int) -> tuple[Rejected, ...]:
    """Say what of the feed itself cannot be used: broken grammar, entries beyond the limit."""
    faults: list[Rejected] = []
    if parsed.malformed:
        faults.append(Malformed(parsed.malformed))
    if parsed.overflow:
        faults.append(ItemLimit(f"{len(parsed.entries) + parsed.overflow} entries, limit {limit}"))
    return tuple(faults)


def fault_of(link: Link) -> Rejected | None:
    """Say why an entry can become no document, where it has neither an address nor content of its own."""
    if link.url or link.content:
        return None
    return NoText(f"an entry ({link.title or link.guid or 'without title'}) with neither link nor content")


def entry_version(link: Link) -> str:
    """Tell an entry's states apart: another title, date of change, address or wording is another one.

    The date of publication does not count, for feeds are met that give every entry the present time.
    """
    return stable_id("version", link.url, link.title, link.modified, plain_words(link.content))
