"""Loads what the provider SDKs leave for their first request, so that no turn waits for it.

Left alone, a process's first answer imports modules and builds pydantic schemas for 100 to 300 ms (measured
on two cores, November 2026), on the event loop that also carries the audio. Called at composition.
"""

import importlib

from pydantic import BaseModel

# httpx picks its event-loop backend on the first request.
_ASYNC_BACKEND = "anyio._backends._asyncio"


def rehearse_openai() -> None:
    _load(_ASYNC_BACKEND, "openai.resources.chat.chat", "openai.lib.streaming.chat", "jiter")
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk
    from openai.types.chat.chat_completion_chunk import Choice, ChoiceDelta

    _build(ChoiceDelta, Choice, CompletionUsage, ChatCompletionChunk)


def rehearse_google() -> None:
    from google.genai import types

    _build(
        types.Content,
        types.HttpOptions,
        types.GenerateContentConfig,
        types.GenerateContentResponse,
        types.HttpResponse,
    )


def rehearse_anthropic() -> None:
    _load(_ASYNC_BACKEND, "opentelemetry.propagate", "anthropic.resources.messages.messages")
    from anthropic import types

    _build(
        types.RawMessageStartEvent,
        types.RawContentBlockStartEvent,
        types.RawContentBlockDeltaEvent,
        types.RawContentBlockStopEvent,
        types.RawMessageDeltaEvent,
        types.RawMessageStopEvent,
    )


def _load(*modules: str) -> None:
    for module in modules:
        importlib.import_module(module)


def _build(*models: type[BaseModel]) -> None:
    """Builds schemas that were deferred to their first use."""
    for model in models:
        model.model_rebuild()
