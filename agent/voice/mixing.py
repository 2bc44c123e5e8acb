"""One audio input out of every human microphone in the room.

The mix decides when somebody speaks and when a turn ends (voice activity, end of turn, barge-in); words
come from each microphone by itself (`hearing.py`). Frames are mixed as they arrive, without a clock of
our own: one person's frames pass straight through, and with several nobody waits for a stalled track.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

import numpy as np
from livekit import rtc
from livekit.agents.voice import io

SAMPLE_RATE_HZ = 24_000
FRAME_MS = 10
FRAME_SAMPLES = SAMPLE_RATE_HZ * FRAME_MS // 1000
STALL_FRAMES = 3
"""A track that is this many frames behind the others is mixed without, until it catches up."""

HUSH_FRAMES = 60
"""Silence after a microphone is muted or leaves, so that voice activity sees its end: .6 s."""

QUEUE_FRAMES = 200
"""Two seconds. When the session reads too slowly the oldest audio is dropped."""

Tap = Callable[[str, rtc.AudioFrame], None]


class MixedInput(io.AudioInput):
    """`tap` is called with (participant identity, frame) for every frame before it is mixed."""

    def __init__(self, tap: Tap) -> None:
        super().__init__(label="every microphone")
        self._tap = tap
        self._pumps: dict[str, asyncio.Task[None]] = {}
        self._waiting: dict[str, deque[rtc.AudioFrame]] = {}
        self._mixed: asyncio.Queue[rtc.AudioFrame] = asyncio.Queue(maxsize=QUEUE_FRAMES)

    async def __anext__(self) -> rtc.AudioFrame:
        return await self._mixed.get()

    def add(self, identity: str, track: rtc.Track) -> None:
        """Starts to hear `track`; a former track of the same participant is replaced."""
        self._stop(identity)
        self._waiting[identity] = deque()
        self._pumps[identity] = asyncio.create_task(self._pump(identity, track), name=f"hear {identity}")

    def remove(self, identity: str) -> None:
        if self._stop(identity):
            self.hush(identity)

    def hush(self, identity: str) -> None:
        """Lets a microphone that fell silent in mid-word end its speech."""
        for _ in range(HUSH_FRAMES):
            self._arrive(identity, _silence())

    async def aclose(self) -> None:
        pumps = list(self._pumps.values())
        for identity in list(self._pumps):
            self._stop(identity)
        await asyncio.gather(*pumps, return_exceptions=True)

    def _stop(self, identity: str) -> bool:
        self._waiting.pop(identity, None)
        pump = self._pumps.pop(identity, None)
        if pump is not None:
            pump.cancel()
        return pump is not None

    async def _pump(self, identity: str, track: rtc.Track) -> None:
        stream = rtc.AudioStream(
            track, sample_rate=SAMPLE_RATE_HZ, num_channels=1, frame_size_ms=FRAME_MS, capacity=QUEUE_FRAMES
        )
        try:
            async for event in stream:
                self._arrive(identity, event.frame)
        finally:
            await stream.aclose()

    def _arrive(self, identity: str, frame: rtc.AudioFrame) -> None:
        self._tap(identity, frame)
        others = [queue for name, queue in self._waiting.items() if name != identity]
        mine = self._waiting.get(identity)
        if mine is None or not others:
            self._emit(frame)
            return
        mine.append(frame)
        if all(others) or len(mine) > STALL_FRAMES:
            ready = [queue.popleft() for queue in [mine, *others] if queue]
            self._emit(ready[0] if len(ready) == 1 else mix(ready))

    def _emit(self, frame: rtc.AudioFrame) -> None:
        if self._mixed.full():
            with contextlib.suppress(asyncio.QueueEmpty):
                self._mixed.get_nowait()
        self._mixed.put_nowait(frame)


def mix(frames: list[rtc.AudioFrame]) -> rtc.AudioFrame:
    """The sum of frames of equal rate, clipped to 16 bits; as long as the shortest."""
    samples = min(frame.samples_per_channel for frame in frames)
    total = np.zeros(samples, np.int32)
    for frame in frames:
        total += np.frombuffer(frame.data, np.int16)[:samples]
    clipped = np.clip(total, -32768, 32767).astype(np.int16)
    return rtc.AudioFrame(clipped.tobytes(), frames[0].sample_rate, 1, samples)


def _silence() -> rtc.AudioFrame:
    return rtc.AudioFrame(bytes(FRAME_SAMPLES * 2), SAMPLE_RATE_HZ, 1, FRAME_SAMPLES)
