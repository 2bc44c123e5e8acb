"""The score after the small model's answer: P(the large model does better), from what the checks found.

A ridge that is pulled to a prior instead of to nothing. The prior says in which direction each finding
points and about how much, from what the findings mean; so a hundred labels correct it rather than having to
discover it, and without any label it is already a score. Decided against: a logistic fit (no exact closed
form, and no better at this size) and trees (they learn the rows by heart).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.cascade.score import ridge
from agent.cascade.verify import ANSWER_FEATURES, Verdict
from agent.errors import ConfigError

Floats = NDArray[np.float64]

FEATURES: tuple[str, ...] = (*ANSWER_FEATURES, "before")
"""In the order of the columns: the answer's features, then the score before the call."""

PRIOR: Mapping[str, float] = {
    "failed_checks": 0.4,
    "cut_off": 0.5,
    "arithmetic_wrong": 0.3,
    "algebra_wrong": 0.4,
    "no_result": 0.3,
    "result_not_whole": 0.3,
    "result_not_positive": 0.2,
    "result_given": 0.1,
    "result_not_last": 0.3,
    "left_out": 0.05,
    "from_nowhere": 0.1,
    "doubled": 0.1,
    "dead_ends": 0.05,
    "broken_steps": 0.1,
    "negative_steps": 0.1,
    "too_few_operations": 0.1,
    "misses_operation": 0.1,
    "assumes": 0.1,
    "corrects_itself": 0.1,
    "unknowns": 0.1,
    "hedges": 0.05,
    "no_steps": 0.1,
    "few_steps": 0.15,
    "short": 0.05,
    "unmentioned": 0.2,
    "comparisons": 0.02,
    "question_words": 0.05,
    "before": 0.3,
}
"""What one unit of a finding adds to the probability, before any label."""

TYPICAL: Mapping[str, float] = {"before": 0.3}
"""What is usual of the one feature for which 0 says something."""

PENALTY = 3000.0
"""By repeated cross-validation on 200 labels: from here up it hardly matters, below it labels mislead."""

SUM_PENALTY = 5.0
BASE = 0.25
"""The share of answers that a large model betters where nothing is known."""


def features(question: str, answer: str, verdict: Verdict, before: float) -> tuple[float, ...]:
    """In the order of `FEATURES`. The verdict has read question and answer already."""
    return (*verdict.features, before)


@dataclass(frozen=True, slots=True)
class AfterModel:
    """`base` is the value at `mean`; weights float64 [k] per unit of a feature."""

    base: float
    mean: Floats
    weights: Floats

    def predict(self, x: Floats) -> Floats:
        """x: float64 [n, k] in the order of `FEATURES`; returns float64 [n], 0 to 1."""
        total = self.base + _weighted(x - self.mean, self.weights)
        squashed: Floats = 1.0 / (1.0 + np.exp(-4.0 * (total - 0.5)))  # near `total`, without ties at 0 and 1
        return squashed

    def to_json(self) -> dict[str, Any]:
        pairs = zip(self.mean.tolist(), self.weights.tolist(), strict=True)
        return {"base": self.base, "features": dict(zip(FEATURES, map(list, pairs), strict=True))}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "AfterModel":
        """Raises: ConfigError when it was fitted on other features."""
        if tuple(held["features"]) != FEATURES:
            raise ConfigError("the weights after the answer are of other features: run `make train` again")
        pairs = np.array(list(held["features"].values()), dtype=np.float64)
        return cls(float(held["base"]), pairs[:, 0], pairs[:, 1])


def prior() -> AfterModel:
    """The score without any label."""
    return AfterModel(BASE, _column(TYPICAL), _column(PRIOR))


def fit(x: Floats, y: Floats, penalty: float = PENALTY) -> AfterModel:
    """Fits P(strong fixes it). x: float64 [n, k] in the order of `FEATURES`; y: float64 [n], 0 to 1.

    One column more holds the prior's sum and is hardly penalised, so labels first set how far the prior is
    believed, then move single features, by `penalty` each.
    """
    mean, scale = ridge.rounded(x.mean(axis=0)), _scale(x)
    expected = _column(PRIOR)
    believed = ridge.rounded(_weighted(x - mean, expected), 4)
    spread = float(_scale(believed[:, None])[0])
    lift = math.sqrt(penalty / SUM_PENALTY)
    columns = np.column_stack([believed / spread * lift, (x - mean) / scale])
    linear = ridge.fit(columns, y, penalty)
    weights = linear.weights[0] * lift / spread * expected + linear.weights[1:] / scale
    weights = np.where(np.ptp(x, axis=0) > 0, weights, expected)  # never seen here: the prior stands
    return AfterModel(linear.intercept, mean, ridge.rounded(weights))


def _column(values: Mapping[str, float]) -> Floats:
    return np.array([values.get(name, 0.0) for name in FEATURES])


def _scale(x: Floats) -> Floats:
    spread = x.std(axis=0)
    return ridge.rounded(np.where(spread > 1e-9, spread, 1.0))


def _weighted(x: Floats, weights: Floats) -> Floats:
    """The weighted sum of each row, column by column: BLAS would add in an order of its own."""
    total = np.zeros(len(x))
    for column in range(x.shape[1]):
        total += x[:, column] * weights[column]
    return total


__all__ = ["FEATURES", "PRIOR", "AfterModel", "features", "fit", "prior"]
