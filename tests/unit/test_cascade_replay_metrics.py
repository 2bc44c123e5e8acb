"""How well a score spends the large model's calls: exact curves, ties in expectation, intervals."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cascade.replay.curve import order_rows
from agent.cascade.replay.metrics import apgr, cpt, intervals, pgr_curve, saved_at
from agent.errors import InvalidInput

QUALITIES = st.sampled_from([0.0, 0.25, 0.5, 1.0])
ROWS = st.lists(st.tuples(QUALITIES, QUALITIES, st.sampled_from([0.1, 0.2, 0.3])), min_size=2, max_size=6)


def brute_curve(weak: Sequence[float], strong: Sequence[float], score: Sequence[float]) -> list[float]:
    """PGR after 0, 1, … n strong calls: the mean over every order that the ties allow."""
    n = len(weak)
    ordered = [
        order
        for order in itertools.permutations(range(n))
        if all(score[a] >= score[b] for a, b in itertools.pairwise(order))
    ]
    gap = sum(strong) - sum(weak)
    points = []
    for calls in range(n + 1):
        gained = [sum(strong[i] - weak[i] for i in order[:calls]) for order in ordered]
        points.append(sum(gained) / len(ordered) / gap)
    return points


def columns(rows: Sequence[tuple[float, float, float]]) -> tuple[list[float], list[float], list[float]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


@given(ROWS.filter(lambda rows: sum(row[1] - row[0] for row in rows) > 0))
def test_apgr_is_the_trapezoid_over_the_curve_of_every_order_that_ties_allow(
    rows: list[tuple[float, float, float]],
) -> None:
    points = brute_curve(*columns(rows))

    area = sum((a + b) / 2 for a, b in itertools.pairwise(points)) / len(rows)

    assert apgr(*columns(rows)) == pytest.approx(area)


@given(ROWS.filter(lambda rows: sum(row[1] - row[0] for row in rows) > 0), st.sampled_from([0.5, 0.8]))
def test_cpt_is_where_the_expected_curve_first_reaches_the_share_of_the_gap(
    rows: list[tuple[float, float, float]], gap: float
) -> None:
    points = brute_curve(*columns(rows))
    fine = np.linspace(0, 1, 60_001)
    reached = np.interp(fine, np.linspace(0, 1, len(points)), points) >= gap - 1e-9

    assert cpt(*columns(rows), share_of_gap=gap) == pytest.approx(fine[np.argmax(reached)], abs=1e-4)


@given(ROWS.filter(lambda rows: sum(row[1] for row in rows) > 0), st.booleans())
def test_saved_is_what_the_cheapest_mix_of_that_quality_costs_less(
    rows: list[tuple[float, float, float]], paid: bool
) -> None:
    weak, strong, score = columns(rows)
    n, fine = len(rows), np.linspace(0, 1, 60_001)
    steps = np.linspace(0, 1, n + 1)
    gained = np.array(brute_gains(weak, strong, score)) / n
    quality = np.interp(fine, steps, np.mean(weak) + gained)
    cost = 1 + fine * (20 if paid else 19)
    allowed = quality >= 0.95 * np.mean(strong) - 1e-9

    saving = saved_at(weak, strong, score, weak_always_paid=paid)

    assert saving.saved == pytest.approx(1 - cost[allowed].min() / 20, abs=1e-3)
    assert saving.quality >= 0.95 * np.mean(strong) - 1e-9


def brute_gains(weak: Sequence[float], strong: Sequence[float], score: Sequence[float]) -> list[float]:
    """The mean sum gained after 0, 1, … n strong calls: tied rows gain their mean."""
    gains = [
        np.mean([strong[j] - weak[j] for j in range(len(weak)) if score[j] == score[i]])
        for i in sorted(range(len(weak)), key=lambda row: -score[row])
    ]
    return [0.0, *np.cumsum(gains).tolist()]


def test_a_perfect_score_recovers_the_gap_with_the_rows_that_have_one() -> None:
    weak, strong = [0, 0, 1, 1], [1, 1, 1, 1]

    assert apgr(weak, strong, [0.9, 0.8, 0.1, 0.2]) == pytest.approx(0.75)
    assert cpt(weak, strong, [0.9, 0.8, 0.1, 0.2], 0.5) == pytest.approx(0.25)
    assert apgr(weak, strong, [0.1, 0.2, 0.9, 0.8]) == pytest.approx(0.25)


def test_a_constant_score_is_the_diagonal_whatever_the_order_of_the_rows() -> None:
    weak, strong = [0, 0, 1, 1, 1], [1, 1, 1, 0, 1]

    for order in itertools.permutations(range(5)):
        shuffled = [weak[i] for i in order], [strong[i] for i in order]
        assert apgr(*shuffled, np.full(5, 0.3)) == pytest.approx(0.5)
        assert cpt(*shuffled, np.full(5, 0.3), 0.8) == pytest.approx(0.8)


def test_the_curve_starts_at_none_of_the_gap_and_ends_at_all_of_it() -> None:
    share, recovered = pgr_curve([0, 0, 1], [1, 0, 1], [3, 2, 1])

    assert share.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert recovered.tolist() == pytest.approx([0, 1, 1, 1])


def test_the_rows_own_costs_are_used() -> None:
    saving = saved_at([0, 1], [1, 1], [1, 0], 1.0, cost_weak=[1, 3], cost_strong=[10, 30])

    assert saving.share == pytest.approx(0.5)
    assert saving.saved == pytest.approx(1 - (1 + 10 + 3) / 40)


def test_a_small_model_that_is_asked_in_vain_costs_more_than_never_asking_it() -> None:
    weak, strong, score = [0, 0], [1, 1], [0.5, 0.6]

    first, before = (saved_at(weak, strong, score, 1.0, weak_always_paid=paid) for paid in (True, False))

    assert [first.saved, first.share] == pytest.approx([-0.05, 1.0])
    assert before.saved == pytest.approx(0.0)


def test_a_small_model_that_is_good_enough_leaves_nothing_to_the_large_one() -> None:
    saving = saved_at([1, 1], [1, 1], [0.5, 0.6])

    assert [saving.saved, saving.share] == pytest.approx([0.95, 0.0])


@pytest.mark.parametrize("strong", [[0, 1, 1], [0, 0, 1]])
def test_without_a_gap_there_is_a_sentence_and_no_number(strong: list[int]) -> None:
    with pytest.raises(InvalidInput, match="no better than the small one"):
        apgr([0, 1, 1], strong, [1, 2, 3])


@pytest.mark.parametrize("rows", [0, 1])
def test_too_few_rows_are_refused_with_a_sentence(rows: int) -> None:
    with pytest.raises(InvalidInput, match=f"there are {rows} rows; a curve needs at least 2"):
        apgr([0] * rows, [1] * rows, [1] * rows)


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not a finite number"):
        apgr([0, 0], [1, 1], [float("nan"), 1])


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"shape \(3,\), and there are 2 scores"):
        apgr([0, 0, 1], [1, 1, 1], [1, 2])


def test_free_large_calls_leave_nothing_to_save() -> None:
    with pytest.raises(InvalidInput, match="always-large costs nothing"):
        saved_at([0, 0], [1, 1], [1, 2], cost_weak=0, cost_strong=0)


def simulated(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    hard = rng.random(n)
    weak, strong = (rng.random(n) > hard).astype(float), (rng.random(n) > hard / 3).astype(float)
    return weak, strong, hard + rng.normal(0, 0.3, n)


def test_an_interval_holds_its_number_and_narrows_with_more_rows() -> None:
    few, many = (intervals(order_rows(*simulated(n), 1, 20)) for n in (200, 3_200))

    wide, narrow = few["apgr"], many["apgr"]

    assert wide is not None
    assert narrow is not None
    assert narrow.low < apgr(*simulated(3_200)) < narrow.high
    assert narrow.high - narrow.low < (wide.high - wide.low) / 2


def test_an_interval_depends_on_its_seed_alone() -> None:
    rows = order_rows(*simulated(100), 1, 20)

    assert intervals(rows, seed=1) == intervals(rows, seed=1)
    assert intervals(rows, seed=1) != intervals(rows, seed=2)


def test_an_interval_is_that_of_samples_that_are_scored_one_by_one() -> None:
    weak, strong, score = simulated(80)
    rng = np.random.default_rng(9)
    drawn = [rng.integers(0, 80, 80) for _ in range(1_000)]
    one_by_one = [apgr(weak[rows], strong[rows], score[rows]) for rows in drawn]

    found = intervals(order_rows(weak, strong, score, 1, 20), seed=4)["apgr"]

    assert found is not None
    assert [found.low, found.high] == pytest.approx(np.percentile(one_by_one, [2.5, 97.5]), abs=0.04)


def test_a_gap_that_most_samples_do_not_have_gives_no_interval() -> None:
    weak, strong = np.array([0.0] + [1.0] * 19), np.ones(20)

    found = intervals(order_rows(weak, strong, np.arange(20), 1, 20))

    assert found["apgr"] is None
    assert found["saved_at_95"] is not None
