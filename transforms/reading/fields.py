"""Fields: what a JSON object beside or around a document says of it."""

from collections.abc import Mapping
from typing import Any

from transforms.reading.encodings import clean

STRINGS = ("url", "title", "published", "modified", "source", "language")


def string_fields(found: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Take the fields of `STRINGS` that are set; and say whether one, or `authors`, is of another type than it should.

    Control characters, lone surrogates and white space around a value are taken off.
    """
    given = {name: found.get(name) for name in STRINGS}
    fields = {name: clean(value).strip() for name, value in given.items() if isinstance(value, str)}
    is_wrong = any(value is not None and not isinstance(value, str) for value in given.values())
    return {name: value for name, value in fields.items() if value}, is_wrong or not _are_names(found.get("authors"))


def authors_of(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Take the `authors`: a name or a list of names; others are passed over."""
    authors = found.get("authors")
    listed = [authors] if isinstance(authors, str) else authors if isinstance(authors, list) else []
    return tuple(name for name in (clean(author).strip() for author in listed if isinstance(author, str)) if name)


def _are_names(authors: Any) -> bool:
    if isinstance(authors, list):
        return all(isinstance(author, str) for author in authors)
    return authors is None or isinstance(authors, str)
