"""The ledger of pledges: what travels when statements are joined, and the table that comes of it."""

import dataclasses
import datetime
import enum

import pyarrow as pa

from schemas.ids import stable_id
from schemas.tables import ACTOR_STRUCT, AMOUNT_STRUCT, SCHEMA_VERSION, Row, column, list_of, maybe
from schemas.tags import Actor, Amount, Kind

PLEDGES_TABLE = "pledges"


class Event(enum.StrEnum):
    """What a statement does to the pledge that it belongs to."""

    FIRST_STATED = "first_stated"
    RESTATED = "restated"
    STRENGTHENED = "strengthened"
    WEAKENED = "weakened"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class Status(enum.StrEnum):
    """How far a pledge has come, as registries of aid tell it; in ascending order, but for the last."""

    PLEDGE = "pledge"
    COMMITMENT = "commitment"
    ALLOCATION = "allocation"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """A row of `commitments` with what of its article the ledger needs; `day` is the article's, None where unknown."""

    commitment_id: str
    statement_id: str
    article_id: str
    content_id: str
    url: str | None
    source: str | None
    day: datetime.date | None
    kind: Kind
    domain: str
    plover_event: str
    actors: tuple[Actor, ...]
    counterparties: tuple[Actor, ...]
    trigger: str
    trigger_lemma: str
    trigger_start: int
    action: str
    condition: str | None
    deadline: str | None
    due_date: datetime.date | None
    amounts: tuple[Amount, ...]
    sentence: str
    confidence: float

    @property
    def order(self) -> tuple[datetime.date, str, str, int]:
        """Statements come in this order: by day, undated last, then by article and place."""
        return self.day or datetime.date.max, self.article_id, self.content_id, self.trigger_start


@dataclasses.dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One statement of a pledge, what it does to it, and how far the pledge has come with it."""

    statement: Statement
    event: Event
    status: Status


@dataclasses.dataclass(frozen=True, slots=True)
class Pledge:
    """One act that an actor bound itself to, offered, refused or threatened, with all statements of it in order."""

    history: tuple[HistoryEntry, ...]

    @property
    def first(self) -> Statement:
        """The statement that opened it."""
        return self.history[0].statement

    @property
    def last(self) -> Statement:
        """The newest statement."""
        return self.history[-1].statement


HISTORY_STRUCT = pa.struct(
    [
        pa.field("date", pa.date32()),
        pa.field("event", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("commitment_id", pa.string(), nullable=False),
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("content_id", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("source", pa.string()),
        pa.field("action", pa.string(), nullable=False),
        pa.field("condition", pa.string()),
        pa.field("deadline", pa.string()),
        pa.field("due_date", pa.date32()),
        pa.field("amounts", list_of(AMOUNT_STRUCT), nullable=False),
        pa.field("sentence", pa.string(), nullable=False),
        pa.field("confidence", pa.float32(), nullable=False),
    ]
)

PLEDGES = pa.schema(
    [
        column("pledge_id", pa.string(), "From the commitment that opened the pledge"),
        column("actors", list_of(ACTOR_STRUCT), "Who is bound, as in the statement that opened it"),
        column("counterparties", list_of(ACTOR_STRUCT), "All to whom, or at whom, any of its statements is aimed"),
        column("kind", pa.string(), "The kind of its newest statement"),
        column("plover_event", pa.string(), "PLOVER event type of its newest statement"),
        column("domain", pa.string(), "The field of policy of its newest statement"),
        column("action", pa.string(), "The act, as its newest statement has it"),
        maybe("condition", pa.string(), "What it hangs on, by its newest statement"),
        maybe("due_date", pa.date32(), "When it falls due, by the newest statement that says so"),
        column("amounts", list_of(AMOUNT_STRUCT), "What it is measured in, by the newest statement that says so"),
        column(
            "status", pa.string(), "pledge, commitment, allocation, delivered or withdrawn: the furthest it has come"
        ),
        column("last_event", pa.string(), "What its newest statement did: " + ", ".join(Event)),
        maybe("first_stated", pa.date32(), "The day of its first statement"),
        maybe("last_stated", pa.date32(), "The day of its newest statement"),
        column("statements", pa.int32(), "Distinct statements of it: copies of one sentence count once"),
        column("articles", pa.int32(), "Articles that state it"),
        column("sources", pa.int32(), "Publishers that state it"),
        column("history", list_of(HISTORY_STRUCT), "Its statements by day: one an article, and each that changed it"),
    ],
    metadata={"schema_version": SCHEMA_VERSION, "table": PLEDGES_TABLE},
)


def pledge_row(pledge: Pledge) -> Row:
    """Make the row of a pledge; its day is the first statement's, the partition's, and not in the row."""
    newest, statements = pledge.last, [entry.statement for entry in pledge.history]
    others = {actor.actor_id: actor for statement in statements for actor in statement.counterparties}
    return {
        "pledge_id": stable_id("pledge", pledge.first.commitment_id),
        "actors": [_actor(actor) for actor in pledge.first.actors],
        "counterparties": [_actor(others[actor_id]) for actor_id in sorted(others)],
        "kind": newest.kind.value,
        "plover_event": newest.plover_event,
        "domain": newest.domain,
        "action": newest.action,
        "condition": newest.condition,
        "due_date": next((s.due_date for s in reversed(statements) if s.due_date), None),
        "amounts": [dataclasses.asdict(a) for a in next((s.amounts for s in reversed(statements) if s.amounts), ())],
        "status": pledge.history[-1].status.value,
        "last_event": pledge.history[-1].event.value,
        "first_stated": pledge.first.day,
        "last_stated": max((s.day for s in statements if s.day), default=None),
        "statements": len({s.statement_id for s in statements}),
        "articles": len({s.article_id for s in statements}),
        "sources": len({s.source for s in statements if s.source}),
        "history": [_entry(entry) for entry in pledge.history],
    }


def _actor(actor: Actor) -> Row:
    return dataclasses.asdict(actor) | {"type": str(actor.type)}


def _entry(entry: HistoryEntry) -> Row:
    statement = entry.statement
    named = {field.name for field in HISTORY_STRUCT} & {field.name for field in dataclasses.fields(statement)}
    row = {name: getattr(statement, name) for name in named}
    return row | {
        "date": statement.day,
        "event": entry.event.value,
        "status": entry.status.value,
        "kind": statement.kind.value,
        "amounts": [dataclasses.asdict(amount) for amount in statement.amounts],
    }
