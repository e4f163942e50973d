"""Readers of word-a-line corpora whose words carry one entity tag each.

Nothing is interpreted here: labels stay as the corpus spells them, and `labels.py` turns them into ours.
"""

import csv
import dataclasses
import io
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence with one raw entity tag a word.

    `text` is the sentence as printed where the corpus has it, else the words joined by spaces.
    `tags` are BIO or IO tags as found. `document` groups neighbouring sentences.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]
    text: str
    document: str


def open_text(path: Path) -> io.TextIOBase:
    """Open a corpus file as UTF-8, unpacking it where its name ends in `.xz`."""
    if path.suffix == ".xz":
        return io.TextIOWrapper(lzma.open(path), encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")


def read_gmb(corpora: Path) -> Iterator[Tagged]:
    """Read the Groningen Meaning Bank extract; a sentence seen before is left out (some 400 are)."""
    seen: set[tuple[str, ...]] = set()
    words: list[str] = []
    tags: list[str] = []
    with open_text(corpora / "gmb_voa_ner" / "ner_dataset.csv.xz") as lines:
        rows = csv.reader(lines)
        next(rows)
        for row in rows:
            if row[0] and words:
                yield from _fresh(words, tags, seen)
                words, tags = [], []
            # The source joins a few words by "~".
            for part in row[1].strip().split("~"):
                if part:
                    words.append(part)
                    tags.append(row[3])
    yield from _fresh(words, tags, seen)


def _fresh(words: list[str], tags: list[str], seen: set[tuple[str, ...]]) -> Iterator[Tagged]:
    key = tuple(words)
    if words and key not in seen:
        seen.add(key)
        yield Tagged(key, tuple(tags), " ".join(words), "gmb")


def read_columns(path: Path, *, separator: str) -> Iterator[Tagged]:
    """Read `word<separator>tag` lines with blank lines between sentences (wikigold, CrossNER, Europarl)."""
    words: list[str] = []
    tags: list[str] = []
    with open_text(path) as lines:
        for line in lines:
            word, _, tag = line.rstrip("\r\n").partition(separator)
            if word.strip() and tag.strip():
                words.append(word.strip())
                tags.append(tag.strip())
            elif words:
                yield Tagged(tuple(words), tuple(tags), " ".join(words), path.stem)
                words, tags = [], []
    if words:
        yield Tagged(tuple(words), tuple(tags), " ".join(words), path.stem)


def read_uner(path: Path) -> Iterator[Tagged]:
    """Read a Universal NER file: CoNLL-U comments, then `index, word, tag, ...` lines."""
    document, text = "", ""
    words: list[str] = []
    tags: list[str] = []
    with open_text(path) as lines:
        for line in [*_stripped(lines), ""]:
            if line.startswith("# newdoc id = "):
                document = line.removeprefix("# newdoc id = ")
            elif line.startswith("# text = "):
                text = line.removeprefix("# text = ")
            elif line and not line.startswith("#"):
                columns = line.split("\t")
                words.append(columns[1])
                tags.append(columns[2])
            elif not line and words:
                yield Tagged(tuple(words), tuple(tags), text, document)
                words, tags = [], []


def _stripped(lines: Iterable[str]) -> Iterator[str]:
    return (line.rstrip("\r\n") for line in lines)
