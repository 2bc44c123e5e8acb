"""Builds one model's client. The only place that imports livekit's provider plugins, each when it is chosen.

Importing a plugin takes .6 to 1.6 s and must happen on the main thread, so call this at composition. The
SDKs' own retries are off: falling back is the cascade's business.
"""

import asyncio
from typing import Any, cast

from livekit.agents import APIConnectOptions, llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from agent.cascade.calls.rehearsal import rehearse_anthropic, rehearse_google, rehearse_openai
from agent.cascade.calls.straight import ONLY_STRAIGHT, keep_straight
from agent.cascade.models.catalog import Model
from agent.cascade.models.resolved import Endpoint

OPENAI_URL = "https://api.openai.com/v1"
ANTHROPIC_URL = "https://api.anthropic.com"
"""Always said: left alone, the SDKs take an address from the environment, and that is the deployment's, while
the key may be a tenant's."""

DEFAULT_MAX_TOKENS = 4096
"""For requests to Anthropic that say nothing of it, which the cascade's own never are."""


def build_llm(model: Model, endpoint: Endpoint) -> llm.LLM[str]:
    """Raises: ValueError for a model that runs in this process, since there is nothing to connect to."""
    match model.provider:
        case "openai" | "custom" | "ollama":
            return _build_openai(model, endpoint)
        case "google":
            return _build_google(model, endpoint)
        case "anthropic":
            return _build_anthropic(model, endpoint)
        case "local":
            raise ValueError(f"{model.name} runs in this process")


def request_options(model: Model, max_output_tokens: int) -> dict[str, object]:
    """What goes with each request: the bound of the answer, and of what is thought, in its provider's words.

    Claude's thinking is here as well, since it is no option of its plugin's constructor.
    """
    match model.provider:
        case "openai":
            return {"max_completion_tokens": max_output_tokens}
        case "google":
            return {"max_output_tokens": max_output_tokens}
        case "anthropic" if model.thinking is not None:
            return {"max_tokens": max_output_tokens, "thinking": {"type": model.thinking}}
        case "local":
            return {}
        case _:
            return {"max_tokens": max_output_tokens}


def _build_openai(model: Model, endpoint: Endpoint) -> llm.LLM[str]:
    from livekit.plugins import openai
    from openai.types import ReasoningEffort

    rehearse_openai()
    built = openai.LLM(
        model=model.id,
        api_key=endpoint.api_key,
        base_url=endpoint.base_url or OPENAI_URL,
        max_retries=0,
        reasoning_effort=cast(ReasoningEffort, model.thinking) if model.thinking else NOT_GIVEN,
    )
    keep_straight(built._client)
    return built


def _build_google(model: Model, endpoint: Endpoint) -> llm.LLM[str]:
    from google import genai
    from google.genai import types
    from livekit.plugins import google

    rehearse_google()
    thinking: types.ThinkingConfig | None = None
    if model.thinking is not None and model.thinking.isdigit():
        thinking = types.ThinkingConfig(thinking_budget=int(model.thinking))
    elif model.thinking is not None:
        thinking = types.ThinkingConfig(thinking_level=types.ThinkingLevel(model.thinking.upper()))

    class StaysAtItsAddress(google.LLM):
        """The plugin's prewarm asks Google itself, whatever address was given for the answers."""

        def prewarm(self, *, loop: asyncio.AbstractEventLoop | None = None) -> None:
            if endpoint.base_url is None:
                super().prewarm(loop=loop)

    built = StaysAtItsAddress(
        model=model.id,
        api_key=endpoint.api_key,
        vertexai=False,
        # One attempt: left alone, the SDK sleeps for seconds and tries again when a connection fails.
        http_options=types.HttpOptions(
            base_url=endpoint.base_url,
            retry_options=types.HttpRetryOptions(attempts=1),
        ),
        thinking_config=thinking or NOT_GIVEN,
    )
    # The plugin takes options for each request, and of those the SDK reads no word about redirects.
    straight = types.HttpOptions(async_client_args=dict(ONLY_STRAIGHT))
    built._client = genai.Client(api_key=endpoint.api_key, vertexai=False, http_options=straight)
    return built


def _build_anthropic(model: Model, endpoint: Endpoint) -> llm.LLM[str]:
    import anthropic as sdk
    from livekit.plugins import anthropic

    rehearse_anthropic()
    client = sdk.AsyncClient(
        api_key=endpoint.api_key, base_url=endpoint.base_url or ANTHROPIC_URL, max_retries=0
    )
    keep_straight(client)

    class Bounded(anthropic.LLM):
        """The plugin takes the bound of an answer once for all requests, and leaves its client open."""

        def chat(
            self,
            *,
            chat_ctx: llm.ChatContext,
            tools: list[llm.Tool] | None = None,
            conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
            parallel_tool_calls: NotGivenOr[bool] = NOT_GIVEN,
            tool_choice: NotGivenOr[llm.ToolChoice] = NOT_GIVEN,
            extra_kwargs: NotGivenOr[dict[str, Any]] = NOT_GIVEN,
        ) -> anthropic.LLMStream:
            options = dict(extra_kwargs) if extra_kwargs else {}
            # Read before this returns, so that no other request sees it.
            self._opts.max_tokens = options.pop("max_tokens", DEFAULT_MAX_TOKENS)
            return super().chat(
                chat_ctx=chat_ctx,
                tools=tools,
                conn_options=conn_options,
                parallel_tool_calls=parallel_tool_calls,
                tool_choice=tool_choice,
                extra_kwargs=options,
            )

        async def aclose(self) -> None:
            await super().aclose()
            await client.close()

    # Claude keeps a prompt only where it is told to; shorter ones than it can keep cost nothing more.
    return Bounded(model=model.id, api_key=endpoint.api_key, client=client, caching="ephemeral")
