"""Which rows are right: commitments found and commitments marked, paired as the gold set's own scorer pairs them."""

import collections
import dataclasses
import re
from collections.abc import Sequence

# Token F1 that a trigger and a sentence need at least, as `score.py` of the gold set has it.
_TRIGGERS_ALIKE = 0.4
_SENTENCES_ALIKE = 0.6
_WORD = re.compile(r"\w+")


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """A commitment as far as pairing looks at it: found by the tagger or marked by a reader."""

    kind: str
    trigger: str
    sentence: str
    action: str = ""


def pair(marked: Sequence[Said], found: Sequence[Said]) -> list[tuple[int, int]]:
    """Pair one to one, best first: the same kind, then the triggers' likeness, then the acts'; gives both indices."""
    candidates = [
        (one.kind == other.kind, alike(one.trigger, other.trigger), alike(one.action, other.action), -i, -j)
        for i, one in enumerate(marked)
        for j, other in enumerate(found)
        if alike(one.trigger, other.trigger) >= _TRIGGERS_ALIKE
        and alike(one.sentence, other.sentence) >= _SENTENCES_ALIKE
    ]
    pairs: list[tuple[int, int]] = []
    for *_, i, j in sorted(candidates, reverse=True):
        if all(-i != first and -j != second for first, second in pairs):
            pairs.append((-i, -j))
    return pairs


def alike(one: str, other: str) -> float:
    """Give the token F1 of two texts, 1 where both are empty."""
    first, second = (collections.Counter(word.lower() for word in _WORD.findall(text)) for text in (one, other))
    if not first and not second:
        return 1.0
    return 2 * sum((first & second).values()) / (first.total() + second.total())
