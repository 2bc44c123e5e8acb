"""What is kept of the rows while they are read: numbers, so that a long file fits into memory."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.cascade.decide import Decider
from agent.cascade.replay.curve import Array
from agent.cascade.replay.lane import decide, only_tier
from agent.cascade.replay.recorded import Recorded
from agent.cascade.replay.scoring import Policy

NONE = float("nan")
PLACES = {None: 0.0, "large": 1.0, "small": -1.0}
"""Where a row stands that only one tier can answer: before or behind all that are scored."""


@dataclass(frozen=True, slots=True)
class Columns:
    """float64 or bool [n] each; NaN is none. `goes_large`: 1 or 0, by the policy's own thresholds.

    `too_long`: rows that no model of the preset can take, which are not among the n.
    """

    weak: Array
    strong: Array
    score: Array
    small_first: npt.NDArray[np.bool_]
    goes_large: Array
    unread: npt.NDArray[np.bool_]
    cost_weak: Array
    cost_strong: Array
    too_long: int


def score_rows(rows: Iterable[Recorded], policy: Policy, decider: Decider) -> Columns:
    """Each row decided and scored. Raises: InvalidInput, from the rows as well."""
    numbers, too_long = [], 0
    for row in rows:
        decision = decide(decider, row)
        if decision is None:
            too_long += 1
            continue
        scored, only = policy.score(row, decision), only_tier(decision)
        goes_large = NONE if scored.goes_large is None else float(scored.goes_large)
        if only is not None:
            goes_large = float(only == "large")
        numbers.append(
            (
                row.weak,
                row.strong,
                scored.score,
                PLACES[only],
                scored.small_first and only != "large",
                goes_large,
                scored.unread or only == "large",
                NONE if row.cost_weak is None else row.cost_weak,
                NONE if row.cost_strong is None else row.cost_strong,
            )
        )
    return _columns(np.array(numbers, float).reshape(-1, 9).T, too_long)


def _columns(values: Array, too_long: int) -> Columns:
    weak, strong, score, place, small_first, goes_large, unread, cost_weak, cost_strong = values
    reach = float(np.ptp(score)) + 1 if score.size else 1.0
    return Columns(
        weak,
        strong,
        score + place * reach,
        small_first > 0,
        goes_large,
        unread > 0,
        cost_weak,
        cost_strong,
        too_long,
    )
