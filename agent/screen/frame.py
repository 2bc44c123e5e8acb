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
from PIL import Image, ImageChops

from agent.screen.tiles import Area, Gray

GRAY_SIDE_PX: Final = 960
QUALITY: Final = 80

LEAST_SIDE_PX: Final = 64
"""LiveKit sends blank frames of a few pixels when a track is muted."""

MOST_SIDE_PX: Final = 16_384
MOST_PX: Final = 40_000_000
"""Beyond an 8K screen, which has 33 million."""

# Video uses 16 to 235 for luma and 16 to 240 for chroma, JPEG the whole byte.
# Source: ITU-R BT.601-7 (2011) and ITU-T T.871 (2011).
LUMA: Final = [min(max(round((level - 16) * 255 / 219), 0), 255) for level in range(256)]
CHROMA: Final = [min(max(round((level - 128) * 255 / 224) + 128, 0), 255) for level in range(256)]

BITS: Final = {
    rtc.VideoBufferType.I420: 12,
    rtc.VideoBufferType.NV12: 12,
    rtc.VideoBufferType.RGB24: 24,
    rtc.VideoBufferType.RGBA: 32,
    rtc.VideoBufferType.ABGR: 32,
    rtc.VideoBufferType.ARGB: 32,
    rtc.VideoBufferType.BGRA: 32,
}
"""For each pixel, of the formats that are read."""


def is_readable(video: rtc.VideoFrame) -> bool:
    """Whether `video` is a screen at all: of a sane size, in a known format, with all the bytes it promises.

    Checked before anything converts it, since the conversion trusts the size that the frame claims.
    """
    width, height = video.width, video.height
    if not (min(width, height) >= LEAST_SIDE_PX and max(width, height) <= MOST_SIDE_PX):
        return False
    if width * height > MOST_PX or video.type not in BITS:
        return False
    if video.type in (rtc.VideoBufferType.I420, rtc.VideoBufferType.NV12):
        expected = width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2)
    else:
        expected = width * height * BITS[video.type] // 8
    return len(video.data) >= expected


class ScreenFrame:
    """`taken_at`: when it arrived here, UTC. `video` is readable."""

    __slots__ = ("_gray", "_jpegs", "_planes", "_video", "taken_at")

    def __init__(self, video: rtc.VideoFrame, taken_at: datetime) -> None:
        self._video = video
        self._planes: list[Image.Image] | None = None
        self._gray: Gray | None = None
        self._jpegs: dict[tuple[Area | None, tuple[int, int]], bytes] = {}
        self.taken_at = taken_at

    @property
    def width(self) -> int:
        return self._video.width

    @property
    def height(self) -> int:
        return self._video.height

    @property
    def factor(self) -> int:
        """How many pixels of the screen make one of `gray`, along a side."""
        return max(1, round(max(self.width, self.height) / GRAY_SIDE_PX))

    def gray(self) -> Gray:
        """The picture shrunk by a whole factor to about 960 pixels on its longer side, made once.

        Half of the red chroma is mixed in, so that a light that turns from green to red at the same
        brightness is a change too.
        """
        if self._gray is None:
            luma, _, red = self._read()
            small = luma.reduce(self.factor) if self.factor > 1 else luma
            how = Image.Resampling.BOX if self.factor > 1 else Image.Resampling.NEAREST
            tint = Image.fromarray(np.asarray(red) >> 1).resize(small.size, how)
            self._gray = np.asarray(ImageChops.add(small, tint, 1, -64))
        return self._gray

    def size_of(self, area: Area | None) -> tuple[int, int]:
        """(width, height) in pixels of the screen, of an area of `gray` or of all."""
        if area is None:
            return self.width, self.height
        left, top, right, bottom = self.box_of(area)
        return right - left, bottom - top

    def within(self, side_px: int) -> tuple[int, int]:
        """The size of all of it with its longer side at most `side_px`."""
        shrink = min(1.0, side_px / max(self.width, self.height))
        return max(1, round(self.width * shrink)), max(1, round(self.height * shrink))

    def fitted(self, size: tuple[int, int], area: Area | None = None) -> tuple[int, int]:
        """`size`, or what `area` has when that is less: nothing is enlarged."""
        width, height = self.size_of(area)
        return max(1, min(size[0], width)), max(1, min(size[1], height))

    def jpeg(self, size: tuple[int, int], area: Area | None = None) -> bytes:
        """A JPEG of `area`, or of all, made once for each size; never enlarged."""
        key = (area, size)
        if key not in self._jpegs:
            self._jpegs[key] = self._encode(size, area)
        return self._jpegs[key]

    def _encode(self, size: tuple[int, int], area: Area | None) -> bytes:
        left, top, right, bottom = self.box_of(area) if area is not None else (0, 0, self.width, self.height)
        size = self.fitted(size, area)
        luma, *chroma = self._read()
        box = (left, top, right, bottom)
        planes = [luma.resize(size, Image.Resampling.BICUBIC, box, reducing_gap=2).point(LUMA)]
        for plane in chroma:
            half = (left / 2, top / 2, min(right / 2, plane.width), min(bottom / 2, plane.height))
            planes.append(plane.resize(size, Image.Resampling.BILINEAR, half, reducing_gap=2).point(CHROMA))
        out = io.BytesIO()
        Image.merge("YCbCr", planes).save(out, "JPEG", quality=QUALITY)
        return out.getvalue()

    def box_of(self, area: Area) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) in pixels of the screen."""
        factor = self.factor
        return (
            area.left * factor,
            area.top * factor,
            min(area.right * factor, self.width),
            min(area.bottom * factor, self.height),
        )

    def _read(self) -> list[Image.Image]:
        """Luma, and the two chroma planes of half the size."""
        if self._planes is None:
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
            self._planes = planes
        return self._planes
