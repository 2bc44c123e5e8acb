"""Frames that are no screens: none is converted that claims more than it holds; the watching goes on."""

import pytest
from livekit import rtc

from agent.screen.frame import ScreenFrame, is_readable
from tests.fixtures.waiting import until
from tests.unit.test_recorder import NOW
from tests.unit.test_screen_sampler import PAGE, watching

I420 = rtc.VideoBufferType.I420
RGBA = rtc.VideoBufferType.RGBA


def i420(width: int, height: int) -> int:
    return width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2)


HOSTILE = {
    "no pixels": rtc.VideoFrame(0, 0, I420, b""),
    "no width": rtc.VideoFrame(0, 1080, I420, b""),
    "a sliver": rtc.VideoFrame(4000, 2, I420, bytes(i420(4000, 2))),
    "huge by its word alone": rtc.VideoFrame(16_000, 16_000, I420, bytes(600)),
    "huge RGBA by its word alone": rtc.VideoFrame(16_384, 16_384, RGBA, bytes(64)),
    "wider than any screen": rtc.VideoFrame(60_000, 64, I420, bytes(i420(60_000, 64))),
    "negative": rtc.VideoFrame(-640, -480, I420, bytes(i420(640, 480))),
    "one byte short": rtc.VideoFrame(641, 481, I420, bytes(i420(641, 481) - 1)),
    "half of RGBA": rtc.VideoFrame(640, 480, RGBA, bytes(640 * 480 * 2)),
    "an unknown format": rtc.VideoFrame(640, 480, rtc.VideoBufferType.I010, bytes(640 * 480 * 4)),
}


@pytest.mark.parametrize("video", HOSTILE.values(), ids=HOSTILE)
def test_a_frame_that_is_not_what_it_claims_is_not_read(video: rtc.VideoFrame) -> None:
    assert not is_readable(video)


@pytest.mark.parametrize("size", [(64, 64), (641, 481), (65, 4001), (1920, 1080), (7680, 4320)])
def test_a_screen_of_any_odd_size_is_read(size: tuple[int, int]) -> None:
    video = rtc.VideoFrame(*size, I420, bytes([128]) * i420(*size))
    assert is_readable(video)
    frame = ScreenFrame(video, NOW)
    assert max(frame.gray().shape) <= 1440
    assert frame.jpeg(frame.within(200)).startswith(b"\xff\xd8")


@pytest.mark.parametrize("video", HOSTILE.values(), ids=HOSTILE)
async def test_the_watching_goes_on_after_a_hostile_frame(video: rtc.VideoFrame) -> None:
    async with watching() as (screen, view):
        screen.show(PAGE)
        screen.show(video)
        await until(lambda: screen.delivered == 2)
        await until(lambda: view.changed_since_seen)
        newest = view.newest
        assert newest is not None
        assert (newest.width, newest.height) == (1920, 1080)


async def test_a_refused_frame_is_noted_once_without_its_content(caplog: pytest.LogCaptureFixture) -> None:
    async with watching() as (screen, _):
        for _ in range(3):
            screen.show(HOSTILE["one byte short"])
        await until(lambda: screen.delivered == 3)
    assert caplog.text.count("a frame of a shared screen was refused") == 1
