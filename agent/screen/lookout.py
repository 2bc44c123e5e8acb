"""Watches one screen: each sample goes in, and a look comes out when there is something new to see.

The gate says what is new, the cut what of it is worth a picture. No I/O, no clock.
"""

from dataclasses import dataclass

from agent.screen.cut import Cut, cut_out
from agent.screen.gate import Decision, Gate
from agent.screen.tiles import Gray


@dataclass(frozen=True, slots=True)
class Sample:
    """What the gate said of a sample, and the look that is due, if any."""

    decision: Decision
    cut: Cut | None


class Lookout:
    def __init__(self) -> None:
        self._gate = Gate()
        self._crops: int | None = None

    def offer(self, gray: Gray, *, thrifty: bool = False) -> Sample:
        decision = self._gate.offer(gray)
        if decision.due is None:
            return Sample(decision, None)
        return Sample(decision, cut_out(gray, decision.due, self._crops, thrifty=thrifty))

    def mark_shown(self, gray: Gray, cut: Cut) -> None:
        """The model was given `cut` of `gray`."""
        self._gate.mark_shown(gray, cut.area)
        self._crops = 0 if cut.area is None else (self._crops or 0) + 1
