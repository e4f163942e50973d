"""The sentences marked one by one: places in the corpora, and what a reader found there (marked/README.md)."""

import csv
import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from schemas.documents import Article, DateBasis
from schemas.ids import stable_id
from training.passages import Passage, Sentence, digest, read_passages

MARKED = Path(__file__).resolve().parent / "marked"
DRAWN = MARKED / "sentences.tsv"
COMMITMENTS = MARKED / "commitments.tsv"
HEADER = ("corpus", "document", "sentence", "digest", "half", "register", "stratum", "weight", "round")
LABEL_HEADER = ("corpus", "document", "sentence", "kind", "trigger_start", "trigger_end", "bound", "conditional")


class Drifted(ValueError):
    """A marked sentence is no longer in the corpora, or no longer what was marked."""


@dataclasses.dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn sentence in its passage.

    `half` is "develop" or "test"; `weight` says how many sentences it stands for; `turn` is the round, from 1.
    """

    passage: Passage
    sentence: Sentence
    half: str
    register: str
    stratum: str
    weight: float
    turn: int


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """A commitment that the marker found. Places are characters of the sentence; `bound` are heads of phrases."""

    kind: str
    start: int
    end: int
    bound: tuple[tuple[int, int], ...]
    conditional: bool


def read_drawn(shared: Path) -> Iterator[Drawn]:
    """Read the drawn sentences with their passages, in the order of the corpora.

    Raises:
        FileNotFoundError: A corpus is not there.
        Drifted: A sentence is gone or changed.
    """
    rows = {(row["corpus"], row["document"], row["sentence"]): row for row in read_rows(DRAWN)}
    documents = {key[:2] for key in rows}
    for passage in read_passages(shared):
        if (passage.corpus, passage.document) not in documents:
            continue
        for sentence in passage.sentences:
            row = rows.pop((passage.corpus, passage.document, sentence.key), None)
            if row is not None:
                if digest(passage.of(sentence)) != row["digest"]:
                    raise Drifted(f"{passage.corpus}, {passage.document}, {sentence.key} is not what was marked")
                weight = float(row["weight"])
                yield Drawn(passage, sentence, row["half"], row["register"], row["stratum"], weight, int(row["round"]))
    if rows:
        raise Drifted(f"{len(rows)} marked sentences are gone, such as {next(iter(rows))}")


def read_marks() -> dict[tuple[str, str, str], tuple[Mark, ...]]:
    """Read the marks by corpus, document and sentence."""
    marks: dict[tuple[str, str, str], list[Mark]] = defaultdict(list)
    for row in read_rows(COMMITMENTS):
        spans = (span.split("-") for span in row["bound"].split())
        bound = tuple((int(start), int(end)) for start, end in spans)
        places = int(row["trigger_start"]), int(row["trigger_end"])
        mark = Mark(row["kind"], *places, bound, row["conditional"] == "c")
        marks[row["corpus"], row["document"], row["sentence"]].append(mark)
    return {key: tuple(found) for key, found in marks.items()}


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a table of this folder."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def article_of(passage: Passage) -> Article:
    """Make the article that the tagger reads of a passage."""
    noon = datetime.time(12, tzinfo=datetime.UTC)
    return Article(
        article_id=stable_id(passage.document),
        content_id=stable_id(passage.text),
        input=passage.corpus,
        position=0,
        text=passage.text,
        title=passage.title,
        source=passage.source,
        published_at=datetime.datetime.combine(passage.published, noon) if passage.published else None,
        date_basis=DateBasis.RECORD if passage.published else DateBasis.NONE,
    )
