"""Rows of a report: the newest commitments of a warehouse with their articles, and where actors stand in sentences."""

import dataclasses
import datetime
from typing import Any

from schemas.tables import Row
from warehouse.views import Connection


@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """Which commitments a report is about: published from `start`, before `end`, at most the newest `max_rows`.

    Where a day is given, commitments of unknown day are left out.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    max_rows: int = 100_000


@dataclasses.dataclass(frozen=True, slots=True)
class Rows:
    """What a report shows: commitments newest first, and the articles that they point to by (article_id, content_id).

    `mentions` are (start, end, actor_id) by commitment, in characters of its sentence. `histories` are those pledges of
    the ledger that have more than one statement, each as (commitment_id, event, status) by day; there are none before
    the first ledger. `total` counts the commitments of the selection before `max_rows` cut it.
    """

    commitments: tuple[Row, ...]
    articles: dict[tuple[str, str], Row]
    mentions: dict[str, tuple[tuple[int, int, str], ...]]
    histories: tuple[tuple[tuple[str, str, str], ...], ...]
    total: int

    def newest(self, count: int) -> "Rows":
        """Keep only so many of the newest."""
        return dataclasses.replace(self, commitments=self.commitments[:count])


_SELECTED = """
    FROM latest_commitments
    WHERE coalesce(date >= $start, $start IS NULL) AND coalesce(date < $end, $end IS NULL)
"""
_NEWEST = f"""
    CREATE OR REPLACE TEMP TABLE report_rows AS
    SELECT commitment_id, statement_id, article_id, content_id, date, kind, domain, actors, counterparties, speaker,
           trigger, trigger_start - sentence_start AS trigger_start, trigger_end - sentence_start AS trigger_end,
           action, condition, deadline, due_date, conditional, amounts,
           sentence, sentence_start, sentence_end, confidence, tagger_version, model
    {_SELECTED}
    ORDER BY date DESC NULLS LAST, article_id, content_id, trigger_start
    LIMIT $max_rows
"""
_ARTICLES = """
    SELECT article_id, content_id, url, title, coalesce(source, input) AS source
    FROM articles SEMI JOIN report_rows USING (article_id, content_id)
"""
_MENTIONS = """
    SELECT DISTINCT commitment_id, "start" - sentence_start, "end" - sentence_start, actor_id
    FROM actors JOIN report_rows USING (article_id, content_id)
    WHERE "start" >= sentence_start AND "end" <= sentence_end
    ORDER BY ALL
"""
_HISTORIES = """
    SELECT list_transform(history, lambda entry: [entry.commitment_id, entry.event, entry.status])
    FROM pledges SEMI JOIN (
        SELECT pledge_id
        FROM (SELECT pledge_id, unnest(history).commitment_id AS commitment_id FROM pledges) SEMI JOIN report_rows
        USING (commitment_id)
    ) AS told USING (pledge_id)
    WHERE len(history) > 1
    ORDER BY last_stated DESC NULLS LAST, pledge_id
"""


def read_rows(warehouse: Connection, selection: Selection) -> Rows:
    """Read what a report shows from a warehouse's views."""
    days = {"start": selection.start, "end": selection.end}
    total = warehouse.execute(f"SELECT count(*) {_SELECTED}", days).fetchall()[0][0]
    warehouse.execute(_NEWEST, days | {"max_rows": selection.max_rows})
    commitments = _fetch(warehouse, "FROM report_rows ORDER BY rowid")
    articles = {(row["article_id"], row["content_id"]): row for row in _fetch(warehouse, _ARTICLES)}
    mentions: dict[str, list[tuple[int, int, str]]] = {}
    for commitment_id, *mention in warehouse.execute(_MENTIONS).fetchall():
        mentions.setdefault(commitment_id, []).append(tuple(mention))
    histories = [tuple(map(tuple, history)) for (history,) in warehouse.execute(_HISTORIES).fetchall()]
    return Rows(
        commitments=tuple(commitments),
        articles=articles,
        mentions={key: tuple(found) for key, found in mentions.items()},
        histories=tuple(histories),
        total=total,
    )


def _fetch(warehouse: Connection, query: str) -> list[dict[str, Any]]:
    result = warehouse.execute(query)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]
