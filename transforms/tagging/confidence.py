"""How likely a row is right: a logistic sum of what speaks for and against it."""

import functools
import math
from collections.abc import Iterator

from schemas.tags import ActorType, Kind
from transforms.tagging.candidate import Candidate
from transforms.tagging.lexicon import read_table
from transforms.tagging.places import quotation
from transforms.tagging.roles import Roles

# Tokens. Longer sentences are parsed worse.
_LONG_SENTENCE = 45


def estimate_confidence(candidate: Candidate, kind: Kind, roles: Roles) -> float:
    """Estimate the confidence of a row, in [0, 1], to three decimals; weights in `confidence.tsv`."""
    weights = _weights()
    score = sum(weights.get(feature, 0.0) for feature in features(candidate, kind, roles))
    return round(1 / (1 + math.exp(-score)), 3)


def features(candidate: Candidate, kind: Kind, roles: Roles) -> Iterator[str]:
    """Yield the names of the features that a row has."""
    yield "bias"
    yield (
        f"rule:{candidate.rule}" if candidate.entry_id.startswith("g:") else f"rule:{candidate.rule.partition('-')[0]}"
    )
    yield f"kind:{kind}"
    if all(actor.type is ActorType.GROUP for actor in roles.actors):
        yield "actors:nameless"
    if roles.counterparties:
        yield "counterparties"
    if roles.speaker is not None:
        yield "speaker"
    if quotation(candidate.anchor) is not None:
        yield "quoted"
    if len(candidate.anchor.sent) > _LONG_SENTENCE:
        yield "sentence:long"


@functools.cache
def _weights() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in read_table("confidence")}
