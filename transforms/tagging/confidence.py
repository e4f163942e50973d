"""How likely a row is right: a logistic sum of what speaks for and against it."""

import functools
import math

from schemas.tags import Commitment
from transforms.tagging.candidate import Candidate
from transforms.tagging.features import row_features
from transforms.tagging.lexicon import read_table

_THRESHOLD = "threshold"


def estimate_confidence(candidate: Candidate, row: Commitment) -> float:
    """Estimate the confidence of a row, in [0, 1], to three decimals; weights in `confidence.tsv`."""
    weights = _weights()
    score = math.fsum(weights.get(feature, 0.0) for feature in set(row_features(candidate, row)))
    return round(1 / (1 + math.exp(-score)), 3)


def least_confidence() -> float:
    """Give the confidence below which a row costs more than it brings (docs/accuracy.md)."""
    return _weights()[_THRESHOLD]


@functools.cache
def _weights() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in read_table("confidence")}
