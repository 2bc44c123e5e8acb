"""What a picture goes through before it is seen: nothing, noise, sharpening, a real VP8 stream."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from io import BytesIO
from typing import Final

import av
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

FPS: Final = 2
BIT_RATE: Final = 1_500_000
RAMP: Final = (15, 35, 60, 80)
BLOCK: Final = 16

Codec = Callable[[Iterable[Image.Image], int], Iterator[Image.Image]]


def clean(frames: Iterable[Image.Image], seed: int) -> Iterator[Image.Image]:
    yield from frames


def noise(frames: Iterable[Image.Image], seed: int) -> Iterator[Image.Image]:
    """Another noise of three levels for each frame."""
    generator = np.random.default_rng(seed)
    for frame in frames:
        levels = generator.normal(0, 3, (frame.height, frame.width, 1)).astype(np.int16)
        yield Image.fromarray(np.clip(np.asarray(frame) + levels, 0, 255).astype(np.uint8))


def ramp(frames: Iterable[Image.Image], seed: int) -> Iterator[Image.Image]:
    """JPEG in which a block sharpens after it changed; every tenth second all waver a little."""
    previous: Image.Image | None = None
    ages: npt.NDArray[np.intp] | None = None
    for second, frame in enumerate(frames):
        changed = np.ones((-(-frame.height // BLOCK), -(-frame.width // BLOCK)), dtype=np.bool_)
        if previous is not None and previous.size == frame.size and ages is not None:
            changed = _changed_blocks(frame, previous)
            ages = np.where(changed, 0, np.minimum(ages + 1, len(RAMP) - 1))
        else:
            ages = changed.astype(np.intp) - 1
        previous = frame
        result = _packed(frame, RAMP[-1] - (second % 10 == 0) * 4)
        for age in set(ages.flatten().tolist()) - {len(RAMP) - 1}:
            mask = Image.fromarray((ages == age).astype(np.uint8) * 255).resize(
                (ages.shape[1] * BLOCK, ages.shape[0] * BLOCK), Image.Resampling.NEAREST
            )
            result.paste(_packed(frame, RAMP[age]), mask=mask.crop((0, 0, *frame.size)))
        yield result


def _changed_blocks(frame: Image.Image, previous: Image.Image) -> npt.NDArray[np.bool_]:
    apart = np.asarray(ImageChops.difference(frame, previous).convert("L")) > 0
    rows = np.add.reduceat(apart, np.arange(0, frame.height, BLOCK), axis=0, dtype=np.intp)
    return np.add.reduceat(rows, np.arange(0, frame.width, BLOCK), axis=1) > 0


def _packed(frame: Image.Image, quality: int) -> Image.Image:
    packed = BytesIO()
    frame.save(packed, "JPEG", quality=quality)
    return Image.open(packed).convert("RGB")


def vp8(frames: Iterable[Image.Image], seed: int) -> Iterator[Image.Image]:
    """Through libvpx as a browser sets it for a shared screen, two frames a second at 1.5 Mbit/s."""
    encoder: av.VideoCodecContext | None = None
    decoder = av.CodecContext.create("vp8", "r")
    for number, frame in enumerate(frames):
        if encoder is None:
            encoder = _encoder(frame.size)
        shown = None
        for step in range(FPS):
            video = av.VideoFrame.from_ndarray(np.asarray(frame), format="rgb24").reformat(format="yuv420p")
            video.pts = number * FPS + step
            for packet in encoder.encode(video):
                for decoded in decoder.decode(packet):
                    shown = decoded
        assert shown is not None
        yield Image.fromarray(shown.to_ndarray(format="rgb24"))


def _encoder(size: tuple[int, int]) -> av.VideoCodecContext:
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, FPS)
    encoder.framerate = Fraction(FPS, 1)
    encoder.bit_rate = BIT_RATE
    encoder.options = {
        "deadline": "realtime",
        "cpu-used": "10",
        "lag-in-frames": "0",
        "screen-content-mode": "1",
    }
    return encoder


CODECS: Final[tuple[Codec, ...]] = (clean, noise, ramp, clean, vp8, ramp, noise)
