"""An alarm needs a deviation that matters and that chance does not bring; quiet streams stay quiet."""

# Chance here simulates, and protects nothing.
# ruff: noqa: S311

import random

import numpy as np
import pytest

from control.learning.drift import (
    LEAST_TURNS,
    deviation,
    scores_distance,
    scores_moved,
    share_strays,
    spend_strays,
)


def tossed(share: float, turns: int, seed: int) -> list[bool]:
    rng = random.Random(seed)
    return [rng.random() < share for _ in range(turns)]


def by_tens(turns: int) -> list[int]:
    """Ten turns a conversation."""
    return [place // 10 for place in range(turns)]


def test_a_share_that_is_on_its_target_is_quiet_in_199_of_200_windows() -> None:
    alarms = [share_strays(deviation(tossed(0.2, 500, seed), by_tens(500), 0.2)) for seed in range(400)]

    assert sum(alarms) <= 2


def test_a_share_ten_points_off_raises_an_alarm_in_nine_of_ten_windows() -> None:
    alarms = [share_strays(deviation(tossed(0.3, 500, seed), by_tens(500), 0.2)) for seed in range(100)]

    assert sum(alarms) >= 90


@pytest.mark.parametrize("observed", [0.0, 0.4])
def test_both_directions_stray(observed: float) -> None:
    assert share_strays(deviation(tossed(observed, 500, 1), by_tens(500), 0.2))


def test_a_certain_deviation_that_does_not_matter_is_no_alarm() -> None:
    found = deviation(tossed(0.23, 20_000, 1), by_tens(20_000), 0.2)

    assert found is not None
    assert found.chance < 0.001
    assert not share_strays(found)


def test_a_few_long_conversations_prove_less_than_many_short_ones() -> None:
    """Ten conversations of fifty turns each, of which four are strong throughout."""
    turns = [place // 50 < 4 for place in range(500)]

    assert not share_strays(deviation(turns, [place // 50 for place in range(500)], 0.2))
    assert share_strays(deviation(random.Random(1).sample(turns, 500), by_tens(500), 0.2))


def test_too_few_turns_and_too_few_conversations_tell_nothing() -> None:
    assert deviation([True] * (LEAST_TURNS - 1), by_tens(LEAST_TURNS - 1), 0.2) is None
    assert deviation([True] * 500, [0] * 500, 0.2) is None


def test_a_target_of_none_strays_when_there_are_some() -> None:
    assert share_strays(deviation(tossed(0.2, 500, 1), by_tens(500), 0.0))
    assert not share_strays(deviation([False] * 500, by_tens(500), 0.0))


def test_a_spend_above_its_target_strays_and_one_below_does_not() -> None:
    rng = random.Random(1)
    costs = [rng.expovariate(1 / 1_000) for _ in range(500)]

    assert spend_strays(deviation(costs, by_tens(500), 600))
    assert not spend_strays(deviation(costs, by_tens(500), 1_000))
    assert not spend_strays(deviation(costs, by_tens(500), 2_000))


def test_scores_that_moved_are_told_from_scores_that_did_not() -> None:
    rng = np.random.default_rng(1)
    before = rng.beta(2, 5, 500)

    same, moved = scores_distance(before, rng.beta(2, 5, 500)), scores_distance(before, rng.beta(4, 4, 500))

    assert not scores_moved(same, 500, 500)
    assert scores_moved(moved, 500, 500)


def test_the_distance_of_two_samples_is_the_largest_gap_between_their_distributions() -> None:
    low, high = [0.25] * 100, [0.25] * 50 + [0.75] * 50

    assert scores_distance(low, high) == pytest.approx(0.5)
    assert scores_distance(low, low) == 0


def test_samples_that_are_too_small_have_no_distance() -> None:
    assert scores_distance([0.5] * 99, [0.5] * 500) is None
    assert not scores_moved(None, 99, 500)
