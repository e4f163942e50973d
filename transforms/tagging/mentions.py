"""The mentions of a document in reach of a place: looked up without walking over the whole document."""

import bisect
import dataclasses

from spacy.tokens import Doc, Span

_KEY = "pledgeline_mentions:"


@dataclasses.dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions in text order, their last tokens, and the first tokens of the sentences."""

    spans: tuple[Span, ...]
    ends: tuple[int, ...]
    sentence_starts: tuple[int, ...]

    def before(self, place: int) -> tuple[Span, ...]:
        """Give the mentions that end at or before a token; the last ones are the nearest."""
        return self.spans[: bisect.bisect_right(self.ends, place)]

    def within(self, start: int, end: int) -> list[Span]:
        """Give the mentions that lie between two tokens, end excluded; takes no longer in a longer document."""
        first = bisect.bisect_right(self.ends, start)
        last = bisect.bisect_right(self.ends, end)
        return [span for span in self.spans[first:last] if span.start >= start]

    def sentence(self, place: int) -> int:
        """Give the index of a token's sentence; 0 where no bounds are set."""
        return max(0, bisect.bisect_right(self.sentence_starts, place) - 1)


def mentions_of(doc: Doc, group: str = "actors") -> Mentions:
    """Index the mentions of a group of a document; kept with the document until the group changes its size."""
    spans = doc.spans.get(group, [])
    kept = doc.user_data.get(_KEY + group)
    if isinstance(kept, Mentions) and len(kept.spans) == len(spans):
        return kept
    ordered = tuple(sorted(spans, key=lambda span: (span.start, span.end)))
    starts: tuple[int, ...] = ()
    if doc.has_annotation("SENT_START"):
        starts = tuple(token.i for token in doc if token.is_sent_start or token.i == 0)
    made = Mentions(ordered, tuple(span.end for span in ordered), starts)
    doc.user_data[_KEY + group] = made
    return made
