"""Rows of the tagger with the readers' verdict: what confidence is fitted on, and what accuracy is measured by."""

import dataclasses
import datetime
import json
from collections.abc import Iterator
from pathlib import Path

from schemas.documents import Article
from schemas.tags import Commitment
from training.marked import Drawn, Mark, article_of, read_drawn, read_marks
from training.pairing import Said, pair
from transforms.tagging.commitments import find_commitments
from transforms.tagging.features import row_features
from transforms.tagging.tagger import Tagger, parse_article, text_article


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A row found. `kind` is the marked kind where it is right, else None; `features` are those of its confidence."""

    commitment: Commitment
    features: frozenset[str]
    kind: str | None

    @property
    def is_right(self) -> bool:
        """Tell whether a reader marked it too."""
        return self.kind is not None


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """What was found in a sentence or a document, and what was marked there and not found.

    `document` is what must not be parted when data are split; `weight` says for how many sentences it stands.
    """

    document: str
    register: str
    stratum: str
    text: str
    marked: tuple[Said, ...]
    rows: tuple[Row, ...]
    missed: tuple[Said, ...]
    weight: float = 1.0


def judge_drawn(tagger: Tagger, shared: Path, half: str) -> Iterator[Judged]:
    """Judge the drawn sentences of a half, passage by passage; rows of every confidence are kept.

    Raises:
        FileNotFoundError: A corpus is not there.
        training.marked.Drifted: A corpus is not the one that was marked.
    """
    marks, passages = read_marks(), dict[tuple[str, str], list[Drawn]]()
    for drawn in read_drawn(shared):
        if drawn.half == half:
            passages.setdefault((drawn.passage.corpus, drawn.passage.document), []).append(drawn)
    for key, members in passages.items():
        rows = read_rows(article_of(members[0].passage), tagger)
        for drawn in members:
            inside = range(drawn.sentence.start, drawn.sentence.end)
            found = [row for row in rows if row.commitment.trigger_start in inside]
            yield _judge(drawn, marks.get((*key, drawn.sentence.key), ()), found)


def _judge(drawn: Drawn, marks: tuple[Mark, ...], found: list[Row]) -> Judged:
    text = drawn.passage.of(drawn.sentence)
    marked = [Said(mark.kind, text[mark.start : mark.end], text) for mark in marks]
    # The drawn sentence is the evidence of both: where the splitter cuts otherwise, the words are still the same.
    said = [Said(str(row.commitment.kind), row.commitment.trigger, text) for row in found]
    document = f"{drawn.passage.corpus} {drawn.passage.document}"
    return _judged(document, drawn.register, drawn.stratum, text, marked, said, found, drawn.weight)


def judge_gold(tagger: Tagger, shared: Path) -> Iterator[Judged]:
    """Judge the documents of the gold set's open half.

    Raises:
        FileNotFoundError: The gold set is not there.
    """
    for line in (shared / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        name = str(record["url"]).rpartition("/")[2]
        document = json.loads((shared / "gold" / "dev" / f"{name}.json").read_text(encoding="utf-8"))
        found = read_rows(_article(record), tagger)
        marked = [Said(c["kind"], c["trigger"], c["sentence"], c["action"]) for c in document["commitments"]]
        said = [Said(str(c.kind), c.trigger, c.sentence, c.action) for c in (row.commitment for row in found)]
        yield _judged(name, "gold", "gold", record["text"], marked, said, found, 1.0)


def _article(record: dict[str, str | None]) -> Article:
    day = datetime.date.fromisoformat(record["published"][:10]) if record["published"] else None
    article = text_article(str(record["text"]), published=day)
    return dataclasses.replace(article, title=record["title"], source=record["source"])


def read_rows(article: Article, tagger: Tagger) -> list[Row]:
    """Find the rows of an article, the unlikely ones too, with their features and no verdict yet."""
    found = find_commitments(parse_article(article, tagger), least=0.0)
    return [Row(row, frozenset(row_features(candidate, row)), None) for candidate, row in found]


def _judged(
    document: str,
    register: str,
    stratum: str,
    text: str,
    marked: list[Said],
    said: list[Said],
    found: list[Row],
    weight: float,
) -> Judged:
    kinds = {second: marked[first].kind for first, second in pair(marked, said)}
    seen = {first for first, _ in pair(marked, said)}
    rows = tuple(dataclasses.replace(row, kind=kinds.get(place)) for place, row in enumerate(found))
    missed = tuple(one for place, one in enumerate(marked) if place not in seen)
    return Judged(document, register, stratum, text, tuple(marked), rows, missed, weight)
