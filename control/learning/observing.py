"""What an agent's newest turns came to, against what was wanted of them, and the alarms that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from control.learning.drift import (
    Alarm,
    Deviation,
    deviation,
    scores_distance,
    scores_moved,
    share_strays,
    spend_strays,
)
from control.store.thresholds import AnsweredTurn, Target

WINDOW_TURNS: Final = 500


@dataclass(frozen=True, slots=True)
class Observation:
    """Of the newest `turns`. `spend_usd_micros` is of those whose price is known; None where that is none.

    `chance`: of so large a deviation when nothing is wrong; None without a target, or with too few turns.
    `scores_distance`: between the scores of these turns and of as many before them.
    """

    turns: int
    share: float | None
    spend_usd_micros: float | None
    chance: float | None
    scores_distance: float | None
    alarms: tuple[Alarm, ...]


def observe(turns: Sequence[AnsweredTurn], target: Target | None) -> Observation:
    """`turns`: of one agent, oldest first."""
    newest, before = turns[-WINDOW_TURNS:], turns[-2 * WINDOW_TURNS : -WINDOW_TURNS]
    costs = [turn.cost_usd_micros for turn in newest if turn.cost_usd_micros is not None]
    found = None if target is None else _deviation(newest, target)
    alarms: list[Alarm] = []
    if target is not None and target.kind == "share" and share_strays(found):
        alarms.append("share")
    if target is not None and target.kind == "spend" and spend_strays(found):
        alarms.append("spend")
    old, new = _scores(before), _scores(newest)
    distance = scores_distance(old, new)
    if scores_moved(distance, len(old), len(new)):
        alarms.append("scores")
    return Observation(
        turns=len(newest),
        share=sum(turn.is_strong for turn in newest) / len(newest) if newest else None,
        spend_usd_micros=sum(costs) / len(costs) if costs else None,
        chance=None if found is None else found.chance,
        scores_distance=distance,
        alarms=tuple(alarms),
    )


def _deviation(turns: Sequence[AnsweredTurn], target: Target) -> Deviation | None:
    if target.kind == "share":
        values = [float(turn.is_strong) for turn in turns]
        return deviation(values, [turn.conversation_id for turn in turns], target.value)
    priced = [(turn.cost_usd_micros, turn) for turn in turns if turn.cost_usd_micros is not None]
    return deviation(
        [float(cost) for cost, _ in priced], [turn.conversation_id for _, turn in priced], target.value
    )


def _scores(turns: Sequence[AnsweredTurn]) -> list[float]:
    return [turn.before for turn in turns if turn.before is not None]
