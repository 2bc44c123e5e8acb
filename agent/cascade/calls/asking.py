"""One call whose answer nobody waits to hear: it is read to its end, and is a row like any other."""

import asyncio

from livekit.agents import llm

from agent.cascade.calls.call import Call, Desk
from agent.cascade.calls.faults import read_fault
from agent.cascade.calls.ledger import Entry, Yardsticks
from agent.cascade.calls.request import Request
from agent.cascade.models.resolved import Candidate
from agent.cascade.verify.verdict import Answer
from agent.wire import Purpose


async def ask(
    desk: Desk, request: Request, candidate: Candidate, purpose: Purpose, reason: str, yardsticks: Yardsticks
) -> Answer:
    """Cancelling it leaves a row that says so.

    Raises: BudgetSpent before anything was called; livekit's APIError, TimeoutError and whatever else a call
    ends with, once its row is written.
    """
    entry = Entry(
        lane=request.lane,
        candidate=candidate,
        purpose=purpose,
        reason=reason,
        yardsticks=yardsticks,
        turn=request.facts.turn,
        speaker=request.facts.speaker,
    )
    call = Call(desk, request, entry)
    texts: list[str] = []
    tool_calls: list[tuple[str, str]] = []

    def take(chunk: llm.ChatChunk) -> bool:
        if chunk.delta is not None:
            texts.append(chunk.delta.content or "")
            tool_calls.extend((each.name, each.arguments) for each in chunk.delta.tool_calls)
        return True

    try:
        await call.run(take)
    except Exception as error:
        call.close(call.fault_of(error))
        raise
    except BaseException:
        call.close(read_fault(asyncio.CancelledError()))
        raise
    call.close()
    return Answer("".join(texts), tuple(tool_calls), call.finish_reason)
