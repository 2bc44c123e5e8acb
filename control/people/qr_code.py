"""A QR code as one path of an SVG, which a page can draw without a script or an image of its own."""

from typing import Final

import segno

from control.endpoints import Answer

QUIET_ZONE: Final = 4
"""Source: ISO/IEC 18004, 6.3.8: four modules of white on every side."""


class QrCode(Answer):
    """`path` goes into `<path d>` under `viewBox="0 0 side side"`, dark on white."""

    side: int
    path: str


def draw(text: str) -> QrCode:
    code = segno.make(text, error="m", micro=False)
    rows = [_strokes(row, y + QUIET_ZONE) for y, row in enumerate(code.matrix)]
    return QrCode(side=len(code.matrix) + 2 * QUIET_ZONE, path="".join(rows))


def _strokes(row: bytearray, y: int) -> str:
    """The dark runs of a row, each as a rectangle."""
    found, start = [], None
    for x, is_dark in enumerate([*row, 0]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            found.append(f"M{start + QUIET_ZONE} {y}h{x - start}v1H{start + QUIET_ZONE}z")
            start = None
    return "".join(found)
