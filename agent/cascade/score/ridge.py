"""Ridge regression in closed form whose result has the same bytes on every machine.

BLAS sums in an order that depends on the CPU, so the usual solution differs in its last bits from one machine
to the next. Here features are first put on a grid of 1/1024, as whole numbers: products and sums of those stay
far below 2**53, so the normal equations are exact whatever the order. They are then solved by a Cholesky
factorisation made of element-wise operations only, which IEEE 754 rounds the same way everywhere. Logarithms and
exponentials are the one thing that a CPU's library may round differently; they come before the grid (features)
or before rounding to few digits (weights), and so leave no trace.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID = 1024.0
LARGEST = 1024.0  # a standardised feature is cut here; (1024 * 1024)**2 * 8191 rows is the limit of 2**53
MOST_ROWS = 8191


@dataclass(frozen=True, slots=True)
class Linear:
    """`intercept + weights . x`; weights float64 [k]."""

    intercept: float
    weights: Floats

    def predict(self, x: Floats) -> Floats:
        """x: float64 [n, k]; returns float64 [n]."""
        return self.intercept + x @ self.weights


def on_grid(x: Floats) -> Floats:
    """Whole numbers, in units of 1/1024."""
    return np.rint(np.clip(x, -LARGEST, LARGEST) * GRID)


def fit(x: Floats, y: Floats, penalty: float, row_weights: Floats | None = None) -> Linear:
    """Least squares of y on x with `penalty` per weight (the intercept is free); weights rounded to 6 digits.

    x: float64 [n, k], about standardised. y: float64 [n]. row_weights: whole numbers, None is 1 each.

    Raises: ValueError for more rows than can be summed exactly.
    """
    if len(x) > MOST_ROWS:
        raise ValueError(f"{len(x)} rows cannot be summed exactly; the most is {MOST_ROWS}")
    grid = np.column_stack([on_grid(x), np.full(len(x), GRID)])
    weighted = grid if row_weights is None else grid * row_weights[:, None]
    gram = (weighted.T @ grid) / GRID**2
    moment = (weighted.T @ on_grid(y)) / GRID**2
    width = x.shape[1]
    gram[np.arange(width), np.arange(width)] += penalty
    gram[width, width] += 1e-9  # no rows at all: the intercept is 0
    solution = rounded(_solve(gram, moment))
    return Linear(float(solution[width]), solution[:width])


def rounded(values: Floats, digits: int = 6) -> Floats:
    """Each value to `digits` significant digits, by way of its decimal text."""
    return np.array([float(f"{value:.{digits}g}") for value in values.tolist()], dtype=np.float64)


def _solve(matrix: Floats, right: Floats) -> Floats:
    """Solves a positive definite system by Cholesky, column by column, without BLAS."""
    rest = matrix.copy()
    size = len(right)
    lower = np.zeros_like(rest)
    for j in range(size):
        lower[j:, j] = rest[j:, j] / np.sqrt(rest[j, j])
        rest[j + 1 :, j + 1 :] -= lower[j + 1 :, j, None] * lower[None, j + 1 :, j]
    known = right.copy()
    for j in range(size):
        known[j] /= lower[j, j]
        known[j + 1 :] -= lower[j + 1 :, j] * known[j]
    for j in range(size - 1, -1, -1):
        known[j] /= lower[j, j]
        known[:j] -= lower[j, :j] * known[j]
    return known
