"""What changed on a shared screen against what the model was last shown, and which of it stands still again.

Works on small grey pictures in square tiles. A tile is news once it differs from what was shown of it and
did not move since the sample before; that a codec still sharpens it is no movement. Tiles that keep moving
(video, spinner, a clock's seconds, the line that is being typed) have to rest for longer, and news beside
movement waits a little, so that one look shows the whole of a change. What moves without end is shown now and
then. No I/O and no clock: a sample is a second.
Measured on 1920 × 1080: 1.4 ms to shrink and judge a frame, 99 of 100 within 2.1; tuned on fifteen kinds of
scripted scenes, and on fifteen others (`make bench ARGS="--only screen"`) it missed 1 of 273 events.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from agent.screen.minor import MinorChanges
from agent.screen.tiles import (
    Area,
    Gray,
    Mask,
    around,
    differing,
    grid_of,
    inside,
    nearer,
    on_tiles,
    spread,
    whole,
)

RESTLESS_MOVES: Final = 4
"""Of the last eight samples: a tile that moved so often is restless."""

RESTLESS_REST: Final = 2
"""For so many samples a restless tile has to stand still."""

NEAR_TILES: Final = 6
"""So far away from movement is beside it."""

WAIT: Final = 3
"""For so many samples news beside movement waits for the rest of it, and for the next news after that."""

HEMMED_IN: Final = 5
"""A tile with so many moving ones of the eight around it is a gap in what moves, such as between lines that
scroll by."""

ENDLESS_FIRST: Final = 6
ENDLESS_SHARE: Final = 0.03
"""What moves for so many samples on so much of the screen is shown although it does not settle; again after
twice as many, and so on."""

CALM: Final = 2
"""After so many samples without such movement the count begins anew."""

UPHEAVAL_SHARE: Final = 0.08
"""While so much of the screen moves, such as a page that is scrolled, nothing is news until it was found to
be endless."""

Counts = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Decision:
    """Shares of the screen's tiles, 0 to 1.

    `changed`: differ from what was shown; `moving`: differ from the sample before by more than a
    codec's sharpening; `news`: changed and settled. `due`: where the news is, once it is worth a look; None
    until then. `endless`: what is due did not settle.
    """

    changed: float
    moving: float
    news: float
    due: Area | None = None
    endless: bool = False


class Gate:
    """Knows what was shown of each tile: `mark_shown` after a picture went out."""

    def __init__(self) -> None:
        self._shown: Gray | None = None
        self._unseen: Mask = np.zeros((0, 0), dtype=np.bool_)
        self._previous: Gray | None = None
        self._minor = MinorChanges()
        self._restart((0, 0))

    def offer(self, gray: Gray) -> Decision:
        """Judges the next sample. The first of a screen, or of a new size, is moving as a whole."""
        previous, self._previous = self._previous, gray
        if previous is None or previous.shape != gray.shape:
            self._restart(grid_of(gray))
            if self._shown is not None and self._shown.shape != gray.shape:
                self._shown = None
            return Decision(changed=1.0, moving=1.0, news=0.0)
        moving = self._moving(gray, previous)
        self._follow(moving)
        changed = self._changed(gray)
        settled = changed & self._settled(moving)
        due = around(settled, gray) if self._is_due(changed, settled, moving) else None
        endless = due is None and self._is_endless(changed & moving)
        if endless:
            due = around(changed, gray)
        return Decision(
            changed=float(changed.mean()),
            moving=float(moving.mean()),
            news=float(settled.mean()),
            due=due,
            endless=endless,
        )

    def mark_shown(self, gray: Gray, area: Area | None = None) -> None:
        """From here on `area` of `gray`, or all of it, is what the model knows."""
        if self._shown is None or self._shown.shape != gray.shape:
            self._shown = gray.copy()
            self._unseen = np.ones(grid_of(gray), dtype=np.bool_)
        area = area or whole(gray)
        self._shown[area.part] = gray[area.part]
        self._unseen &= ~inside(area, gray)
        self._since_shown = 0

    def _restart(self, grid: tuple[int, int]) -> None:
        self._history: Counts = np.zeros(grid, dtype=np.uint8)
        self._still: Counts = np.zeros(grid, dtype=np.uint8)
        self._since_shown = WAIT
        self._held = 0
        self._samples = 1
        self._endless_for = 0
        self._endless_after = ENDLESS_FIRST
        self._calm_for = 0
        self._minor.forget()

    def _moving(self, gray: Gray, previous: Gray) -> Mask:
        """A change that a codec still sharpens stands still already; of restless tiles that is not asked."""
        moving = differing(gray, previous)
        if self._shown is None:
            return moving
        return moving & ~sharpened(moving, moving & ~self._restless(), gray, previous, self._shown)

    def _follow(self, moving: Mask) -> None:
        """`_history`: a bit for each of the last eight samples; `_still`: for how many nothing moved."""
        self._history = (self._history << 1).astype(np.uint8) | moving
        self._still = np.where(moving, 0, np.minimum(self._still, 254) + 1).astype(np.uint8)
        self._since_shown += 1
        self._samples += 1

    def _changed(self, gray: Gray) -> Mask:
        if self._shown is None:
            return np.ones(grid_of(gray), dtype=np.bool_)
        changed = differing(gray, self._shown) | self._unseen
        return changed & ~self._minor.harmless(gray, self._shown, changed)

    def _settled(self, moving: Mask) -> Mask:
        gap = _neighbours(moving) >= HEMMED_IN
        settled: Mask = (self._still >= np.where(self._restless(), RESTLESS_REST, 1)) & ~gap
        return settled

    def _restless(self) -> Mask:
        return np.bitwise_count(self._history) >= RESTLESS_MOVES

    def _is_due(self, changed: Mask, settled: Mask, moving: Mask) -> bool:
        """Whether there is news that need not wait for what happens beside it."""
        beside = spread(changed & ~settled, NEAR_TILES)
        if not (settled & (~beside | (self._still >= WAIT))).any():
            self._held = 0
            return False
        if self._shown is None and self._samples > WAIT:
            return True  # better a first look at the middle of things than none
        if (changed & moving).mean() >= UPHEAVAL_SHARE and self._endless_after == ENDLESS_FIRST:
            return False
        if not (beside & settled).any():
            return True
        self._held += 1
        resting = changed & ~moving & ~settled
        if self._held < RESTLESS_REST and (spread(resting, NEAR_TILES) & settled).any():
            return False  # a moment later it will be part of the same look
        return self._since_shown >= WAIT

    def _is_endless(self, unshown: Mask) -> bool:
        if unshown.mean() < ENDLESS_SHARE:
            self._endless_for = 0
            self._calm_for += 1
            if self._calm_for >= CALM:
                self._endless_after = ENDLESS_FIRST
            return False
        self._calm_for = 0
        self._endless_for += 1
        if self._endless_for < self._endless_after:
            return False
        self._endless_for = 0
        self._endless_after *= 2
        return True


def _neighbours(mask: Mask) -> Counts:
    """How many of the eight tiles around each are set."""
    padded = np.pad(mask.astype(np.uint8), 1)
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    both: Counts = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:] - mask
    return both


def sharpened(moving: Mask, among: Mask, gray: Gray, previous: Gray, shown: Gray) -> Mask:
    """The tiles `among` those that are `moving` which a codec only sharpens: by far nearer to the picture
    before than to what was shown. None in an upheaval."""
    if not among.any() or moving.mean() >= UPHEAVAL_SHARE:
        return np.zeros_like(among)
    area = around(among, gray)
    part, found = area.part, among.copy()
    found[on_tiles(area)] &= nearer(gray[part], previous[part], shown[part])
    return found
