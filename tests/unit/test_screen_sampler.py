"""Sampling a shared screen: the newest frame wins, the loop stays free, a pause forgets."""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import numpy as np
import pytest
from livekit import rtc
from PIL import Image

from agent.screen.cut import Cut
from agent.screen.frame import ScreenFrame
from agent.screen.look import Optics
from agent.screen.sampler import ScreenSampler
from agent.screen.tiles import Area, Gray
from agent.screen.view import ScreenView
from tests.fixtures.waiting import until
from tests.unit.test_recorder import NOW
from tests.unit.test_screen_gate import document, with_dialog

INTERVAL_S = 0.02
OPTICS = Optics()


class FakeScreen:
    """Delivers frames as `rtc.VideoStream` does: by iteration, which never ends by itself."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[rtc.VideoFrameEvent] = asyncio.Queue()
        self.delivered = 0
        self.closed = False

    def show(self, video: rtc.VideoFrame) -> None:
        rotation = rtc.VideoRotation.VIDEO_ROTATION_0
        self._events.put_nowait(rtc.VideoFrameEvent(video, 0, rotation))  # type: ignore[arg-type]  # LiveKit names the enum's wrapper

    def __aiter__(self) -> AsyncIterator[rtc.VideoFrameEvent]:
        return self

    async def __anext__(self) -> rtc.VideoFrameEvent:
        event = await self._events.get()
        self.delivered += 1
        return event

    async def aclose(self) -> None:
        self.closed = True


def video_of(image: Image.Image) -> rtc.VideoFrame:
    width, height = image.size
    rgba = rtc.VideoFrame(width, height, rtc.VideoBufferType.RGBA, image.convert("RGBA").tobytes())
    return rgba.convert(rtc.VideoBufferType.I420)


PAGE = video_of(document())
DIALOG = video_of(with_dialog(document(), "The file could not be saved."))
BLANK = rtc.VideoFrame(16, 16, rtc.VideoBufferType.I420, bytes(16 * 16 * 3 // 2))


@asynccontextmanager
async def watching(
    prepare: Callable[[ScreenFrame, Cut], object] = OPTICS.picture,
) -> AsyncIterator[tuple[FakeScreen, ScreenView]]:
    with ThreadPoolExecutor(max_workers=1) as thread:
        screen, view = FakeScreen(), ScreenView(thread, prepare)
        sampler = ScreenSampler(screen, view, INTERVAL_S)
        try:
            yield screen, view
        finally:
            await sampler.aclose()
        assert screen.closed


async def test_the_newest_frame_wins_and_the_others_are_dropped_unseen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    examined: set[int] = set()
    real_gray = ScreenFrame.gray

    def gray(self: ScreenFrame) -> Gray:
        examined.add(self.width)
        return real_gray(self)

    monkeypatch.setattr(ScreenFrame, "gray", gray)
    async with watching() as (screen, view):
        for width in range(100, 160, 2):
            screen.show(video_of(Image.new("L", (width, 80), 90)))
        await until(lambda: view.changed_since_seen)
        latest = view.latest()
    assert latest is not None
    assert latest.width == 158
    assert len(examined) <= 2


async def test_a_still_screen_that_sends_one_frame_is_settled_one_sample_later() -> None:
    async with watching() as (screen, view):
        screen.show(PAGE)
        await until(lambda: view.newest is not None)
        assert not view.changed_since_seen
        await until(lambda: view.changed_since_seen)


async def test_a_seen_screen_is_news_again_only_when_it_changes() -> None:
    async with watching() as (screen, view):
        screen.show(PAGE)
        await until(lambda: view.changed_since_seen)
        assert view.news is not None
        seen = view.news[0]
        view.mark_seen(*view.news)
        assert not view.changed_since_seen
        screen.show(DIALOG)
        await until(lambda: view.changed_since_seen)
        assert view.latest() is not seen


async def test_a_change_that_was_undone_before_anyone_saw_it_is_no_news() -> None:
    async with watching() as (screen, view):
        screen.show(PAGE)
        await until(lambda: view.changed_since_seen)
        assert view.news is not None
        view.mark_seen(*view.news)
        screen.show(DIALOG)
        await until(lambda: view.changed_since_seen)
        screen.show(PAGE)
        await until(lambda: not view.changed_since_seen)


async def test_a_still_picture_is_encoded_once_however_often_it_is_sent() -> None:
    encoded: list[ScreenFrame] = []
    async with watching(lambda frame, cut: encoded.append(frame)) as (screen, view):
        screen.show(PAGE)
        await until(lambda: len(encoded) == 1)
        first = view.newest
        screen.show(video_of(document()))
        await until(lambda: view.newest is not first and view._examined is view.newest)
        assert view.changed_since_seen
        assert encoded == [first]


async def test_a_paused_screen_is_forgotten_and_takes_nothing() -> None:
    async with watching() as (screen, view):
        screen.show(PAGE)
        await until(lambda: view.changed_since_seen)
        view.pause(paused=True)
        assert view.newest is None
        assert not view.changed_since_seen
        screen.show(DIALOG)
        await until(lambda: screen.delivered == 2)
        assert view.latest() is None
        view.pause(paused=False)
        screen.show(DIALOG)
        await until(lambda: view.changed_since_seen)


async def test_the_blank_frames_of_a_muted_track_are_not_taken_for_a_screen() -> None:
    async with watching() as (screen, view):
        screen.show(PAGE)
        await until(lambda: view.newest is not None)
        screen.show(BLANK)
        await until(lambda: screen.delivered == 2)
        latest = view.latest()
        assert latest is not None
        assert latest.width == 1920


async def test_the_loop_goes_on_while_a_frame_is_examined_and_encoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released: list[bool] = []
    started, release = threading.Event(), threading.Event()
    real_gray = ScreenFrame.gray

    def wait_for_the_loop() -> None:
        started.set()
        released.append(release.wait(timeout=5))

    def gray(self: ScreenFrame) -> Gray:
        wait_for_the_loop()
        return real_gray(self)

    def encode(self: ScreenFrame, size: tuple[int, int], area: Area | None) -> bytes:
        wait_for_the_loop()
        return b"a jpeg"

    monkeypatch.setattr(ScreenFrame, "gray", gray)
    monkeypatch.setattr(ScreenFrame, "_encode", encode)
    async with watching() as (screen, view):
        screen.show(PAGE)
        await until(started.is_set)
        release.set()
        await until(lambda: view.changed_since_seen and len(released) >= 3)
    assert all(released)


async def test_a_frame_that_cannot_be_examined_does_not_end_the_watching(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with watching() as (screen, view):
        with monkeypatch.context() as broken:
            broken.setattr(ScreenFrame, "gray", lambda self: 1 / 0)
            screen.show(PAGE)
            await until(lambda: "a frame could not be examined" in caplog.text)
        await until(lambda: view.changed_since_seen)


def test_a_jpeg_shows_what_the_screen_showed_in_the_size_asked_for() -> None:
    image = Image.new("RGB", (1921, 1081), "white")
    image.paste((200, 30, 40), (0, 0, 900, 1081))
    frame = ScreenFrame(video_of(image), NOW)
    shown = Image.open(io.BytesIO(frame.jpeg((1024, 576))))
    assert shown.size == (1024, 576)
    pixels = np.asarray(shown.convert("RGB")).astype(int)
    assert np.abs(pixels[300, 200] - (200, 30, 40)).max() < 8
    assert np.abs(pixels[300, 900] - (255, 255, 255)).max() < 8
    assert Image.open(io.BytesIO(frame.jpeg((1600, 900)))).size == (1600, 900)


def test_a_small_screen_is_not_enlarged() -> None:
    frame = ScreenFrame(video_of(Image.new("L", (640, 480), 128)), NOW)
    assert Image.open(io.BytesIO(frame.jpeg((1024, 768)))).size == (640, 480)


def test_a_jpeg_is_made_once_for_each_size(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[tuple[int, int]] = []
    real_encode = ScreenFrame._encode

    def encode(self: ScreenFrame, size: tuple[int, int], area: Area | None) -> bytes:
        sizes.append(size)
        return real_encode(self, size, area)

    monkeypatch.setattr(ScreenFrame, "_encode", encode)
    frame = ScreenFrame(PAGE, NOW)
    assert frame.jpeg((800, 450)) is frame.jpeg((800, 450))
    frame.jpeg((400, 225))
    assert sizes == [(800, 450), (400, 225)]


def test_video_in_other_formats_is_read_too() -> None:
    rgba = rtc.VideoFrame(640, 480, rtc.VideoBufferType.RGBA, b"\xff" * (640 * 480 * 4))
    assert ScreenFrame(rgba, NOW).gray().mean() > 230
