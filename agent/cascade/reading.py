"""What a small model's answer is worth, read while it is held and once it is whole.

Checks that leave no doubt are hard: one that fails is enough for another model. The others are features of a
score. Only what a first sentence can show is judged by it: a score that was fitted on whole answers says
nothing of their beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

from livekit.agents import llm

from agent.cascade.calls.request import Request
from agent.cascade.decide import probability
from agent.cascade.score.threshold import Thresholds
from agent.cascade.verify.check import verify
from agent.cascade.verify.manner import check_refusal
from agent.cascade.verify.verdict import Answer, Basis, Verdict

HARD: Final = ("empty", "hand_up", "cut_off", "refusal", "schema", "tools", "arithmetic", "algebra")


class AfterScores(Protocol):
    """What reading an answer takes of `score.Scorer`."""

    def after(self, question: str, answer: str, verdict: Verdict) -> float: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """`weak` says why another model should answer, None when none has to."""

    verdict: Verdict
    score: float | None
    weak: str | None

    @property
    def checks(self) -> Mapping[str, bool]:
        return {check.name: check.passed for check in self.verdict.checks}

    @property
    def said(self) -> str:
        """For the ledger; names checks, quotes nothing."""
        failed = ", ".join(check.name for check in self.verdict.failed) or "none"
        score = "" if self.score is None else f"; {self.score:.3f} that the large tier does better"
        return f"failed: {failed}{score}"


class Reader:
    """Of one turn."""

    def __init__(
        self, request: Request, scorer: AfterScores | None = None, thresholds: Thresholds | None = None
    ) -> None:
        self._request = request
        self._scorer = scorer
        self._thresholds = thresholds

    def read_sentence(self, text: str) -> str | None:
        """Why the answer that begins so is weak, if that is clear already."""
        if self._request.facts.schema is not None:
            return None
        refusal = check_refusal(text)
        return None if refusal is None or refusal.passed else "the answer begins with a refusal"

    def read(self, answer: Answer) -> Reading:
        """The whole answer."""
        verdict = verify(answer, self._basis)
        score = self._score(answer, verdict)
        return Reading(verdict, score, self._weakness(verdict, score))

    def _score(self, answer: Answer, verdict: Verdict) -> float | None:
        """None for pictures and tool calls, which the score has never seen."""
        if self._scorer is None or self._request.lane == "see" or not answer.text.strip():
            return None
        return probability(self._scorer.after(self._request.question, answer.text, verdict))

    def _weakness(self, verdict: Verdict, score: float | None) -> str | None:
        hard = [check.name for check in verdict.failed if check.name in HARD]
        if hard:
            return "failed: " + ", ".join(hard)
        if score is not None and self._thresholds is not None and score >= self._thresholds.after:
            return f"score {score:.3f} reaches {self._thresholds.after:.3f}"
        return None

    @cached_property
    def _basis(self) -> Basis:
        facts = self._request.facts
        return Basis(
            question=self._request.question,
            context=_context(self._request.chat_ctx),
            passages=facts.passages,
            language=facts.language,
            schema=facts.schema,
            tools=_schemas(self._request.tools) if self._request.tools else None,
        )


def _context(chat_ctx: llm.ChatContext) -> str:
    """All that the model was given."""
    texts = []
    for item in chat_ctx.items:
        if isinstance(item, llm.ChatMessage):
            texts += [part for part in item.content if isinstance(part, str)]
        elif isinstance(item, llm.FunctionCallOutput):
            texts.append(item.output)
    return "\n".join(texts)


def _schemas(tools: list[llm.Tool]) -> Mapping[str, Mapping[str, Any]]:
    described = llm.ToolContext(tools).parse_function_tools("openai", strict=False)
    return {each["function"]["name"]: each["function"].get("parameters") or {} for each in described}
