"""Whether a labelled event was seen, told from the frames alone: nobody says where on the screen it was.

An event changes the tiles that differ between the frame before it and the first after it in which nothing
moves there; tiles that were moving all along before it (a video) do not belong to it, nor do a caret and the
pointer. It is seen once what was sent shows nearly all of these tiles in the state that they settled in: most
of them sent since the event began, the others perhaps before, where they have gone back to what the model had
seen. It is missed when that state is gone before, or was not sent within a few seconds after it settled. An
event whose tiles never settle counts as settled as it is after a while, and then what was sent since it began
only has to cover them.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from agent.screen.cut import Cut
from agent.screen.gate import sharpened
from agent.screen.minor import incidental
from agent.screen.replay.recording import Event
from agent.screen.tiles import Gray, Mask, differing, grid_of, inside, nearer, spread

WITHIN_S: Final = 3.0
"""So long after it settled an event may be sent."""

RESTLESS_S: Final = 4
"""Tiles that moved at least half of so many seconds before the event are no part of it."""

SETTLES_S: Final = 6
UNCHANGED: Final = "nothing that settled changed on the screen"
COVERED: Final = 0.95
NEWLY: Final = 0.5
"""So much of it has to be sent since the event began."""

GONE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """`delay_s`: from the event to the frame that showed it; None when it was missed, and `why` says so."""

    event: Event
    delay_s: float | None
    why: str = ""


@dataclass(slots=True)
class _Open:
    """An event that is neither seen nor missed yet. `sent`: (second, picture, cut) since it began."""

    event: Event
    before: Gray | None
    restless: Mask | None
    changed: Mask | None = None
    target: Gray | None = None
    settled_s: float = 0.0
    is_endless: bool = False
    unsent: Mask | None = None
    unknown: Mask | None = None
    sent: list[tuple[int, Gray, Cut]] = field(default_factory=list)


class Judge:
    """Takes every frame in order: `watch`, with what was sent of it."""

    def __init__(self, events: tuple[Event, ...], within_s: float = WITHIN_S) -> None:
        self._coming = deque(events)
        self._within_s = within_s
        self._open: list[_Open] = []
        self._previous: Gray | None = None
        self._moves: deque[Mask] = deque(maxlen=RESTLESS_S)
        self._known: Gray | None = None
        self.outcomes: list[Outcome] = []

    def watch(self, second: int, gray: Gray, cut: Cut | None) -> None:
        self._begin(second, gray)
        moving = self._moving(gray)
        if cut is not None:
            self._learn(gray, cut)
        for opened in list(self._open):
            if cut is not None:
                opened.sent.append((second, gray, cut))
            if opened.target is None:
                self._settle(opened, second, gray, moving)
            elif cut is not None:
                _cover(opened, gray, cut)
            self._close(opened, second, gray, moving)
        self._moves.append(moving)
        self._previous = gray

    def finish(self) -> list[Outcome]:
        """All outcomes, in the order of the events; what is still open was missed."""
        for opened in self._open:
            why = UNCHANGED if opened.target is None else "never sent"
            self.outcomes.append(Outcome(opened.event, None, why))
        self._open.clear()
        for event in self._coming:
            self.outcomes.append(Outcome(event, None, "never sent"))
        self._coming.clear()
        return sorted(self.outcomes, key=lambda outcome: outcome.event.t)

    def _learn(self, gray: Gray, cut: Cut) -> None:
        """`_known`: all that was sent, each place as it was sent last."""
        if self._known is None or self._known.shape != gray.shape:
            self._known = gray.copy()
        part = cut.covers(gray).part
        self._known[part] = gray[part]

    def _begin(self, second: int, gray: Gray) -> None:
        while self._coming and self._coming[0].t <= second:
            before = (
                self._previous if self._previous is not None and self._previous.shape == gray.shape else None
            )
            restless = None
            if before is not None and self._moves:
                moves = [mask for mask in self._moves if mask.shape == grid_of(gray)]
                if moves:
                    moved = np.sum(moves, axis=0)
                    restless = moved * 2 >= RESTLESS_S
                    restless |= (moved > 0) & spread(restless, 2)
            self._open.append(_Open(self._coming.popleft(), before, restless))

    def _moving(self, gray: Gray) -> Mask:
        if self._previous is None or self._previous.shape != gray.shape:
            return np.ones(grid_of(gray), dtype=np.bool_)
        return differing(gray, self._previous)

    def _settle(self, opened: _Open, second: int, gray: Gray, moving: Mask) -> None:
        if opened.before is not None and opened.before.shape != gray.shape:
            opened.before = opened.restless = None
        changed = np.ones(grid_of(gray), dtype=np.bool_)
        if opened.before is not None:
            changed = differing(gray, opened.before)
            if opened.restless is not None and (changed & ~opened.restless).any():
                changed &= ~opened.restless
            changed &= ~incidental(opened.before, gray, changed)
            if self._previous is not None and self._previous.shape == gray.shape:
                moving = moving & ~sharpened(moving, moving, gray, self._previous, opened.before)
        is_endless = second - opened.event.t >= SETTLES_S
        if not changed.any() or ((changed & moving).any() and not is_endless):
            return
        opened.changed, opened.target, opened.is_endless = changed, gray, is_endless
        opened.unsent = changed.copy()
        opened.settled_s = float(second)
        opened.unknown = changed.copy()
        if self._known is not None and self._known.shape == gray.shape:
            opened.unknown &= differing(self._known, gray)
        for _, shown, cut in opened.sent:
            _cover(opened, shown, cut)

    def _close(self, opened: _Open, second: int, gray: Gray, moving: Mask) -> None:
        if opened.target is None or opened.changed is None:
            # What happens later than this is not what was labelled; and what is open holds pictures.
            if second > opened.event.t + SETTLES_S + self._within_s:
                self._end(opened, Outcome(opened.event, None, UNCHANGED))
            return
        area = int(opened.changed.sum())
        if _is_seen(opened, area):
            shown_s = float(opened.sent[-1][0])
            self._end(opened, Outcome(opened.event, max(0.0, shown_s - opened.event.t)))
        elif second > opened.settled_s + self._within_s:
            self._end(opened, Outcome(opened.event, None, f"not sent within {self._within_s:g} s"))
        elif opened.target.shape != gray.shape or (
            not opened.is_endless
            and (opened.changed & ~shows(gray, opened.target, opened.before)).sum() > GONE * area
            and not (moving & opened.changed).any()
        ):
            self._end(opened, Outcome(opened.event, None, "gone before it was sent"))

    def _end(self, opened: _Open, outcome: Outcome) -> None:
        self._open.remove(opened)
        self.outcomes.append(outcome)


def _is_seen(opened: _Open, area: int) -> bool:
    if opened.unsent is None or opened.unknown is None or not opened.sent:
        return False
    return bool(
        opened.unsent.sum() <= (1 - NEWLY) * area
        and (opened.unsent & opened.unknown).sum() <= (1 - COVERED) * area
    )


def _cover(opened: _Open, gray: Gray, cut: Cut) -> None:
    """Takes away the tiles that this picture shows as they settled."""
    if opened.target is None or opened.unsent is None or gray.shape != opened.target.shape:
        return
    shown = inside(cut.covers(gray), gray)
    if not opened.is_endless:
        shown &= shows(gray, opened.target, opened.before)
    opened.unsent &= ~shown


def shows(gray: Gray, target: Gray, before: Gray | None) -> Mask:
    """Tiles of `gray` that look like `target`, or are at least much nearer to it than `before` was: a picture
    sharpens for some time after it changed."""
    same = ~differing(gray, target)
    if before is None:
        return same
    return same | nearer(target, gray, before)
