"""Logistic regression with a ridge, by Newton's method: small, and the same bytes for the same rows."""

import dataclasses
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BIAS = "bias"
_STEPS = 60
_SETTLED = 1e-8


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """A row to learn from: its features, whether it is right, and the document that splits keep whole."""

    features: frozenset[str]
    is_right: bool
    document: str


def fit(examples: Sequence[Example], *, penalty: float, least: int) -> dict[str, float]:
    """Fit a weight for each feature that at least `least` examples have; all are drawn to 0 but the bias."""
    counts = Counter(feature for example in examples for feature in example.features)
    names = [BIAS, *sorted(name for name, count in counts.items() if count >= least and name != BIAS)]
    matrix = _matrix(examples, {name: place for place, name in enumerate(names)})
    right = np.array([example.is_right for example in examples], dtype=float)
    ridge = np.full(len(names), penalty)
    ridge[0] = 1e-6
    weights = np.zeros(len(names))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (chance - right) + ridge * weights
        bend = (matrix * (chance * (1 - chance))[:, None]).T @ matrix + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < _SETTLED:
            break
    return dict(zip(names, map(float, weights), strict=True))


def _matrix(examples: Sequence[Example], places: dict[str, int]) -> NDArray[np.float64]:
    matrix = np.zeros((len(examples), len(places)))
    for row, example in enumerate(examples):
        for feature in example.features:
            if feature in places:
                matrix[row, places[feature]] = 1
    return matrix


def chance(weights: dict[str, float], features: frozenset[str]) -> float:
    """Give the chance that a row with these features is right."""
    return float(1 / (1 + np.exp(-sum(weights.get(feature, 0.0) for feature in sorted(features)))))
