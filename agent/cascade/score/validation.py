"""How good the scores are on rows that they were not fitted on: cross-validation, repeated, with its
spread.

Everything is fitted anew in every fold, words and topics included. Scores are centred within a fold,
since a fold's own mean leaks into the others' intercept. The spread over repetitions says how much the
folds matter; the interval says how much the rows do, and that is by far the larger. Numbers here are
printed, never shipped, so LAPACK may solve.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

import numpy as np
from numpy.typing import NDArray

from agent.cascade.replay.curve import order_rows
from agent.cascade.replay.metrics import apgr, intervals
from agent.cascade.score import after, ridge
from agent.cascade.score.before import raw_features
from agent.cascade.score.corpus import Corpus, Row
from agent.cascade.score.experts import SHARES
from agent.cascade.score.fitting import SUMS_PENALTY, Background, background, read_unseen, standardised
from agent.cascade.score.question import read
from agent.cascade.score.ridge import Floats

REPETITIONS = 10
FOLDS = 5
Scores = Callable[[NDArray[np.intp], NDArray[np.intp]], Mapping[str, Floats]]
"""Rows to fit on and rows to score: scores of the latter by name."""


@dataclass(frozen=True, slots=True)
class Found:
    """APGR: `mean` and `spread` over repetitions, `low` to `high` the 95 % interval
    over rows, of the scores averaged."""

    name: str
    mean: float
    spread: float
    low: float
    high: float


def validate(corpus: Corpus, x_after: Floats, repetitions: int = REPETITIONS) -> list[Found]:
    """x_after: float64 [GSM8K rows, features after the answer]."""
    return [
        *_found("MMLU", corpus.mmlu, _of_choice(corpus.mmlu, background(corpus)), repetitions),
        *_found("GSM8K", corpus.gsm8k, _of_sums(corpus.gsm8k, x_after), repetitions),
    ]


def _found(title: str, rows: Sequence[Row], scores: Scores, repetitions: int) -> Iterator[Found]:
    weak, strong = np.array([row.weak for row in rows]), np.array([row.strong for row in rows])
    drawn = [_unseen(len(rows), scores, seed) for seed in range(repetitions)]
    for name in drawn[0]:
        each = [apgr(weak, strong, once[name]) for once in drawn]
        mean_score = np.mean([once[name] for once in drawn], axis=0)
        interval = intervals(order_rows(weak, strong, mean_score))["apgr"]
        low, high = (interval.low, interval.high) if interval else (math.nan, math.nan)
        yield Found(f"{title} {name}", fmean(each), pstdev(each), low, high)


def _unseen(rows: int, scores: Scores, seed: int) -> dict[str, Floats]:
    order = np.random.default_rng(seed).permutation(rows)
    unseen: dict[str, Floats] = {}
    for start in range(FOLDS):
        part = np.sort(order[start::FOLDS])
        for name, values in scores(np.setdiff1d(np.arange(rows), part), part).items():
            unseen.setdefault(name, np.zeros(rows))[part] = _centred(values)
    return unseen


def _centred(values: Floats) -> Floats:
    centred: Floats = (values - values.mean()) / max(float(values.std()), 1e-9)
    return centred


def _by_lapack(matrix: Floats, right: Floats) -> Floats:
    solved: Floats = np.linalg.solve(matrix, right).astype(np.float64)
    return solved


def _of_choice(rows: Sequence[Row], others: Background) -> Scores:
    questions = [read(row.prompt) for row in rows]

    def scores(_: NDArray[np.intp], part: NDArray[np.intp]) -> dict[str, Floats]:
        raw = read_unseen(rows, questions, others, part, _by_lapack)
        centred = np.array([_centred(column) for column in raw.T])
        length, words, topic, signs = centred
        return {
            "length alone": length,
            "words alone": words,
            "topic alone": topic,
            "signs alone": signs,
            "before the call": np.array(SHARES) @ centred,
        }

    return scores


def _of_sums(rows: Sequence[Row], x_after: Floats) -> Scores:
    raw = np.array([raw_features(read(row.prompt), "sums") for row in rows])
    gap = np.array([row.gap for row in rows])
    better = np.array([row.better for row in rows])
    length = np.array([float(len(row.prompt)) for row in rows])

    def scores(others: NDArray[np.intp], part: NDArray[np.intp]) -> dict[str, Floats]:
        x = standardised(raw, *ridge.moments(raw[others]))
        before = ridge.fit(x[others], gap[others], SUMS_PENALTY).predict(x[part])
        seen = after.fit(x_after[others], better[others]).predict(x_after[part])
        return {"length alone": length[part], "before the call": before, "after the answer": seen}

    return scores
