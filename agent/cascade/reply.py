"""Answers a turn: asks the models of a decision in order, reads a small model's answer, hands it up once.

Once a word went out there is no second answer, since the person has it already. Until then the next model is
asked when one fails, and a large one when a small one's answer is weak, at most once in a turn. Every call
becomes one row of the ledger, the failed and the cancelled ones too.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from livekit.agents import llm

from agent.cascade.calls.call import Call, Desk
from agent.cascade.calls.faults import broken_off, read_fault
from agent.cascade.calls.ledger import Entry
from agent.cascade.calls.relay import Relay
from agent.cascade.calls.request import Request
from agent.cascade.decide import Decision
from agent.cascade.draft import Draft
from agent.cascade.finished import Finished, Shadow
from agent.cascade.hold import HOLD_S, Held
from agent.cascade.models.resolved import Candidate
from agent.cascade.reading import Reader, Reading
from agent.cascade.session import Sessions
from agent.cascade.verify.handup import hand_up
from agent.errors import BudgetSpent, ProviderUnavailable
from agent.wire import ModelCall, Purpose

logger = logging.getLogger(__name__)

CHARS_PER_OWN_TOKEN: Final = 4
REST_S: Final = 0.25
"""How long the end of a turn waits for the count of an answer that another one replaced."""

CANCELLED: Final = read_fault(asyncio.CancelledError())


@dataclass(frozen=True, slots=True)
class Guide:
    """What a turn's stream takes from its cascade. `handup`: how a small model is told to hand up."""

    desk: Desk
    sessions: Sessions
    decide: Callable[[Request], Decision]
    reader: Callable[[Request], Reader]
    handup: str
    probe: Callable[[Sequence[Candidate]], None]
    shadow: Shadow | None


@dataclass(frozen=True, slots=True)
class Weak:
    """A small model's answer of which nothing went out, and why another model should answer. `reading` is
    None for one that was stopped before its end."""

    call: Call
    draft: Draft
    why: str
    reading: Reading | None = None


class CascadeStream(Relay):
    """One turn. Nothing is retried beyond one walk along its decision."""

    def __init__(self, cascade: llm.LLM[str], guide: Guide, request: Request) -> None:
        super().__init__(cascade, request.chat_ctx, request.tools)
        self._guide = guide
        self._request = request
        self._reader = guide.reader(request)
        self._asked: list[tuple[Call, Draft]] = []
        self._failures: list[tuple[Candidate, str]] = []
        self._refusals: list[BudgetSpent] = []
        self.decision: Decision | None = None

    @property
    def rows(self) -> list[ModelCall]:
        """The turn's rows of the ledger so far, in the order in which the calls began."""
        return [call.row for call, _ in self._asked if call.row is not None]

    async def _run(self) -> None:
        self.decision = decision = self._guide.decide(self._request)
        if decision.probes:
            self._guide.probe(decision.probes)
        try:
            weak = await self._walk(decision, decision.candidates, may_rise=True)
            if weak is not None:
                await self._escalate(decision, weak)
        finally:
            # Rows first, before anything is awaited: another cancellation must not lose them.
            for call, draft in self._asked:
                draft.stop()
                call.close(CANCELLED, answered=draft.is_out)
            for call, _ in self._asked:
                await call.end_rest(0)

    # The walk

    async def _walk(
        self, decision: Decision, candidates: Sequence[Candidate], *, may_rise: bool, why: str | None = None
    ) -> Weak | None:
        """None when a candidate answered; its weak answer when another model should. `why`: it is the other.

        Raises: ProviderUnavailable or BudgetSpent when none answered, APIError when one broke off.
        """
        for candidate in candidates:
            rises = may_rise and candidate.tier == "small" and bool(decision.takeover)
            call = self._call(decision, candidate, rises, why)
            if call is None:
                continue
            draft = self._draft(rises)
            self._asked.append((call, draft))
            try:
                weak = await self._ask(decision, call, draft)
            except Exception as error:  # the boundary of one call: the next candidate is asked
                self._fail(call, draft, error)
            else:
                return weak
        if self._refusals and len(self._refusals) == len(self._failures):
            raise self._refusals[0]
        tried = "; ".join(f"{candidate.model.name}: {what}" for candidate, what in self._failures)
        raise ProviderUnavailable(f"no model answered ({tried})")

    def _call(self, decision: Decision, candidate: Candidate, rises: bool, why: str | None) -> Call | None:
        """None when it is not to be paid for."""
        purpose, reason = self._purpose(decision, why)
        entry = Entry(
            lane=decision.lane,
            candidate=candidate,
            purpose=purpose,
            reason=reason,
            yardsticks=decision.yardsticks,
            turn=self._request.facts.turn,
            speaker=self._request.facts.speaker,
            score=decision.score,
            threshold=decision.threshold,
            decision={**decision.reasons, "call": reason},
            # Rather too many: savings must not look better than they are.
            own_tokens=len(self._guide.handup) // CHARS_PER_OWN_TOKEN if rises else 0,
        )
        try:
            return Call(self._guide.desk, self._request, entry, self._guide.handup if rises else None)
        except BudgetSpent as spent:
            self._refusals.append(spent)
            self._failures.append((candidate, "the budget does not reach"))
            return None

    def _purpose(self, decision: Decision, why: str | None) -> tuple[Purpose, str]:
        if why is not None:
            return "escalation", why
        if not self._failures:
            return "answer", decision.first
        failed, what = self._failures[-1]
        return "fallback", f"fallback after {what} from {failed.model.name}"

    def _draft(self, rises: bool) -> Draft:
        facts = self._request.facts
        return Draft(
            Held(facts.hold if rises else "nothing", hand_up),
            self.send,
            hold_s=HOLD_S[facts.delivery],
            doubt=self._reader.read_sentence,
        )

    async def _ask(self, decision: Decision, call: Call, draft: Draft) -> Weak | None:
        """Streams one answer; what came of it, if it was held and is weak."""
        went_on = await call.run(draft.take)
        draft.stop()
        if not went_on:
            call.read_on(draft.keep)
            return Weak(call, draft, draft.weak or "")
        reading = None
        if call.candidate.tier == "small":
            reading = self._reader.read(draft.answer(call.finish_reason))
            if draft.is_held and reading.weak is not None:
                return Weak(call, draft, reading.weak, reading)
        self._finish(decision, call, draft, reading)
        return None

    def _fail(self, call: Call, draft: Draft, error: Exception) -> None:
        """Raises: APIError when a part of the answer is out."""
        draft.stop()
        fault = call.fault_of(error)
        call.close(fault, answered=draft.is_out)
        fields = {"model": call.candidate.model.name, "outcome": fault.outcome, "error": type(error).__name__}
        logger.warning("a model call failed", extra=fields)
        if draft.is_out:
            raise broken_off(error, fault.outcome) from error
        self._failures.append((call.candidate, fault.outcome))

    def _finish(self, decision: Decision, call: Call, draft: Draft, reading: Reading | None) -> None:
        """The person has the answer."""
        draft.release()
        facts, candidate, shadow = self._request.facts, call.candidate, self._guide.shadow
        call.close(answered=True, **_noted(reading))
        self._guide.sessions.keep(
            facts.conversation,
            candidate.model,
            # A large model that only stood in for a small one is no reason to stay with it.
            "small" if call.purpose == "fallback" else candidate.tier,
            call.prompt_tokens,
            followed_up=decision.followed_up,
        )
        if shadow is not None:
            verdict, score = (None, None) if reading is None else (reading.verdict, reading.score)
            answer = draft.answer(call.finish_reason)
            finished = Finished(facts, self._request, decision, candidate, answer, verdict, score)
            _tell(lambda: shadow.consider(finished))

    # Handing up

    async def _escalate(self, decision: Decision, weak: Weak) -> None:
        """A large model answers; when none can, a weak answer is better than none."""
        self._guide.sessions.hand_up(self._request.facts.turn, self._request.question)
        self._acknowledge()
        name = weak.call.candidate.model.name
        try:
            await self._walk(decision, decision.takeover, may_rise=False, why=f"{weak.why} ({name})")
        except (ProviderUnavailable, BudgetSpent) as nobody:
            ended = await weak.call.end_rest(self._guide.desk.deadlines.total_s)
            if weak.draft.is_said and ended is None:
                self._finish(decision, weak.call, weak.draft, weak.reading)
            elif weak.draft.is_handed_up:
                self._close_weak(weak, ended)
                self._failures.append((weak.call.candidate, "handed up"))
                await self._walk(decision, [weak.call.candidate], may_rise=False)
            else:
                self._close_weak(weak, ended)
                raise nobody
        else:
            self._close_weak(weak, await weak.call.end_rest(REST_S))

    def _close_weak(self, weak: Weak, ended: BaseException | None) -> None:
        fault = None if ended is None else weak.call.fault_of(ended)
        weak.call.close(fault, **_noted(weak.reading, weak.why))

    def _acknowledge(self) -> None:
        facts = self._request.facts
        if facts.delivery != "voice" or facts.acknowledge is None:
            return
        _tell(facts.acknowledge)


def _tell(listener: Callable[[], object]) -> None:
    """The boundary to the caller's own code: a turn does not fail by it."""
    try:
        listener()
    except Exception as error:
        logger.error("a listener of the cascade failed", extra={"error": type(error).__name__})


class _Noted(TypedDict):
    steps: dict[str, str]
    checks: dict[str, bool]


def _noted(reading: Reading | None, weak: str | None = None) -> _Noted:
    """What reading an answer adds to its row."""
    steps = {} if reading is None else {"verify": reading.said}
    if weak is not None:
        steps["escalate"] = weak
    return {"steps": steps, "checks": {} if reading is None else dict(reading.checks)}
