"""Lines that hold a target on the turns that come, and follow where their scores wander."""

# Chance here simulates, and protects nothing.
# ruff: noqa: S311

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from control.learning.line import LEAST_TURNS, NEVER, Line, cut_at, draw_line
from control.store.thresholds import AnsweredTurn, HandedUp, Target

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
SHIPPED = Line(0.5, 0.7, 0.6)
PASS_TURNS = 50
"""Turns between two passes."""


@dataclass
class World:
    """Turns as jobs would make them under a line. `before`, `after`: scores by the place of a turn.

    `forced_part`: of small answers, those that are handed up whatever they score; `late_part`: those that are
    out before their score is known. `follow_up_part`: of turns, those that the large model keeps unasked.
    """

    before: Callable[[random.Random, int], float]
    after: Callable[[random.Random, int], float]
    spoken_part: float = 0.0
    forced_part: float = 0.0
    late_part: float = 0.0
    follow_up_part: float = 0.0
    small_cost: int = 100
    large_cost: int = 2_000

    def answer(self, line: Line, place: int, rng: random.Random) -> AnsweredTurn:
        before, after = self.before(rng, place), self.after(rng, place)
        is_spoken = rng.random() < self.spoken_part
        forced, late = rng.random() < self.forced_part, rng.random() < self.late_part
        is_follow_up = rng.random() < self.follow_up_part
        pre = is_follow_up or before >= (line.voice if is_spoken else line.text)
        by_score = not is_spoken and not late and after >= line.after
        handed_up: HandedUp | None = None
        if not pre and (forced or by_score):
            handed_up = "otherwise" if forced else "by_score"
        cost = self.large_cost if pre else self.small_cost + (self.large_cost if handed_up else 0)
        return AnsweredTurn(
            conversation_id=UUID(int=place // 10),
            agent_name="desk",
            at=START + timedelta(seconds=place),
            is_spoken=is_spoken,
            is_strong=pre or handed_up is not None,
            handed_up=handed_up,
            before=None if is_follow_up else before,
            after=None if pre else after,
            cost_usd_micros=cost,
            baseline_usd_micros=self.large_cost,
        )


def live(world: World, target: Target, turns: int, seed: int = 1) -> list[AnsweredTurn]:
    """All turns of a stream whose line is drawn anew after each `PASS_TURNS`."""
    rng, line, seen = random.Random(seed), SHIPPED, list[AnsweredTurn]()
    while len(seen) < turns:
        seen += [world.answer(line, len(seen) + n, rng) for n in range(PASS_TURNS)]
        line = draw_line(seen, target, line) or line
    return seen


def share(turns: list[AnsweredTurn]) -> float:
    return sum(turn.is_strong for turn in turns) / len(turns)


def cost(turns: list[AnsweredTurn]) -> float:
    return sum(turn.cost_usd_micros or 0 for turn in turns) / len(turns)


def beta(a: float, b: float) -> Callable[[random.Random, int], float]:
    return lambda rng, place: rng.betavariate(a, b)


def drifting(rng: random.Random, place: int) -> float:
    """From mostly easy to mostly hard over 6,000 turns."""
    way = min(place / 6_000, 1.0)
    return rng.betavariate(2 + 4 * way, 6 - 4 * way)


def jumping(rng: random.Random, place: int) -> float:
    return rng.betavariate(2, 6) if place < 3_000 else rng.betavariate(6, 2)


@pytest.mark.parametrize("wanted", [0.05, 0.2, 0.5])
@pytest.mark.parametrize(
    ("world", "points"),
    [
        pytest.param(World(drifting, drifting), 3, id="written"),
        pytest.param(World(drifting, drifting, spoken_part=1.0), 3, id="spoken"),
        pytest.param(World(drifting, drifting, spoken_part=0.5), 3, id="both"),
        pytest.param(World(drifting, drifting, late_part=0.7), 3, id="mostly_too_late"),
        pytest.param(World(drifting, drifting, late_part=1.0), 3, id="always_too_late"),
        pytest.param(World(drifting, drifting, spoken_part=0.5, forced_part=0.03), 3, id="some_forced"),
        pytest.param(World(drifting, drifting, spoken_part=0.5, follow_up_part=0.03), 3, id="follow_ups"),
        pytest.param(World(jumping, jumping, spoken_part=0.5), 3, id="jumping"),
    ],
)
def test_the_share_of_a_drifting_stream_stays_near_its_target(
    world: World, points: int, wanted: float
) -> None:
    turns = live(world, Target("share", wanted), 8_000)

    settled = turns[1_000:]
    assert share(settled) == pytest.approx(wanted, abs=points / 100)


def test_each_thousand_turns_of_a_drifting_stream_hold_the_share() -> None:
    turns = live(World(drifting, drifting, spoken_part=0.5), Target("share", 0.2), 8_000)

    shares = [share(turns[start : start + 1_000]) for start in range(1_000, 8_000, 1_000)]

    assert max(abs(found - 0.2) for found in shares) < 0.05


def test_a_line_that_stands_still_loses_the_share() -> None:
    """Otherwise the tests above would find nothing."""
    rng, world = random.Random(1), World(drifting, drifting, spoken_part=0.5)

    still = [world.answer(SHIPPED, place, rng) for place in range(8_000)]

    assert abs(share(still[7_000:]) - share(still[:1_000])) > 0.2


def test_answers_that_are_handed_up_whatever_they_score_count_into_the_share() -> None:
    turns = live(World(beta(2, 5), beta(2, 5), forced_part=0.1), Target("share", 0.25), 6_000)

    assert share(turns[1_000:]) == pytest.approx(0.25, abs=0.03)


def test_more_handed_up_than_the_target_leaves_nothing_for_the_lines() -> None:
    turns = live(World(beta(2, 5), beta(2, 5), forced_part=0.3), Target("share", 0.1), 3_000)

    line = draw_line(turns, Target("share", 0.1), SHIPPED)

    assert line is not None
    assert (line.text, line.after) == (NEVER, NEVER)


@pytest.mark.parametrize("spoken_part", [0.0, 0.5, 1.0])
def test_the_spend_of_a_drifting_stream_stays_near_its_target(spoken_part: float) -> None:
    turns = live(World(drifting, drifting, spoken_part), Target("spend", 500), 8_000)

    assert cost(turns[1_000:]) == pytest.approx(500, rel=0.1)


def test_a_spend_below_the_small_models_own_price_takes_the_large_one_never() -> None:
    turns = live(World(beta(2, 5), beta(2, 5), spoken_part=1.0), Target("spend", 10), 600)

    line = draw_line(turns, Target("spend", 10), SHIPPED)

    assert line is not None
    assert (line.voice, line.text) == (NEVER, NEVER)


def test_the_large_models_price_is_known_before_it_ever_answered() -> None:
    never = Line(NEVER, NEVER, NEVER)
    rng, world = random.Random(1), World(beta(2, 5), beta(2, 5), spoken_part=1.0)
    turns = [world.answer(never, place, rng) for place in range(400)]

    line = draw_line(turns, Target("spend", 1_050), never, was_drawn=False)

    assert line is not None
    scores = np.array([turn.before for turn in turns])
    assert (scores >= line.voice).mean() == pytest.approx(0.5, abs=0.02)


def test_a_spend_cannot_be_held_where_nothing_has_a_price() -> None:
    rng, world = random.Random(1), World(beta(2, 5), beta(2, 5))
    turns = [world.answer(SHIPPED, place, rng) for place in range(400)]
    unpriced = [replace(turn, cost_usd_micros=None, baseline_usd_micros=None) for turn in turns]

    assert draw_line(unpriced, Target("spend", 500), SHIPPED) is None
    assert draw_line(unpriced, Target("share", 0.2), SHIPPED) is not None


def test_too_few_turns_draw_no_line() -> None:
    rng, world = random.Random(1), World(beta(2, 5), beta(2, 5))
    turns = [world.answer(SHIPPED, place, rng) for place in range(LEAST_TURNS)]

    assert draw_line(turns[1:], Target("share", 0.2), SHIPPED) is None
    assert draw_line(turns, Target("share", 0.2), SHIPPED) is not None


@pytest.mark.parametrize("wanted", [0.0, 1.0])
def test_none_and_all_are_exact(wanted: float) -> None:
    turns = live(World(drifting, drifting, spoken_part=1.0), Target("share", wanted), 1_000)

    assert share(turns[LEAST_TURNS:]) == wanted


def test_a_line_goes_between_two_scores() -> None:
    assert cut_at(np.array([0.1, 0.2, 0.8, 0.9]), 0.5) == pytest.approx(0.5)


def test_equal_scores_are_on_the_side_that_comes_closer_to_the_share() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1])

    assert cut_at(scores, 0.2) == pytest.approx(0.7)
    assert cut_at(scores, 0.4) == pytest.approx(0.3)
