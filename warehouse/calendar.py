"""Calendar: the days on which statements fall due, by RFC 5545."""

import datetime
from collections.abc import Sequence

import icalendar

from schemas.version import VERSION
from warehouse.atom import summary
from warehouse.news import Interest, Item


def ical_calendar(items: Sequence[Item], interest: Interest) -> bytes:
    """Write a calendar of whole days, which keep nobody busy. Times are the data's own."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//Pledgeline {VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("name", f"Deadlines: {interest.title()}")
    calendar.add("x-wr-calname", f"Deadlines: {interest.title()}")
    for item in items:
        if item.due:
            calendar.add_component(_event(item, item.due))
    content: bytes = calendar.to_ical()
    return content


def _event(item: Item, due: datetime.date) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", str(item.uuid))
    event.add("dtstamp", item.seen.replace(microsecond=0))
    event.add("dtstart", due)
    # The end of a day is the next one's beginning, which the last of all days has not.
    if due < datetime.date.max:
        event.add("dtend", due + datetime.timedelta(days=1))
    event.add("summary", f"Due: {item.headline}")
    event.add("description", "\n".join(filter(None, [summary(item), item.title, item.source, item.url])))
    event.add("categories", [item.kind, item.domain])
    event.add("transp", "TRANSPARENT")
    if item.url:
        event.add("url", item.url)
    return event
