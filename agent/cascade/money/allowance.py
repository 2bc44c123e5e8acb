"""What a job may spend without asking: a `Purse` that control fills ahead of need.

`reserve` and `settle` are arithmetic on what was granted; one task talks to control. All that is said there
counts up from the job's beginning, so an answer that got lost changes nothing. While control is away the job
spends what it has, for as long as that is good, and is then refused with the reason.

The owner's order at the end: no more turns; the recorder delivers the ledger; `aclose` gives back what is
left; the client of control is closed. An allowance that is not closed expires at control within minutes.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

from agent.cascade.money.budget import BudgetState, Hold
from agent.cascade.money.purse_lines import USUAL_USD_MICROS, Line, Lines, Turns, worst
from agent.errors import AppError, BudgetSpent, NotAuthenticated, NotFound, StaleEpoch
from agent.wire import AllowanceAnswer, AllowanceBody

logger = logging.getLogger(__name__)

START_S: Final = 2.0
RENEW_S: Final = 20.0
"""Well before what was granted stops being good, and often enough to hear of a cap that was changed."""
LEAST_GAP_S: Final = 0.02
MOST_GAP_S: Final = 2.0
"""Between two requests, growing while control has nothing more to give."""
FIRST_RETRY_S: Final = 0.2
LAST_RETRY_S: Final = 5.0
CLOSE_S: Final = 2.0
LINES_AT_ONCE: Final = 100


class Grants(Protocol):
    async def renew_allowance(self, body: AllowanceBody) -> AllowanceAnswer:
        """Raises: StaleEpoch, ControlUnavailable, NotAuthenticated, NotFound, InvalidInput."""


class Allowance:
    """The `Purse` of one job. Every method is called from its event loop.

    `announce` is called when `state` changes and must not block. `now` tells periods apart, `clock` (seconds)
    how long a grant is good. `usual_usd_micros`: what a call is likely to reserve; some of them are asked for
    at the beginning, so that the first turn is not refused a large model while the budget is open.
    """

    def __init__(
        self,
        grants: Grants,
        epoch: int,
        *,
        announce: Callable[[BudgetState], None] = lambda state: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        renew_s: float = RENEW_S,
        usual_usd_micros: int = USUAL_USD_MICROS,
    ) -> None:
        self._grants = grants
        self._epoch = epoch
        self._announce = announce
        self._now = now
        self._clock = clock
        self._renew_s = renew_s
        self._lines = Lines(now().date(), usual_usd_micros)
        self._turns = Turns()
        self._day_ends = _midnight_after(now())
        self._limited: frozenset[str] = frozenset()
        self._is_limited = True
        self._is_known = False
        self._holds: dict[int, tuple[tuple[Line, ...], str | None, int]] = {}
        self._last_id = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._ended: AppError | None = None
        self._state = BudgetState.OPEN
        self._stated_by: tuple[Line, ...] = ()
        self.is_state_news = True
        """Whether `state` changed last by a budget, and not since the people in the room are others."""

    async def start(self) -> None:
        """Asks for the first time, waiting for `START_S` at most, and from here on by itself."""
        with contextlib.suppress(AppError, TimeoutError):
            async with asyncio.timeout(START_S):
                await self._renew()
        if not self._is_known:
            self._wake.set()
        self._task = asyncio.create_task(self._keep_filled(), name="allowance")

    async def aclose(self) -> None:
        """Gives back what is left; what calls that are under way may cost stays held until it expires."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._ended = BudgetSpent("this conversation's job has ended: it makes no more calls", 0.0)
        if not self._limited:
            return
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._ask(self._lines.all(), is_closing=True)
        except (AppError, TimeoutError) as error:
            logger.warning("an allowance was not given back", extra={"error": type(error).__name__})

    @property
    def state(self) -> BudgetState:
        """Of the tenant, the conversation and, where there is just one, the person in it."""
        return self._state

    def state_of(self, speaker: str | None) -> BudgetState:
        """With that person's own day."""
        lines = self._lines.of(speaker, self._limited)
        return worst(line.state for line in lines)

    def expect(self, speaker: str) -> None:
        """Somebody came, or begins to speak: a cap on their day is asked about before their first turn."""
        self._turn_over()
        if self._lines.expect(speaker):
            self._wake.set()

    def reserve(self, usd_micros: int, *, speaker: str | None, turn: str | None) -> Hold:
        """Raises: BudgetSpent, which names the cap that stands against it and when it is renewed.

        What costs nothing is never refused.
        """
        if not self._is_limited:
            self._lines.expect(speaker or "")
            return Hold(0, usd_micros)
        self._turn_over()
        lines = self._lines.of(speaker, self._limited)
        if usd_micros > 0:
            self._check(usd_micros, lines, turn)
        is_low = False
        for line in lines:
            line.reserve(usd_micros)
            is_low |= line.is_low
        self._turns.add(turn, usd_micros)
        self._last_id += 1
        self._holds[self._last_id] = (lines, turn, usd_micros)
        if is_low:
            self._wake.set()
        return Hold(self._last_id, usd_micros)

    def settle(self, hold: Hold, usd_micros: int | None) -> None:
        """A hold that is not open, or was made while nothing was limited, changes nothing."""
        lines, turn, reserved = self._holds.pop(hold.id, ((), None, 0))
        for line in lines:
            line.settle(reserved, usd_micros)
            if line.is_plenty:
                self._wake.set()
        if usd_micros is not None:
            self._turns.add(turn, usd_micros - reserved)

    def _check(self, usd_micros: int, lines: tuple[Line, ...], turn: str | None) -> None:
        """Raises: BudgetSpent."""
        if self._ended is not None:
            raise BudgetSpent(f"nothing can be spent any more: {self._ended}", 0.0)
        if not self._is_known:
            self._wake.set()
            raise BudgetSpent("what may be spent is not known yet: control has not answered", 1.0)
        self._turns.check(turn, usd_micros)
        now_s = self._clock()
        for line in lines:
            if line.may_take(usd_micros, now_s):
                continue
            line.ask_for(usd_micros)
            self._wake.set()
            raise line.refusal(usd_micros, now_s, self._now())

    def _turn_over(self) -> None:
        """At midnight by UTC the counting of a day begins anew, and with the first that of a month."""
        now = self._now()
        if now >= self._day_ends:
            self._day_ends = _midnight_after(now)
            self._lines.turn_to(now.date())
            self._note_state()
            self._wake.set()

    # The task

    async def _keep_filled(self) -> None:
        wait_s, gap_s, retry_s = self._wait_s(), LEAST_GAP_S, FIRST_RETRY_S
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
            was_needed = self._wake.is_set()
            self._wake.clear()
            try:
                has_more = await self._renew()
            except (StaleEpoch, NotAuthenticated, NotFound) as error:
                logger.warning("this job may not spend any more", extra={"error": error.code})
                self._ended = error
                return
            except (AppError, TimeoutError) as error:
                logger.warning("an allowance was not renewed", extra={"error": type(error).__name__})
                await asyncio.sleep(retry_s)
                retry_s = min(retry_s * 2, LAST_RETRY_S)
                wait_s = 0.0
            else:
                gap_s = min(gap_s * 2, MOST_GAP_S) if was_needed and not has_more else LEAST_GAP_S
                retry_s, wait_s = FIRST_RETRY_S, self._wait_s()
                await asyncio.sleep(gap_s)

    def _wait_s(self) -> float:
        """Until it is time to ask without need; just before midnight for the day that begins."""
        until_eve_s = (self._day_ends - self._now()).total_seconds() - self._renew_s
        return self._renew_s if until_eve_s <= 0 else min(self._renew_s, until_eve_s + 0.01)

    async def _renew(self) -> bool:
        """Whether control granted more than before."""
        self._turn_over()
        if (self._day_ends - self._now()).total_seconds() <= 2 * self._renew_s:
            self._lines.prepare(self._day_ends.date())
        for line in self._lines.all():
            line.give_back(self._clock())
        return await self._ask(self._lines.all())

    async def _ask(self, lines: list[Line], *, is_closing: bool = False) -> bool:
        has_more = False
        for start in range(0, len(lines), LINES_AT_ONCE):
            asked = lines[start : start + LINES_AT_ONCE]
            asked_at_s = self._clock()
            body = AllowanceBody(
                epoch=self._epoch, is_closing=is_closing, lines=[line.to_wire(is_closing) for line in asked]
            )
            answer = await self._grants.renew_allowance(body)
            has_more |= self._take(answer, asked_at_s)
        self._note_state()
        return has_more

    def _take(self, answer: AllowanceAnswer, asked_at_s: float) -> bool:
        self._limited = frozenset(answer.limited)
        self._turns.cap_usd_micros = answer.turn_cap_usd_micros
        self._is_limited = bool(answer.limited) or answer.turn_cap_usd_micros is not None
        self._is_known = True
        return self._lines.take(answer.grants, asked_at_s + answer.good_for_s)

    def _note_state(self) -> None:
        lines = self._lines.of(self._lines.only_speaker, self._limited)
        state = worst(line.state for line in lines)
        standing = [
            line.state for line in self._stated_by if line.scope in self._limited and not line.is_past
        ]
        self._stated_by = lines
        if state is self._state:
            return
        is_better = worst((state, self._state)) is self._state
        self.is_state_news = not (is_better and worst(standing) is self._state)
        self._state = state
        try:
            self._announce(state)
        except Exception:  # the room's own business must not end the asking
            logger.exception("a change of the budget's state was not announced", extra={"state": state})


def _midnight_after(now: datetime) -> datetime:
    following: date = (now.astimezone(UTC) + timedelta(days=1)).date()
    return datetime(following.year, following.month, following.day, tzinfo=UTC)
