"""How far the reading of feeds agrees with another reader's on its own test feeds.

`python -m benchmarks.feeds [FOLDER]` reads every XML feed of gofeed's test data that has the expected parse beside it
(`<name>.json`), and prints for title, link, guid, date and authors, of feeds and of their entries, how many values both
give and how many of them agree; then each that does not.
"""

import collections
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

from schemas.rejects import Rejected
from transforms.extraction.timestamps import parse_date
from transforms.reading.entries import Entry, ParsedFeed, plain_words
from transforms.reading.feeds import parse_feed

FEEDS = pathlib.Path(__file__).parents[2] / "shared/data/feeds/testdata"
FIELDS = ("title", "link", "guid", "date", "authors")


def expected_values(said: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of a feed or an entry as the other reader names them, in its parsers or its translators."""
    extension = said.get("dcExt") or {}
    guid = said.get("guid") or said.get("id")
    published = said.get("published") or said.get("pubDate") or said.get("updated") or extension.get("date")
    authors = said.get("authors") or said.get("author") or extension.get("creator") or said.get("managingEditor")
    return {
        "title": said.get("title"),
        "link": said.get("link") or _alternate(said.get("links") or []),
        "guid": guid.get("value") if isinstance(guid, dict) else guid,
        "date": published[0] if isinstance(published, list) else published,
        "authors": authors if isinstance(authors, list) else [authors] if authors else None,
    }


def _alternate(links: list[Any]) -> str | None:
    if links and isinstance(links[0], str):
        return links[0]
    return next((link.get("href") for link in links if link.get("rel") in (None, "", "alternate")), None)


def found_values(read: ParsedFeed | Entry) -> dict[str, Any]:
    """Give the same fields of what was read here."""
    if isinstance(read, ParsedFeed):
        return {"title": read.title}
    return {
        "title": read.title,
        "link": read.link,
        "guid": read.guid,
        "date": read.published,
        "authors": list(read.authors) or None,
    }


def agree(field: str, expected: Any, found: Any) -> bool:
    """Say whether two values mean the same; titles here are plain words, dates are moments."""
    if field == "title":
        return found in (plain_words(expected), plain_words(expected, markup=False))
    if field == "date":
        return expected == found or parse_date(expected) == parse_date(found) is not None
    if field == "authors":
        return len(expected) == len(found) and all(map(_is_author, expected, found))
    return " ".join(expected.split()) == found


def _is_author(expected: Any, found: str) -> bool:
    if isinstance(expected, dict):
        return found in (expected.get("name"), expected.get("email"))
    return found == plain_words(expected)


def compare(folder: pathlib.Path) -> Iterator[tuple[str, str, Any, Any]]:
    """Give the name, the field and both values of whatever either reader says."""
    for path in sorted(folder.rglob("*.xml")):
        beside = path.with_suffix(".json")
        try:
            feed = parse_feed(path.read_bytes())
        except Rejected as error:
            yield path.name, "refused", None, str(error)
            continue
        said = json.loads(beside.read_bytes()) if beside.exists() else {}
        pairs = [("feed", said, feed)]
        entries = said.get("items") or said.get("entries") or []
        pairs += [("entry", entry, read) for entry, read in zip(entries, feed.entries, strict=False)]
        if len(entries) != len(feed.entries):
            yield path.name, "entries", len(entries), len(feed.entries)
        for kind, wanted, read in pairs:
            found = found_values(read)
            for field, expected in expected_values(wanted).items():
                if field in found:
                    yield path.name, f"{kind} {field}", expected, found[field]


def main() -> None:
    """Print the comparison."""
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FEEDS
    both, equal, ours, theirs = (collections.Counter[str]() for _ in range(4))
    differing = []
    for name, field, expected, found in compare(folder):
        if field in ("refused", "entries"):
            differing.append(f"{field:14} {name}: {expected!r} expected, {found!r} found")
        elif expected and found:
            both[field] += 1
            equal[field] += agree(field.split()[1], expected, found)
            if not agree(field.split()[1], expected, found):
                differing.append(f"{field:14} {name}: {expected!r} expected, {found!r} found")
        else:
            ours[field] += bool(found)
            theirs[field] += bool(expected)
            if expected or found:
                differing.append(f"  one says      {field} {name}: {expected!r} expected, {found!r} found")
    print(f"{'field':14} {'both':>5} {'agree':>6} {'share':>7} {'here only':>10} {'there only':>11}")
    for field in both:
        share = equal[field] / both[field]
        print(f"{field:14} {both[field]:5} {equal[field]:6} {share:7.3f} {ours[field]:10} {theirs[field]:11}")
    total = sum(equal.values()) / max(sum(both.values()), 1)
    print(f"{'all':14} {sum(both.values()):5} {sum(equal.values()):6} {total:7.3f}\n")
    print("\n".join(differing))


if __name__ == "__main__":
    main()
