"""Arithmetic on the grid of tiles that a small grey picture is divided into, and areas of the picture.

What changed is counted in tiles, so that the noise of a codec has to gather in one place to be taken for a
change. Two ways to differ: a few pixels by much, as one letter does, or many by little, as a highlight does.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
"""uint8 [height, width]"""

Mask = npt.NDArray[np.bool_]
"""bool [rows, columns], a value for each tile"""

TILE_PX: Final = 16
STRONG: Final = 24
"""Grey levels that a letter differs by; what a codec adds to a still picture stays under it once pixels were
averaged."""

STRONG_PX: Final = 2
SLIGHT: Final = 9
SLIGHT_PX: Final = 80
"""Of the 256 pixels of a tile; noise of 6 levels puts about 20 of them over `SLIGHT`."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels of the small grey picture; `right` and `bottom` are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def size(self) -> int:
        return self.width * self.height

    @property
    def part(self) -> tuple[slice, slice]:
        """For indexing a picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def joined(self, other: "Area") -> "Area":
        return Area(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def whole(gray: Gray) -> Area:
    return Area(0, 0, gray.shape[1], gray.shape[0])


def distance(one: Gray, other: Gray) -> Gray:
    """Grey levels between each two pixels."""
    return np.maximum(one, other) - np.minimum(one, other)


def differing(one: Gray, other: Gray) -> Mask:
    """Which tiles of two pictures of the same size differ."""
    levels = distance(one, other)
    return (tile_counts(levels > STRONG) >= STRONG_PX) | (tile_counts(levels > SLIGHT) >= SLIGHT_PX)


def levels_apart(one: Gray, other: Gray) -> npt.NDArray[np.intp]:
    """The grey levels between two pictures, summed in each tile."""
    levels = distance(one, other)
    by_row = np.add.reduceat(levels, np.arange(0, levels.shape[0], TILE_PX), axis=0, dtype=np.uint16)
    # 255 in each of 256 pixels still fits.
    return np.add.reduceat(by_row, np.arange(0, levels.shape[1], TILE_PX), axis=1).astype(np.intp)


def nearer(gray: Gray, near: Gray, far: Gray) -> Mask:
    """Tiles in which `gray` is three times nearer to the one picture than to the other."""
    return levels_apart(gray, near) * 3 < levels_apart(gray, far)


def grid_of(gray: Gray) -> tuple[int, int]:
    """(rows, columns)"""
    height, width = gray.shape
    return -(-height // TILE_PX), -(-width // TILE_PX)


def spread(mask: Mask, tiles: int) -> Mask:
    """`mask` grown by so many tiles to each side."""
    rows, columns = mask.shape
    sums = np.zeros((rows + 1, columns + 1), dtype=np.int32)
    sums[1:, 1:] = mask.cumsum(axis=0).cumsum(axis=1)
    top, bottom = _reach(rows, tiles)
    left, right = _reach(columns, tiles)
    near: Mask = (
        sums[np.ix_(bottom, right)]
        - sums[np.ix_(top, right)]
        - sums[np.ix_(bottom, left)]
        + sums[np.ix_(top, left)]
    ) > 0
    return near


def groups_of(mask: Mask, most: int) -> list[Mask]:
    """The groups of tiles that touch, corners included; no more than `most` of them."""
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    groups: list[Mask] = []
    while left and len(groups) < most:
        group, edge = np.zeros_like(mask), [left.pop()]
        while edge:
            row, column = edge.pop()
            group[row, column] = True
            near = {(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)} & left
            left -= near
            edge.extend(near)
        groups.append(group)
    return groups


def around(mask: Mask, gray: Gray) -> Area:
    """The smallest area that holds all tiles of `mask`, of which there is at least one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Area(
        int(columns[0]) * TILE_PX,
        int(rows[0]) * TILE_PX,
        min(int(columns[-1] + 1) * TILE_PX, gray.shape[1]),
        min(int(rows[-1] + 1) * TILE_PX, gray.shape[0]),
    )


def inside(area: Area, gray: Gray) -> Mask:
    """The tiles that lie wholly in `area`; those at the picture's edge may be cut off by it."""
    height, width = gray.shape
    mask = np.zeros(grid_of(gray), dtype=np.bool_)
    bottom = mask.shape[0] if area.bottom >= height else area.bottom // TILE_PX
    right = mask.shape[1] if area.right >= width else area.right // TILE_PX
    mask[-(-area.top // TILE_PX) : bottom, -(-area.left // TILE_PX) : right] = True
    return mask


def on_tiles(area: Area) -> tuple[slice, slice]:
    """For indexing a mask: the tiles that `area`, which begins on a tile, lies on."""
    rows, columns = (slice(edge.start // TILE_PX, -(-edge.stop // TILE_PX)) for edge in area.part)
    return rows, columns


def tile_counts(pixels: Mask) -> npt.NDArray[np.intp]:
    """How many pixels are set in each tile."""
    by_byte = np.bitwise_count(np.packbits(pixels, axis=1))
    by_row = np.add.reduceat(by_byte, np.arange(0, pixels.shape[0], TILE_PX), axis=0, dtype=np.intp)
    return np.add.reduceat(by_row, np.arange(0, by_row.shape[1], TILE_PX // 8), axis=1)


def _reach(length: int, tiles: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    places = np.arange(length)
    return np.maximum(places - tiles, 0), np.minimum(places + tiles + 1, length)
