"""The shared screens of one room, and what of them a question needs to see.

The screen that was shared last is the one that is looked at. A picture goes with a question when the screen
changed since the model last saw it, or when the question points at it; a question that points gets the
very newest frame, any other the part that changed, as it stands still.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from livekit import rtc
from livekit.agents import llm

from agent.cascade.models.catalog import ImageFormula
from agent.screen.budget import TOKENS_PER_MINUTE, PictureBudget
from agent.screen.cut import Cut, whole_screen
from agent.screen.frame import ScreenFrame
from agent.screen.look import Look, Optics, content_of, tokens_of
from agent.screen.pointing import points_at_screen
from agent.screen.sampler import INTERVAL_S, FrameSource, ScreenSampler, open_stream
from agent.screen.view import ScreenView

logger = logging.getLogger(__name__)

READING_SIDE_PX: Final = 1600
"""For text recognition: the small print of a full HD screen is lost at 1024."""


FIRST_FRAME_S: Final = 3.0
"""How long a question about the screen waits for the first frame of one that was shared just now."""


class Screens:
    """`side_px`: the longer side of all pictures, which are whole screens then; None lets each screen choose,
    by how small its text is and how much of it changed. `formula`: how the model that sees first counts.
    `tokens_per_minute`: of the room's pictures, by that formula.

    `visible` is called whenever it may have changed whether there is a screen to look at.
    """

    def __init__(
        self,
        side_px: int | None = None,
        *,
        formula: ImageFormula = "anthropic-patches",
        tokens_per_minute: int = TOKENS_PER_MINUTE,
        clock: Callable[[], float] = time.monotonic,
        visible: Callable[[], None] = lambda: None,
        open_source: Callable[[rtc.Track], FrameSource] = open_stream,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self._optics = Optics(side_px, formula)
        self._budget = PictureBudget(tokens_per_minute)
        self._clock = clock
        self._open_source = open_source
        self._interval_s = interval_s
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="screen")
        self._shared: dict[str, tuple[ScreenView, ScreenSampler]] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._shown: tuple[ScreenView, ScreenFrame, Cut] | None = None
        self._expected: set[str] = set()
        self._visible = visible
        self._appeared = asyncio.Event()

    def expect(self, identity: str) -> None:
        """`identity` has begun to share; the track itself follows."""
        self._expected.add(identity)

    def add(self, identity: str, track: rtc.Track) -> None:
        """`identity` shares a screen: it is the newest, and watched from now on."""
        self.remove(identity)
        view = ScreenView(self._thread, self._prepare, self._note_appearance)
        view.pause(paused=track.muted)
        self._shared[identity] = (view, ScreenSampler(self._open_source(track), view, self._interval_s))
        if not track.muted:
            self._expected.add(identity)

    def remove(self, identity: str) -> None:
        """Nothing of the screen is kept."""
        self._expected.discard(identity)
        view, sampler = self._shared.pop(identity, (None, None))
        if view is None or sampler is None:
            return
        self._pause(view, paused=True)
        task = asyncio.create_task(sampler.aclose(), name="screen ends")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def pause(self, identity: str, *, paused: bool) -> None:
        """While paused nothing is taken, and what was held is forgotten."""
        self._expected.discard(identity)
        if identity in self._shared:
            self._pause(self._shared[identity][0], paused=paused)

    def view(self) -> ScreenView | None:
        """The screen that was shared last, of those that are not paused and have sent a frame."""
        for view, _ in reversed(self._shared.values()):
            if view.newest is not None:
                return view
        return None

    async def look(self, question: str) -> Look | None:
        """What of the screen goes with this question; None when it needs none.

        A question that points gets the whole screen, any other the part that changed. Over the room's budget
        only a question that points gets a picture, one with few pixels; the news waits for a later one. It
        may be asked again for the same turn: a frame counts as seen only after `mark_seen`.
        """
        pointed = points_at_screen(question)
        view = await self._await_view() if pointed else self.view()
        if view is None:
            return None
        news, at_s = view.news, self._clock()
        if not pointed and (news is None or self._budget.is_spent(at_s)):
            return None
        frame = view.newest if pointed else view.latest()
        if frame is None:
            return None
        thrifty = self._budget.is_low(at_s)
        cut = news[1] if news is not None and not pointed else await view.run(_whole, frame, thrifty)
        picture, size = await view.run(self._optics.picture, frame, cut)
        tokens = tokens_of(size)
        if self._shown is None or self._shown[1:] != (frame, cut):
            self._budget.spend(tokens[self._optics.formula], at_s)
        self._shown = (view, frame, cut)
        return Look(
            image=content_of(picture, size),
            crop=await self._closer(view, cut),
            size=size,
            tokens=tokens,
            reason="pointed" if pointed else "news",
        )

    async def _closer(self, view: ScreenView, cut: Cut) -> llm.ImageContent | None:
        """What changed in full detail, when it is a part of the screen and `cut` is not that part."""
        if view.news is None or self._optics.side_px is not None:
            return None
        frame, part = view.news
        if part.area is None or part == cut:
            return None
        return content_of(*await view.run(self._optics.picture, frame, part))

    async def _await_view(self) -> ScreenView | None:
        """The screen to look at, waiting for the first frame of one that was shared just now."""
        try:
            async with asyncio.timeout(FIRST_FRAME_S):
                while (view := self.view()) is None and self._expected:
                    self._appeared.clear()
                    await self._appeared.wait()
        except TimeoutError:
            view = None
        self._expected.clear()
        return view

    def _prepare(self, frame: ScreenFrame, cut: Cut) -> None:
        """Encodes what the next question will most likely get."""
        self._optics.picture(frame, cut)
        if cut.area is not None and self._optics.side_px is None:
            self._optics.picture(frame, whole_screen(frame.gray()))

    def _note_appearance(self) -> None:
        self._appeared.set()
        self._visible()

    def mark_seen(self) -> None:
        """An answer that was given with the last picture was kept: the model has seen it."""
        if self._shown is not None:
            view, frame, cut = self._shown
            view.mark_seen(frame, cut)
            self._shown = None

    async def aclose(self) -> None:
        for identity in list(self._shared):
            self.remove(identity)
        await asyncio.gather(*self._closing, return_exceptions=True)
        self._thread.shutdown(wait=False)

    def _pause(self, view: ScreenView, *, paused: bool) -> None:
        view.pause(paused=paused)
        self._visible()
        if self._shown is not None and self._shown[0] is view:
            self._shown = None


def _whole(frame: ScreenFrame, thrifty: bool) -> Cut:
    return whole_screen(frame.gray(), thrifty=thrifty)
