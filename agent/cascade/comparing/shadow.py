"""Asks the other tier on a few turns, in the background, to learn when the large model is worth its price.

The person has their answer by then and never sees the second one. Which turns are taken is a hash of the
turn's id, so that a repeated turn is not compared twice; none is taken while money is short, with tools or of
a person who waits. What comes of it is a label: features and two qualities, never words.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Protocol

from livekit.agents import APIError, llm

from agent.cascade.calls.asking import ask
from agent.cascade.calls.call import Desk
from agent.cascade.calls.images import last_question
from agent.cascade.calls.request import Request
from agent.cascade.comparing.judge import Comparison, Qualities
from agent.cascade.facts import TurnFacts
from agent.cascade.finished import Finished
from agent.cascade.models.resolved import Candidate
from agent.cascade.money.budget import BudgetState
from agent.cascade.reading import Reader
from agent.cascade.verify.verdict import Answer, Verdict
from agent.errors import AppError
from agent.wire import LabelWrite

logger = logging.getLogger(__name__)

AT_ONCE: Final = 2
"""Comparisons at a time; a turn that comes while as many run is not compared."""
COMPARE_S: Final = 180.0
SEE_MOST_USD_MICROS: Final = 100_000
SEE_TOKENS: Final = 300
"""What both calls of a turn with pictures may cost, with answers of so many tokens and by an estimate that
takes a character for a token. A turn without a known price is not compared."""
JUDGE_MAX_TOKENS: Final = 1_024
CONTEXT_MESSAGES: Final = 6


class Features(Protocol):
    """What a label takes of `score.Scorer`."""

    @property
    def version(self) -> str: ...

    def features_before(self, question: str) -> tuple[float, ...]: ...

    def features_after(self, question: str, answer: str, verdict: Verdict) -> tuple[float, ...]: ...


@dataclass(frozen=True, slots=True)
class _Pair:
    """A turn that is to be compared. `other`: of the tier that did not answer; `judge`: of the large tier."""

    turn: str
    finished: Finished
    other: Candidate
    judge: Candidate

    @property
    def images(self) -> tuple[llm.ImageContent, ...]:
        asked = last_question(self.finished.request.chat_ctx)
        parts = asked.content if asked is not None else []
        return tuple(part for part in parts if isinstance(part, llm.ImageContent))


class ShadowTurns:
    """A `Shadow` of the cascade. `desk`: the cascade's, which is made after this.

    `keep` gets each label; what it raises of ours is logged. `share` is of the turns, 0 to 1. Close it before
    the cascade.
    """

    def __init__(
        self,
        desk: Callable[[], Desk],
        scorer: Features,
        keep: Callable[[LabelWrite], Awaitable[None]],
        share: float,
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        self._desk = desk
        self._scorer = scorer
        self._keep = keep
        self._share = share
        self._at_once = at_once
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_busy(self) -> bool:
        return bool(self._tasks)

    def consider(self, finished: Finished) -> None:
        """Called once after each turn that was answered in full. Never blocks."""
        turn = finished.facts.turn
        if turn is None or not is_drawn(turn, self._share) or len(self._tasks) >= self._at_once:
            return
        pair = self._pair(turn, finished)
        if pair is not None:
            task = asyncio.create_task(self._guard(pair), name="shadow")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Breaks off what is being compared; calls that are under way are in the ledger as cancelled."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _pair(self, turn: str, finished: Finished) -> _Pair | None:
        """None where the turn is not to be compared."""
        decision, request, desk = finished.decision, finished.request, self._desk()
        answered, state = finished.candidate.tier, desk.purse.state_of(request.facts.speaker)
        if state != BudgetState.OPEN or decision.candidates[0].tier != answered:
            return None
        if finished.answer.tool_calls or _used_tools(request.chat_ctx) or not request.question.strip():
            return None
        other = next((c for c in decision.candidates if c.tier != answered), None)
        judge = next((c for c in decision.candidates if c.tier == "large"), None)
        if other is None or judge is None:
            return None
        pair = _Pair(turn, finished, other, judge)
        return pair if request.lane == "talk" or self._is_cheap(pair, desk) else None

    def _is_cheap(self, pair: _Pair, desk: Desk) -> bool:
        request, now = pair.finished.request, datetime.now(UTC)
        if not (pair.other.model.vision and pair.judge.model.vision):
            return False
        asked = desk.worst_case(pair.other.model, request.chat_ctx, SEE_TOKENS, now)
        judged = desk.worst_case(pair.judge.model, request.chat_ctx, SEE_TOKENS, now)
        return asked is not None and judged is not None and asked + judged <= SEE_MOST_USD_MICROS

    async def _guard(self, pair: _Pair) -> None:
        try:
            async with asyncio.timeout(COMPARE_S):
                await self._compare(pair)
        except (AppError, APIError, TimeoutError) as error:
            logger.info("a turn was not compared", extra={"error": type(error).__name__})
        except Exception as error:  # the boundary of a task that nobody waits for
            logger.error("a comparison failed unexpectedly", extra={"error": type(error).__name__})

    async def _compare(self, pair: _Pair) -> None:
        finished = pair.finished
        other = await ask(
            self._desk(),
            replace(finished.request, tools=[], choices={}),
            pair.other,
            "shadow",
            "the other tier, to compare",
            finished.decision.yardsticks,
        )
        if not other.text.strip():
            return
        is_small = finished.candidate.tier == "small"
        small, large = (finished.answer, other) if is_small else (other, finished.answer)
        compared = Comparison(
            pair.turn, finished.request.question, context_of(finished.request), small.text, large.text
        )
        qualities = compared.settle() or await self._judge(pair, compared)
        if qualities is None:
            logger.info("a verdict could not be read", extra={"model": pair.judge.model.name})
            return
        await self._keep(await asyncio.to_thread(self._label, pair, small, qualities))

    async def _judge(self, pair: _Pair, compared: Comparison) -> Qualities | None:
        finished, images = pair.finished, pair.images if pair.finished.request.lane == "see" else ()
        facts = TurnFacts(pair.turn, speaker=finished.facts.speaker, max_output_tokens=JUDGE_MAX_TOKENS)
        said = await ask(
            self._desk(),
            Request(finished.request.lane, compared.put(images), [], facts),
            pair.judge,
            "judge",
            "which of two answers is better",
            finished.decision.yardsticks,
        )
        return compared.read(said.text)

    def _label(self, pair: _Pair, small: Answer, qualities: Qualities) -> LabelWrite:
        finished = pair.finished
        question = finished.request.question
        verdict = finished.verdict or Reader(finished.request).read(small).verdict
        return LabelWrite(
            client_id=hashlib.sha256(f"label {pair.turn}".encode()).hexdigest()[:32],
            turn_client_id=pair.turn,
            lane=finished.request.lane,
            features_version=self._scorer.version,
            before=list(self._scorer.features_before(question)),
            after=list(self._scorer.features_after(question, small.text, verdict)),
            quality_small=qualities.small,
            quality_large=qualities.large,
            at=datetime.now(UTC),
        )


def is_drawn(turn: str, share: float) -> bool:
    """Whether a turn is one of `share` of all; the same for the same id, everywhere and each time."""
    drawn = int.from_bytes(hashlib.sha256(f"shadow {turn}".encode()).digest()[:8])
    return drawn < share * 2**64


def context_of(request: Request) -> str:
    """What the judge is shown beside the question: the passages, else what was said just before."""
    if request.facts.passages:
        return "\n\n".join(f"[{n}] {text}" for n, text in enumerate(request.facts.passages, 1))
    asked = last_question(request.chat_ctx)
    said = [
        f"{item.role}: {item.text_content}"
        for item in request.chat_ctx.items
        if isinstance(item, llm.ChatMessage) and item is not asked and item.role in ("user", "assistant")
    ]
    return "\n".join(said[-CONTEXT_MESSAGES:])


def _used_tools(chat_ctx: llm.ChatContext) -> bool:
    """Whether a tool was called since the person asked."""
    for item in reversed(chat_ctx.items):
        if isinstance(item, llm.FunctionCall | llm.FunctionCallOutput):
            return True
        if isinstance(item, llm.ChatMessage) and item.role == "user":
            return False
    return False
