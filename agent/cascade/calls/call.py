"""One request to one provider: reserved, streamed, bounded in time, and one row in the ledger, always.

Whatever ends a call, `close` writes its row, settles its reservation and tells the breaker, each exactly
once. Who is asked, and what becomes of the answer, is not decided here.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from livekit.agents import APIConnectOptions, llm

from agent.cascade.calls.breaker import Breakers, Key
from agent.cascade.calls.deadlines import Deadlines
from agent.cascade.calls.faults import (
    COMPLETE,
    FILTERED,
    CutAnswer,
    EmptyAnswer,
    Fault,
    FilteredAnswer,
    read_fault,
)
from agent.cascade.calls.ledger import CallMeter, Entry
from agent.cascade.calls.picture_options import picture_options
from agent.cascade.calls.providers import request_options
from agent.cascade.calls.request import Request
from agent.cascade.calls.taps import SAYS_HOW_IT_ENDED, Tap, tap
from agent.cascade.models.catalog import Model
from agent.cascade.models.prices import PriceTable
from agent.cascade.models.resolved import Candidate
from agent.cascade.money.budget import Hold, Purse, Unlimited
from agent.wire import ModelCall, Purpose

logger = logging.getLogger(__name__)


class WorstCase(Protocol):
    def __call__(
        self,
        model: Model,
        chat_ctx: llm.ChatContext,
        max_output_tokens: int,
        at: datetime,
        *,
        tools: Sequence[llm.Tool] = (),
        table: PriceTable | None = None,
    ) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What all calls of a cascade share. `record` gets each row and must not block."""

    engines: Mapping[Model, llm.LLM[str]]
    deadlines: Deadlines
    table: PriceTable
    purse: Purse
    breakers: Breakers
    key: Callable[[Model], Key]
    worst_case: WorstCase
    record: Callable[[ModelCall], None]


Keep = Callable[[llm.ChatChunk], None]


class Call:
    def __init__(self, desk: Desk, request: Request, entry: Entry, handup: str | None = None) -> None:
        """`handup`: what the model is told about handing the turn up.

        Raises: BudgetSpent; nothing was called then, and there is no row.
        """
        self._desk = desk
        self._request = request
        self._entry = entry
        self._chat_ctx = request.context_for(entry.candidate, handup)
        self._hold = self._reserve()
        self._meter = CallMeter(entry, desk.table)
        self._tap = Tap()
        self._stream: llm.LLMStream | None = None
        self._rest: asyncio.Task[None] | None = None
        self.row: ModelCall | None = None

    def _reserve(self) -> Hold | None:
        desk, facts, model = self._desk, self._request.facts, self.candidate.model
        if isinstance(desk.purse, Unlimited):
            return None
        worst = desk.worst_case(
            model,
            self._chat_ctx,
            self._request.max_output_tokens,
            datetime.now(UTC),
            tools=self._request.tools_for(model),
            table=desk.table,
        )
        return desk.purse.reserve(worst or 0, speaker=facts.speaker, turn=facts.turn)

    @property
    def candidate(self) -> Candidate:
        return self._entry.candidate

    @property
    def purpose(self) -> Purpose:
        return self._entry.purpose

    @property
    def finish_reason(self) -> str | None:
        """The provider's word, None where it said none."""
        return self._tap.finish_reason

    @property
    def prompt_tokens(self) -> int:
        return self._meter.prompt_tokens

    async def run(self, take: Callable[[llm.ChatChunk], bool]) -> bool:
        """Streams the answer into `take`; its silence is bounded first, then the whole of it.

        False when `take` stopped it by returning False: the stream stays open then, for `read_on`. Raises
        whatever ended the answer early. Cancelling it hangs up.
        """
        stream = self._open()
        try:
            if not await self._read(stream, take):
                return False
        except Exception:
            await self._hang_up()
            # The words are all there; what failed is the count of tokens after them.
            if not (self._meter.has_answered and self.finish_reason in COMPLETE):
                raise
        except BaseException:
            await self._hang_up()
            raise
        await self._hang_up()
        self._check_end()
        return True

    def _open(self) -> llm.LLMStream:
        request, model = self._request, self.candidate.model
        stream = self._desk.engines[model].chat(
            chat_ctx=self._chat_ctx,
            tools=request.tools_for(model),
            conn_options=APIConnectOptions(max_retry=0, timeout=self._desk.deadlines.total_s),
            extra_kwargs={
                **request_options(model, request.max_output_tokens),
                **picture_options(model, self._chat_ctx),
                **request.options,
            },
            **request.choices,
        )
        self._stream = stream
        self._tap = tap(stream, model.provider)
        return stream

    async def _read(self, stream: llm.LLMStream, take: Callable[[llm.ChatChunk], bool]) -> bool:
        started_s = asyncio.get_running_loop().time()
        deadlines, meter = self._desk.deadlines, self._meter
        async with asyncio.timeout(deadlines.first_token_s[self.candidate.model.provider]) as deadline:
            async for chunk in stream:
                was_silent = not meter.has_answered
                meter.note(chunk)
                if was_silent and meter.has_answered:
                    deadline.reschedule(started_s + deadlines.total_s)
                if not take(chunk):
                    return False
        return True

    def _check_end(self) -> None:
        """Raises: FilteredAnswer, EmptyAnswer or CutAnswer for a stream that ended without an answer."""
        if self.finish_reason in FILTERED:
            raise FilteredAnswer
        if not self._meter.has_answered:
            raise EmptyAnswer
        if self.finish_reason is None and self.candidate.model.provider in SAYS_HOW_IT_ENDED:
            raise CutAnswer

    # An answer that was stopped

    def read_on(self, keep: Keep) -> None:
        """Reads the rest beside whatever comes next, so that the provider's count of it is not lost."""
        if self._stream is not None:
            self._rest = asyncio.create_task(self._read_rest(self._stream, keep), name="rest of an answer")

    async def _read_rest(self, stream: llm.LLMStream, keep: Keep) -> None:
        def take(chunk: llm.ChatChunk) -> bool:
            keep(chunk)
            return True

        try:
            await self._read(stream, take)
        finally:
            await self._hang_up()

    async def end_rest(self, within_s: float) -> BaseException | None:
        """What ended the rest, None when all of it was read; it is cut off after `within_s`."""
        if self._rest is None:
            return None
        await asyncio.wait([self._rest], timeout=within_s)
        self._rest.cancel()
        [ended] = await asyncio.gather(self._rest, return_exceptions=True)
        return ended

    async def _hang_up(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.aclose()

    # Its end

    def fault_of(self, error: BaseException) -> Fault:
        if self._tap.refusal is not None and error.__cause__ is None:
            error.__cause__ = self._tap.refusal
        return read_fault(error, finish_reason=self.finish_reason, answered=self._meter.has_answered)

    def close(
        self,
        fault: Fault | None = None,
        *,
        answered: bool = False,
        steps: Mapping[str, str] | None = None,
        checks: Mapping[str, bool] | None = None,
    ) -> None:
        """Writes the row, settles what was reserved, tells the breaker: once, whoever calls it again."""
        if self.row is not None:
            return
        row = self._meter.finish(fault, answered=answered, heard=self._tap.usage, steps=steps, checks=checks)
        self.row = row
        if self._hold is not None:
            self._desk.purse.settle(self._hold, row.cost_usd_micros)
        self._desk.breakers.note(self._desk.key(self.candidate.model), fault)
        try:
            self._desk.record(row)
        except Exception as error:  # the boundary to the caller's own code: the person has the answer
            logger.error("a call was not recorded", extra={"error": type(error).__name__})
