"""A tenant's own score, fitted over the shipped one from labels of its own turns. It reads features,
never words.

The fit is a ridge on top of the shipped log odds: few labels change little. It is taken only where it
orders turns clearly better in cross-validation than the shipped score does, else that score stays. Labels
the shipped weights were trained on already are left out: the shipped score looks too good on them, and
they would teach nothing new. Runs off the request path; a thousand labels take a few seconds. Nothing
here is random.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.cascade.replay.curve import order_rows
from agent.cascade.replay.metrics import apgr, intervals
from agent.cascade.score import after, before, ridge
from agent.cascade.score.before import probability
from agent.cascade.score.fitting import calibrated, folds
from agent.cascade.score.ridge import Floats
from agent.cascade.score.scorer import Scorer, log_odds_of
from agent.cascade.score.threshold import quantiles
from agent.cascade.score.weights import fingerprint
from agent.errors import InvalidInput

MIN_LABELS = 100
PENALTIES = (100.0, 1_000.0)
"""Per weight of a feature, beside deviations of 1."""
FOLDS = 10
CLEARLY = 0.01
"""By how much APGR must be better: about what choosing among so few fits gains by chance."""
LEAST_GAP = 0.02
"""Below it there is next to nothing to gain, and a share of it has no meaning."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """`before`, `after`: features as the scorer gave them; `after` is empty where no answer was read.
    Qualities are 0 to 1."""

    before: tuple[float, ...]
    after: tuple[float, ...]
    quality_small: float
    quality_large: float


@dataclass(frozen=True, slots=True)
class Judged:
    """APGR in cross-validation, its 95 % interval over the labels, and the shipped score's on the same."""

    apgr: float
    low: float
    high: float
    base: float


@dataclass(frozen=True, slots=True)
class TenantFit:
    """`weights`: for `Scorer.with_tenant`; empty where the shipped score stays. `n`: labels it was given.

    `apgr_cv`: with the answer read where enough labels have it, else before the call; None where the large
    model is no better on these labels. `quantiles`: of the scores of the labels, by stage.
    """

    weights: Mapping[str, list[float]]
    apgr_cv: Judged | None
    n: int
    quantiles: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class _Stage:
    """x: float64 [n, k] features that may be weighed anew; base: float64 [n] shipped log odds."""

    x: Floats
    base: Floats
    small: Floats
    large: Floats


def fit_tenant(labels: Sequence[Labelled], base: Scorer) -> TenantFit | None:
    """None below 100 labels.

    The order of the labels does not matter.

    Raises: InvalidInput for features of another version of the scorer.
    """
    if len(labels) < MIN_LABELS:
        return None
    shipped = Scorer.of(base.weights)
    ordered = sorted(
        labels, key=lambda label: (label.before, label.after, label.quality_large, label.quality_small)
    )
    _check_widths(ordered)
    unseen = [label for label in ordered if fingerprint(label.before) not in base.weights.seen]
    weights: dict[str, list[float]] = {}
    scores: dict[str, tuple[float, ...]] = {}
    judged = None
    for name in ("before", "after"):
        stage = _stage(name, unseen, shipped)
        known = _stage(name, ordered, shipped).base
        if len(stage.base) >= MIN_LABELS:
            found, judged_here, unseen_log_odds = _fit(stage)
            judged = judged_here or judged
            if found is not None:
                weights[name], known = found, unseen_log_odds
        scores[name] = quantiles([probability(value) for value in known.tolist()])
    return TenantFit(weights, judged, len(labels), scores)


def _check_widths(labels: Sequence[Labelled]) -> None:
    for name, known, usual in (
        ("before", len(before.FEATURES), {len(before.FEATURES)}),
        ("after", len(after.FEATURES), {len(after.FEATURES), 0}),
    ):
        odd = {len(getattr(label, name)) for label in labels} - usual
        if odd:
            raise InvalidInput(
                f"labels have {min(odd)} features {name} the answer and the scorer computes {known}: they "
                "were made by another version of it",
                field=name,
            )


def _stage(name: str, labels: Sequence[Labelled], shipped: Scorer) -> _Stage:
    if name == "after":
        labels = [label for label in labels if label.after]
    small = np.array([label.quality_small for label in labels])
    large = np.array([label.quality_large for label in labels])
    if name == "before":
        rows = np.array([label.before for label in labels]).reshape(-1, len(before.FEATURES))
        base = [shipped.weights.before.log_odds(label.before) for label in labels]
        return _Stage(rows * _WEIGHED, np.array(base), small, large)
    rows = np.array([label.after for label in labels]).reshape(-1, len(after.FEATURES))
    base = [log_odds_of(shipped.after_of(label.after)) for label in labels]
    return _Stage(shipped.standardised_after(rows), np.array(base), small, large)


_WEIGHED = np.array([0.0 if name.startswith("choice_by_") else 1.0 for name in before.FEATURES])
"""What is read from words is in the shipped log odds already."""


def _fit(stage: _Stage) -> tuple[list[float] | None, Judged | None, Floats]:
    """A tenant's weights or None to stay with the shipped; its APGR; the log odds where it was not fitted."""
    gap = stage.large - stage.small
    if gap.mean() < LEAST_GAP:
        return None, None, stage.base
    kept = apgr(stage.small, stage.large, stage.base)
    tried = [(_unseen(stage, gap, penalty), penalty) for penalty in PENALTIES]
    scores, penalty = max(tried, key=lambda each: apgr(stage.small, stage.large, each[0]))
    if not _clearly_better(scores, stage.base, gap):
        return None, _judged(stage, stage.base, kept), stage.base
    slope, intercept = calibrated(scores, (gap > 0).astype(np.float64))
    linear = ridge.fit(_columns(stage), gap, penalty)
    own = [intercept + slope * linear.intercept, slope * linear.weights[0] * _BASE_SCALE]
    weights = [float(weight) for weight in (*own, *(slope * linear.weights[1:]))]
    return weights, _judged(stage, scores, kept), slope * scores + intercept


def _clearly_better(scores: Floats, base: Floats, gap: Floats) -> bool:
    """Whether APGR rises by CLEARLY and by a standard error: it is the mean gap by the place in the order."""
    gains = gap * (_places(base) - _places(scores)) / gap.mean()
    return float(gains.mean()) > max(CLEARLY, float(gains.std()) / math.sqrt(len(gains)))


def _places(scores: Floats) -> Floats:
    """0 to 1 from the highest score down; equal scores share a place."""
    _, groups, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    middles: Floats = (np.cumsum(counts) - counts / 2) / len(scores)
    return middles[groups]


_BASE_SCALE = 10.0
"""The shipped log odds are a column ten times as large as the others: its weight is hardly pulled to 0."""


def _columns(stage: _Stage) -> Floats:
    return np.column_stack([stage.base * _BASE_SCALE, stage.x])


def _unseen(stage: _Stage, gap: Floats, penalty: float) -> Floats:
    x, scores = _columns(stage), np.zeros(len(gap))
    for part in folds(len(gap), FOLDS):
        others = np.setdiff1d(np.arange(len(gap)), part)
        scores[part] = ridge.fit(x[others], gap[others], penalty).predict(x[part])
    return scores


def _judged(stage: _Stage, scores: Floats, base: float) -> Judged:
    reached = apgr(stage.small, stage.large, scores)
    interval = intervals(order_rows(stage.small, stage.large, scores))["apgr"]
    low, high = (interval.low, interval.high) if interval is not None else (reached, reached)
    return Judged(reached, low, high, base)
