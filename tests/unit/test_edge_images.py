"""Pictures from outside: bombs are refused by their headers, and no decoder holds up the event loop."""

import asyncio
import io
import struct
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from agent.errors import InvalidInput, TooMany
from control.edge.images import MAX_BYTES, MAX_WAITING, ImageChecks, ImageFacts, ImageFormat

LONGEST_PAUSE_S = 0.1


@pytest.fixture
def checks() -> Iterator[ImageChecks]:
    made = ImageChecks()
    yield made
    made.close()


def picture(kind: str, width_px: int = 64, height_px: int = 48, **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width_px, height_px), "teal").save(written, kind, **options)
    return written.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width_px: int, height_px: int, pixels: bytes) -> bytes:
    """Of one bit a pixel."""
    header = struct.pack(">IIBBBBB", width_px, height_px, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """400 megapixels in 48 KB."""
    return png(20_000, 20_000, zlib.compress(bytes((20_000 // 8 + 1) * 20_000), 9))


async def longest_pause_s(checks: ImageChecks, data: bytes) -> float:
    """For how long at a time nothing else runs in the event loop while the picture is looked at.

    The first that is short, or the shortest of ten: whatever else runs on this machine only adds to it.
    """
    shortest = await _pause_s(checks, data)
    for _ in range(9):
        if shortest < LONGEST_PAUSE_S:
            break
        shortest = min(shortest, await _pause_s(checks, data))
    return shortest


async def _pause_s(checks: ImageChecks, data: bytes) -> float:
    longest, stopped = 0.0, asyncio.Event()

    async def tick() -> None:
        nonlocal longest
        last = time.perf_counter()
        while not stopped.is_set():
            await asyncio.sleep(0.001)
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0.01)
    await asyncio.gather(checks.check_image(data), return_exceptions=True)
    stopped.set()
    await ticking
    return longest


@pytest.mark.parametrize("kind", ImageFormat)
async def test_a_picture_is_told_by_its_bytes(checks: ImageChecks, kind: ImageFormat) -> None:
    data = picture(kind)

    assert await checks.check_image(data) == ImageFacts(kind, 64, 48, len(data))


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"quality": 50}, {"exif": b"Exif\x00\x00MM\x00*\x00\x00"}]
)
async def test_every_form_of_webp_is_taken(checks: ImageChecks, options: dict[str, Any]) -> None:
    assert (await checks.check_image(picture("webp", **options))).width_px == 64


async def test_48_kilobytes_of_400_megapixels_are_refused_at_once(checks: ImageChecks) -> None:
    data = bomb()
    assert 40_000 < len(data) < 60_000
    tracemalloc.start()
    began = time.perf_counter()

    with pytest.raises(InvalidInput, match="20000 by 20000 pixels"):
        await checks.check_image(data)

    took_s, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took_s < 0.1
    assert peak < 1_000_000


async def test_a_bomb_leaves_the_event_loop_running(checks: ImageChecks) -> None:
    assert await longest_pause_s(checks, bomb()) < LONGEST_PAUSE_S


@pytest.mark.parametrize(("kind", "height_px"), [("png", 5_000), ("jpeg", 5_000), ("webp", 1_125)])
async def test_the_largest_picture_that_is_taken_leaves_the_event_loop_running(
    checks: ImageChecks, kind: str, height_px: int
) -> None:
    largest = picture(kind, 8_000, height_px)

    began = time.perf_counter()
    assert (await checks.check_image(largest)).width_px == 8_000
    took_s = time.perf_counter() - began

    assert await longest_pause_s(checks, largest) < max(LONGEST_PAUSE_S, took_s / 2)


async def test_a_webp_has_fewer_pixels_at_most(checks: ImageChecks) -> None:
    with pytest.raises(InvalidInput, match="9000000"):
        await checks.check_image(picture("webp", 8_000, 1_126))


@pytest.mark.parametrize(
    ("width_px", "height_px"),
    [(0, 10), (10, 0), (2**31 - 1, 2**31 - 1), (16_385, 1), (1, 16_385), (6_400, 6_251)],
)
async def test_a_size_that_is_too_large_or_none_is_refused(
    checks: ImageChecks, width_px: int, height_px: int
) -> None:
    with pytest.raises(InvalidInput, match="pixels"):
        await checks.check_image(png(width_px, height_px, b""))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(b"GIF89a" + bytes(20), id="gif"),
        pytest.param(b"%PDF-1.7", id="pdf"),
        pytest.param(b"II*\x00" + bytes(20), id="tiff"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0", id="postscript that would run"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="png without a header"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", bytes(30)), id="png with its pixels first"),
        pytest.param(b"RIFF\x00\x00\x00\x00WEBPVP8X", id="webp that is cut off"),
        pytest.param(b"RIFF\x00\x00\x00\x00WEBPEVIL" + bytes(40), id="webp of another kind"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(40), id="jpeg of zeros"),
    ],
)
async def test_what_is_no_picture_of_these_kinds_is_refused(checks: ImageChecks, data: bytes) -> None:
    with pytest.raises(InvalidInput):
        await checks.check_image(data)


@pytest.mark.parametrize("kind", ImageFormat)
async def test_a_picture_that_is_cut_off_is_refused(checks: ImageChecks, kind: ImageFormat) -> None:
    with pytest.raises(InvalidInput):
        await checks.check_image(picture(kind, 640, 480)[:-40])


async def test_a_webp_that_claims_a_huge_canvas_is_refused_before_it_is_opened(checks: ImageChecks) -> None:
    huge = bytearray(picture("webp", exif=b"Exif\x00\x00MM\x00*\x00\x00"))
    assert huge[12:16] == b"VP8X"
    huge[24:30] = b"\xff\x3f\x00\xff\x3f\x00"

    with pytest.raises(InvalidInput, match="pixels"):
        await checks.check_image(bytes(huge))


async def test_a_jpeg_that_claims_more_than_it_may_is_refused_by_its_header(checks: ImageChecks) -> None:
    huge = bytearray(picture("jpeg"))
    place = huge.index(b"\xff\xc0")
    huge[place + 5 : place + 9] = struct.pack(">HH", 30_000, 30_000)

    with pytest.raises(InvalidInput):
        await checks.check_image(bytes(huge))


@pytest.mark.parametrize("kind", ["png", "webp"])
async def test_a_picture_that_moves_is_refused(checks: ImageChecks, kind: str) -> None:
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("teal", "red", "blue")]
    moving = picture(kind, save_all=True, append_images=frames)

    with pytest.raises(InvalidInput, match="moves"):
        await checks.check_image(moving)


async def test_too_many_bytes_are_refused_unread(checks: ImageChecks) -> None:
    with pytest.raises(InvalidInput, match="bytes"):
        await checks.check_image(picture("png") + bytes(MAX_BYTES))


async def test_a_flood_of_pictures_is_shed(checks: ImageChecks) -> None:
    data = png(8_000, 5_000, zlib.compress(bytes(1001 * 5_000), 9))

    outcomes = await asyncio.gather(*(checks.check_image(data) for _ in range(40)), return_exceptions=True)

    shed = [outcome for outcome in outcomes if isinstance(outcome, TooMany)]
    assert len(shed) == 40 - MAX_WAITING
