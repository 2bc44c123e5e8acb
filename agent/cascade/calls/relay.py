"""A livekit `LLMStream` that passes on what other streams say, and does nothing else with it.

The base class would do its work twice, once in the provider's own stream and once here: a span, a second task
that counts tokens, a tee with locks, several times what all the rest of the cascade takes. It would also tell
the session of each failed turn as an unrecoverable error, and the session leaves the room after a few of
those; but the cascade recovers, and a turn that cannot be answered ends in a sentence.
"""

import asyncio
from abc import abstractmethod
from collections import deque
from typing import Final

from livekit.agents import APIConnectOptions, llm
from livekit.agents.utils import aio

ONE_ATTEMPT: Final = APIConnectOptions(max_retry=0)


class Relay(llm.LLMStream):
    """Runs from its construction on. Leaving it, or `aclose`, cancels what runs and waits for its end."""

    def __init__(self, model: llm.LLM[str], chat_ctx: llm.ChatContext, tools: list[llm.Tool]) -> None:
        self._llm = model
        self._chat_ctx = chat_ctx
        self._tools = tools
        self._conn_options = ONE_ATTEMPT
        self._llm_request_span = None
        self._chunks: deque[llm.ChatChunk] = deque()
        self._awaited: asyncio.Future[None] | None = None
        self._task = asyncio.create_task(self._run_through(), name="cascade turn")
        # For a turn that is cancelled before it began.
        self._task.add_done_callback(lambda _: self._wake())

    @abstractmethod
    async def _run(self) -> None: ...

    async def _run_through(self) -> None:
        try:
            await self._run()
        finally:
            # The task ends without another pause, so whoever waits finds it done, a round of the loop sooner.
            self._wake()

    def send(self, chunk: llm.ChatChunk) -> None:
        """Never waits: what is not read yet is bounded by the bound of the answer."""
        self._chunks.append(chunk)
        self._wake()

    async def __anext__(self) -> llm.ChatChunk:
        while not self._chunks:
            if self._task.done():
                if not self._task.cancelled() and (error := self._task.exception()) is not None:
                    raise error
                raise StopAsyncIteration
            self._awaited = asyncio.get_running_loop().create_future()
            await self._awaited
        return self._chunks.popleft()

    async def aclose(self) -> None:
        if not self._task.done():
            await aio.cancel_and_wait(self._task)

    def _wake(self) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(None)
