"""Weighted vocabularies: which labels the words of a text speak for, and how strongly."""

import collections
import dataclasses
import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[^\W_][\w.]*(?:[-’'][^\W_]\w*)*")
_POSSESSIVE = re.compile(r"[’']s?$")


@dataclasses.dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms by their first word or its beginning: the words that must follow, the label and the weight.

    A word that ends in "*" stands for all words that begin so.
    """

    words: Mapping[str, tuple[tuple[tuple[str, ...], str, float], ...]]
    beginnings: Mapping[str, tuple[tuple[tuple[str, ...], str, float], ...]]


def make_vocabulary(terms: Iterable[tuple[str, str, float]]) -> Vocabulary:
    """Make a vocabulary of terms, each of one or more words in lower case with its label and weight."""
    words: dict[str, list[tuple[tuple[str, ...], str, float]]] = collections.defaultdict(list)
    beginnings: dict[str, list[tuple[tuple[str, ...], str, float]]] = collections.defaultdict(list)
    for term, label, weight in terms:
        first, *rest = term.split()
        table = beginnings if first.endswith("*") else words
        table[first.removesuffix("*")].append((tuple(rest), label, weight))
    return Vocabulary(
        {first: tuple(entries) for first, entries in words.items()},
        {first: tuple(entries) for first, entries in beginnings.items()},
    )


def weigh(text: str, vocabulary: Vocabulary) -> dict[str, float]:
    """Sum up the weights of the terms in a text by label; of terms for one label at one word the heaviest counts."""
    words = [_POSSESSIVE.sub("", word.rstrip(".")) for word in _WORD.findall(text.lower())]
    totals: dict[str, float] = collections.defaultdict(float)
    for place, word in enumerate(words):
        best: dict[str, float] = {}
        for rest, label, weight in _starting_with(word, vocabulary):
            if _follows(rest, words, place + 1):
                best[label] = max(weight + 0.5 * len(rest), best.get(label, 0))
        for label, weight in best.items():
            totals[label] += weight
    return dict(totals)


def _starting_with(word: str, vocabulary: Vocabulary) -> Iterable[tuple[tuple[str, ...], str, float]]:
    yield from vocabulary.words.get(word, ())
    for length in range(2, min(len(word), 24) + 1):
        yield from vocabulary.beginnings.get(word[:length], ())


def _follows(rest: tuple[str, ...], words: list[str], place: int) -> bool:
    if place + len(rest) > len(words):
        return False
    return all(
        words[place + i].startswith(wanted[:-1]) if wanted.endswith("*") else words[place + i] == wanted
        for i, wanted in enumerate(rest)
    )
