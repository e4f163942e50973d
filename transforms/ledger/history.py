"""History: what each statement of a pledge does to it, and how far the pledge has come."""

import functools
import re
from collections.abc import Sequence

from schemas.ledger import Event, HistoryEntry, Statement, Status
from schemas.tags import Kind
from transforms.tagging.lexicon import read_table

_LADDER = (Status.PLEDGE, Status.COMMITMENT, Status.ALLOCATION, Status.DELIVERED)
# How strongly each kind binds: an offer that becomes an agreement is strengthened.
_BINDING = {Kind.PROPOSAL: 0, Kind.OFFER: 1, Kind.THREAT: 2, Kind.PLEDGE: 2, Kind.AGREEMENT: 3}
_ENDING = {Kind.WITHDRAWAL: Event.WITHDRAWN, Kind.REFUSAL: Event.REFUSED}
# Amounts that differ by less than this share are the same, rounded.
_ROUNDING = 0.05


@functools.cache
def _patterns() -> tuple[tuple[Status, str, re.Pattern[str]], ...]:
    rows = read_table("ledger_status")
    return tuple((Status(row["status"]), row["scope"], re.compile(row["pattern"], re.IGNORECASE)) for row in rows)


def status_of(statement: Statement) -> Status:
    """Say how far a pledge has come by the words of a statement; `lexicons/ledger_status.tsv` has them."""
    if statement.kind is Kind.WITHDRAWAL:
        return Status.WITHDRAWN
    found = Status.PLEDGE
    for status, scope, pattern in _patterns():
        text = statement.trigger if scope == "trigger" else statement.sentence
        if pattern.search(text) and _LADDER.index(status) > _LADDER.index(found):
            found = status
    return found


def tell_history(statements: Sequence[Statement]) -> tuple[HistoryEntry, ...]:
    """Tell the history of a pledge from its statements in order, the first of which opens it.

    What an article says of it again, and changes nothing, is left out: one entry an article, and each change.
    """
    entries: list[HistoryEntry] = []
    status = Status.PLEDGE
    seen: set[str] = set()
    for statement in statements:
        event = _event(statement, [entry.statement for entry in entries], status)
        if event is Event.RESTATED and statement.article_id in seen:
            continue
        status = _next_status(status, statement)
        seen.add(statement.article_id)
        entries.append(HistoryEntry(statement, event, status))
    return tuple(entries)


def _next_status(status: Status, statement: Statement) -> Status:
    stated = status_of(statement)
    # A pledge that is stated anew after it was withdrawn starts from what is stated.
    if Status.WITHDRAWN in (status, stated):
        return stated
    return max(status, stated, key=_LADDER.index)


def _event(statement: Statement, earlier: Sequence[Statement], status: Status) -> Event:
    if statement.kind in _ENDING:
        return _ENDING[statement.kind]
    standing = [before for before in earlier if before.kind not in _ENDING]
    if not standing:
        return Event.FIRST_STATED if not earlier else Event.STRENGTHENED
    change = _compare(standing[-1], statement, _last_amounts(standing)) or _climb(status, statement)
    return Event.STRENGTHENED if change > 0 else Event.WEAKENED if change < 0 else Event.RESTATED


def _climb(status: Status, statement: Statement) -> int:
    stated = status_of(statement)
    return int(status is not Status.WITHDRAWN and _LADDER.index(stated) > _LADDER.index(status))


def _last_amounts(statements: Sequence[Statement]) -> dict[str, float]:
    return next((_totals(before) for before in reversed(statements) if before.amounts), {})


def _totals(statement: Statement) -> dict[str, float]:
    totals: dict[str, float] = {}
    for amount in statement.amounts:
        totals[amount.unit] = totals.get(amount.unit, 0.0) + amount.value
    return totals


def _compare(before: Statement, now: Statement, amounts: dict[str, float]) -> int:
    """Say whether a statement is stronger (1), weaker (-1) or neither (0) than the one before it.

    By the first that tells: the amount in a unit that both have, a condition that is new, a kind that binds more, the
    due date. That a statement leaves something out is no change: whoever restates a pledge is brief.
    """
    totals = _totals(now)
    for unit in sorted(amounts.keys() & totals.keys()):
        if abs(totals[unit] - amounts[unit]) > _ROUNDING * max(abs(amounts[unit]), abs(totals[unit])):
            return 1 if totals[unit] > amounts[unit] else -1
    if now.condition and not before.condition:
        return -1
    if _BINDING[now.kind] > _BINDING[before.kind]:
        return 1
    if before.due_date and now.due_date and before.due_date != now.due_date:
        return 1 if now.due_date < before.due_date else -1
    return 0
