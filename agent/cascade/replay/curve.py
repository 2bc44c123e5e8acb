"""The curve of a policy: what the first rows by score cost and gain when the large model answers them.

Rows of one score stand as one step, half of which is half of the rows in expectation, as if they were
shuffled: the order of the input decides nothing. Every curve is linear between its points, so the sums over
it in `metrics.py` are exact. A bootstrap is the same curve with other counts of the rows.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.errors import InvalidInput

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

MIN_ROWS = 2


@dataclass(frozen=True, slots=True)
class Curves:
    """float [samples, points] each, means over the rows: `share` of strong calls, `quality`, `cost`.

    The first point is always-small. `cost_strong`: float [samples], the mean cost of always-large.
    """

    share: Array
    quality: Array
    cost: Array
    cost_strong: Array

    @property
    def gap(self) -> Array:
        """What always-large is better than always-small: float [samples]."""
        gap: Array = self.quality[:, -1] - self.quality[:, 0]
        return gap


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in the order of falling score, with the places where a new score starts."""

    weak: Array
    gain: Array
    cost_weak: Array
    cost_added: Array
    cost_strong: Array
    starts: npt.NDArray[np.intp]

    @property
    def n(self) -> int:
        return self.weak.size

    def curves(self, counts: Counts | None = None) -> Curves:
        """`counts`: int [samples, n], how often each row was drawn; None is each once, one sample."""
        drawn = np.ones((1, self.n), np.int64) if counts is None else counts
        rows = drawn.sum(axis=1, keepdims=True)
        base = (drawn @ self.weak)[:, None] / rows
        cost = (drawn @ self.cost_weak)[:, None] / rows
        return Curves(
            share=self._along(drawn) / rows,
            quality=base + self._along(drawn * self.gain) / rows,
            cost=cost + self._along(drawn * self.cost_added) / rows,
            cost_strong=(drawn @ self.cost_strong) / rows[:, 0],
        )

    def _along(self, values: npt.NDArray[np.float64] | Counts) -> Array:
        """Sums from the first point on, [samples, points]."""
        steps = values if self.starts.size == self.n else np.add.reduceat(values, self.starts, axis=1)
        sums = np.zeros((values.shape[0], self.starts.size + 1))
        np.cumsum(steps, axis=1, out=sums[:, 1:])
        return sums


def order_rows(
    weak: npt.ArrayLike,
    strong: npt.ArrayLike,
    score: npt.ArrayLike,
    cost_weak: npt.ArrayLike = 0.0,
    cost_strong: npt.ArrayLike = 0.0,
    weak_always_paid: npt.ArrayLike = False,
) -> Rows:
    """Rows by falling score. Raises: InvalidInput for fewer than two rows, other lengths, or no numbers."""
    scores = np.asarray(score, np.float64)
    if scores.ndim != 1 or scores.size < MIN_ROWS:
        raise InvalidInput(f"there are {scores.size} rows; a curve needs at least {MIN_ROWS}")
    columns = [_column(values, scores.size) for values in (weak, strong, cost_weak, cost_strong)]
    if not all(np.isfinite(column).all() for column in (scores, *columns)):
        raise InvalidInput("a score, a quality or a cost is not a finite number")
    paid = np.broadcast_to(np.asarray(weak_always_paid, bool), scores.shape)
    order = np.argsort(-scores, kind="stable")
    weak_q, strong_q, weak_cost, strong_cost = (column[order] for column in columns)
    ranked = scores[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    added = np.where(paid[order], strong_cost, strong_cost - weak_cost)
    return Rows(weak_q, strong_q - weak_q, weak_cost, added, strong_cost, starts)


def _column(values: npt.ArrayLike, n: int) -> Array:
    column = np.asarray(values, np.float64)
    if column.shape not in ((), (n,)):
        raise InvalidInput(f"a column has the shape {column.shape}, and there are {n} scores")
    return np.broadcast_to(column, (n,))
