"""Invented statements, and warehouses of them, for tests of what is shown to readers."""

import collections
import dataclasses
import datetime
import pathlib
from typing import Any

from schemas.ids import stable_id
from schemas.ledger import HISTORY_STRUCT, PLEDGES, PLEDGES_TABLE
from schemas.tags import ActorType, Domain, Kind
from tests.warehouses import add_file, add_mark, row
from transforms.partitions import published_name, staged_name, write_rows

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Statement:
    """What one article says in one sentence; its article has nothing else."""

    sentence: str
    trigger: str
    action: str
    kind: Kind = Kind.PLEDGE
    who: tuple[str, ...] = ("Borduria",)
    whom: tuple[str, ...] = ()
    speaker: str | None = None
    day: datetime.date | None = datetime.date(2025, 9, 4)
    condition: str | None = None
    deadline: str | None = None
    due: datetime.date | None = None
    domain: Domain = Domain.TRADE
    url: str | None = None
    title: str | None = "The wire"
    source: str | None = "Invented Wire"
    country: str | None = None
    type: ActorType = ActorType.STATE
    confidence: float = 0.9


def add_statements(root: pathlib.Path, *statements: Statement) -> None:
    """Write a warehouse of one article, one commitment and its mentions for each statement."""
    days: dict[datetime.date | None, list[tuple[Row, Row, list[Row]]]] = collections.defaultdict(list)
    for number, statement in enumerate(statements):
        days[statement.day].append(_rows(number, statement))
    files = []
    for day, found in days.items():
        files.append(add_file(root, "articles", *(article for article, _, _ in found), day=day))
        files.append(add_file(root, "commitments", *(commitment for _, commitment, _ in found), day=day))
        files.append(add_file(root, "actors", *(mention for _, _, some in found for mention in some), day=day))
    add_mark(root, *files)


def add_ledger(root: pathlib.Path, *histories: tuple[tuple[int, str, str], ...]) -> None:
    """Write a ledger of pledges, each given as the number, event and status of its statements; -1 is one elsewhere."""
    blank_entry = {field.name: None for field in HISTORY_STRUCT} | dict.fromkeys(("action", "sentence", "kind"), "-")
    blank_entry |= {"article_id": "-", "content_id": "-", "amounts": [], "confidence": 1.0}
    words = dict.fromkeys(("kind", "plover_event", "domain", "action", "status", "last_event"), "-")
    counts = dict.fromkeys(("statements", "articles", "sources"), 1)
    rows = [
        dict.fromkeys(PLEDGES.names)
        | words
        | counts
        | {"pledge_id": stable_id("pledge", number), "actors": [], "counterparties": [], "amounts": []}
        | {
            "history": [
                blank_entry | {"commitment_id": stable_id("commitment", statement), "event": event, "status": status}
                for statement, event, status in history
            ]
        }
        for number, history in enumerate(histories)
    ]
    write_rows(root / published_name(staged_name(PLEDGES_TABLE, None, "ledger")), PLEDGES_TABLE, rows)


def actor(name: str, statement: Statement) -> Row:
    """Make the struct of a party by its name."""
    is_state = statement.type == ActorType.STATE and statement.country
    actor_id = f"{statement.type}:{statement.country if is_state else name.lower().replace(' ', '-')}"
    return {
        "actor_id": actor_id,
        "name": name,
        "type": str(statement.type),
        "country": statement.country,
        "count": None,
    }


def _rows(number: int, statement: Statement) -> tuple[Row, Row, list[Row]]:
    # Behind a sentence of other signs, so that an offset into the text is none into the sentence.
    lead = f"Report {number} 🕊. "
    start = len(lead) + statement.sentence.index(statement.trigger)
    published = statement.day and datetime.datetime.combine(statement.day, datetime.time(9), datetime.UTC)
    key = {
        "article_id": stable_id("article", number),
        "content_id": stable_id("content", number),
        "url": statement.url or f"https://wire.example/{number}",
    }
    article = row(
        "articles",
        **key,
        text=lead + statement.sentence,
        published_at=published,
        title=statement.title,
        source=statement.source,
    )
    commitment = row(
        "commitments",
        **key,
        commitment_id=stable_id("commitment", number),
        statement_id=stable_id(statement.sentence, statement.trigger, *statement.who),
        kind=str(statement.kind),
        domain=str(statement.domain),
        actors=[actor(name, statement) for name in statement.who],
        counterparties=[actor(name, statement) for name in statement.whom],
        speaker=actor(statement.speaker, statement) if statement.speaker else None,
        trigger=statement.trigger,
        trigger_start=start,
        trigger_end=start + len(statement.trigger),
        action=statement.action,
        condition=statement.condition,
        conditional=statement.condition is not None,
        deadline=statement.deadline,
        due_date=statement.due,
        amounts=[],
        sentence=statement.sentence,
        sentence_start=len(lead),
        sentence_end=len(lead) + len(statement.sentence),
        confidence=statement.confidence,
    )
    return article, commitment, list(_mentions(key, len(lead), statement))


def _mentions(key: Row, offset: int, statement: Statement) -> list[Row]:
    parties = [*statement.who, *statement.whom, *filter(None, [statement.speaker])]
    found = [(name, statement.sentence.find(name)) for name in parties if name in statement.sentence]
    return [
        row(
            "actors",
            **key,
            mention_id=stable_id("mention", key["article_id"], start),
            actor_id=actor(name, statement)["actor_id"],
            name=name,
            surface=name,
            start=offset + start,
            end=offset + start + len(name),
        )
        for name, start in found
    ]
