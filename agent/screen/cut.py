"""Which part of a screen is worth a look, and in how many pixels: the change alone where it is small, with
enough around it to be read; small print in more pixels than a slide or a photo.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from agent.screen.tiles import TILE_PX, Area, Gray, tile_counts, whole

MARGIN: Final = (48, 24)
"""Pixels of the small picture, across and down: lines of text go across."""

LEAST: Final = (208, 112)
"""No crop is smaller, across and down."""

WHOLE_SHARE: Final = 0.5
"""From this share of the screen on, all of it is shown."""

CROPS: Final = 16
"""After so many crops in a row a change shows the whole screen again, so that what is known stays in one
picture."""

EDGE: Final = 32
TEXTURED: Final = 0.03
FINE_SHARE: Final = 0.22
PLAIN_SHARE: Final = 0.15
"""Edges among the pixels of a tile, in the middle one of the tiles that have any: .25 to .33 for text of 10
to 18 pixels on a screen of 1920, .16 to .25 for 24 to 48, .12 to .16 for 72; 0 for a photo (DejaVu; a thin
face of 30 pixels still counts as small, which errs to the readable side)."""


class Detail(Enum):
    """Pixels sent for each pixel of the small picture, which is about 960 wide: (of a frame, of a crop)."""

    FINE = (1.5, 2.0)
    PLAIN = (1.07, 1.5)
    COARSE = (0.8, 1.0)

    def lower(self) -> "Detail":
        return Detail.PLAIN if self is Detail.FINE else Detail.COARSE


@dataclass(frozen=True, slots=True)
class Cut:
    """`area` is None for the whole screen. `scale`: pixels to send for each of the small picture."""

    area: Area | None
    scale: float

    def covers(self, gray: Gray) -> Area:
        return self.area or whole(gray)

    def size(self, gray: Gray) -> tuple[int, int]:
        """(width, height) of the picture that is to be sent."""
        area = self.covers(gray)
        return max(1, round(area.width * self.scale)), max(1, round(area.height * self.scale))


def cut_out(gray: Gray, due: Area, crops_since_whole: int | None, *, thrifty: bool = False) -> Cut:
    """`crops_since_whole` is None when the whole screen was never shown; `thrifty` takes fewer pixels."""
    area = _with_margin(due, gray)
    if crops_since_whole is None or crops_since_whole >= CROPS or area.size >= WHOLE_SHARE * gray.size:
        return whole_screen(gray, thrifty=thrifty)
    detail = detail_of(gray[area.part])
    return Cut(area, (detail.lower() if thrifty else detail).value[1])


def whole_screen(gray: Gray, *, thrifty: bool = False) -> Cut:
    detail = detail_of(gray)
    return Cut(None, (detail.lower() if thrifty else detail).value[0])


def detail_of(gray: Gray) -> Detail:
    """By how densely edges stand, which is how small the text is."""
    beside = np.abs(np.diff(gray.astype(np.int16), axis=1, append=gray[:, -1:])) > EDGE
    share = tile_counts(beside) / TILE_PX**2
    textured = share[share > TEXTURED]
    density = float(np.median(textured)) if textured.size else 0.0
    if density >= FINE_SHARE:
        return Detail.FINE
    return Detail.PLAIN if density >= PLAIN_SHARE else Detail.COARSE


def _with_margin(due: Area, gray: Gray) -> Area:
    height, width = gray.shape
    left, right = _widen(due.left - MARGIN[0], due.right + MARGIN[0], LEAST[0], width)
    top, bottom = _widen(due.top - MARGIN[1], due.bottom + MARGIN[1], LEAST[1], height)
    return Area(left, top, right, bottom)


def _widen(start: int, end: int, least: int, limit: int) -> tuple[int, int]:
    """At least `least` long, on whole tiles, and within 0 and `limit`."""
    missing = max(0, least - (end - start))
    start, end = start - missing // 2, end + missing - missing // 2
    if start < 0:
        start, end = 0, max(end, least)
    if end > limit:
        start, end = min(start, limit - least), limit
    start = max(0, start) // TILE_PX * TILE_PX
    return start, min(limit, -(-end // TILE_PX) * TILE_PX)
