"""What livekit's plugins read from a provider and do not pass on: how an answer ended, what it used so far.

A stream is tapped between its construction and the first turn of the event loop, before it has sent its
request. The taps know inner names of the pinned plugins; the tests of the wire notice when those change.
Where nothing is known of a plugin the tap stays empty, and nothing depends on it.
"""

from dataclasses import dataclass
from typing import Any

from livekit.agents import llm

from agent.cascade.models.catalog import Provider
from agent.cascade.models.prices import TokenUsage

SAYS_HOW_IT_ENDED: frozenset[Provider] = frozenset({"openai", "google", "anthropic"})
"""Their streams end with a finish reason; one that ends without has been cut."""


@dataclass(slots=True)
class Tap:
    """`finish_reason`: the provider's word; PROMPT_BLOCKED for a question that Gemini refused. `usage`: what
    was counted so far, where the plugin itself tells it at the end only. `refusal`: what OpenAI's SDK raised,
    which its plugin hides, and with it how long to wait."""

    finish_reason: str | None = None
    usage: TokenUsage | None = None
    refusal: Exception | None = None


def tap(stream: llm.LLMStream, provider: Provider) -> Tap:
    """Listens in on `stream`, which has not run yet."""
    heard = Tap()
    inner: Any = stream
    match provider:
        case "openai" | "custom" | "ollama":
            _tap_openai(inner, heard)
        case "anthropic":
            _tap_anthropic(inner, heard)
        case "google":
            inner._client = _Gemini(inner._client, heard)
        case "local":
            pass
    return heard


def _tap_openai(stream: Any, heard: Tap) -> None:
    parse = stream._parse_choice

    def parse_choice(request_id: str, choice: Any, thinking: Any) -> llm.ChatChunk | None:
        if choice.finish_reason is not None:
            heard.finish_reason = str(choice.finish_reason)
        parsed: llm.ChatChunk | None = parse(request_id, choice, thinking)
        return parsed

    stream._parse_choice = parse_choice
    stream._client = _OpenAI(stream._client, heard)


def _tap_anthropic(stream: Any, heard: Tap) -> None:
    parse = stream._parse_event

    def parse_event(event: Any) -> llm.ChatChunk | None:
        if event.type == "message_start":
            heard.usage = _anthropic_usage(event.message.usage)
        elif event.type == "message_delta":
            if event.delta.stop_reason is not None:
                heard.finish_reason = str(event.delta.stop_reason)
            if heard.usage is not None:
                # Cumulative, which the plugin adds to what message_start had claimed.
                heard.usage = TokenUsage(
                    heard.usage.input_tokens,
                    heard.usage.cached_tokens,
                    heard.usage.cache_write_tokens,
                    _count(event.usage.output_tokens),
                )
        parsed: llm.ChatChunk | None = parse(event)
        return parsed

    stream._parse_event = parse_event


def _anthropic_usage(usage: Any) -> TokenUsage:
    cached, written = _count(usage.cache_read_input_tokens), _count(usage.cache_creation_input_tokens)
    return TokenUsage(
        _count(usage.input_tokens) + cached + written, cached, written, _count(usage.output_tokens)
    )


def _count(reported: object) -> int:
    return max(reported, 0) if isinstance(reported, int) else 0


class _OpenAI:
    """Stands in for OpenAI's client in one stream; of it the plugin asks for `chat.completions.create`."""

    def __init__(self, client: Any, heard: Tap) -> None:
        self._client = client
        self._heard = heard

    @property
    def chat(self) -> "_OpenAI":
        return self

    @property
    def completions(self) -> "_OpenAI":
        return self

    async def create(self, **asked: Any) -> Any:
        try:
            return await self._client.chat.completions.create(**asked)
        except Exception as refusal:
            self._heard.refusal = refusal
            raise


class _Gemini:
    """Stands in for Gemini's client in one stream; of it the plugin asks for this one method."""

    def __init__(self, client: Any, heard: Tap) -> None:
        self._client = client
        self._heard = heard

    @property
    def aio(self) -> "_Gemini":
        return self

    @property
    def models(self) -> "_Gemini":
        return self

    async def generate_content_stream(self, **asked: Any) -> Any:
        return self._listen(await self._client.aio.models.generate_content_stream(**asked))

    async def _listen(self, responses: Any) -> Any:
        async for response in responses:
            if response.prompt_feedback:
                self._heard.finish_reason = "PROMPT_BLOCKED"
            for candidate in response.candidates or ():
                if candidate.finish_reason is not None:
                    self._heard.finish_reason = str(candidate.finish_reason.value)
            yield response
