"""Retagging: stored articles are tagged again, a slice of a file at a time."""

import dataclasses
import json
import pathlib
from collections.abc import Callable, Iterator

from schemas.documents import Article
from schemas.rejects import Rejected
from schemas.tables import Row, actor_rows, article_of_row, commitment_rows
from schemas.tags import TaggedArticle
from transforms.partitions import STAGED_SUFFIX, read_slice, write_rows

# What tagging makes of an article, and what a retag replaces.
TAG_TABLES = ("actors", "commitments")


@dataclasses.dataclass(frozen=True, slots=True)
class Slice:
    """Rows `first` to `last` of an `articles` file, the latter excluded; `folder` is where its pieces are staged."""

    path: str
    first: int
    last: int
    folder: str
    number: int


def piece_path(folder: str, table: str, number: int) -> pathlib.Path:
    """Name the staged rows that a slice gave for a table."""
    return pathlib.Path(folder, table, f"{number}.piece{STAGED_SUFFIX}")


def failed_path(folder: str) -> pathlib.Path:
    """Name the folder of the lists of articles that the tagger refused, one file a slice that has any."""
    return pathlib.Path(folder, "failed")


def read_failed(folder: str) -> frozenset[tuple[str, str]]:
    """Read the ids (article_id, content_id) of the articles that the tagger refused."""
    paths = sorted(failed_path(folder).glob("*.json"))
    return frozenset((ids[0], ids[1]) for path in paths for ids in json.loads(path.read_text(encoding="utf-8")))


def retag_slice(part: Slice, tag: Callable[[Article], TaggedArticle]) -> Iterator[str]:
    """Tag the articles of a slice again and stage their rows as pieces, sorted; rows keep their article's segment.

    Articles that the tagger refuses are listed beside the pieces: their rows are to stay as they were.

    Yields:
        The id of each article, as it is done.

    Raises:
        OSError: The file is gone, or the disk is full or may not be written.
    """
    rows: dict[str, list[Row]] = {table: [] for table in TAG_TABLES}
    failed: list[tuple[str, str]] = []
    for row in read_slice(pathlib.Path(part.path), part.first, part.last):
        try:
            tagged = tag(article_of_row(row))
        except Rejected:
            failed.append((row["article_id"], row["content_id"]))
        else:
            rows["actors"] += actor_rows(tagged, segment=row["segment"])
            rows["commitments"] += commitment_rows(tagged, segment=row["segment"])
        yield row["article_id"]
    for table, found in rows.items():
        write_rows(piece_path(part.folder, table, part.number), table, found)
    if failed:
        path = failed_path(part.folder) / f"{part.number}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(failed), encoding="utf-8")
