"""One person's shared screen as the agent knows it: the newest frame, and the news in it.

Paused (the page pauses by muting) it holds nothing and takes nothing. State changes happen on the event
loop; the gate and the encoder run in the thread they are handed.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from typing import Final, TypeVar

from livekit import rtc

from agent.screen.frame import ScreenFrame
from agent.screen.gate import Decision, Gate

LEAST_SIDE_PX: Final = 64
"""LiveKit sends blank frames of a few pixels when a track is muted."""


Result = TypeVar("Result")


class ScreenView:
    """`side_px`: the size in which a frame with news is encoded ahead of the question about it.

    `appeared` is called for the first frame, and for the first after a pause.
    """

    def __init__(self, thread: Executor, side_px: int, appeared: Callable[[], None] = lambda: None) -> None:
        self._thread = thread
        self._side_px = side_px
        self._appeared = appeared
        self._paused = False
        self._gate = Gate()
        self._newest: ScreenFrame | None = None
        self._news: ScreenFrame | None = None
        self._just_seen: ScreenFrame | None = None
        self._examined: ScreenFrame | None = None
        self._is_still = False

    @property
    def newest(self) -> ScreenFrame | None:
        """The latest frame, be it mid-scroll; None while paused or before the first."""
        return self._newest

    @property
    def changed_since_seen(self) -> bool:
        """Whether something that stands still now differs from what was last marked as seen."""
        return self._news is not None

    def latest(self) -> ScreenFrame | None:
        """The newest frame with settled news, else the newest of all."""
        return self._news or self._newest

    def hold(self, video: rtc.VideoFrame) -> None:
        """Takes what arrived, in place of the one before; nothing is converted yet."""
        if not self._paused and min(video.width, video.height) >= LEAST_SIDE_PX:
            is_first = self._newest is None
            self._newest = ScreenFrame(video, datetime.now(UTC))
            if is_first:
                self._appeared()

    def mark_seen(self, frame: ScreenFrame) -> None:
        """The model was given `frame`: only what differs from it is news."""
        self._just_seen = frame
        self._news = None

    def pause(self, *, paused: bool) -> None:
        """Either way begins anew: nothing from before the pause is kept, not even what the gate knew."""
        self._paused = paused
        self._gate = Gate()
        self._newest = self._news = self._just_seen = self._examined = None
        self._is_still = False

    async def examine(self) -> None:
        """Compares the newest frame with what was seen. Free when nothing arrived and all stood still.

        A still screen sends no frames, so the last one is judged again until nothing moves.
        """
        frame, gate, seen = self._newest, self._gate, self._just_seen
        if frame is None or (frame is self._examined and self._is_still and seen is None):
            return
        decision = await self.run(_judge, gate, frame, seen)
        if gate is not self._gate:
            return  # paused meanwhile
        self._examined, self._is_still = frame, decision.moving == 0
        if seen is not self._just_seen:
            return  # another was seen meanwhile: the next sample is compared with that
        self._just_seen = None
        if decision.news > 0 and (self._news is None or decision.moving > 0):
            # Another frame of the same still picture would only be encoded again.
            self._news = frame
            await self.run(frame.jpeg, self._side_px)
        elif decision.changed == 0:
            self._news = None

    async def run(self, work: Callable[..., Result], *values: object) -> Result:
        """Runs `work` in the screens' one thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)


def _judge(gate: Gate, frame: ScreenFrame, just_seen: ScreenFrame | None) -> Decision:
    if just_seen is not None:
        gate.mark_sent(just_seen.gray())
    return gate.offer(frame.gray())
