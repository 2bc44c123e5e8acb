"""The score that routes a turn: P(the large model does better), before any call and with the small answer
read.

Immutable; one is loaded at start-up, and a tenant's is the shipped one with that tenant's fit over it. It
keeps nothing of what it reads.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from agent.cascade.score import after, before
from agent.cascade.score.before import bounded, probability
from agent.cascade.score.ridge import Floats
from agent.cascade.score.threshold import USUAL_SHARE, Thresholds, cut
from agent.cascade.score.weights import Weights, load_weights
from agent.cascade.verify import Verdict
from agent.errors import ConfigError

TENANT_WIDTHS: Mapping[str, int] = {"before": len(before.FEATURES) + 2, "after": len(after.FEATURES) + 2}
"""A tenant's weights: an intercept, the weight of the shipped log odds, then one weight for each feature."""
BEFORE_CALL = 0.25
"""Of a share of written turns, what is spent before the call: the answer tells more."""
SUREST = 0.999

_NO_WEIGHTS: Mapping[str, Floats] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scorer:
    """`version`: of the features and the shipped weights; labels are only good for the version they were made
    with. `tenant`: float64 by "before" and "after", empty for the shipped score."""

    weights: Weights
    version: str
    tenant: Mapping[str, Floats]

    @classmethod
    def load(cls) -> "Scorer":
        """Raises: ConfigError if the weights are missing or of another version of the code."""
        return cls.of(load_weights())

    @classmethod
    def of(cls, weights: Weights) -> "Scorer":
        return cls(weights, weights.version, _NO_WEIGHTS)

    def with_tenant(self, weights: Mapping[str, Sequence[float]]) -> "Scorer":
        """The shipped score under a tenant's fit; replaces an earlier one.

        Raises: ConfigError that names a key, a length or a number that cannot be.
        """
        return replace(self, tenant={name: _tenant(name, values) for name, values in weights.items()})

    def features_before(self, question: str) -> tuple[float, ...]:
        """In the order of `before.FEATURES`, -4 to 4. They hold no word of the question."""
        return self.weights.before.features(question)

    def before(self, question: str) -> float:
        """0 to 1, strictly between, whatever the text."""
        return self.before_of(self.features_before(question))

    def before_of(self, features: Sequence[float]) -> float:
        """The score of features that `features_before` gave."""
        log_odds = self.weights.before.log_odds(tuple(features))
        return probability(self._of_tenant("before", log_odds, np.array(features)))

    def features_after(self, question: str, answer: str, verdict: Verdict) -> tuple[float, ...]:
        """In the order of `after.FEATURES`. One is the shipped score before the call."""
        weights = self.weights.before
        shipped = probability(weights.log_odds(weights.features(question)))
        return after.features(question, answer, verdict, shipped)

    def after(self, question: str, answer: str, verdict: Verdict) -> float:
        """0 to 1, with the small model's answer read."""
        return self.after_of(self.features_after(question, answer, verdict))

    def after_of(self, features: Sequence[float]) -> float:
        """The score of features that `features_after` gave."""
        row = np.array(features, dtype=np.float64)
        shipped = float(self.weights.after.predict(row[None, :])[0])
        if "after" not in self.tenant:
            return shipped
        return probability(self._of_tenant("after", log_odds_of(shipped), self.standardised_after(row)))

    def standardised_after(self, features: Floats) -> Floats:
        """float64 [.., k], -4 to 4: the scale on which a tenant's weights stand."""
        mean, deviation = self.weights.after_scale
        scaled: Floats = np.clip((features - mean) / deviation, -before.FARTHEST, before.FARTHEST)
        return scaled

    def thresholds_for(self, share: float | None = None) -> Thresholds:
        """Where about `share` of turns go to the large model, on questions like those of training; None is
        `USUAL_SHARE`.

        Raises: InvalidInput for a share that is not within 0 to 1.
        """
        share = USUAL_SHARE if share is None else share
        quantiles = self.weights.quantiles
        first = share * BEFORE_CALL if share < 1 else 1.0
        rest = (share - first) / (1 - first) if first < 1 else 1.0
        return Thresholds(
            voice=cut(quantiles["before"], share),
            text=cut(quantiles["before"], first),
            after=cut(quantiles["after"], rest),
        )

    def _of_tenant(self, name: str, log_odds: float, features: Floats) -> float:
        weights = self.tenant.get(name)
        if weights is None:
            return log_odds
        return bounded(float(weights[0] + weights[1] * log_odds + np.dot(weights[2:], features)))


def log_odds_of(likely: float) -> float:
    cut_off = min(max(likely, 1 - SUREST), SUREST)
    return math.log(cut_off / (1 - cut_off))


def _tenant(name: str, values: Sequence[float]) -> Floats:
    width = TENANT_WIDTHS.get(name)
    if width is None:
        raise ConfigError(f"a tenant has no weights {name!r}: only {' and '.join(TENANT_WIDTHS)}")
    weights = np.array(values, dtype=np.float64)
    if weights.shape != (width,) or not np.isfinite(weights).all():
        raise ConfigError(
            f"a tenant's weights {name!r} are {width} finite numbers, not {len(values)} as given"
        )
    return weights
