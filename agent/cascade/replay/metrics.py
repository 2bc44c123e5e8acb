"""How well a score tells where the large model is worth its price: APGR, CPT, and cost saved at a quality.

As in RouteLLM (arXiv 2406.18665). The large model answers the rows of the highest scores. PGR is the share of
the gap between always-small and always-large that is recovered so; the share of its calls runs from 0 to 1
in steps of one row, and between two steps the curve is linear. Rows of one score count in expectation, as if
they were shuffled. Nothing here is random but `intervals`, which is seeded.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from agent.cascade.replay.curve import Array, Curves, Rows, order_rows
from agent.errors import InvalidInput

PRICE_RATIO = 20.0
"""The large model's price over the small one's where nothing else is known: the issue's own pair."""
SAMPLES = 1_000
LEVEL = 0.95
CELLS = 2_000_000
"""Of a bootstrap's working arrays at a time: 16 MB each, whatever the number of rows."""
NO_GAP = (
    "the large model is on average no better than the small one on these rows: there is no gap to recover"
)
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Saving:
    """`saved`: share of always-large's cost, negative where the policy costs more than that. `share`: of
    strong calls, the cheapest with which `quality` (mean over the rows) is reached."""

    saved: float
    share: float
    quality: float


@dataclass(frozen=True, slots=True)
class Interval:
    """Of 95 %, by percentiles. `left_out`: samples in which the number has no meaning (no gap)."""

    low: float
    high: float
    left_out: int = 0


def apgr(weak: npt.ArrayLike, strong: npt.ArrayLike, score: npt.ArrayLike) -> float:
    """The mean of PGR over the share of strong calls: the trapezoid over the whole exact curve.

    .5 is what a random score has in expectation, and exactly that of a constant score.

    Raises: InvalidInput where there is no gap or fewer than two rows.
    """
    return apgr_of(order_rows(weak, strong, score))


def pgr_curve(weak: npt.ArrayLike, strong: npt.ArrayLike, score: npt.ArrayLike) -> tuple[Array, Array]:
    """(share of strong calls, PGR) at each step of the score. Raises: InvalidInput, as `apgr`."""
    curves = order_rows(weak, strong, score).curves()
    _require_gap(curves)
    return curves.share[0], (curves.quality[0] - curves.quality[0, 0]) / curves.gap[0]


def cpt(weak: npt.ArrayLike, strong: npt.ArrayLike, score: npt.ArrayLike, share_of_gap: float) -> float:
    """The least share of strong calls with which `share_of_gap` of the gap is recovered.

    Raises: InvalidInput, as `apgr`.
    """
    return cpt_of(order_rows(weak, strong, score), share_of_gap)


def saved_at(
    weak: npt.ArrayLike,
    strong: npt.ArrayLike,
    score: npt.ArrayLike,
    quality: float = 0.95,
    cost_weak: npt.ArrayLike = 1.0,
    cost_strong: npt.ArrayLike = PRICE_RATIO,
    weak_always_paid: npt.ArrayLike = True,
) -> Saving:
    """What is saved against always-large at the cheapest share that keeps `quality` of its mean quality.

    `weak_always_paid`: the small model is called first and paid on the strong rows too; by row or for all.

    Raises: InvalidInput where always-large costs nothing or there are fewer than two rows.
    """
    return saving_of(order_rows(weak, strong, score, cost_weak, cost_strong, weak_always_paid), quality)


def apgr_of(rows: Rows) -> float:
    curves = rows.curves()
    _require_gap(curves)
    return float(_apgr(curves)[0])


def cpt_of(rows: Rows, share_of_gap: float) -> float:
    curves = rows.curves()
    _require_gap(curves)
    return float(_cpt(curves, share_of_gap)[0])


def saving_of(rows: Rows, quality: float = 0.95) -> Saving:
    curves = rows.curves()
    if curves.cost_strong[0] <= 0:
        raise InvalidInput("always-large costs nothing on these rows: there is no cost to save")
    saved, share = _saved(curves, quality)
    reached = np.interp(share[0], curves.share[0], curves.quality[0])
    return Saving(float(saved[0]), float(share[0]), float(reached))


def intervals(rows: Rows, seed: int = 0, samples: int = SAMPLES) -> dict[str, Interval | None]:
    """The percentile interval of each of `NUMBERS` when whole rows are drawn again, with replacement.

    A row keeps its two qualities, its costs and its score together, so the samples are paired. None where
    the number has a meaning in fewer than 95 % of the samples.
    """
    drawn: dict[str, list[Array]] = {name: [] for name in NUMBERS}
    for counts in _draws(rows.n, seed, samples):
        curves = rows.curves(counts)
        for name, number in NUMBERS.items():
            drawn[name].append(number(curves))
    return {name: _interval(np.concatenate(values)) for name, values in drawn.items()}


def _interval(values: Array) -> Interval | None:
    known = values[np.isfinite(values)]
    if known.size < values.size * LEVEL:
        return None
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(known, [tail, 100 - tail])
    return Interval(float(low), float(high), int(values.size - known.size))


def _draws(n: int, seed: int, samples: int) -> Iterator[npt.NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    at_once = max(1, min(samples, CELLS // n))
    for start in range(0, samples, at_once):
        size = min(at_once, samples - start)
        drawn = rng.integers(0, n, (size, n)) + np.arange(size)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)


def _require_gap(curves: Curves) -> None:
    if curves.gap[0] <= ROUNDING:
        raise InvalidInput(NO_GAP)


def _apgr(curves: Curves) -> Array:
    gained = curves.quality - curves.quality[:, :1]
    area = ((gained[:, 1:] + gained[:, :-1]) / 2 * np.diff(curves.share)).sum(axis=1)
    return _where_gap(area, curves)


def _cpt(curves: Curves, share_of_gap: float) -> Array:
    """The first crossing: the curve need not rise everywhere."""
    gained = curves.quality - curves.quality[:, :1]
    target = share_of_gap * curves.gap[:, None]
    at = np.maximum(np.argmax(gained >= target - ROUNDING, axis=1), 1)[:, None]
    share = _between(curves.share, gained, target, at)
    return _where_gap(share * curves.gap, curves)


def _saved(curves: Curves, quality: float) -> tuple[Array, Array]:
    """(share of the cost saved, share of strong calls), where a policy of that quality is cheapest.

    Between two points quality and cost are linear, so the cheapest place is a point that reaches the target
    or one where the curve crosses it.
    """
    target = quality * curves.quality[:, -1:]
    over = curves.quality - target
    at_points = np.where(over >= -ROUNDING, curves.cost, np.inf)
    crosses = (over[:, 1:] * over[:, :-1]) < 0
    span = np.where(crosses, over[:, 1:] - over[:, :-1], 1.0)
    along = np.where(crosses, -over[:, :-1] / span, 0.0)
    crossed_cost = curves.cost[:, :-1] + along * np.diff(curves.cost)
    costs = np.concatenate([at_points, np.where(crosses, crossed_cost, np.inf)], axis=1)
    shares = np.concatenate([curves.share, curves.share[:, :-1] + along * np.diff(curves.share)], axis=1)
    best = np.argmin(costs, axis=1)[:, None]
    cost = np.take_along_axis(costs, best, axis=1)[:, 0]
    full = np.where(curves.cost_strong > 0, curves.cost_strong, np.nan)
    return 1 - cost / full, np.take_along_axis(shares, best, axis=1)[:, 0]


def _between(share: Array, gained: Array, target: Array, at: npt.NDArray[np.intp]) -> Array:
    """Where the line from the point before `at` to it meets `target`."""
    y0, y1 = np.take_along_axis(gained, at - 1, 1), np.take_along_axis(gained, at, 1)
    x0, x1 = np.take_along_axis(share, at - 1, 1), np.take_along_axis(share, at, 1)
    rise = np.where(y1 > y0, y1 - y0, 1.0)
    part = np.clip((target - y0) / rise, 0.0, 1.0)
    met: Array = (x0 + part * (x1 - x0))[:, 0]
    return met


def _where_gap(values: Array, curves: Curves) -> Array:
    """`values` per gap, NaN in samples without one."""
    gap = curves.gap
    return np.where(gap > ROUNDING, values / np.where(gap > ROUNDING, gap, 1.0), np.nan)


NUMBERS: Final[Mapping[str, Callable[[Curves], Array]]] = {
    "apgr": _apgr,
    "cpt50": lambda curves: _cpt(curves, 0.5),
    "cpt80": lambda curves: _cpt(curves, 0.8),
    "saved_at_95": lambda curves: _saved(curves, 0.95)[0],
}
"""What a replay reports, of each sample: NaN where it has no meaning there."""
