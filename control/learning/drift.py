"""Whether what is observed strays from what was wanted, and whether that can be chance.

An alarm needs both: a deviation that matters, and one that chance brings in one window of a thousand at most.
Turns of one conversation resemble each other, so the spread is taken over conversations, not over turns.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

SHARE_BOUND: Final = 0.05
"""Points of share that an observed share may be off its target."""
SPEND_BOUND: Final = 0.15
"""Parts of the target that the observed spend may be above it. Below it, nobody is warned."""
SCORES_BOUND: Final = 0.15
"""The largest gap between two cumulative distributions of scores (Kolmogorov-Smirnov's D)."""
CHANCE: Final = 0.001
LEAST_TURNS: Final = 100
LEAST_CONVERSATIONS: Final = 5

Alarm = Literal["share", "spend", "scores"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """`chance`: how likely a deviation of this size is when nothing is wrong."""

    observed: float
    expected: float
    chance: float


def deviation(values: npt.ArrayLike, conversations: Sequence[object], expected: float) -> Deviation | None:
    """Of the mean of `values` from `expected`; None when there are too few to tell.

    values: float [turns]. `conversations`: of each turn. The variance of the mean is the larger of the one
    over turns (binomial for 0 and 1, by `expected`) and the one over conversations.
    """
    seen = np.asarray(values, np.float64)
    clusters: dict[object, list[float]] = {}
    for value, conversation in zip(seen.tolist(), conversations, strict=True):
        clusters.setdefault(conversation, []).append(value)
    if seen.size < LEAST_TURNS or len(clusters) < LEAST_CONVERSATIONS:
        return None
    mean = float(seen.mean())
    is_share = bool(np.isin(seen, (0.0, 1.0)).all())
    by_turns = expected * (1 - expected) if is_share and 0 < expected < 1 else float(seen.var())
    residuals = np.array([sum(each) - len(each) * mean for each in clusters.values()])
    by_conversations = float((residuals**2).sum()) * len(clusters) / (len(clusters) - 1) / seen.size
    spread = math.sqrt(max(by_turns, by_conversations) / seen.size)
    if spread == 0:
        return Deviation(mean, expected, 1.0 if mean == expected else 0.0)
    return Deviation(mean, expected, math.erfc(abs(mean - expected) / spread / math.sqrt(2)))


def share_strays(found: Deviation | None) -> bool:
    return found is not None and found.chance < CHANCE and abs(found.observed - found.expected) > SHARE_BOUND


def spend_strays(found: Deviation | None) -> bool:
    return (
        found is not None
        and found.chance < CHANCE
        and found.observed - found.expected > SPEND_BOUND * found.expected
    )


def scores_distance(before: npt.ArrayLike, now: npt.ArrayLike) -> float | None:
    """Kolmogorov-Smirnov's D between two samples; None when either is too small to tell."""
    old, new = np.sort(np.asarray(before, np.float64)), np.sort(np.asarray(now, np.float64))
    if min(old.size, new.size) < LEAST_TURNS:
        return None
    at = np.concatenate([old, new])
    below_old = np.searchsorted(old, at, side="right") / old.size
    below_new = np.searchsorted(new, at, side="right") / new.size
    return float(np.abs(below_old - below_new).max())


def scores_moved(distance: float | None, before: int, now: int) -> bool:
    """`before`, `now`: the sizes of the samples."""
    if distance is None:
        return False
    critical = math.sqrt(-math.log(CHANCE / 2) / 2 * (before + now) / (before * now))
    return distance > max(SCORES_BOUND, critical)
