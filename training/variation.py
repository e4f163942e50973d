"""Varied copies of sentences with entities, so that the model learns names by their surroundings and not by heart.

The silver corpus is one broadcaster's news of 2003 to 2010: "Mr. Bush" a thousand times, "Mrs" never. Copies get other
names, titles without the dot, salutations of debates, and now and then the capitals of headlines.
"""

import dataclasses
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from training.labels import raw_spans

# Chance that a name of this label is exchanged for another.
_EXCHANGE = {"PERSON": 0.7, "ORG": 0.35, "GPE": 0.2, "LOC": 0.3}
# Chance that a surname is spliced from two, so that no embedding of it exists.
_SPLICE = 0.4
# Chance that a person without a title gets one.
_ENTITLE = 0.12
# Chance that a sentence begins with a salutation, and that it is set as a headline.
_SALUTE = 0.01
_TITLE_CASE = 0.03
_UPPER_CASE = 0.02

_UNDOTTED = {"Mr.": ("Mr", "Mrs", "Ms"), "Mrs.": ("Mrs",), "Ms.": ("Ms",), "Dr.": ("Dr",)}
_TITLES = (
    "Mr Mrs Ms Mr. Mrs. Ms. Dr Sir Lord President Minister Commissioner Senator Chancellor Secretary Professor King "
    "Prince Governor General Ambassador Speaker Premier Judge"
).split()
_SALUTATIONS = (
    "Mr President ,|Madam President ,|Mr Speaker ,|Madam Speaker ,|Commissioner ,|Mr Chairman ,|"
    "Ladies and gentlemen ,|Minister ,|Your Excellency ,|Mr Prime Minister ,|Members of Congress ,"
).split("|")


@dataclasses.dataclass(frozen=True, slots=True)
class Marked:
    """A sentence ready for training: words, whether a space follows each, and our BIO tags."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    tags: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Pools:
    """Names to exchange for, each once however frequent it is."""

    whole: Mapping[str, tuple[tuple[str, ...], ...]]
    first: tuple[str, ...]
    last: tuple[str, ...]


def gather_pools(trusted: Iterable[Marked], noisy: Iterable[Marked]) -> Pools:
    """Gather names from marked sentences.

    A name needs one trusted use or two noisy ones, and nine uses in ten with the same label.
    """
    names: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    every: Counter[tuple[str, ...]] = Counter()
    for sentences, weight in ((trusted, 2), (noisy, 1)):
        for sentence in sentences:
            for start, end, label in raw_spans(sentence.tags):
                names[label][sentence.words[start:end]] += weight
                every[sentence.words[start:end]] += weight
    whole = {
        label: tuple(sorted(n for n, count in names[label].items() if count > 1 and count >= 0.9 * every[n]))
        for label in _EXCHANGE
    }
    full = [name for name in whole["PERSON"] if len(name) > 1 and all(word.isalpha() for word in (name[0], name[-1]))]
    return Pools(whole, tuple(sorted({n[0] for n in full})), tuple(sorted({n[-1] for n in full if len(n[-1]) > 2})))


def vary(sentence: Marked, pools: Pools, dice: random.Random) -> Marked:
    """Return a varied copy of a sentence; labels stay right, words and lengths change."""
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str] = []
    if dice.random() < _SALUTE:
        _append(words, spaces, tags, tuple(dice.choice(_SALUTATIONS).split()), "", True)
    position = 0
    for start, end, label in [*raw_spans(sentence.tags), (len(sentence.words), len(sentence.words), "")]:
        for index in range(position, start):
            words.append(_untitled(sentence.words[index], dice))
            spaces.append(sentence.spaces[index])
            tags.append(sentence.tags[index])
        if label == "PERSON" and dice.random() < _ENTITLE and (not words or words[-1].islower()):
            _append(words, spaces, tags, (dice.choice(_TITLES),), "", True)
        if end > start:
            name = sentence.words[start:end]
            if dice.random() < _EXCHANGE.get(label, 0):
                name = _another(name, label, pools, dice)
                _append(words, spaces, tags, name, label, sentence.spaces[end - 1])
            else:
                words.extend(name)
                spaces.extend(sentence.spaces[start:end])
                tags.extend(sentence.tags[start:end])
        position = end
    return Marked(tuple(_recase(words, dice)), tuple(spaces), tuple(tags))


def _append(
    words: list[str], spaces: list[bool], tags: list[str], name: tuple[str, ...], label: str, space: bool
) -> None:
    words.extend(name)
    spaces.extend([True] * (len(name) - 1) + [space])
    tags.extend([f"B-{label}", *[f"I-{label}"] * (len(name) - 1)] if label else ["O"] * len(name))


def _another(name: tuple[str, ...], label: str, pools: Pools, dice: random.Random) -> tuple[str, ...]:
    if label != "PERSON":
        return dice.choice(pools.whole[label])
    surname = dice.choice(pools.last)
    if dice.random() < _SPLICE:
        other = dice.choice(pools.last)
        surname = surname[: (len(surname) + 1) // 2] + other[len(other) // 2 :].lower()
    if len(name) == 1:
        return (surname,)
    return dice.choice(pools.whole[label]) if len(name) > 2 else (dice.choice(pools.first), surname)


def _untitled(word: str, dice: random.Random) -> str:
    return dice.choice(_UNDOTTED[word]) if word in _UNDOTTED and dice.random() < 0.6 else word


def _recase(words: list[str], dice: random.Random) -> list[str]:
    chance = dice.random()
    if chance < _TITLE_CASE:
        return [word if len(word) < 4 else word[0].upper() + word[1:] for word in words]
    if chance < _TITLE_CASE + _UPPER_CASE:
        return [word.upper() for word in words]
    return words
