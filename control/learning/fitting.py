"""Whether a fit on a tenant's labels is worth taking: judged on labels that nothing it is compared with saw.

CPU-bound, and without a database: rows come in, a proposal goes out. `fit_tenant` sets a fit against the
shipped score by cross-validation. A version in use is seen too favourably on labels that it was made of, so a
fit is set against it on those that came later, each scored by a fit that did not see it either. Where the two
cannot be told apart the new one is taken: it has seen more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from agent.cascade.replay.metrics import apgr
from agent.cascade.score.learn import MIN_LABELS, Labelled, fit_tenant
from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import quantiles
from agent.errors import InvalidInput
from control.store.labels import StoredLabel
from control.store.routers import Fit, Quality, Router

MOST_LABELS: Final = 2_000
"""The newest; what people ask changes, and a fit takes time."""
REFIT_LABELS: Final = 20
"""New ones since the last fit that make another worth while."""
LEAST_UNSEEN: Final = 50
TELLING: Final = 0.01
"""Less APGR than this is no difference between two fits of one kind."""
MOST_FOLDS, FEWEST_FOLDS = 10, 5

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Proposal:
    """`challenger`, `incumbent`: APGR of the fit and of the score in use, on the same labels; None where the
    large model is no better on these, so that nothing can be told.
    """

    fit: Fit
    challenger: float | None
    incumbent: float | None

    @property
    def is_taken(self) -> bool:
        if self.challenger is None or self.incumbent is None:
            return False
        return self.challenger >= self.incumbent - TELLING


def propose(labels: Sequence[StoredLabel], base: Scorer, active: Router | None) -> Proposal | None:
    """None below `MIN_LABELS`. `active`: the version in use, None for the shipped score.

    Raises: InvalidInput for features of another length than the scorer's.
    """
    rows = [Labelled(each.before, each.after, each.quality_small, each.quality_large) for each in labels]
    found = fit_tenant(rows, base)
    if found is None:
        return None
    judged = found.apgr_cv
    quality = None if judged is None else Quality(judged.apgr, judged.low, judged.high, judged.base)
    weights = {name: tuple(values) for name, values in found.weights.items()}
    fit = Fit(base.version, weights, _quantiles(rows, base.with_tenant(weights)), found.n, quality)
    if quality is None:
        return Proposal(fit, None, None)
    if active is None or not active.fit.weights or active.fit.features_version != base.version:
        return Proposal(fit, quality.apgr, quality.base)
    return Proposal(fit, *_compare(labels, rows, base, active))


def _quantiles(rows: Sequence[Labelled], scorer: Scorer) -> dict[str, tuple[float, ...]]:
    """Of the scores that jobs will see: of the fit as a whole, whose folds are on scales of their own."""
    return {
        "before": quantiles([scorer.before_of(row.before) for row in rows]),
        "after": quantiles([scorer.after_of(row.after) for row in rows if row.after]),
    }


def _compare(
    labels: Sequence[StoredLabel], rows: Sequence[Labelled], base: Scorer, active: Router
) -> tuple[float | None, float | None]:
    """APGR of fits like this one, and of the version in use, on the labels that came after that; on all of
    them while those are few, which favours the version in use.
    """
    later = [place for place, label in enumerate(labels) if label.at > active.created_at]
    places = later if len(later) >= LEAST_UNSEEN else list(range(len(rows)))
    judged = [rows[place] for place in places]
    unseen = _unseen_scores(rows, base)
    if unseen is None:
        return None, None
    return _apgr(judged, unseen[places]), _apgr(judged, _scores(judged, base.with_tenant(active.fit.weights)))


def _unseen_scores(rows: Sequence[Labelled], base: Scorer) -> Scores | None:
    """Of each row by a fit on the others, fold by fold; None where a fold would leave too few to fit on."""
    spare = len(rows) - MIN_LABELS
    folds = max(FEWEST_FOLDS, -(-len(rows) // spare)) if spare > 0 else MOST_FOLDS + 1
    if folds > MOST_FOLDS:
        return None
    scores = np.zeros(len(rows))
    for fold in range(folds):
        fit = fit_tenant([row for place, row in enumerate(rows) if place % folds != fold], base)
        if fit is None:
            return None
        scores[fold::folds] = _scores(rows[fold::folds], base.with_tenant(fit.weights))
    return scores


def _scores(rows: Sequence[Labelled], scorer: Scorer) -> Scores:
    """As the cascade scores them: by the answer where one was read, else by the question."""
    return np.array([scorer.after_of(r.after) if r.after else scorer.before_of(r.before) for r in rows])


def _apgr(rows: Sequence[Labelled], scores: Scores) -> float | None:
    try:
        return apgr([row.quality_small for row in rows], [row.quality_large for row in rows], scores)
    except InvalidInput:  # no gap, or fewer than two
        return None
