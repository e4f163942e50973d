"""Synthetic warehouses of any size: rows of an invented wire service, with marks, for measurements.

`python -m benchmarks.synthetic FOLDER --commitments 1000000 --days 365` writes one.
"""

import argparse
import datetime
import pathlib
import random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.layout import Layout
from schemas.ids import stable_id
from schemas.tables import SCHEMA_VERSION, TABLES, Row
from schemas.tags import Domain, Kind
from schemas.version import VERSION
from transforms.marks import Mark, PublishedFile, encode_mark
from transforms.partitions import file_digest, published_name, staged_name

FIRST_DAY = datetime.date(2016, 1, 1)
_STATES = ("Aland", "Borduria", "Cordonia", "Drumland", "Elbonia", "Freedonia", "Grand Fenwick", "Herzoslovakia")
_ACTS = ("send tents and blankets", "pay for the bridge", "join the patrol", "lift the duties", "host the talks")
_CONDITIONS = (None, None, None, "if the truce holds", "once parliament agrees")
_VERBS = ("promised", "offered", "agreed", "proposed", "refused", "declined", "threatened")
# Sentences before and after the statement, so that texts are as long as a short wire report.
_FILLER = "The talks went on late into the night. Nobody spoke to the press. The weather was fair. " * 12


def write_warehouse(root: pathlib.Path, *, commitments: int, days: int, files_a_day: int = 1, seed: int = 0) -> None:
    """Write a warehouse of `days` consecutive days from FIRST_DAY, each day's rows in `files_a_day` segments.

    An article has three commitments and six mentions. A segment spans up to 30 days, as a backfill's do.
    """
    layout, chance = Layout(root), random.Random(seed)
    layout.create()
    articles = max(1, round(commitments / days / files_a_day / 3))
    for start in range(0, days, 30):
        for number in range(files_a_day):
            segment = stable_id("segment", start, number)
            span = [FIRST_DAY + datetime.timedelta(days=day) for day in range(start, min(start + 30, days))]
            files = [file for day in span for file in _write_day(root, segment, day, articles, chance)]
            layout.mark(segment).write_text(encode_mark(_mark(segment, start * files_a_day + number, files)))


def _write_day(
    root: pathlib.Path, segment: str, day: datetime.date, articles: int, chance: random.Random
) -> list[PublishedFile]:
    keys = [_article(segment, day, number, chance) for number in range(articles)]
    tables: dict[str, list[Row]] = {
        "articles": sorted(keys, key=lambda row: (row["article_id"], row["content_id"])),
        "commitments": [],
        "actors": [],
    }
    for article in tables["articles"]:
        for number in range(3):
            commitment = _commitment(article, number, chance)
            tables["commitments"].append(commitment)
            tables["actors"] += [_mention(article, commitment, part, number) for part in ("actors", "counterparties")]
    files = []
    for table, rows in tables.items():
        name = published_name(staged_name(table, day, segment))
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=TABLES[table]), path, compression="zstd")
        files.append(PublishedFile(name, len(rows), file_digest(path)))
    return files


def _article(segment: str, day: datetime.date, number: int, chance: random.Random) -> Row:
    sentences = [_sentence(chance) for _ in range(3)]
    text = _FILLER.join(["", *sentences, ""])
    url = f"https://wire.example/{day}/{segment}/{number}"
    published = datetime.datetime.combine(day, datetime.time(chance.randrange(24)), datetime.UTC)
    return {
        **dict.fromkeys(TABLES["articles"].names),
        "article_id": stable_id(url),
        "content_id": stable_id(text),
        "url": url,
        "canonical_url": url,
        "source": f"wire {chance.randrange(20)}",
        "input": f"wire.jsonl#{number}",
        "title": sentences[0],
        "authors": [],
        "language": "en",
        "published_at": published,
        "date_basis": "feed",
        "text": text,
        "word_count": len(text.split()),
        "warnings": [],
        "segment": segment,
        "pipeline_version": VERSION,
    }


def _sentence(chance: random.Random) -> str:
    who, whom = chance.sample(_STATES, 2)
    verb, act, condition = chance.choice(_VERBS), chance.choice(_ACTS), chance.choice(_CONDITIONS)
    tail = f" {condition}" if condition else ""
    return f"{who} {verb} {whom} on day {chance.randrange(100)} to {act} for {chance.randrange(1, 400)} million{tail}."


def _commitment(article: Row, number: int, chance: random.Random) -> Row:
    text: str = article["text"]
    start = (number + 1) * len(_FILLER) + sum(len(part) for part in _sentences(text)[:number])
    sentence = _sentences(text)[number]
    who = next(name for name in _STATES if sentence.startswith(name))
    verb = next(verb for verb in _VERBS if f" {verb} " in sentence)
    whom = next(name for name in _STATES if f"{verb} {name} on" in sentence)
    at = start + sentence.index(verb)
    condition = next((words for words in _CONDITIONS if words and words in sentence), None)
    return {
        **dict.fromkeys(TABLES["commitments"].names),
        **{key: article[key] for key in ("article_id", "content_id", "url", "segment")},
        "commitment_id": stable_id(article["article_id"], article["content_id"], at, at + len(verb)),
        "statement_id": stable_id(sentence.casefold(), verb),
        "kind": str(tuple(Kind)[_VERBS.index(verb)]),
        "plover_event": "AGREE",
        "ontology_version": "PLOVER-2.0",
        "domain": str(chance.choice(tuple(Domain))),
        "actors": [_state(who)],
        "counterparties": [_state(whom)],
        "trigger": verb,
        "trigger_lemma": verb,
        "trigger_start": at,
        "trigger_end": at + len(verb),
        "action": sentence[sentence.index(" to ") + 4 : -1],
        "condition": condition,
        "conditional": condition is not None,
        "amounts": [],
        "sentence": sentence,
        "sentence_start": start,
        "sentence_end": start + len(sentence),
        "confidence": round(chance.uniform(0.3, 1), 3),
        "rule": "subject",
        "lexicon_entry": verb,
        "tagger_version": "synthetic",
        "model": "synthetic",
    }


def _sentences(text: str) -> list[str]:
    return [part for part in text.split(_FILLER) if part]


def _state(name: str) -> Row:
    return {"actor_id": f"state:{name[:3].upper()}", "name": name, "type": "state", "country": name[:3].upper()}


def _mention(article: Row, commitment: Row, part: str, number: int) -> Row:
    actor = commitment[part][0]
    start = commitment["sentence_start"] + (0 if part == "actors" else commitment["sentence"].index(actor["name"], 1))
    end = start + len(actor["name"])
    return {
        **dict.fromkeys(TABLES["actors"].names),
        **{key: article[key] for key in ("article_id", "content_id", "url", "segment")},
        **{key: actor[key] for key in ("actor_id", "name", "type", "country")},
        "mention_id": stable_id(article["article_id"], article["content_id"], start, end),
        "surface": actor["name"],
        "start": start,
        "end": end,
        "sentence": number,
        "rule": "name",
        "tagger_version": "synthetic",
        "model": "synthetic",
    }


def _mark(segment: str, sequence: int, files: list[PublishedFile]) -> Mark:
    articles = sum(file.rows for file in files if file.path.startswith("articles/"))
    counts: dict[str, Any] = dict.fromkeys(("read", "articles", "rejects", "duplicates", "filtered", "skipped"), 0)
    return Mark(
        segment=segment,
        sequence=sequence,
        inputs=(),
        filters="",
        counts=counts | {"read": articles, "articles": articles},
        files=tuple(files),
        claims_lost=(),
        versions={"pipeline": VERSION, "schema": SCHEMA_VERSION, "tagger": "synthetic", "model": "synthetic"},
        finished_at="2026-01-01T00:00:00+00:00",
    )


def main() -> None:
    """Write a synthetic warehouse as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--commitments", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--files_a_day", type=int, default=1)
    options = parser.parse_args()
    write_warehouse(options.folder, commitments=options.commitments, days=options.days, files_a_day=options.files_a_day)


if __name__ == "__main__":
    main()
