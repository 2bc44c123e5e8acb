"""From which score on the large model answers, for a share of turns that it may take.

Scores of the training questions are kept as quantiles; a share is looked up in them. A share of real
turns differs from it as much as real turns differ from the training questions: what a tenant really
spends is held by whoever watches the share (drift), not here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agent.errors import InvalidInput

NEVER = 1.01
ALWAYS = 0.0
STEPS = 100
USUAL_SHARE: Final = 0.2
"""Of turns, for the large tier, where nobody names another. With a large call that costs 20 times a small one
it saves three quarters of always-large; the drift alarm says where a tenant's turns need more."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The large model answers when the score is at least this; above 1 is never.

    `voice`, `text`: for the score before any call. `after`: for the score with the small model's answer.
    """

    voice: float
    text: float
    after: float


def quantiles(scores: Sequence[float]) -> tuple[float, ...]:
    """The scores' 0th to 100th percentile, ascending, rounded to four digits; none without scores."""
    if not scores:
        return ()
    ordered = sorted(scores)
    last = len(ordered) - 1
    return tuple(round(ordered[round(step * last / STEPS)], 4) for step in range(STEPS + 1))


def cut(ascending: Sequence[float], share: float) -> float:
    """The score that `share` of the scores reach; share 0 gives NEVER, 1 gives ALWAYS.

    ascending: as `quantiles` gives them; between two of them the cut is interpolated.

    Raises: InvalidInput for a share that is not within 0 to 1.
    """
    if not 0 <= share <= 1:
        raise InvalidInput(f"a share of {share!r} is not within 0 to 1", field="share")
    if share == 0 or not ascending:
        return NEVER
    if share == 1:
        return ALWAYS
    place = (1 - share) * (len(ascending) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (place - below) * (ascending[above] - ascending[below])
