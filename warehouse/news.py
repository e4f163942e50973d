"""News: the statements of a warehouse that a feed tells of, each once however many articles repeat it."""

import dataclasses
import datetime
import uuid

from schemas.tables import Row
from warehouse.display import plain_text, web_address
from warehouse.views import Connection

# So that ids are those of this program's statements and of nothing else.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "pledgeline:statement")


@dataclasses.dataclass(frozen=True, slots=True)
class Interest:
    """What a reader wants to hear of; names are of actors, in full or as ids, and empty ones leave nothing out."""

    actors: tuple[str, ...] = ()
    counterparties: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime.date | None = None
    limit: int | None = None

    def title(self) -> str:
        """Say it in words."""
        parts = [", ".join(f"{kind}s" for kind in self.kinds) or "commitments"]
        parts += [f"of {', '.join(self.actors)}"] if self.actors else []
        parts += [f"to {', '.join(self.counterparties)}"] if self.counterparties else []
        return plain_text(" ".join(parts))

    def uuid(self) -> uuid.UUID:
        """Identify it, whatever its limit and first day."""
        return uuid.uuid5(_NAMESPACE, repr((self.actors, self.counterparties, self.kinds)))


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """A statement as its earliest article has it; all text is fit to be shown.

    `seen` is when that article was published, else fetched, else loaded.
    """

    uuid: uuid.UUID
    kind: str
    domain: str
    headline: str
    sentence: str
    condition: str | None
    deadline: str | None
    due: datetime.date | None
    source: str
    title: str | None
    url: str | None
    seen: datetime.datetime


_ITEMS = """
    SELECT statement_id, statements.kind, domain, actors, counterparties, action, sentence, condition, deadline,
           due_date, title, coalesce(articles.source, articles.input) AS source, articles.url,
           coalesce(first_seen, loaded_at, to_timestamp(0)) AS seen
    FROM statements JOIN articles USING (article_id, content_id) LEFT JOIN segments USING (segment)
    WHERE {named_actor} AND {named_counterparty} AND (len($kinds) = 0 OR list_contains($kinds, kind)) AND {wanted}
    ORDER BY {order}
    LIMIT $limit
"""
_NAMED = """
    (len(${names}) = 0 OR len(list_filter({column}, lambda actor:
        list_contains(${names}, lower(actor.name)) OR list_contains(${names}, lower(actor.actor_id)))) > 0)
"""


def read_news(warehouse: Connection, interest: Interest) -> list[Item]:
    """Read the newest statements, the newest first; `since` is the first day on which they were seen."""
    return _read(warehouse, interest, "($since IS NULL OR seen >= $since)", "seen DESC, statement_id")


def read_deadlines(warehouse: Connection, interest: Interest) -> list[Item]:
    """Read the statements with a day on which they fall due, the earliest first; `since` is the first such day."""
    wanted = "due_date IS NOT NULL AND ($since IS NULL OR due_date >= $since)"
    return _read(warehouse, interest, wanted, "due_date, statement_id")


def _read(warehouse: Connection, interest: Interest, wanted: str, order: str) -> list[Item]:
    query = _ITEMS.format(
        named_actor=_NAMED.format(names="actors", column="actors"),
        named_counterparty=_NAMED.format(names="counterparties", column="counterparties"),
        wanted=wanted,
        order=order,
    )
    result = warehouse.execute(
        query,
        {
            "actors": [name.lower() for name in interest.actors],
            "counterparties": [name.lower() for name in interest.counterparties],
            "kinds": list(interest.kinds),
            "since": interest.since,
            "limit": interest.limit,
        },
    )
    names = [column[0] for column in result.description or ()]
    return [_item(dict(zip(names, values, strict=True))) for values in result.fetchall()]


def _item(row: Row) -> Item:
    return Item(
        uuid=uuid.uuid5(_NAMESPACE, row["statement_id"]),
        kind=row["kind"],
        domain=row["domain"],
        headline=_headline(row),
        sentence=plain_text(row["sentence"]),
        condition=_plain(row["condition"]),
        deadline=_plain(row["deadline"]),
        due=row["due_date"],
        source=plain_text(row["source"]),
        title=_plain(row["title"]),
        url=web_address(row["url"]),
        seen=row["seen"].astimezone(datetime.UTC),
    )


def _plain(text: str | None) -> str | None:
    return plain_text(text) if text is not None else None


def _headline(row: Row) -> str:
    who, whom = (", ".join(actor["name"] for actor in row[column]) for column in ("actors", "counterparties"))
    parties = f"{who or 'somebody'} to {whom}" if whom else who or "somebody"
    return plain_text(f"{row['kind'].capitalize()} by {parties}: {row['action']}")
