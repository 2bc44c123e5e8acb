"""Changes that are none: a caret that blinks and the mouse pointer.

Only groups of tiles as small as these are looked at, and in doubt a change counts: a bar stands for a caret
only for a while, and a thing counts as the pointer only when the same thing left another, empty place.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from agent.screen.tiles import STRONG, TILE_PX, Area, Gray, Mask, differing, distance, groups_of, spread

CARET_PX: Final = (3, 6)
"""A caret is at most so wide and at least so high, in pixels of the small picture."""

CARET_FOR: Final = 12
"""A bar that stood for so many samples was text after all."""

POINTER_PX: Final = (7, 20)
"""The least and the most of the pointer's height; it is at most as wide as high."""

ALIKE: Final = 24
"""Mean grey levels between two pictures of the pointer, which fall on the pixels differently."""

EMPTY: Final = 14
"""Standard deviation of the grey levels of a place with nothing on it."""

MOST_TILES: Final = 6
MOST_GROUPS: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A few tiles that changed together. `spot` surrounds the pixels that differ from what was shown."""

    tiles: Mask
    spot: Area
    pixels: int

    @property
    def is_bar(self) -> bool:
        width, height = self.spot.width, self.spot.height
        return width <= CARET_PX[0] and height >= max(CARET_PX[1], 3 * width) and self.pixels * 2 >= height

    @property
    def may_be_pointer(self) -> bool:
        low, high = POINTER_PX
        return low <= self.spot.height <= high and 3 <= self.spot.width <= self.spot.height + 2


class MinorChanges:
    """Asked once a sample."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._groups: list[Group] = []
        self._before: Gray | None = None
        self._borne: Gray | None = None
        self._bears: Mask | None = None
        self._bars: dict[Area, int] = {}

    def harmless(self, gray: Gray, shown: Gray, changed: Mask) -> Mask:
        """Which of the `changed` tiles hold nothing but a caret or the pointer."""
        groups = _small_groups(gray, shown, changed)
        self._recognise(groups, gray, shown)
        harmless = np.zeros_like(changed)
        if self._bears is not None and self._borne is not None and self._bears.any():
            self._bears &= changed & ~differing(gray, self._borne)
            harmless |= self._bears
        self._bars = {group.spot: self._bars.get(group.spot, 0) + 1 for group in groups if group.is_bar}
        for group in groups:
            if 0 < self._bars.get(group.spot, 0) < CARET_FOR:
                harmless |= group.tiles
        self._groups, self._before = groups, gray
        return harmless

    def _recognise(self, groups: list[Group], gray: Gray, shown: Gray) -> None:
        """Bears with what moved from one place to another."""
        before = self._before
        if before is None or before.shape != gray.shape:
            return
        came = [group for group in groups if group.may_be_pointer and not self._was(group)]
        if not came:
            return
        left = [old for old in self._groups if old.may_be_pointer and not _is_there(old, groups)]
        for group in came:
            if any(_alike(gray, group.spot, before, old.spot) for old in left):
                self._bear(group, gray)
                continue
            for other in came:
                # `other` is the empty place that the pointer had when the screen was shown.
                if (
                    other is not group
                    and _alike(gray, group.spot, shown, other.spot)
                    and _empty(gray, other.spot)
                ):
                    self._bear(group, gray)
                    self._bear(other, gray)

    def _was(self, group: Group) -> bool:
        return any(old.spot == group.spot for old in self._groups)

    def _bear(self, group: Group, gray: Gray) -> None:
        if self._borne is None or self._bears is None or self._borne.shape != gray.shape:
            self._borne, self._bears = gray.copy(), np.zeros_like(group.tiles)
        for row, column in np.argwhere(group.tiles):
            part = np.s_[row * TILE_PX : (row + 1) * TILE_PX, column * TILE_PX : (column + 1) * TILE_PX]
            self._borne[part] = gray[part]
        self._bears |= group.tiles


def incidental(before: Gray, after: Gray, changed: Mask) -> Mask:
    """Which tiles that changed between two pictures hold a caret, or a thing that moved from one place to
    another; none of them when there is nothing else."""
    groups = _small_groups(after, before, changed)
    found = np.zeros_like(changed)
    for group in groups:
        if group.is_bar:
            found |= group.tiles
        for other in groups:
            both_may = other is not group and group.may_be_pointer and other.may_be_pointer
            if both_may and _alike(after, group.spot, before, other.spot):
                found |= group.tiles | other.tiles
    return found if (changed & ~found).any() else np.zeros_like(changed)


def _small_groups(gray: Gray, shown: Gray, changed: Mask) -> list[Group]:
    """The groups of up to six tiles, when there are few of them; of the others nothing is said."""
    crowded = np.zeros_like(changed)
    if changed.sum() > MOST_TILES:
        inner = _eroded(changed)
        crowded = spread(inner, 3) if inner.any() else crowded
    found = groups_of(changed & ~crowded, MOST_GROUPS + 1)
    if len(found) > MOST_GROUPS:
        return []
    groups = []
    for tiles in found:
        if tiles.sum() > MOST_TILES or (spread(tiles, 1) & crowded).any():
            continue
        group = _group(gray, shown, tiles)
        if group is not None:
            groups.append(group)
    return groups


def _group(gray: Gray, shown: Gray, tiles: Mask) -> Group | None:
    rows, columns = np.flatnonzero(tiles.any(axis=1)), np.flatnonzero(tiles.any(axis=0))
    top, left = int(rows[0]) * TILE_PX, int(columns[0]) * TILE_PX
    part = np.s_[top : int(rows[-1] + 1) * TILE_PX, left : int(columns[-1] + 1) * TILE_PX]
    strong = distance(gray[part], shown[part]) > STRONG
    if not strong.any():
        return None
    high, wide = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    spot = Area(left + int(wide[0]), top + int(high[0]), left + int(wide[-1]) + 1, top + int(high[-1]) + 1)
    return Group(tiles, spot, int(strong.sum()))


def _eroded(mask: Mask) -> Mask:
    """Tiles that are set with all of the eight around them."""
    return mask & ~spread(~mask, 1)


def _is_there(group: Group, groups: list[Group]) -> bool:
    return any((other.tiles & group.tiles).any() for other in groups)


def _alike(one: Gray, here: Area, other: Gray, there: Area) -> bool:
    """Whether two spots of about the same size show the same thing, at best within a pixel."""
    height, width = max(here.height, there.height), max(here.width, there.width)
    if min(here.height, there.height) < height - 2 or min(here.width, there.width) < width - 2:
        return False
    mine = _smooth(one, here.top - 1, here.left - 1, height + 2, width + 2)
    apart = [
        float(np.abs(mine - theirs).mean())
        for down in (-2, -1, 0)
        for across in (-2, -1, 0)
        if (theirs := _smooth(other, there.top + down, there.left + across, height + 2, width + 2)).shape
        == mine.shape
    ]
    return bool(apart) and min(apart) <= ALIKE


def _smooth(gray: Gray, top: int, left: int, height: int, width: int) -> npt.NDArray[np.int16]:
    """A part whose pixels are means of four, so that half a pixel of shift matters less."""
    top, left = max(0, top), max(0, left)
    part = gray[top : top + height + 1, left : left + width + 1].astype(np.int16)
    return (part[:-1, :-1] + part[1:, :-1] + part[:-1, 1:] + part[1:, 1:]) // 4


def _empty(gray: Gray, spot: Area) -> bool:
    return float(gray[spot.part].std()) <= EMPTY
