"""JSONL: one document a line, as an object with text or html and what is known of it."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from schemas.documents import Page
from schemas.rejects import ContentTypeRejected, EmptyBody, Malformed, Reject, Rejected, TooLarge, reject
from transforms.encodings import decode
from transforms.lines import MAX_LINE_BYTES, Line, read_lines
from transforms.records import Scanned, Skipped

_STRINGS = ("url", "title", "published", "modified", "source", "language", "text", "html")


def scan_jsonl(stream: BinaryIO) -> Iterator[Scanned]:
    """Pass over the lines of a file; blank ones count as units, so that a unit's index gives its line's number."""
    for line in read_lines(stream):
        yield Scanned(line.digest, line.size, line.offset)


def read_jsonl(
    stream: BinaryIO, *, name: str, first: int, last: int | None, offset: int | None
) -> Iterator[Page | Reject | Skipped]:
    """Read the lines `first` to `last`, the latter excluded (None: to the end), counted from 0.

    Args:
        stream: At its beginning.
        name: The file's name, for `input`: `name#line`, from 1.
        first: Where to begin.
        last: Where to end.
        offset: Where line `first` begins in the file, if known.
    """
    index = first if offset is not None else 0
    for line in read_lines(stream, offset=offset):
        if last is not None and index >= last:
            return
        if index >= first:
            yield _read_line(line, f"{name}#{index + 1}", index - first)
        index += 1


def _read_line(line: Line, place: str, position: int) -> Page | Reject | Skipped:
    if line.data is not None and not line.data.strip():
        return Skipped(place)
    try:
        return _parse(line, place, position)
    except Rejected as error:
        return reject(error, "read", place=place, payload=line.data)


def _parse(line: Line, place: str, position: int) -> Page:
    if line.fault:
        raise line.fault
    if line.data is None:
        raise TooLarge(f"a line of {line.size} bytes, limit {MAX_LINE_BYTES}")
    text, warnings = decode(line.data)
    fields = _fields(text)
    content, html = fields["text"], fields["html"]
    if not content and not html:
        if fields["url"]:
            raise ContentTypeRejected(f"a link without text or html; this version does not fetch: {fields['url']}")
        raise EmptyBody("an object without text, html or url")
    return Page(
        input=place,
        position=position,
        text=content,
        html=html.encode("utf-8", "replace") if html and not content else None,
        charset="utf-8" if html and not content else None,
        url=fields["url"],
        title=fields["title"],
        authors=_authors(fields["authors"]),
        source=fields["source"],
        language=fields["language"],
        published=fields["published"],
        modified=fields["modified"],
        warnings=warnings,
    )


def _fields(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise Malformed(f"a JSON {type(found).__name__}, and not an object")
    for name in _STRINGS:
        value = found.setdefault(name, None)
        if value is not None and not isinstance(value, str):
            raise Malformed(f"field {name!r} is a {type(value).__name__}, and not a string")
    found.setdefault("authors", None)
    return found


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str))
    return ()
