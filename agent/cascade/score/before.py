"""The score before any call, from the question alone: P(the large model does better).

A question has features of its kind (`question.Kind`) and zeros for the others'; one weight each gives the
log odds. The features are standardised, so a tenant's own fit may weigh them anew without the words they
came from. Nothing of the format of the training sets reaches free questions, which is what a meeting is
made of.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.cascade.score import choice, experts, free, sums
from agent.cascade.score.experts import Experts
from agent.cascade.score.question import KINDS, Kind, Question, read
from agent.cascade.score.ridge import Floats

FEATURES: tuple[str, ...] = (
    *(f"is_{kind}" for kind in KINDS),
    *(f"choice_{name}" for name in (*choice.FEATURES, *experts.FEATURES)),
    *(f"sums_{name}" for name in sums.FEATURES),
    *(f"free_{name}" for name in free.FEATURES),
)
FARTHEST = 4.0
"""Standardised features are cut here, so that no odd text can outweigh everything else."""
MOST_LOG_ODDS = 3.0

_OF_KIND = {"choice": choice.features, "sums": sums.features, "free": free.features}
_FIRST = {
    "choice": len(KINDS),
    "sums": len(KINDS) + len(choice.FEATURES) + len(experts.FEATURES),
    "free": len(FEATURES) - len(free.FEATURES),
}


@dataclass(frozen=True, slots=True)
class BeforeModel:
    """`mean`, `deviation`, `weights`: float64 [features], in the order of FEATURES."""

    mean: Floats
    deviation: Floats
    weights: Floats
    experts: Experts

    def features(self, question: str) -> tuple[float, ...]:
        """In the order of FEATURES, -4 to 4; what belongs to another kind is 0."""
        asked = read(question)
        kind = asked.kind
        own = self.standardised(kind, raw_features(asked, kind))
        row = np.zeros(len(FEATURES))
        row[KINDS.index(kind)] = 1.0
        row[_FIRST[kind] : _FIRST[kind] + len(own)] = own
        if kind == "choice":
            first = _FIRST["choice"] + len(own)
            read_by = self.experts.read(asked, own)
            row[first : first + len(read_by)] = np.clip(read_by, -FARTHEST, FARTHEST)
        return tuple(row.tolist())

    def standardised(self, kind: Kind, raw: Floats) -> Floats:
        """raw: float64 [features of the kind], as its module gives them."""
        own = slice(_FIRST[kind], _FIRST[kind] + len(raw))
        return np.clip((raw - self.mean[own]) / self.deviation[own], -FARTHEST, FARTHEST)

    def log_odds(self, features: tuple[float, ...]) -> float:
        """Within -3 to 3, so that a probability stays away from certainty whatever the text."""
        return bounded(float(np.dot(features, self.weights)))

    def to_json(self) -> dict[str, Any]:
        columns = zip(FEATURES, self.mean, self.deviation, self.weights, strict=True)
        return {
            "features": {name: [float(m), float(d), float(w)] for name, m, d, w in columns},
            "experts": self.experts.to_json(),
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "BeforeModel":
        columns = np.array(list(held["features"].values()), dtype=np.float64)
        return cls(columns[:, 0], columns[:, 1], columns[:, 2], Experts.from_json(held["experts"]))


def columns_of(kind: Kind) -> slice:
    """Where the features of a kind's own module stand in FEATURES."""
    width = {"choice": len(choice.FEATURES), "sums": len(sums.FEATURES), "free": len(free.FEATURES)}[kind]
    return slice(_FIRST[kind], _FIRST[kind] + width)


def raw_features(question: Question, kind: Kind) -> Floats:
    """float64 [features of the kind], not standardised."""
    return np.array(_OF_KIND[kind](question), dtype=np.float64)


def bounded(log_odds: float) -> float:
    """Rises with it, within -3 to 3, without making two scores equal."""
    return MOST_LOG_ODDS * math.tanh(log_odds / MOST_LOG_ODDS)


def probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))
