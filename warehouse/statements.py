"""Statements: rows of `commitments` as the ledger joins them."""

import datetime
import pathlib
from collections.abc import Iterator
from typing import Any

from schemas.ledger import Statement
from schemas.tags import Actor, ActorType, Amount, Kind
from warehouse.views import connect

_BATCH = 2_000
_COLUMNS = """
    commitment_id, statement_id, article_id, content_id, commitments.url, source, commitments.date AS day, kind, domain,
    plover_event, actors, counterparties, trigger, trigger_lemma, trigger_start, action, condition, deadline, due_date,
    amounts, sentence, confidence
"""


def read_statements(root: pathlib.Path, *, min_confidence: float) -> Iterator[Statement]:
    """Read the commitments of the newest version of each article, in no order that counts.

    Raises:
        NotAWarehouse: There is no such folder, or it holds no table.
    """
    with connect(root) as connection:
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM latest_commitments AS commitments "
            "LEFT JOIN (SELECT article_id, content_id, source FROM articles) USING (article_id, content_id) "
            "WHERE len(actors) > 0 AND confidence >= ?",
            [min_confidence],
        )
        names = [column[0] for column in found.description]
        while rows := found.fetchmany(_BATCH):
            for row in rows:
                yield _statement(dict(zip(names, row, strict=True)))


def _statement(row: dict[str, Any]) -> Statement:
    day: datetime.date | None = row["day"]
    return Statement(
        **row
        | {
            "day": day,
            "kind": Kind(row["kind"]),
            "actors": tuple(_actor(actor) for actor in row["actors"]),
            "counterparties": tuple(_actor(actor) for actor in row["counterparties"]),
            "amounts": tuple(Amount(**amount) for amount in row["amounts"]),
        }
    )


def _actor(actor: dict[str, Any]) -> Actor:
    return Actor(**actor | {"type": ActorType(actor["type"])})
