"""Likeness: how much two statements of one actor speak of the same act, by rules that can be read off."""

import dataclasses
import re

from schemas.ledger import Statement
from schemas.tags import Actor, ActorType, Domain, Kind
from transforms.ledger.words import Weights, content_words, names_by_id

# Days. A pledge that nobody spoke of for longer is another one when it is stated again.
WINDOW_DAYS = 1_100
# A pair of statements with at least this likeness is of one pledge; set on the pairs of benchmarks/ledger.
THRESHOLD = 0.46
# What the same amount in both adds, and what different amounts of one unit take away: another tranche is another act.
_SAME_AMOUNT = 0.2
_OTHER_AMOUNT = 0.25
# What a party beside the actor that both name adds, and what it takes away where they name none in common.
_SAME_PARTY = 0.15
_OTHER_PARTY = 0.6
# What it takes away that only one of them names a party.
_ONE_PARTY = 0.2
# What different fields of policy take away.
_OTHER_DOMAIN = 0.1

# An act of which there is one after the other; two within a few days, or of the same amount, are the same one.
_TRANCHE = re.compile(
    r"(?i)\b(?:another|new|additional|further|next|\w+th|second|third|\w+-\w+th) (?:[\w-]+ ){0,4}"
    r"(?:package|tranche|round|instal?lment|batch|shipment|consignment)s?\b"
)
_SAME_TRANCHE_DAYS = 3

# Kinds that can speak of one act: a refusal or a withdrawal can end what was pledged; a threat stands alone.
_FAMILIES = {
    Kind.PLEDGE: "act",
    Kind.OFFER: "act",
    Kind.AGREEMENT: "act",
    Kind.PROPOSAL: "act",
    Kind.REFUSAL: "act",
    Kind.WITHDRAWAL: "act",
    Kind.THREAT: "threat",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """A statement with what it is compared by: the words of its act, the parties beside its lead actor, its amounts.

    `partners` are those who are bound together with the lead actor; they are among the parties.
    A person stands for the state that he or she speaks for; nameless groups ("the people") stand for nobody. `names`
    are the words of all parties' names.
    """

    statement: Statement
    words: frozenset[str]
    names: frozenset[str]
    partners: frozenset[str]
    parties: frozenset[str]
    amounts: frozenset[tuple[str, float]]
    is_tranche: bool


def subject_of(statement: Statement) -> Subject:
    """Make of a statement what is compared."""
    everybody = [a for a in (*statement.actors, *statement.counterparties) if a.type is not ActorType.GROUP]
    lead = _party(statement.actors[0])
    return Subject(
        statement=statement,
        words=content_words(statement.action) - content_words(" ".join(a.surface for a in statement.amounts)),
        names=frozenset().union(*map(_names, everybody)),
        partners=frozenset({_party(a) for a in statement.actors if a.type is not ActorType.GROUP} - {lead}),
        parties=frozenset({_party(actor) for actor in everybody} - {lead}),
        amounts=frozenset((amount.unit, amount.value) for amount in statement.amounts),
        is_tranche=_TRANCHE.search(statement.action) is not None,
    )


def _names(actor: Actor) -> frozenset[str]:
    return content_words(f"{actor.name} {names_by_id().get(_party(actor), '')}".replace("|", " "))


def _party(actor: Actor) -> str:
    stands_for_state = actor.country and actor.type in (ActorType.STATE, ActorType.PERSON)
    return f"state:{actor.country}" if stands_for_state else actor.actor_id


def family_of(statement: Statement) -> str:
    """Name the family of a statement's kind: only statements of one family can be of one pledge."""
    return _FAMILIES[statement.kind]


def likeness(one: Subject, other: Subject, weights: Weights) -> float:
    """Say how much two statements of one actor are alike, from 0; `THRESHOLD` is where they are of one pledge.

    The overlap of the words of their acts decides, names of parties left out; a party in common and the same amount
    speak for, other parties, another amount of the same unit and another domain against. Kinds of different families
    rule it out; so do one sentence that holds both (two triggers are two acts), other partners (what one agrees with
    each of two is two acts) and a tranche ("another package"), which is an act of its own each time.
    """
    if family_of(one.statement) != family_of(other.statement) or _are_tranches(one, other):
        return 0.0
    if _are_in_one_sentence(one.statement, other.statement):
        return 0.0
    if one.partners and other.partners and not one.partners & other.partners:
        return 0.0
    names = one.names | other.names
    score = weights.overlap(one.words - names, other.words - names, is_aimed_alike=_share_party(one, other))
    if _share_party(one, other):
        score += _SAME_PARTY
    elif one.parties and other.parties:
        score -= _OTHER_PARTY
    elif one.parties or other.parties:
        score -= _ONE_PARTY
    if one.amounts & other.amounts:
        score += _SAME_AMOUNT
    elif {unit for unit, _ in one.amounts} & {unit for unit, _ in other.amounts}:
        score -= _OTHER_AMOUNT
    domains = {one.statement.domain, other.statement.domain}
    if len(domains) > 1 and Domain.OTHER.value not in domains:
        score -= _OTHER_DOMAIN
    return max(score, 0.0)


def _are_in_one_sentence(one: Statement, other: Statement) -> bool:
    return one.article_id == other.article_id and one.sentence == other.sentence


def _share_party(one: Subject, other: Subject) -> bool:
    """Say whether both name a party in common; it may stand in the act of one and be a counterparty of the other."""
    if one.parties & other.parties:
        return True
    return any(
        not mine.parties <= theirs.parties and not theirs.parties and mine.names & theirs.words - theirs.names
        for mine, theirs in ((one, other), (other, one))
    )


def _are_tranches(one: Subject, other: Subject) -> bool:
    days = [subject.statement.day for subject in (one, other)]
    apart = None in days or abs((days[0] - days[1]).days) > _SAME_TRANCHE_DAYS  # type: ignore[operator]
    return (one.is_tranche or other.is_tranche) and apart and not one.amounts & other.amounts
