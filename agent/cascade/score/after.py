"""The score after the small model's answer: P(the large model does better), from what the checks found.

A ridge that is pulled to a prior instead of to nothing. The prior says in which direction each finding
points and about how much, from what the findings mean; so a hundred labels correct it rather than having to
discover it, and without any label it is already a score. Decided against: a logistic fit (no exact closed
form, and no better at this size) and trees (they learn the rows by heart).
"""

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
    "failed_checks": 0.3,
    "cut_off": 0.6,
    "arithmetic_wrong": 0.3,
    "no_result": 0.3,
    "result_unmarked": 0.15,
    "result_not_whole": 0.3,
    "result_not_positive": 0.2,
    "result_given": 0.15,
    "result_differs": 0.15,
    "left_out_of_result": 0.1,
    "from_nowhere": 0.1,
    "dead_ends": 0.1,
    "broken_steps": 0.1,
    "assumes": 0.1,
    "corrects_itself": 0.1,
    "unknowns": 0.1,
    "hedges": 0.05,
    "no_steps": 0.05,
    "before": 0.3,
}
"""What one unit of a finding adds to the probability, before any label."""

PENALTY = 60.0
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
        total = np.full(len(x), self.base)
        for column in range(x.shape[1]):  # one by one: BLAS would sum in an order of its own
            total += (x[:, column] - self.mean[column]) * self.weights[column]
        clipped: Floats = np.clip(total, 0.0, 1.0)
        return clipped

    def to_json(self) -> dict[str, Any]:
        names = [FEATURES, self.mean.tolist(), self.weights.tolist()]
        return {"base": self.base, "features": {n: [m, w] for n, m, w in zip(*names, strict=True)}}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "AfterModel":
        """Raises: ConfigError when it was fitted on other features."""
        if tuple(held["features"]) != FEATURES:
            raise ConfigError("the weights after the answer are of other features: run `make train` again")
        pairs = np.array(list(held["features"].values()), dtype=np.float64)
        return cls(float(held["base"]), pairs[:, 0], pairs[:, 1])


def prior() -> AfterModel:
    """The score without any label."""
    weights = np.array([PRIOR.get(name, 0.0) for name in FEATURES])
    return AfterModel(BASE, np.zeros(len(FEATURES)), weights)


def fit(x: Floats, y: Floats, penalty: float = PENALTY) -> AfterModel:
    """Fits P(strong fixes it). x: float64 [n, k] in the order of `FEATURES`; y: float64 [n], 0 to 1."""
    mean = ridge.rounded(x.mean(axis=0))
    scale = x.std(axis=0)
    scale = ridge.rounded(np.where(scale > 1e-9, scale, 1.0))
    expected = prior().weights
    centred = AfterModel(0.0, mean, expected)
    pulled = np.zeros(len(x))
    for column in range(x.shape[1]):
        pulled += (x[:, column] - centred.mean[column]) * expected[column]
    linear = ridge.fit((x - mean) / scale, y - pulled, penalty)
    return AfterModel(linear.intercept, mean, ridge.rounded(expected + linear.weights / scale))


__all__ = ["FEATURES", "PRIOR", "AfterModel", "features", "fit", "prior"]
