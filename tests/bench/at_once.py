"""A model in this process that answers at once: what remains to be measured is what stands around it."""

from typing import Any

from livekit.agents import APIConnectOptions, llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from tests.fakes.script import pieces_of


class AtOnce(llm.LLM[str]):
    def __init__(self, answer: str) -> None:
        super().__init__()
        self.pieces = pieces_of(answer)

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        parallel_tool_calls: NotGivenOr[bool] = NOT_GIVEN,
        tool_choice: NotGivenOr[llm.ToolChoice] = NOT_GIVEN,
        extra_kwargs: NotGivenOr[dict[str, Any]] = NOT_GIVEN,
    ) -> llm.LLMStream:
        return _Said(self, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)


class _Said(llm.LLMStream):
    async def _run(self) -> None:
        assert isinstance(self._llm, AtOnce)
        for piece in self._llm.pieces:
            delta = llm.ChoiceDelta(role="assistant", content=piece)
            self._event_ch.send_nowait(llm.ChatChunk(id="1", delta=delta))
        usage = llm.CompletionUsage(completion_tokens=16, prompt_tokens=900, total_tokens=916)
        self._event_ch.send_nowait(llm.ChatChunk(id="1", usage=usage))
