"""One frame of a shared screen: kept in memory, shrunk and encoded on demand, never written anywhere.

`gray` and `jpeg` block; they run in the screens' thread. The JPEG is made from the video's own planes:
JPEG stores luma and chroma as video does, so a detour over RGB would only cost (16 ms in place of 52 for
1920 × 1080 to 1024 × 576, 27 in place of 49 to 1600 × 900, on one core of a busy machine).
"""

import io
from datetime import datetime
from typing import Final

import numpy as np
from livekit import rtc
from PIL import Image

from agent.screen.gate import Gray

GRAY_SIDE_PX: Final = 512
QUALITY: Final = 80

# Video uses 16 to 235 for luma and 16 to 240 for chroma, JPEG the whole byte.
# Source: ITU-R BT.601-7 (2011) and ITU-T T.871 (2011).
LUMA: Final = [min(max(round((level - 16) * 255 / 219), 0), 255) for level in range(256)]
CHROMA: Final = [min(max(round((level - 128) * 255 / 224) + 128, 0), 255) for level in range(256)]


class ScreenFrame:
    """`taken_at`: when it arrived here, UTC."""

    __slots__ = ("_gray", "_jpegs", "_video", "taken_at")

    def __init__(self, video: rtc.VideoFrame, taken_at: datetime) -> None:
        self._video = video
        self._gray: Gray | None = None
        self._jpegs: dict[int, bytes] = {}
        self.taken_at = taken_at

    @property
    def width(self) -> int:
        return self._video.width

    @property
    def height(self) -> int:
        return self._video.height

    def gray(self) -> Gray:
        """The picture shrunk by a whole factor to about 512 pixels on its longer side, made once."""
        if self._gray is None:
            factor = max(1, round(max(self.width, self.height) / GRAY_SIDE_PX))
            self._gray = np.asarray(self._planes()[0].reduce(factor))
        return self._gray

    def jpeg(self, max_side_px: int) -> bytes:
        """A JPEG whose longer side is at most `max_side_px`, made once for each size; never enlarged."""
        if max_side_px not in self._jpegs:
            self._jpegs[max_side_px] = self._encode(max_side_px)
        return self._jpegs[max_side_px]

    def _encode(self, max_side_px: int) -> bytes:
        shrink = min(1.0, max_side_px / max(self.width, self.height))
        size = (max(1, round(self.width * shrink)), max(1, round(self.height * shrink)))
        luma, *chroma = self._planes()
        planes = [luma.resize(size, Image.Resampling.BICUBIC, reducing_gap=2).point(LUMA)]
        for plane in chroma:
            planes.append(plane.resize(size, Image.Resampling.BILINEAR, reducing_gap=2).point(CHROMA))
        out = io.BytesIO()
        Image.merge("YCbCr", planes).save(out, "JPEG", quality=QUALITY)
        return out.getvalue()

    def _planes(self) -> list[Image.Image]:
        """Luma, and the two chroma planes of half the size."""
        video = self._video
        if video.type != rtc.VideoBufferType.I420:
            video = video.convert(rtc.VideoBufferType.I420)
        pixels = np.frombuffer(video.data, dtype=np.uint8)
        whole, half = (video.height, video.width), ((video.height + 1) // 2, (video.width + 1) // 2)
        planes, start = [], 0
        for height, width in (whole, half, half):
            end = start + height * width
            planes.append(Image.fromarray(pixels[start:end].reshape(height, width)))
            start = end
        return planes
