"""One person's shared screen as the agent knows it: the newest frame, and the news in it.

Paused (the page pauses by muting) it holds nothing and takes nothing. State changes happen on the event
loop; the gate and the encoder run in the thread they are handed.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from typing import Final, TypeVar

from livekit import rtc

from agent.screen.cut import Cut
from agent.screen.frame import LEAST_SIDE_PX, ScreenFrame, is_readable
from agent.screen.lookout import Lookout, Sample
from agent.screen.minor import CARET_FOR

logger = logging.getLogger(__name__)

RESTS: Final = CARET_FOR + 2
"""After so many samples without movement nothing can become news any more."""

Result = TypeVar("Result")


class ScreenView:
    """`prepare` encodes the pictures of a frame with news ahead of the question about it; it may block.

    `appeared` is called for the first frame, and for the first after a pause.
    """

    def __init__(
        self,
        thread: Executor,
        prepare: Callable[[ScreenFrame, Cut], object],
        appeared: Callable[[], None] = lambda: None,
    ) -> None:
        self._thread = thread
        self._prepare = prepare
        self._appeared = appeared
        self._refused = False
        self._paused = False
        self._lookout = Lookout()
        self._newest: ScreenFrame | None = None
        self._news: tuple[ScreenFrame, Cut] | None = None
        self._just_seen: tuple[ScreenFrame, Cut] | None = None
        self._examined: ScreenFrame | None = None
        self._rested = 0

    @property
    def newest(self) -> ScreenFrame | None:
        """The latest frame, be it mid-scroll; None while paused or before the first."""
        return self._newest

    @property
    def news(self) -> tuple[ScreenFrame, Cut] | None:
        """What differs from what was last marked as seen, and the frame in which it stood still."""
        return self._news

    @property
    def changed_since_seen(self) -> bool:
        """Whether something that stands still now differs from what was last marked as seen."""
        return self._news is not None

    def latest(self) -> ScreenFrame | None:
        """The newest frame with settled news, else the newest of all."""
        return self._news[0] if self._news is not None else self._newest

    def hold(self, video: rtc.VideoFrame) -> None:
        """Takes what arrived, in place of the one before; nothing is converted yet."""
        if self._paused:
            return
        if not is_readable(video):
            self._note_refusal(video)
            return
        is_first = self._newest is None
        self._newest = ScreenFrame(video, datetime.now(UTC))
        if is_first:
            self._appeared()

    def mark_seen(self, frame: ScreenFrame, cut: Cut) -> None:
        """The model was given `cut` of `frame`: only what differs from it is news."""
        self._just_seen = (frame, cut)
        self._news = None

    def pause(self, *, paused: bool) -> None:
        """Either way begins anew: nothing from before the pause is kept, not even what the gate knew."""
        self._paused = paused
        self._lookout = Lookout()
        self._newest = self._news = self._just_seen = self._examined = None
        self._rested = 0

    async def examine(self) -> None:
        """Compares the newest frame with what was seen. Free when nothing arrived and all stood still.

        A still screen sends no frames, so the last one is judged again until nothing can settle any more.
        """
        frame, lookout, seen = self._newest, self._lookout, self._just_seen
        if frame is None or (frame is self._examined and self._rested >= RESTS and seen is None):
            return
        sample = await self.run(_judge, lookout, frame, seen)
        if lookout is not self._lookout:
            return  # paused meanwhile
        self._examined = frame
        self._rested = self._rested + 1 if sample.decision.moving == 0 else 0
        if seen is not self._just_seen:
            return  # another was seen meanwhile: the next sample is compared with that
        self._just_seen = None
        if sample.decision.changed == 0:
            self._news = None
        elif sample.cut is not None and self._is_other(sample.cut, sample):
            self._news = (frame, sample.cut)
            await self.run(self._prepare, frame, sample.cut)

    def _is_other(self, cut: Cut, sample: Sample) -> bool:
        """Another frame of the same still picture would only be encoded again."""
        return self._news is None or self._news[1] != cut or sample.decision.moving > 0

    def _note_refusal(self, video: rtc.VideoFrame) -> None:
        """Once for each screen. The blank frames of a muted track are no cause for it."""
        if max(video.width, video.height) >= LEAST_SIDE_PX and not self._refused:
            self._refused = True
            logger.warning(
                "a frame of a shared screen was refused",
                extra={"width_px": video.width, "height_px": video.height, "bytes": len(video.data)},
            )

    async def run(self, work: Callable[..., Result], *values: object) -> Result:
        """Runs `work` in the screens' one thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)


def _judge(lookout: Lookout, frame: ScreenFrame, just_seen: tuple[ScreenFrame, Cut] | None) -> Sample:
    if just_seen is not None:
        shown, cut = just_seen
        lookout.mark_shown(shown.gray(), cut)
    return lookout.offer(frame.gray())
