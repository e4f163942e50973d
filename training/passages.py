"""Passages of the corpora as running text with sentences in it: what sentences were drawn from to be marked.

A passage is named so that it can be found again: a run of sentences of the Groningen Meaning Bank, a document of a
treebank, or a stretch of characters of a statement.
"""

import csv
import dataclasses
import datetime
import functools
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from training.tables import open_text
from transforms.tagging.sentences import sentence_bounds

# Sentences of the meaning bank taken together. It has no document bounds; articles there have about that many.
BANK_RUN = 10
BANK = "gmb_voa_ner/ner_dataset.csv.xz"
STATEMENTS = "statements.jsonl.gz"
_CLOSING = frozenset({".", ",", ";", ":", "?", "!", "%", ")", "]", "'s", "'", "n't", "'ll", "'re", "'ve", "'d", "'m"})
_OPENING = frozenset({"(", "[", "$"})


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage: `start` and `end` are characters of its text, `key` its name in the corpus."""

    key: str
    start: int
    end: int


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """A text with the sentences in it. `corpus` is a file's path below the shared folder's `corpora` or `data`."""

    corpus: str
    document: str
    text: str
    sentences: tuple[Sentence, ...]
    published: datetime.date | None = None
    title: str | None = None
    source: str | None = None

    def of(self, sentence: Sentence) -> str:
        """Give the words of a sentence."""
        return self.text[sentence.start : sentence.end]


def digest(text: str) -> str:
    """Give twelve hexadecimal digits that tell whether a sentence is still the one that was marked."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_bank(path: Path) -> Iterator[Passage]:
    """Read the Groningen Meaning Bank in runs of `BANK_RUN` numbers, words joined as they are printed."""
    numbered = ((int(key.removeprefix("Sentence: ")), words) for key, words in _bank_sentences(path))
    for run, members in groupby(numbered, key=lambda pair: (pair[0] - 1) // BANK_RUN):
        named = [(str(number), print_words(words)) for number, words in members]
        yield _joined(BANK, f"run {run}", named)


def _bank_sentences(path: Path) -> Iterator[tuple[str, list[str]]]:
    key, words = "", list[str]()
    with open_text(path) as lines:
        rows = csv.reader(lines)
        next(rows)
        for row in rows:
            if row[0] and words:
                yield key, words
                words = []
            key = row[0] or key
            # The source joins a few words by "~".
            words.extend(part for part in row[1].strip().split("~") if part)
    if words:
        yield key, words


def print_words(words: list[str]) -> str:
    """Join words as a newspaper prints them; quotes open and close in turn."""
    text, open_quote, glue = "", False, True
    for word in words:
        closes = word in _CLOSING or (word == '"' and open_quote)
        text += word if glue or closes else f" {word}"
        glue = word in _OPENING or (word == '"' and not open_quote)
        if word == '"':
            open_quote = not open_quote
    return text


def read_treebank(path: Path, corpus: str) -> Iterator[Passage]:
    """Read the documents of a CoNLL-U file by its comments, as printed."""
    with open_text(path) as lines:
        found = list(_treebank_sentences(lines))
    for document, members in groupby(found, key=lambda sentence: sentence[0]):
        yield _joined(corpus, document, [(key, text) for _, key, text in members])


def _treebank_sentences(lines: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    document = key = ""
    for line in lines:
        name, _, value = line.rstrip("\r\n").partition(" = ")
        if name == "# newdoc id":
            document = value
        elif name == "# sent_id":
            key = value
        elif name == "# text":
            yield document, key, value


def _joined(corpus: str, document: str, named: list[tuple[str, str]]) -> Passage:
    sentences, start = [], 0
    for key, text in named:
        sentences.append(Sentence(key, start, start + len(text)))
        start += len(text) + 1
    return Passage(corpus, document, " ".join(text for _, text in named), tuple(sentences))


def read_statements(path: Path, stretch: int = 6_000) -> Iterator[Passage]:
    """Read the first `stretch` characters of each statement, to the end of a paragraph; bounds are keys."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            text = _stretch(record["text"], stretch)
            sentences = tuple(Sentence(f"{start}-{end}", start, end) for start, end in sentence_bounds(text))
            day = datetime.date.fromisoformat(record["published"][:10])
            yield Passage(STATEMENTS, record["url"], text, sentences, day, record["title"], record["source"])


def _stretch(text: str, length: int) -> str:
    end = re.compile(r"\n\n|$").search(text, min(length, len(text)))
    return text[: end.start()] if end else text


@functools.cache
def treebanks() -> tuple[str, ...]:
    """Name the treebank files that sentences are drawn from; PUD stays a test of the model alone."""
    gum = tuple(f"gum_permitted/gum_permitted-{part}.conllu.xz" for part in ("train", "dev", "test"))
    return (*gum, "ud_english_ewt/en_ewt-train.from-sources.conllu.xz")


def read_passages(shared: Path) -> Iterator[Passage]:
    """Read every passage that sentences may be drawn from, corpus by corpus, always in the same order.

    Raises:
        FileNotFoundError: A corpus is not there.
    """
    yield from read_bank(shared / "corpora" / BANK)
    for corpus in treebanks():
        yield from read_treebank(shared / "corpora" / corpus, corpus)
    yield from read_statements(shared / "data" / STATEMENTS)
