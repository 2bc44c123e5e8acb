"""A person without a body: joins a room, speaks a recording in real time, and notes when it hears the agent.

For the self-check and the doctor. What it hears is measured, never kept.
"""

import asyncio
import time
import wave
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType

import numpy as np
from livekit import rtc

from agent.errors import StackError
from control.local.waiting import until

RATE_HZ = 16_000
FRAME_MS = 10
FRAME_SAMPLES = RATE_HZ * FRAME_MS // 1000
AUDIBLE_PEAK = 800
GAP_S = 0.2
"""Audio after a shorter pause belongs to what was being said before."""


class Caller:
    """`async with Caller(url, token) as caller:` is in the room, with an open microphone that is silent."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self._room = rtc.Room()
        self._source = rtc.AudioSource(RATE_HZ, 1, queue_size_ms=0)
        self._audible_s: list[float] = []
        self._speech = b""
        self._spoken = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Caller":
        """Raises: StackError when the room cannot be joined."""
        self._room.on("track_subscribed", self._track_subscribed)
        try:
            await self._room.connect(self._url, self._token)
            track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
            options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
            await self._room.local_participant.publish_track(track, options)
        except (rtc.ConnectError, rtc.participant.PublishTrackError) as error:
            await self._room.disconnect()
            raise StackError(f"the room could not be joined: {error}") from error
        self._own(self._send())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._room.disconnect()
        await self._source.aclose()

    @property
    def agent_is_here(self) -> bool:
        return any(
            participant.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT
            for participant in self._room.remote_participants.values()
        )

    @property
    def has_heard(self) -> bool:
        return bool(self._audible_s)

    async def say(self, samples: bytes) -> float:
        """Speaks 16-bit samples at RATE_HZ. Returns when the last of them went out (monotonic)."""
        self._spoken.clear()
        self._speech = samples
        await self._spoken.wait()
        return time.monotonic()

    async def first_audio_after(self, moment_s: float, timeout_s: float) -> float:
        """When something new was heard first after `moment_s`, a pause before it.

        Raises: StackError when there was nothing in time.
        """
        await self.wait(lambda: self._first_new(moment_s) is not None, timeout_s, "no answer was heard")
        return self._first_new(moment_s) or moment_s

    async def wait(self, condition: Callable[[], bool], timeout_s: float, otherwise: str) -> None:
        """Raises: StackError that says `otherwise` when the time is over."""

        async def holds() -> bool:
            return condition()

        try:
            await until(holds, timeout_s, poll_s=0.01)
        except TimeoutError as error:
            raise StackError(f"{otherwise} within {timeout_s:.0f} s") from error

    def _first_new(self, moment_s: float) -> float | None:
        before_s = 0.0
        for at_s in self._audible_s:
            if at_s > moment_s and at_s - before_s > GAP_S:
                return at_s
            before_s = at_s
        return None

    def _track_subscribed(
        self, track: rtc.Track, _: rtc.RemoteTrackPublication, __: rtc.RemoteParticipant
    ) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._own(self._listen(track))

    async def _listen(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE_HZ, num_channels=1, frame_size_ms=FRAME_MS)
        try:
            async for event in stream:
                samples = np.frombuffer(event.frame.data, np.int16).astype(np.int32)
                if samples.size and int(np.abs(samples).max()) > AUDIBLE_PEAK:
                    self._audible_s.append(time.monotonic())
        finally:
            await stream.aclose()

    async def _send(self) -> None:
        """One frame each 10 ms: of the speech while there is some, else of silence."""
        size = FRAME_SAMPLES * 2
        next_s = time.monotonic()
        while True:
            piece, self._speech = self._speech[:size], self._speech[size:]
            frame = rtc.AudioFrame(piece.ljust(size, b"\0"), RATE_HZ, 1, FRAME_SAMPLES)
            await self._source.capture_frame(frame)
            if piece and not self._speech:
                self._spoken.set()
            next_s = max(next_s + FRAME_MS / 1000, time.monotonic() - 0.2)
            await asyncio.sleep(max(0.0, next_s - time.monotonic()))

    def _own(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def read_speech(path: Path) -> bytes:
    """The samples of a 16 kHz mono WAV without the silence at its ends."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 200)
    return samples[loud[0] : loud[-1] + 1].tobytes()
