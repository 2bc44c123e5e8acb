"""Asks models that failed whether they are back, beside the turns, so that nobody waits for one that is not.

A probe is a real call: within the budget, on the clock, a row of the ledger. Its task belongs to the prober,
which ends it with the cascade.
"""

import asyncio
import logging
from collections.abc import Sequence

from livekit.agents import APIError, llm

from agent.cascade.calls.asking import ask
from agent.cascade.calls.call import Desk
from agent.cascade.calls.faults import EmptyAnswer, read_fault
from agent.cascade.calls.ledger import Yardsticks
from agent.cascade.calls.request import Request
from agent.cascade.facts import TurnFacts
from agent.cascade.models.resolved import Candidate
from agent.errors import AppError

logger = logging.getLogger(__name__)

PROBE = "Answer with one word: ready."
PROBE_TOKENS = 256
"""Room for what a model thinks before its word; one that only thinks is back all the same."""

NOTHING = Yardsticks(None, ())


class Prober:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tasks: set[asyncio.Task[None]] = set()

    def probe(self, candidates: Sequence[Candidate]) -> None:
        """Starts a probe of each that is due and that nobody else probes."""
        for candidate in candidates:
            if self._desk.breakers.take_probe(self._desk.key(candidate.model)):
                task = asyncio.create_task(self._probe(candidate), name="probe")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _probe(self, candidate: Candidate) -> None:
        key, breakers = self._desk.key(candidate.model), self._desk.breakers
        chat_ctx = llm.ChatContext([llm.ChatMessage(role="user", content=[PROBE])])
        request = Request("talk", chat_ctx, [], TurnFacts(max_output_tokens=PROBE_TOKENS))
        try:
            await ask(self._desk, request, candidate, "probe", "whether it is back", NOTHING)
        except (APIError, TimeoutError, AppError) as error:
            if isinstance(error, APIError) and _is_back(error):
                breakers.note(key, None)
        except Exception as error:  # the boundary of a task that nobody waits for
            logger.error("a probe failed unexpectedly", extra={"error": type(error).__name__})
        finally:
            breakers.drop_probe(key)


def _is_back(error: APIError) -> bool:
    """It understood the question well enough to refuse it, or thought until its room was full."""
    return isinstance(error, EmptyAnswer) or not read_fault(error).counts
