"""Pictures that come in from outside: looked at from the outside first, and decoded beside the event loop.

A picture of a few kilobytes can unfold into gigabytes of pixels, so its size is read from its first bytes and
judged before a decoder sees it. What is no PNG, JPEG or WebP of one frame is refused.
"""

import asyncio
import io
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PIL import Image, UnidentifiedImageError

from agent.errors import InvalidInput, TooMany

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
"""An 8K screen has 33 million. Decoded in 4 bytes each they take 160 MB, of which one is there at a time."""
MAX_WEBP_PIXELS: Final = 9_000_000
"""Pillow copies all of a WebP's pixels while nothing else can run. A 4K screen has 8 million."""
MAX_SIDE_PX: Final = 16_384
MAX_WAITING: Final = 8
RETRY_S: Final = 5.0


class ImageFormat(StrEnum):
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Of a picture that was decoded to its last row."""

    format: ImageFormat
    width_px: int
    height_px: int
    size_bytes: int


class ImageChecks:
    """One picture is decoded at a time; a few may wait."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="images")
        self._waiting = 0

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def check_image(self, data: bytes) -> ImageFacts:
        """What the picture is. Raises: InvalidInput when it is none that is taken; TooMany."""
        if len(data) > MAX_BYTES:
            raise InvalidInput(f"the picture has {len(data)} bytes; at most {MAX_BYTES} are taken")
        kind = _kind_of(data)
        if kind is not ImageFormat.JPEG:
            _check_size(kind, *_size_of(kind, data))
        if self._waiting >= MAX_WAITING:
            raise TooMany("too many pictures are being looked at; try again in a moment", RETRY_S)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, _decode, kind, data)
        finally:
            self._waiting -= 1


def _kind_of(data: bytes) -> ImageFormat:
    """By its first bytes; what it is called counts for nothing."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageFormat.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return ImageFormat.JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ImageFormat.WEBP
    raise InvalidInput("this is no PNG, JPEG or WebP picture")


def _size_of(kind: ImageFormat, data: bytes) -> tuple[int, int]:
    """Width and height as the header tells them.

    Pillow sets a canvas of the whole size aside when it opens a WebP, so it must not be asked first.
    Source: PNG 3rd edition, 11.2.1; RFC 9649, 2.5 to 2.7.
    """
    try:
        if kind is ImageFormat.PNG:
            if data[12:16] != b"IHDR":
                raise InvalidInput("this PNG does not begin with its header")
            width, height = struct.unpack_from(">II", data, 16)
            return int(width), int(height)
        match data[12:16]:
            case b"VP8X":
                return _three_bytes(data, 24) + 1, _three_bytes(data, 27) + 1
            case b"VP8L":
                (bits,) = struct.unpack_from("<I", data, 21)
                return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
            case b"VP8 ":
                width, height = struct.unpack_from("<HH", data, 26)
                return width & 0x3FFF, height & 0x3FFF
    except struct.error:
        pass
    raise InvalidInput("the header of this picture is cut off")


def _three_bytes(data: bytes, place: int) -> int:
    if len(data) < place + 3:
        raise InvalidInput("the header of this picture is cut off")
    return int.from_bytes(data[place : place + 3], "little")


def _check_size(kind: ImageFormat, width_px: int, height_px: int) -> None:
    most = MAX_WEBP_PIXELS if kind is ImageFormat.WEBP else MAX_PIXELS
    if not (0 < width_px <= MAX_SIDE_PX and 0 < height_px <= MAX_SIDE_PX):
        raise InvalidInput(
            f"the picture is {width_px} by {height_px} pixels; a side has at most {MAX_SIDE_PX}"
        )
    if width_px * height_px > most:
        raise InvalidInput(f"the picture has {width_px * height_px} pixels; at most {most} are taken")


def _decode(kind: ImageFormat, data: bytes) -> ImageFacts:
    """Blocks until the last row. Raises: InvalidInput."""
    try:
        with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
            _check_size(kind, image.width, image.height)
            if getattr(image, "n_frames", 1) > 1:
                raise InvalidInput("the picture moves; a single frame is taken")
            image.load()
            return ImageFacts(kind, image.width, image.height, len(data))
    except InvalidInput:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput(f"this {kind} cannot be read") from error
    except (
        Exception
    ) as error:  # Pillow's decoders raise whatever they meet: SyntaxError, struct.error, OSError
        raise InvalidInput(f"this {kind} is damaged") from error
