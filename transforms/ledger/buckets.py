"""Buckets: statements set aside by lead actor, so that each file can be joined by itself."""

import dataclasses
import datetime
import hashlib
import json
import pathlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from schemas.ledger import Pledge, Statement
from schemas.tags import Actor, ActorType, Amount, Kind
from transforms.ledger.joining import join_statements, lead_actor


def bucket_of(actor_id: str, buckets: int) -> int:
    """Give the number of the bucket of an actor; the same on any machine and day."""
    return int.from_bytes(hashlib.sha256(actor_id.encode()).digest()[:4], "big") % buckets


def write_buckets(statements: Iterable[Statement], folder: pathlib.Path, *, buckets: int) -> tuple[list[str], int]:
    """Write statements to files by lead actor; gives the paths of those that have any, and how many there were.

    Raises:
        OSError: The disk is full or may not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[int, TextIO] = {}
    count = 0
    try:
        for count, statement in enumerate(statements, 1):  # noqa: B007 (the last one is the number of all)
            number = bucket_of(lead_actor(statement), buckets)
            if number not in files:
                files[number] = open(folder / f"{number}.jsonl", "w", encoding="utf-8")
            files[number].write(json.dumps(dataclasses.asdict(statement), default=str) + "\n")
    finally:
        for file in files.values():
            file.close()
    return [str(folder / f"{number}.jsonl") for number in sorted(files)], count


def join_bucket(path: str) -> Iterator[Pledge]:
    """Join the statements of each actor of a bucket into pledges."""
    by_actor: dict[str, list[Statement]] = defaultdict(list)
    with open(path, encoding="utf-8") as file:
        for line in file:
            statement = _decode(json.loads(line))
            by_actor[lead_actor(statement)].append(statement)
    for actor_id in sorted(by_actor):
        yield from join_statements(by_actor[actor_id])


def _decode(data: dict[str, Any]) -> Statement:
    return Statement(
        **data
        | {
            "day": _day(data["day"]),
            "due_date": _day(data["due_date"]),
            "kind": Kind(data["kind"]),
            "actors": tuple(_actor(actor) for actor in data["actors"]),
            "counterparties": tuple(_actor(actor) for actor in data["counterparties"]),
            "amounts": tuple(Amount(**amount) for amount in data["amounts"]),
        }
    )


def _actor(data: dict[str, Any]) -> Actor:
    return Actor(**data | {"type": ActorType(data["type"])})


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
