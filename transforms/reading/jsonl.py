"""JSONL: one document a line, as an object with text or html and what is known of it."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from schemas.documents import Page
from schemas.rejects import ContentTypeRejected, EmptyBody, Malformed, Reject, Rejected, TooLarge, reject
from transforms.reading.encodings import decode
from transforms.reading.fields import authors_of, string_fields
from transforms.reading.lines import MAX_LINE_BYTES, Line, read_lines
from transforms.reading.records import Scanned, Skipped

FIELDS_MALFORMED = "fields_malformed"


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
        name: The file's name, for `input`: `name#line`, from 1. After damage, lines are counted from where it began.
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
    if not line.fault and line.data is not None and not line.data.strip():
        return Skipped(place)
    try:
        return _parse(line, place, position)
    except Rejected as error:
        return reject(error, "read", place=place, payload=line.data or None)


def _parse(line: Line, place: str, position: int) -> Page:
    if line.fault:
        raise line.fault
    if line.data is None:
        raise TooLarge(f"a line of {line.size} bytes, limit {MAX_LINE_BYTES}")
    decoded, warnings = decode(line.data)
    found = _load(decoded)
    text, html = _content(found, "text"), _content(found, "html")
    fields, is_wrong = string_fields(found)
    if not text and not html:
        if "url" in fields and found.get("text") is None and found.get("html") is None:
            raise ContentTypeRejected(f"a link without text or html; this version does not fetch: {fields['url']}")
        raise EmptyBody("an object with neither text nor html in it")
    return Page(
        input=place,
        position=position,
        text=text or None,
        html=html.encode("utf-8", "replace") if not text else None,
        charset=None if text else "utf-8",
        authors=authors_of(found),
        warnings=(*warnings, FIELDS_MALFORMED) if is_wrong else warnings,
        **fields,
    )


def _load(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise Malformed(f"a JSON {type(found).__name__}, and not an object")
    return found


def _content(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"field {name!r} is a {type(value).__name__}, and not a string")
    return value if value and value.strip() else ""
