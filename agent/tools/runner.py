"""Runs each call of a tool once: claimed before it goes out, recorded when it ended, told when it was heard.

Without a claim nothing runs. What only reads is given up when the person interrupts; what changes something
runs to its end, whoever waits for it, and its result stands for the same call of the next turn until an
answer with it was given to the end. A guess calls none: livekit starts tools once a turn is committed, and a
turn has no speaker here before. Source: livekit-agents 1.8.9, `agent_activity.py`, after the authorisation.
"""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from livekit.agents.voice import SpeechHandle
from pydantic import JsonValue

from agent.errors import AppError, NotAllowed, NotFound, Unavailable
from agent.tools.answers import Answers
from agent.tools.askers import Askers
from agent.tools.http_calls import Permit
from agent.tools.outcome import Outcome, failed, unsure
from agent.tools.signing import sign_asker
from agent.wire import ToolClaim, ToolClaimAnswer, ToolOutcome, ToolSpec, ToolsTold, Verdict
from agent.wire.tools import MAX_ARGUMENTS_CHARS, MAX_RESULT_CHARS

logger = logging.getLogger(__name__)

SETTLE_AGAIN_S: Final = (0.5, 2.0, 5.0)
LAST_WAIT_S: Final = 5.0
"""How long the end of a job waits for what changes something."""
LAST_WORD_S: Final = 1.0

NOBODY: Final = "It was not called: no one person asked for it. Ask who wants it, and let them say so."
TOO_LONG: Final = "It was not called: the arguments are too long."
UNWRITABLE: Final = "It was not called: the arguments are no JSON text."
GONE: Final = "It was not called: the agent does not have this tool any more. Say so."
UNRECORDED: Final = "It was not called, since the call could not be recorded. Say so; it can be tried again."
GOES_ON: Final = "The person interrupted. It goes on, and is not known to be done yet: do not call it again."
INTERRUPTED: Final = "It was not called to its end: the person interrupted."
UNDER_WAY: Final = "The same call is under way already and is not made twice. Say that it is not done yet."
UNKNOWN: Final = (
    "The same call was made before and it is not known whether it was done. It is not made again by itself: "
    "say so, and let the person decide."
)
EARLIER: Final = "This was done already, by a call whose answer was interrupted; it was not done again."

T = TypeVar("T")
Perform = Callable[[Permit], Awaitable[Outcome]]
Late = Callable[[str, str], Coroutine[Any, Any, None]]
"""Takes the id of a call, and what it said after its turn had been interrupted."""


class Desk(Protocol):
    """Control's side of it. Raises: AppError."""

    async def claim_tool_call(self, body: ToolClaim) -> ToolClaimAnswer: ...

    async def settle_tool_call(self, body: ToolOutcome) -> None: ...

    async def tell_tool_calls(self, body: ToolsTold) -> None: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call as a model wrote it. `function`: the tool, or one of an MCP server's."""

    spec: ToolSpec
    function: str
    arguments: Mapping[str, JsonValue]
    call_id: str


class Runner:
    """`conversation`: its id, for the servers of tools. Closed before the client that `desk` is."""

    def __init__(self, desk: Desk, askers: Askers, *, epoch: int, conversation: str) -> None:
        self._desk = desk
        self._askers = askers
        self._epoch = epoch
        self._conversation = conversation
        self._answers = Answers(lambda keys: self._own(self._tell(keys)))
        self._tasks: set[asyncio.Task[Any]] = set()
        self.late: Late | None = None

    async def run(self, wanted: Wanted, speech: SpeechHandle, perform: Perform) -> str:
        """What the model reads of it. Cancelling gives up what only reads; what changes something goes on."""
        asked = self._askers.asked(wanted.call_id)
        if asked is None:
            return NOBODY
        if speech.interrupted:
            return INTERRUPTED
        try:
            arguments = canonical(wanted.arguments)
        except (ValueError, RecursionError):
            return UNWRITABLE
        if len(arguments) > MAX_ARGUMENTS_CHARS:
            return TOO_LONG
        claim = ToolClaim(
            epoch=self._epoch,
            claim=uuid.uuid4().hex,
            turn=asked.turn,
            tool=wanted.spec.name,
            function=wanted.function,
            speaker=asked.identity,
            arguments=arguments,
            place=self._answers.place(speech, asked.turn, wanted.function, arguments),
        )
        return await self._await(wanted, self._own(self._ask(wanted, claim, perform, speech)), speech)

    def forget_told(self, turn: str) -> None:
        """No model came to speak of that turn's results: whoever asks again is told of them."""
        self._answers.silence(turn)

    async def aclose(self) -> None:
        """Waits a little for what changes something; what is cut off then is of unknown end."""
        for wait_s in (LAST_WAIT_S, LAST_WORD_S):
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=wait_s)
            # What is cut off begins to record that it was.
            cut_off = list(self._tasks)
            for task in cut_off:
                task.cancel()
            await asyncio.gather(*cut_off, return_exceptions=True)

    async def _await(self, wanted: Wanted, work: asyncio.Task[str], speech: SpeechHandle) -> str:
        try:
            await speech.wait_if_not_interrupted([work])
        except asyncio.CancelledError:
            if wanted.spec.is_repeatable:
                work.cancel()
            raise
        if work.done():
            return work.result()
        if wanted.spec.is_repeatable:
            work.cancel()
            return INTERRUPTED
        # Nobody has to wait for it: livekit would hold up what the person says next.
        self._own(self._hand_in(wanted.call_id, work))
        return GOES_ON

    async def _hand_in(self, call_id: str, work: asyncio.Task[str]) -> None:
        text = await asyncio.shield(work)
        if self.late is not None:
            await self.late(call_id, text)

    async def _ask(self, wanted: Wanted, claim: ToolClaim, perform: Perform, speech: SpeechHandle) -> str:
        """Runs it where control gives leave."""
        try:
            granted = await self._desk.claim_tool_call(claim)
        except asyncio.CancelledError:
            self._own(self._give_back(claim))
            raise
        except NotAllowed as error:
            return f"It was not called: {error}."
        except NotFound:
            return GONE
        except AppError as error:
            logger.warning("a tool was not called", extra={"tool": claim.tool, "error": error.code})
            if isinstance(error, Unavailable):
                self._own(self._give_back(claim))
            return UNRECORDED
        self._answers.expect(speech, claim.turn, granted.keys)
        if granted.verdict is not Verdict.RUN:
            return _words(granted, is_repeatable=wanted.spec.is_repeatable)
        return await self._perform(wanted.spec, claim, granted, perform, speech)

    async def _give_back(self, claim: ToolClaim) -> None:
        """Leave that control may have given, and that nobody uses: else the call is under way for ever."""
        for wait_s in SETTLE_AGAIN_S:
            await asyncio.sleep(wait_s)
            try:
                granted = await self._desk.claim_tool_call(claim)
            except Unavailable:
                continue
            except AppError:
                return
            if granted.verdict is Verdict.RUN:
                await self._settle(claim, granted.key, failed("leave for it came too late"), 0.0)
            return
        logger.error("leave for a tool was not given back", extra={"tool": claim.tool})

    async def _perform(
        self,
        spec: ToolSpec,
        claim: ToolClaim,
        granted: ToolClaimAnswer,
        perform: Perform,
        speech: SpeechHandle,
    ) -> str:
        began_s = time.monotonic()
        outcome = unsure(spec.name, "it was cut off", is_repeatable=spec.is_repeatable)
        try:
            if speech.interrupted:
                outcome = failed("the person interrupted")
            else:
                signed = sign_asker(spec, granted.asker, granted.key, self._conversation)
                outcome = await perform(Permit(granted.key, signed))
        except Exception as error:  # the boundary of one call: the model is told, and the room lives on
            logger.warning("a tool failed", extra={"tool": spec.name, "error": type(error).__name__})
            outcome = unsure(spec.name, "it broke off", is_repeatable=spec.is_repeatable)
        finally:
            # Also when it is cancelled: a row that was claimed is to say how it ended.
            ended = self._own(self._settle(claim, granted.key, outcome, time.monotonic() - began_s))
        await asyncio.shield(ended)
        return outcome.text

    async def _settle(self, claim: ToolClaim, key: str, outcome: Outcome, took_s: float) -> None:
        """Tries again while control is away; a newer job's word stands against it."""
        body = ToolOutcome(
            epoch=self._epoch,
            claim=claim.claim,
            key=key,
            state=outcome.state,
            status=outcome.status,
            latency_ms=round(took_s * 1000),
            bytes=outcome.bytes,
            error=outcome.error,
            result=outcome.text[:MAX_RESULT_CHARS],
        )
        for wait_s in (*SETTLE_AGAIN_S, None):
            try:
                await self._desk.settle_tool_call(body)
            except Unavailable:
                if wait_s is not None:
                    await asyncio.sleep(wait_s)
                    continue
                logger.error("how a tool ended was not recorded", extra={"tool": claim.tool})
            except AppError as error:
                logger.warning(
                    "how a tool ended was not recorded", extra={"tool": claim.tool, "error": error.code}
                )
            return

    async def _tell(self, keys: list[str]) -> None:
        try:
            await self._desk.tell_tool_calls(ToolsTold(epoch=self._epoch, keys=keys))
        except AppError as error:
            # The worst of it: who asks for the same again hears that it was done.
            logger.info("what was told was not noted", extra={"error": error.code})

    def _own(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work, name="tool")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def canonical(arguments: Mapping[str, JsonValue]) -> str:
    """The same text for the same arguments, in whichever order a model wrote them.

    Raises: ValueError, RecursionError for what is no JSON, or no text that can be stored.
    """
    text = json.dumps(
        dict(arguments), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    text.encode()
    if "\\u0000" in text:
        raise ValueError("there is NUL in the arguments")
    return text


def _words(granted: ToolClaimAnswer, *, is_repeatable: bool) -> str:
    match granted.verdict:
        case Verdict.DONE:
            return granted.result if is_repeatable else f"{EARLIER}\n{granted.result}"
        case Verdict.UNDER_WAY:
            return UNDER_WAY
        case Verdict.UNKNOWN:
            return UNKNOWN
        case _:
            return f"It was not called: {granted.words}."
