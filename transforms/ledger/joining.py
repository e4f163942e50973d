"""Joining: the statements of one actor, sorted into pledges."""

import collections
import datetime
from collections.abc import Iterable, Iterator

from schemas.ledger import Pledge, Statement
from transforms.ledger.history import tell_history
from transforms.ledger.likeness import THRESHOLD, WINDOW_DAYS, Subject, likeness, subject_of
from transforms.ledger.words import Weights

# Of a pledge's statements this many, the newest and the first, are compared with a new one.
_COMPARED = 7
# How much of a statement's likeness to a pledge is that to its likest statement, and not the mean of all compared.
_NEAREST = 0.7
# A word that more statements of the actor have does not lead to candidates: they would be nearly all.
_TELLING = 300


def lead_actor(statement: Statement) -> str:
    """Give the id of the actor whose statements are compared: of joint ones, the first that is named."""
    return statement.actors[0].actor_id


def join_statements(statements: Iterable[Statement]) -> Iterator[Pledge]:
    """Sort the statements of one lead actor into pledges, in order of their first statements.

    The same commitment twice (an article in two files for a moment) counts once. The order in which statements come
    does not count.
    """
    for group in group_statements(statements):
        yield Pledge(tell_history(group))


def group_statements(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Sort the statements of one lead actor by pledge, each group in order."""
    ordered = sorted({statement.commitment_id: statement for statement in statements}.values(), key=_order)
    subjects = [subject_of(statement) for statement in ordered]
    weights = Weights(subject.words for subject in subjects)
    groups: list[list[Subject]] = []
    by_word: dict[str, set[int]] = collections.defaultdict(set)
    for subject in subjects:
        number = _best_group(subject, groups, by_word, weights)
        if number is None:
            number = len(groups)
            groups.append([])
        groups[number].append(subject)
        for word in subject.words:
            by_word[word].add(number)
    for group in groups:
        yield [subject.statement for subject in group]


def _order(statement: Statement) -> tuple[datetime.date, str, str, int]:
    return statement.order


def _best_group(
    subject: Subject, groups: list[list[Subject]], by_word: dict[str, set[int]], weights: Weights
) -> int | None:
    """Find the pledge that a statement is most like, if it is enough; the earlier of two that are as like."""
    telling = [word for word in subject.words if weights.is_rare(word, _TELLING)]
    numbers = {number for word in telling or subject.words for number in by_word.get(word, ())}
    best, found = THRESHOLD, None
    for number in sorted(numbers):
        score = _likeness_to_group(subject, groups[number], weights)
        if score > best or (score == best and found is None):
            best, found = score, number
    return found


def _likeness_to_group(subject: Subject, group: list[Subject], weights: Weights) -> float:
    if not _within_window(group[-1].statement.day, subject.statement.day):
        return 0.0
    compared = {other.statement.commitment_id: other for other in (group[0], *group[-_COMPARED:])}
    scores = [likeness(subject, other, weights) for other in compared.values()]
    # The likest decides for the most part; the mean keeps a pledge from drifting from one act to another.
    return _NEAREST * max(scores) + (1 - _NEAREST) * sum(scores) / len(scores)


def _within_window(before: datetime.date | None, now: datetime.date | None) -> bool:
    return before is None or now is None or (now - before).days <= WINDOW_DAYS
