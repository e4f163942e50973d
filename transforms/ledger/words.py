"""Words: what an act is about, as a bag of stems with weights."""

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable

from transforms.tagging.lexicon import read_table, split_cell

# Numbers stay whole, so that "155 mm" differs from "105 mm", and so do words with a hyphen, which name one thing
# ("Indo-Pacific"); of other words the letters, at least two.
_WORD = re.compile(r"\d[\d.,]*\d|\d|[^\W\d_]{2,}(?:-[^\W\d_]{2,})*")
# Longest first: of a word the longest ending goes that leaves four letters. Forms of one word meet in one stem; that
# a few different words do too costs little, since acts are compared by several words.
_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ions",
    "ion",
    "ies",
    "ers",
    "ed",
    "es",
    "er",
    "s",
    "e",
    "y",
)
_STEM_LETTERS = 4
# Words in common that tell by themselves that one act is within the other.
_TELLING_WORDS = 2


@functools.cache
def stop_words() -> frozenset[str]:
    """Give the words that say nothing of which act it is."""
    return frozenset(word for row in read_table("ledger_stopwords") for word in split_cell(row["words"]))


@functools.cache
def synonyms() -> dict[str, str]:
    """Give for each word the one that stands for it and its like in acts of public affairs."""
    rows = (split_cell(row["words"]) for row in read_table("ledger_synonyms"))
    return {word: words[0] for words in rows for word in words}


@functools.cache
def names_by_id() -> dict[str, str]:
    """Give what each party of the registers is called, all names in one text: "South Korea ROK South Korean ..."."""
    names = {row["actor_id"]: f"{row['name']} {row['aliases']}" for row in read_table("organisations")}
    for row in read_table("countries"):
        names[f"state:{row['iso3']}"] = " ".join(
            row[column] for column in ("name", "aliases", "demonyms", "capitals", "iso3")
        )
    return names


def stem(word: str) -> str:
    """Take the ending off a word in lower case."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_LETTERS:
            return word[: -len(ending)]
    return word


@functools.lru_cache(maxsize=200_000)
def content_words(text: str) -> frozenset[str]:
    """Give the stems of the words of a text that say what it is about."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(stem(synonyms().get(word, word)) for word in words if word not in stop_words())


class Weights:
    """How much each word tells, by how few of an actor's statements have it."""

    def __init__(self, bags: Iterable[frozenset[str]]) -> None:
        """Count the words of all statements that are compared."""
        self._counts: Counter[str] = Counter()
        self._total = 0
        for bag in bags:
            self._counts.update(bag)
            self._total += 1

    def of(self, word: str) -> float:
        """Weigh a word: the inverse of its share of statements, on a scale of logarithms, never 0."""
        return math.log(1 + self._total / (1 + self._counts[word]))

    def is_rare(self, word: str, limit: int) -> bool:
        """Say whether at most `limit` statements have the word."""
        return self._counts[word] <= limit

    def overlap(self, one: frozenset[str], other: frozenset[str], *, is_aimed_alike: bool) -> float:
        """Give the overlap of two bags by weight, from 0 to 1; 0 where either is empty.

        The mean of Dice's coefficient and of the share of the lesser bag that the other has: a brief restatement of a
        long pledge is one, and a long list that holds the words of another act somewhere is not. That a single word is
        held tells nothing unless both statements are aimed at one party (`is_aimed_alike`).
        """
        mine, theirs = sum(map(self.of, one)), sum(map(self.of, other))
        if not one or not other:
            return 0.0
        common = sum(map(self.of, one & other))
        dice = 2 * common / (mine + theirs)
        if len(one & other) < _TELLING_WORDS and not is_aimed_alike:
            return dice / 2
        return (dice + common / min(mine, theirs)) / 2
