"""Extracted: what a document holds and states of itself, before any of it is judged."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Metadata:
    """What a document states of itself, to the letter; of dates every one, the most trusted first."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Extracted:
    """A document's text to the letter, what it states of itself, and faults that left it usable."""

    text: str
    metadata: Metadata = Metadata()
    warnings: tuple[str, ...] = ()
