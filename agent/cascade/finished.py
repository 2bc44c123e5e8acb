"""A turn that has been answered, as whoever learns from it gets to see it."""

from dataclasses import dataclass
from typing import Protocol

from agent.cascade.calls.request import Request
from agent.cascade.decide import Decision
from agent.cascade.facts import TurnFacts
from agent.cascade.models.resolved import Candidate
from agent.cascade.verify.verdict import Answer, Verdict


@dataclass(frozen=True, slots=True)
class Finished:
    """`candidate` is who answered. `verdict` is None for an answer of the large tier, which is not verified;
    `score` is that of the small model's answer once it was read, None where there is no scorer."""

    facts: TurnFacts
    request: Request
    decision: Decision
    candidate: Candidate
    answer: Answer
    verdict: Verdict | None
    score: float | None


class Shadow(Protocol):
    def consider(self, finished: Finished) -> None:
        """Called once after each turn that was answered in full. Never blocks."""
