"""Builds one model's client. The only place that imports livekit's provider plugins, each when it is chosen.

Importing a plugin takes .6 to 1.6 s and must happen on the main thread, so call this at composition. The
SDKs' own retries are off: falling back is the cascade's business.
"""

import asyncio
from typing import cast

from livekit.agents import llm

from agent.cascade.catalog import Model
from agent.cascade.rehearsal import rehearse_anthropic, rehearse_google, rehearse_openai
from agent.cascade.resolved import Endpoint
from agent.cascade.straight import ONLY_STRAIGHT, keep_straight

OPENAI_URL = "https://api.openai.com/v1"
ANTHROPIC_URL = "https://api.anthropic.com"
"""Always said: left alone, the SDKs take an address from the environment, and that is the deployment's, while
the key may be a tenant's."""

ANTHROPIC_MAX_TOKENS = 4096
"""Anthropic wants a limit; thinking counts towards it, so the plugin's 1,024 can end before the answer."""


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


def request_options(model: Model) -> dict[str, object]:
    """What a plugin takes with each request only: Claude's thinking is no option of its constructor."""
    if model.provider == "anthropic" and model.thinking is not None:
        return {"thinking": {"type": model.thinking}}
    return {}


def _build_openai(model: Model, endpoint: Endpoint) -> llm.LLM[str]:
    from livekit.agents import NOT_GIVEN
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
    from livekit.agents import NOT_GIVEN
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

    class ClosesItsClient(anthropic.LLM):
        """The plugin leaves its client open."""

        async def aclose(self) -> None:
            await super().aclose()
            await client.close()

    return ClosesItsClient(
        model=model.id, api_key=endpoint.api_key, client=client, max_tokens=ANTHROPIC_MAX_TOKENS
    )
