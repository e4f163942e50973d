"""What stands where in a document: mentions and quotations by token, read once and asked often.

`doc.spans` makes its spans anew at each look, and a search for quotation marks runs over paragraphs; on long
documents both would make the cost of a sentence grow with the document.
"""

import bisect
import dataclasses

from spacy.tokens import Doc, Span, Token

from schemas.tags import ActorType
from transforms.tagging.mentions import mentions_of

_OPENING = frozenset('“„«"')
_CLOSING = frozenset('”»"')
# Tokens.
_LONGEST_NAME = 8
_KEY = "pledgeline_places"


@dataclasses.dataclass(frozen=True, slots=True)
class Places:
    """Mentions in text order with their starts, the mention on each token, and the quotation around each token."""

    mentions: tuple[Span, ...]
    starts: tuple[int, ...]
    by_token: dict[int, Span]
    quotes: dict[int, tuple[int, int]]


def read_places(doc: Doc) -> Places:
    """Read the mentions in `doc.spans["actors"]` and the quotations anew, and keep them with the document."""
    mentions = tuple(sorted(doc.spans.get("actors", []), key=_start))
    by_token = {place: span for span in reversed(mentions) for place in range(span.start, span.end)}
    places = Places(mentions, tuple(span.start for span in mentions), by_token, _quotes(doc))
    doc.user_data[_KEY] = places
    return places


def places_of(doc: Doc) -> Places:
    """Give what was read of the document, reading it first if need be."""
    kept: Places | None = doc.user_data.get(_KEY)
    return kept if kept is not None else read_places(doc)


def mention_at(token: Token) -> Span | None:
    """Give the mention that covers the token."""
    return places_of(token.doc).by_token.get(token.i)


def state_at(token: Token) -> Span | None:
    """Give the name or adjective of a state on the token, also where it only says where something is from."""
    named = mentions_of(token.doc, "actor_candidates")
    beside = named.within(max(token.i - _LONGEST_NAME, 0), token.i + _LONGEST_NAME)
    covering = (span for span in beside if span.start <= token.i < span.end)
    return next((span for span in covering if span._.mention.type is ActorType.STATE), None)


def mentions_in(span: Span) -> list[Span]:
    """Give the mentions that lie inside the span, in text order."""
    places = places_of(span.doc)
    first = bisect.bisect_left(places.starts, span.start)
    last = bisect.bisect_left(places.starts, span.end)
    return [mention for mention in places.mentions[first:last] if mention.end <= span.end]


def quotation(token: Token) -> Span | None:
    """Give the quotation that the token stands in, from mark to mark within its paragraph; None outside of one."""
    bounds = places_of(token.doc).quotes.get(token.i)
    return token.doc[bounds[0] : bounds[1]] if bounds is not None else None


def _start(span: Span) -> int:
    start: int = span.start
    return start


def _quotes(doc: Doc) -> dict[int, tuple[int, int]]:
    """Pair the quotation marks of each paragraph; one left open runs to the paragraph's end."""
    quotes: dict[int, tuple[int, int]] = {}
    opened: int | None = None
    for token in doc:
        text = token.text
        if opened is not None and (text in _CLOSING or "\n" in text):
            bounds = (opened, token.i + (text in _CLOSING))
            quotes.update(dict.fromkeys(range(opened + 1, token.i), bounds))
            opened = None
        elif text in _OPENING:
            opened = token.i
    if opened is not None:
        quotes.update(dict.fromkeys(range(opened + 1, len(doc)), (opened, len(doc))))
    return quotes
