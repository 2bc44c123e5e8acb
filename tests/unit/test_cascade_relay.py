"""What a turn's stream passes on, and how it ends for whoever reads it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from livekit.agents import llm

from agent.cascade.calls.relay import Relay
from tests.bench.at_once import AtOnce

TIMEOUT_S = 5.0


class _Turn(Relay):
    def __init__(self, run: Callable[["_Turn"], Awaitable[None]]) -> None:
        self._runs = run
        super().__init__(AtOnce(""), llm.ChatContext.empty(), [])

    async def _run(self) -> None:
        await self._runs(self)


def _chunk(text: str) -> llm.ChatChunk:
    return llm.ChatChunk(id="1", delta=llm.ChoiceDelta(role="assistant", content=text))


async def _texts(turn: _Turn) -> list[str | None]:
    async with asyncio.timeout(TIMEOUT_S):
        return [chunk.delta.content async for chunk in turn if chunk.delta is not None]


async def test_all_that_was_sent_is_read_before_the_end() -> None:
    async def says_two(turn: _Turn) -> None:
        turn.send(_chunk("one"))
        await asyncio.sleep(0)
        turn.send(_chunk("two"))

    turn = _Turn(says_two)

    assert await _texts(turn) == ["one", "two"]
    await turn.aclose()


async def test_the_reader_gets_the_error_that_ended_the_turn() -> None:
    async def breaks(turn: _Turn) -> None:
        turn.send(_chunk("one"))
        await asyncio.sleep(0)
        raise LookupError("broken")

    turn = _Turn(breaks)

    assert await anext(turn) == _chunk("one")
    with pytest.raises(LookupError, match="broken"):
        await _texts(turn)
    await turn.aclose()


async def test_a_reader_is_let_go_when_the_turn_is_cancelled_before_it_began() -> None:
    begun: list[_Turn] = []

    async def begins(turn: _Turn) -> None:
        begun.append(turn)

    loop = asyncio.get_running_loop()
    turns: list[_Turn] = []
    # In line before the turn's first step, which stands there from its construction on.
    loop.call_soon(lambda: turns[0]._task.cancel())
    turns.append(_Turn(begins))

    assert await _texts(turns[0]) == []
    assert begun == []


async def test_closing_waits_for_the_end_of_what_was_cancelled() -> None:
    ended: list[str] = []

    async def hangs_up(_: _Turn) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("hung up")

    turn = _Turn(hangs_up)
    await asyncio.sleep(0)

    await turn.aclose()
    await turn.aclose()

    assert ended == ["hung up"]
