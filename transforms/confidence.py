"""How likely a row is right: a logistic sum of what speaks for and against it."""

import math

from schemas.tags import ActorType, Kind
from transforms.candidate import Candidate
from transforms.roles import Roles


def estimate_confidence(candidate: Candidate, kind: Kind, roles: Roles) -> float:
    """Estimate the confidence of a row, in [0, 1], to three decimals."""
    score = 1.0
    score += 0.6 if not candidate.entry_id.startswith("g:") else 0.0
    score -= 0.8 if candidate.rule.endswith("passive") else 0.0
    score -= 0.5 if all(actor.type is ActorType.GROUP for actor in roles.actors) else 0.0
    return round(1 / (1 + math.exp(-score)), 3)
