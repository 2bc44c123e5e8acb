"""What the tests of handing up ask, and what they look at."""

from dataclasses import dataclass

from livekit.agents import llm

from agent.cascade import TURN_KEY, Cascade, TurnFacts
from agent.cascade.score import Thresholds
from agent.cascade.verify.verdict import Verdict
from agent.wire import ModelCall
from tests.fakes.script import Wire
from tests.fixtures.providers import question

WIRES: list[Wire] = ["openai", "google", "anthropic"]
GOOD = "It is thirty days in all. They begin with the day of the purchase."
REFUSAL = "I'm sorry, but I can't help with that. Please ask somebody else about it."
QUESTION = "How long is the refund period?"


@dataclass(frozen=True)
class Fixed:
    """A scorer that finds every question, and every answer, the same."""

    first: float = 0.0
    second: float = 0.0

    def before(self, text: str) -> float:
        return self.first

    def after(self, text: str, answer: str, verdict: Verdict) -> float:
        return self.second


LINES = Thresholds(voice=0.5, text=0.5, after=0.5)


async def ask(
    cascade: Cascade,
    facts: TurnFacts | None = None,
    text: str = QUESTION,
    tools: list[llm.Tool] | None = None,
    images: tuple[llm.ImageContent, ...] = (),
) -> llm.CollectedResponse:
    return await cascade.chat(
        chat_ctx=question(text, *images),
        tools=tools,
        extra_kwargs={TURN_KEY: facts or TurnFacts(turn="turn-1")},
    ).collect()


def shape_of(ledger: list[ModelCall]) -> list[tuple[str | None, str, bool]]:
    return [(row.tier, row.purpose, row.answered) for row in ledger]


ESCALATED = [("small", "answer", False), ("large", "escalation", True)]
