"""Runs a recording through the lookout of a room, as if each look that is due were sent to a model.

Frames are held one at a time, the small grey pictures of open events aside. After the last frame the screen
stands still for a few seconds, as a screen does that sends no more frames.
"""

import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from livekit import rtc

from agent.cascade.models.catalog import ImageFormula
from agent.cascade.models.image_tokens import FORMULAS, image_tokens, media_resolution, sent_size
from agent.screen.budget import TOKENS_PER_MINUTE, PictureBudget
from agent.screen.frame import ScreenFrame
from agent.screen.lookout import Lookout
from agent.screen.replay.judge import WITHIN_S, Judge, Outcome
from agent.screen.replay.recording import Event

SENT_SIDE_PX: Final = 1568
STANDS_STILL_S: Final = 4
BUDGETED: Final[ImageFormula] = "anthropic-patches"
START: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bill:
    """Tokens by one formula. `full`: of every frame in its own size, as a model bills it unasked; `resized`:
    of every frame at 1,024 pixels; `sent_unasked`: Gemini's, when no resolution is asked for."""

    sent: int
    full: int
    resized: int
    sent_unasked: int

    @property
    def share(self) -> float:
        return self.sent / self.full if self.full else 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """`box`: left, top, right, bottom in pixels of the screen, None for all of it; `size`: what was sent."""

    second: int
    box: tuple[int, int, int, int] | None
    size: tuple[int, int]


@dataclass(slots=True)
class Report:
    """`looks`: what was sent, in order; `put_off`: how often a look waited for the budget. `frame_ms`: to
    shrink and judge a frame, by the clock and (`frame_cpu_ms`) on the processor alone."""

    frames: int = 0
    looks: list[Look] = field(default_factory=list)
    put_off: int = 0
    bills: dict[ImageFormula, Bill] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)
    frame_cpu_ms: list[float] = field(default_factory=list)
    encode_ms: list[float] = field(default_factory=list)

    @property
    def crops(self) -> int:
        """How many looks were a part of the screen."""
        return sum(look.box is not None for look in self.looks)

    @property
    def missed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.delay_s is None]

    @property
    def delays_s(self) -> list[float]:
        return [outcome.delay_s for outcome in self.outcomes if outcome.delay_s is not None]


def replay(
    videos: Iterable[rtc.VideoFrame],
    events: tuple[Event, ...] = (),
    within_s: float = WITHIN_S,
    tokens_per_minute: int = TOKENS_PER_MINUTE,
) -> Report:
    """`tokens_per_minute`: the room's budget, by Claude's formula.

    Raises: InvalidInput, as the frames are read.
    """
    report, lookout, judge = Report(), Lookout(), Judge(events, within_s)
    budget = PictureBudget(tokens_per_minute)
    totals = {formula: [0, 0, 0, 0] for formula in FORMULAS}
    frame: ScreenFrame | None = None
    second = -1
    for second, video in enumerate(videos):
        frame = ScreenFrame(video, START)
        report.frames += 1
        _sample(frame, second, lookout, budget, judge, report, totals)
        for formula, total in totals.items():
            total[1] += image_tokens(formula, frame.width, frame.height)
            total[2] += image_tokens(formula, *sent_size(formula, frame.width, frame.height))
    for late in range(1, STANDS_STILL_S + 1):
        if frame is not None:
            _sample(frame, second + late, lookout, budget, judge, report, totals)
    report.outcomes = judge.finish()
    report.bills = {formula: Bill(*total) for formula, total in totals.items()}
    return report


def _sample(
    frame: ScreenFrame,
    second: int,
    lookout: Lookout,
    budget: PictureBudget,
    judge: Judge,
    report: Report,
    totals: dict[ImageFormula, list[int]],
) -> None:
    started, cpu = time.perf_counter(), time.thread_time()
    gray = frame.gray()
    cut = lookout.offer(gray, thrifty=budget.is_low(second)).cut
    report.frame_ms.append((time.perf_counter() - started) * 1000)
    report.frame_cpu_ms.append((time.thread_time() - cpu) * 1000)
    if cut is not None and budget.is_spent(second):
        report.put_off += 1
        cut = None
    if cut is not None:
        lookout.mark_shown(gray, cut)
        size = frame.fitted(cut.size(gray), cut.area)
        report.looks.append(Look(second, frame.box_of(cut.area) if cut.area else None, size))
        started = time.perf_counter()
        frame.jpeg(size, cut.area)
        report.encode_ms.append((time.perf_counter() - started) * 1000)
        for formula, total in totals.items():
            fitted = sent_size(formula, *size, SENT_SIDE_PX)
            total[0] += image_tokens(formula, *fitted, media_resolution(*fitted))
            total[3] += image_tokens(formula, *fitted)
        budget.spend(image_tokens(BUDGETED, *sent_size(BUDGETED, *size, SENT_SIDE_PX)), second)
    judge.watch(second, gray, cut)


def spread(samples: list[float]) -> dict[str, float]:
    """Median, 99th percentile and most; empty without samples."""
    if not samples:
        return {}
    ordered = sorted(samples)
    return {
        "p50": round(statistics.median(ordered), 3),
        "p99": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 3),
        "max": round(ordered[-1], 3),
    }
