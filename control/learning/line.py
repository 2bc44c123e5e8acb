"""From which score on the large model answers, so that an agent's target holds on the turns it really gets.

A spoken turn's share is spent before the call, since little can be taken back afterwards; of a written turn's
only `PRE_PART`, because reading the answer tells more than reading the question. How often answers are handed
up is measured, not assumed: a score that comes too late to act on, a failed check, a model that hands up by
itself and a follow-up that stays with the large model all count as they come, and the line before the call
takes up what they leave. Nothing here is random and nothing is fitted: lines are quantiles of what was seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from agent.cascade.score.scorer import BEFORE_CALL
from control.store.thresholds import AnsweredTurn, Target

Scores = npt.NDArray[np.float64]

LEAST_TURNS: Final = 200
LEAST_ANSWERS: Final = 50
"""Of small answers whose score is known, before their line is moved."""
LEAST_ABOVE: Final = 10
WINDOW_TURNS: Final = 500
"""The newest turns that lines are drawn from: 2 points of standard error at a share of a fifth."""
PRE_PART: Final = BEFORE_CALL
CORRECTION: Final = 1.0
MOST_CORRECTION: Final = 0.4
"""Parts of a miss that are made up for, and of the target that this may be at most."""
NEVER: Final = 1.01
HALVINGS: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """As `Thresholds` of the cascade."""

    voice: float
    text: float
    after: float


@dataclass(frozen=True, slots=True)
class _Mix:
    """How the turns of one delivery come about. `pre`: the share that goes to the large model at once;
    `up`: of the others, the share whose small answer is handed up."""

    pre: float
    up: float


@dataclass(frozen=True, slots=True)
class _Costs:
    """Mean millionths of a dollar of a turn: small alone, large at once, small and then large."""

    small: float
    large: float
    both: float

    def of(self, mix: _Mix) -> float:
        kept = (1 - mix.pre) * (1 - mix.up)
        return mix.pre * self.large + kept * self.small + (1 - mix.pre) * mix.up * self.both


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a share comes to. `flagged`: of the small written answers, the share whose score is to hand them
    up; None leaves their line where it is."""

    spoken: _Mix
    written: _Mix
    flagged: float | None


def draw_line(
    turns: Sequence[AnsweredTurn], target: Target, now: Line, *, was_drawn: bool = True
) -> Line | None:
    """The line that holds `target` on `turns`; None when there are too few, or their cost is unknown.

    `turns`: oldest first. `now`: what stays where nothing is known. `was_drawn`: here, for this target; only
    then what the turns missed it by tells anything.
    """
    newest = turns[-WINDOW_TURNS:]
    before = np.array([turn.before for turn in newest if turn.before is not None], np.float64)
    if before.size < LEAST_TURNS:
        return None
    share = _aim(target, newest, now, was_drawn=was_drawn)
    if share is None:
        return None
    plan = _plan(share, newest, now)
    after = now.after
    if plan.flagged is not None:
        after = cut_at(_after_scores(newest), plan.flagged)
    return Line(voice=cut_at(before, plan.spoken.pre), text=cut_at(before, plan.written.pre), after=after)


def cut_at(scores: Scores, share: float) -> float:
    """The score that `share` of `scores` reach, halfway to the next lower one.

    Equal scores are on one side: whichever comes closer to the share.
    """
    if share <= 0 or scores.size == 0:
        return NEVER
    if share >= 1:
        return 0.0
    values = np.unique(scores)[::-1]
    reached = np.searchsorted(np.sort(-scores), -values, side="right") / scores.size
    place = int(np.argmin(np.abs(np.concatenate(([0.0], reached)) - share)))
    if place == 0:
        return NEVER
    lower = values[place] if place < values.size else 0.0
    return float((values[place - 1] + lower) / 2)


def _aim(target: Target, turns: Sequence[AnsweredTurn], now: Line, *, was_drawn: bool) -> float | None:
    """The share to draw lines for: beside the target, by a part of what the newest turns missed it by.

    Where scores wander, a line is late by half of its window; that shows as a miss, and this makes up for it.
    """
    if target.kind == "share":
        strong = _part(turns, lambda turn: turn.is_strong)
        return _corrected(target.value, strong, upper=1.0) if was_drawn else target.value
    spent = _mean([turn.cost_usd_micros for turn in turns])
    if spent is None:
        return None
    return _affordable(turns, _corrected(target.value, spent) if was_drawn else target.value, now)


def _corrected(target: float, observed: float, upper: float = float("inf")) -> float:
    """None and all stay what they are."""
    if target in (0.0, upper):
        return target
    most = MOST_CORRECTION * min(target, upper - target)
    return target + max(-most, min(most, CORRECTION * (target - observed)))


def _plan(share: float, turns: Sequence[AnsweredTurn], now: Line) -> _Plan:
    scored = [turn for turn in turns if turn.before is not None]
    unscored_strong = sum(turn.is_strong for turn in turns if turn.before is None)
    of_scored = max(0.0, min(1.0, (share * len(turns) - unscored_strong) / len(scored)))
    spoken, written = (_answers_of(scored, is_spoken=is_spoken) for is_spoken in (True, False))
    up = _part(spoken, lambda turn: turn.handed_up is not None)
    flagged, written_up = _flagged(of_scored, written, now)
    return _Plan(_Mix(_rest(of_scored, up), up), _Mix(_rest(of_scored, written_up), written_up), flagged)


def _flagged(share: float, answers: Sequence[AnsweredTurn], now: Line) -> tuple[float | None, float]:
    """(the share of small answers that their score should hand up, the share that will be handed up)."""
    if sum(turn.after is not None for turn in answers) < LEAST_ANSWERS:
        return None, _part(answers, lambda turn: turn.handed_up is not None)
    forced = _part(answers, lambda turn: turn.handed_up == "otherwise")
    reach = _reach(answers, now)
    left = max(0.0, share - forced)
    flagged = min(_rest(share, share * PRE_PART), left / reach if reach > 0 else float(left > 0))
    return flagged, min(1.0, forced + reach * flagged)


def _reach(answers: Sequence[AnsweredTurn], now: Line) -> float:
    """Of the answers above the line, the share that was handed up: the others were read too late, when a part
    of them was out. Lines of a window differ, so only what is high among those handed up is looked at; where
    too few were above to tell, all are taken to be handed up."""
    up = sorted(t.after for t in answers if t.handed_up == "by_score" and t.after is not None)
    line = up[len(up) // 2] if up else now.after
    above = [turn for turn in answers if turn.after is not None and turn.after >= line]
    if not up and len(above) < LEAST_ABOVE:
        return 1.0
    return _part(above, lambda turn: turn.handed_up == "by_score")


def _after_scores(turns: Sequence[AnsweredTurn]) -> Scores:
    scores = [
        turn.after
        for turn in _answers_of(turns, is_spoken=False)
        if turn.after is not None and turn.handed_up != "otherwise"
    ]
    return np.array(scores, np.float64)


def _answers_of(turns: Sequence[AnsweredTurn], *, is_spoken: bool) -> list[AnsweredTurn]:
    """The turns that a small model answered first."""
    return [
        turn
        for turn in turns
        if turn.is_spoken == is_spoken and (turn.handed_up is not None or not turn.is_strong)
    ]


def _part(turns: Sequence[AnsweredTurn], holds: Callable[[AnsweredTurn], bool]) -> float:
    return sum(holds(turn) for turn in turns) / len(turns) if turns else 0.0


def _rest(share: float, part: float) -> float:
    """What of the turns that `part` leaves has to be strong so that `share` of all are."""
    return max(0.0, min(1.0, (share - part) / (1 - part))) if part < 1 else 0.0


def _affordable(turns: Sequence[AnsweredTurn], usd_micros: float, now: Line) -> float | None:
    """The largest share with which a turn costs no more on average; None where costs are not known."""
    costs = _measure_costs(turns)
    if costs is None:
        return None
    spoken_part = _part(turns, lambda turn: turn.is_spoken)

    def cost(share: float) -> float:
        plan = _plan(share, turns, now)
        return spoken_part * costs.of(plan.spoken) + (1 - spoken_part) * costs.of(plan.written)

    # What it costs rises with the share.
    low, high = 0.0, 1.0
    if cost(high) <= usd_micros:
        return high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if cost(middle) <= usd_micros else (low, middle)
    return low


def _measure_costs(turns: Sequence[AnsweredTurn]) -> _Costs | None:
    """What was never seen is taken from what always-large would have cost on the same turns."""
    priced = [t for t in turns if t.cost_usd_micros is not None and t.baseline_usd_micros is not None]
    if len(priced) * 2 < len(turns):
        return None
    usual_large = _mean([t.baseline_usd_micros for t in priced])
    small = _mean([t.cost_usd_micros for t in priced if not t.is_strong])
    large = _mean([t.cost_usd_micros for t in priced if t.is_strong and t.handed_up is None])
    both = _mean([t.cost_usd_micros for t in priced if t.handed_up is not None])
    large = usual_large if large is None else large
    if large is None:
        return None
    small = 0.0 if small is None else small
    return _Costs(small, large, small + large if both is None else both)


def _mean(values: Sequence[int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
