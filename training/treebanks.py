"""Readers of Universal Dependencies treebanks in CoNLL-U, basic layer, surface of multi-word tokens kept."""

import dataclasses
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

from training.tables import open_text

# Sentences a document. The parser learns sentence breaks only from documents that hold several.
SENTENCES_A_DOCUMENT = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence of a treebank. `heads` count from 0 within the sentence; a root is its own head.

    `misc` is the last column as found, one a word: GUM keeps its entities there.
    """

    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    tags: tuple[str, ...]
    pos: tuple[str, ...]
    heads: tuple[int, ...]
    deps: tuple[str, ...]
    misc: tuple[str, ...]
    lemmas: tuple[str, ...]
    document: str


def read_conllu(path: Path) -> Iterator[Parsed]:
    """Read the sentences of a CoNLL-U file in order; empty nodes and the enhanced layer are left out."""
    document = ""
    rows: list[list[str]] = []
    with open_text(path) as lines:
        for raw in lines:
            line = raw.rstrip("\r\n")
            if line.startswith("# newdoc id = "):
                document = line.removeprefix("# newdoc id = ")
            elif line and not line.startswith("#"):
                rows.append(line.split("\t"))
            elif not line and rows:
                yield _parsed(rows, document)
                rows = []
    if rows:
        yield _parsed(rows, document)


def _parsed(rows: list[list[str]], document: str) -> Parsed:
    plain = [row for row in rows if row[0].isdigit()]
    words = [row[1] for row in plain]
    spaces = ["SpaceAfter=No" not in row[9].split("|") for row in plain]
    for row in rows:
        first, dash, last = row[0].partition("-")
        if dash:
            inside = range(int(first) - 1, int(last))
            for index, part in zip(inside, split_surface(row[1], [words[i] for i in inside]), strict=True):
                words[index], spaces[index] = part, False
            spaces[inside[-1]] = "SpaceAfter=No" not in row[9].split("|")
    return Parsed(
        words=tuple(words),
        spaces=tuple(spaces),
        tags=tuple(row[4] for row in plain),
        pos=tuple(row[3] for row in plain),
        heads=tuple(int(row[6]) - 1 if row[6] != "0" else index for index, row in enumerate(plain)),
        deps=tuple("ROOT" if row[7] == "root" else row[7] for row in plain),
        misc=tuple(row[9] for row in plain),
        lemmas=tuple(row[2] for row in plain),
        document=document,
    )


def split_surface(surface: str, words: list[str]) -> list[str]:
    """Cut the printed form of a multi-word token into as many parts as it has words.

    The parts join to the surface exactly ("dont" stays "do", "nt"): the model must see what articles print.
    """
    parts: list[str] = []
    start = 0
    for position, word in enumerate(words):
        left = len(words) - position - 1
        end = min(start + len(word), len(surface) - left) if left else len(surface)
        parts.append(surface[start:end])
        start = end
    return parts


def documents(sentences: Iterable[Parsed], *, size: int = SENTENCES_A_DOCUMENT) -> Iterator[tuple[Parsed, ...]]:
    """Group sentences into runs of at most `size` that stay within one document of the treebank."""
    for _, members in groupby(sentences, key=lambda sentence: sentence.document):
        run = tuple(members)
        for start in range(0, len(run), size):
            yield run[start : start + size]


def build_doc(vocab: Vocab, sentences: tuple[Parsed, ...]) -> Doc:
    """Make one gold Doc of a run of sentences, with tags, parts of speech, heads, labels and bounds."""
    heads: list[int] = []
    starts: list[bool] = []
    for sentence in sentences:
        offset = len(heads)
        heads.extend(offset + head for head in sentence.heads)
        starts.extend(index == 0 for index in range(len(sentence.words)))
    return Doc(
        vocab,
        words=[word for s in sentences for word in s.words],
        spaces=[space for s in sentences for space in s.spaces],
        tags=[tag for s in sentences for tag in s.tags],
        pos=[pos for s in sentences for pos in s.pos],
        heads=heads,
        deps=[dep for s in sentences for dep in s.deps],
        sent_starts=starts,
    )
