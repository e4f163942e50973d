"""Atom: a feed of statements, by RFC 4287."""

import datetime
from collections.abc import Sequence

from lxml import etree

from schemas.version import VERSION
from warehouse.news import Interest, Item

_NAMESPACE = "http://www.w3.org/2005/Atom"


def atom_feed(items: Sequence[Item], interest: Interest, *, updated: datetime.datetime) -> bytes:
    """Write a feed. Its times are the data's own, so that the same statements give the same bytes.

    Args:
        items: The statements, the newest first.
        interest: What they were chosen by.
        updated: When the feed changed last; taken where there is no statement.
    """
    feed = etree.Element(f"{{{_NAMESPACE}}}feed", nsmap={None: _NAMESPACE})
    _add(feed, "id", interest.uuid().urn)
    _add(feed, "title", f"Pledgeline: {interest.title()}")
    _add(feed, "updated", _time(max((item.seen for item in items), default=updated)))
    _add(feed, "generator", "Pledgeline", version=VERSION)
    for item in items:
        _add_entry(feed, item)
    content: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return content


def _add_entry(feed: etree._Element, item: Item) -> None:
    entry = etree.SubElement(feed, f"{{{_NAMESPACE}}}entry")
    _add(entry, "id", item.uuid.urn)
    _add(entry, "title", item.headline)
    _add(entry, "updated", _time(item.seen))
    _add(entry, "published", _time(item.seen))
    _add(_add(entry, "author"), "name", item.source)
    if item.url:
        _add(entry, "link", rel="alternate", href=item.url, **({"title": item.title} if item.title else {}))
    for term in (item.kind, item.domain):
        _add(entry, "category", term=term)
    _add(entry, "summary", summary(item))


def summary(item: Item) -> str:
    """Give the sentence, and on further lines what it hangs on and when it falls due."""
    lines = [item.sentence]
    lines += [f"Condition: {item.condition}"] if item.condition else []
    lines += [f"Deadline: {item.deadline}{f' ({item.due})' if item.due else ''}"] if item.deadline else []
    return "\n".join(lines)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    node = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", **attributes)
    node.text = text
    return node


def _time(moment: datetime.datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
