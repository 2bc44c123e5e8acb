"""Ridge regression in closed form whose result has the same bytes on every machine.

BLAS sums in an order that depends on the CPU, so the usual solution differs in its last bits from one
machine to the next. Here features are first put on a grid, as whole numbers: the products and sums of a block
of rows stay below 2**53, and blocks are added as integers, so the normal equations are exact whatever the
order. They are then solved by a Cholesky
factorisation made of element-wise operations only, which IEEE 754 rounds the same way everywhere.
Logarithms and exponentials are what a CPU's library may round differently; they come before the grid
(features) or before rounding to a few digits (weights), and so leave no trace.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Solve = Callable[[Floats, Floats], Floats]
"""A positive definite float64 [n, n] and float64 [n, m]: the solution, float64 [n, m]."""

GRID = 1024.0
LARGEST = 1024.0
BLOCK_ROWS = 8191
"""(1024 * 1024)**2 * 8191 is the last that stays below 2**53; of such blocks 1,024 fit into an int64."""
MOST_ROWS = BLOCK_ROWS * 1024


@dataclass(frozen=True, slots=True)
class Linear:
    """`intercept + weights . x`; weights float64 [k]."""

    intercept: float
    weights: Floats

    def predict(self, x: Floats) -> Floats:
        """x: float64 [n, k]; returns float64 [n]."""
        predicted: Floats = self.intercept + x @ self.weights
        return predicted


def fit(x: Floats, y: Floats, penalty: float) -> Linear:
    """Least squares of y on x with `penalty` per weight (the intercept is free); weights rounded to 6 digits.

    x: float64 [n, k], about standardised; beyond 1024 it is cut. y: float64 [n].

    Raises: ValueError for more rows than can be summed exactly.
    """
    if len(x) > MOST_ROWS:
        raise ValueError(f"{len(x)} rows cannot be summed exactly; the most is {MOST_ROWS}")
    grid = np.column_stack([on_grid(x), np.full(len(x), GRID)])
    gram = _products(grid, grid) / GRID**2
    moment = _products(grid, on_grid(y)) / GRID**2
    width = x.shape[1]
    gram[np.arange(width), np.arange(width)] += penalty
    gram[width, width] += 1e-9  # no rows at all: the intercept is 0
    solution = rounded(solve(gram, moment[:, None])[:, 0])
    return Linear(float(solution[width]), solution[:width])


def _products(x: Floats, y: Floats) -> NDArray[np.int64]:
    """`x.T @ y` of whole numbers, exactly."""
    total = np.zeros((x.shape[1], *y.shape[1:]), np.int64)
    for at in range(0, len(x), BLOCK_ROWS):
        rows = slice(at, at + BLOCK_ROWS)
        total += (x[rows].T @ y[rows]).astype(np.int64)
    return total


def on_grid(x: Floats, grid: float = GRID) -> Floats:
    """Whole numbers, in units of 1 / `grid`."""
    whole: Floats = np.rint(np.clip(x, -LARGEST, LARGEST) * grid)
    return whole


def rounded(values: Floats, digits: int = 6) -> Floats:
    """Each value to `digits` significant digits, by way of its decimal text."""
    flat = [float(f"{value:.{digits}g}") for value in values.ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(values.shape)


def moments(x: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each column, rounded; a column that never varies has deviation 1."""
    means = rounded(np.array([math.fsum(column) / max(len(column), 1) for column in x.T.tolist()]))
    squares = [math.fsum(v * v for v in column) for column in (x - means).T.tolist()]
    deviations = rounded(np.array([math.sqrt(total / max(len(x), 1)) for total in squares]), 4)
    return means, np.where(deviations > 1e-6, deviations, 1.0)


def solve(matrix: Floats, right: Floats) -> Floats:
    """As `numpy.linalg.solve` for a positive definite matrix, but with the same bits everywhere."""
    rest = matrix.copy()
    size = len(right)
    lower = np.zeros_like(rest)
    for j in range(size):
        lower[j:, j] = rest[j:, j] / np.sqrt(rest[j, j])
        rest[j + 1 :, j + 1 :] -= lower[j + 1 :, j, None] * lower[None, j + 1 :, j]
    known = right.copy()
    for j in range(size):
        known[j] /= lower[j, j]
        known[j + 1 :] -= lower[j + 1 :, j, None] * known[j]
    for j in range(size - 1, -1, -1):
        known[j] /= lower[j, j]
        known[:j] -= lower[j, :j, None] * known[j]
    return known
