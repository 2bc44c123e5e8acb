"""The QR code of an app's seed: drawn, rastered and read back by a detector that knows nothing of it."""

import re

import cv2
import numpy as np
import pytest

from control.people.qr_code import QUIET_ZONE, QrCode, draw
from control.people.totp import app_uri

PX = 8
_STROKE = re.compile(r"M(\d+) (\d+)h(\d+)v1H(\d+)z")


def raster(code: QrCode) -> np.ndarray:
    """uint8 [side * PX, side * PX], dark on white."""
    image = np.full((code.side * PX, code.side * PX), 255, np.uint8)
    for x, y, width, start in _STROKE.findall(code.path):
        assert x == start
        left, top = int(x) * PX, int(y) * PX
        image[top : top + PX, left : left + int(width) * PX] = 0
    return image


@pytest.mark.parametrize("account", ["ada@harbor.example", f"{'a' * 60}@{'harbor' * 10}.example"])
def test_a_camera_reads_what_the_app_needs(account: str) -> None:
    uri = app_uri("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", account)

    read, *_ = cv2.QRCodeDetector().detectAndDecode(raster(draw(uri)))

    assert read == uri


def test_the_path_is_nothing_but_strokes_within_the_quiet_zone() -> None:
    code = draw("otpauth://totp/Parley:ada")

    assert _STROKE.sub("", code.path) == ""
    strokes = [tuple(map(int, found)) for found in _STROKE.findall(code.path)]
    assert min(x for x, *_ in strokes) == min(y for _, y, *_ in strokes) == QUIET_ZONE
    assert max(x + width for x, _, width, _ in strokes) == code.side - QUIET_ZONE
