"""Ledger rows: what one provider call took, cost, and would have cost on the large model.

Tokens are the provider's own count; where it reports none the row has zeros and no price, never an
estimate. Speech becomes rows too, from the metrics that livekit's engines emit.
"""

import json
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Literal

from livekit.agents import APIConnectionError, APIError, APIStatusError, APITimeoutError, llm
from livekit.agents.metrics import STTMetrics, TTSMetrics

from agent.cascade import prices
from agent.cascade.catalog import Lane, Model
from agent.cascade.prices import TokenUsage
from agent.cascade.resolved import Candidate, Speech
from agent.wire import CallOutcome, ModelCall

MAX_REASON_CHARS = 400


class EmptyAnswer(APIError):
    """The provider ended its stream without a word or a tool call."""

    def __init__(self) -> None:
        super().__init__("the model answered nothing", retryable=False)


class CallMeter:
    """Measures one call from its construction to `finish`."""

    def __init__(
        self, lane: Lane, candidate: Candidate, baseline: Model | None, turn: str | None, reason: str
    ) -> None:
        self._lane = lane
        self._candidate = candidate
        self._baseline = baseline
        self._turn = turn
        self._reason = reason
        self._started_at = datetime.now(UTC)
        self._started_s = time.perf_counter()
        self._first_token_ms: int | None = None
        self._usage: TokenUsage | None = None

    @property
    def has_answered(self) -> bool:
        return self._first_token_ms is not None

    def note(self, chunk: llm.ChatChunk) -> None:
        if chunk.usage is not None:
            self._usage = count_tokens(chunk.usage)
        if self._first_token_ms is None and chunk.has_response():
            self._first_token_ms = self._elapsed_ms()

    def finish(self, error: BaseException | None = None) -> ModelCall:
        """The row; `error` is what ended the call, None when it was answered in full."""
        model, usage = self._candidate.model, self._usage
        if usage is None and _was_refused(error):
            usage = TokenUsage()
        cost = None if usage is None else prices.cost_micros(model, usage, self._started_at)
        baseline = None
        if usage is not None and self._baseline is not None:
            baseline = prices.cost_micros(self._baseline, usage, self._started_at)
        counted = usage or TokenUsage()
        return ModelCall(
            client_id=uuid.uuid4().hex,
            turn_client_id=self._turn,
            kind=self._lane,
            tier=self._candidate.tier,
            provider=model.provider,
            model=model.id[:128],
            outcome=CallOutcome.OK if error is None else classify(error),
            reason=self._reason[:MAX_REASON_CHARS],
            started_at=self._started_at,
            first_token_ms=self._first_token_ms,
            total_ms=self._elapsed_ms(),
            input_tokens=counted.input_tokens,
            cached_tokens=counted.cached_tokens,
            output_tokens=counted.output_tokens,
            price_date=None if cost is None else self._started_at.date().isoformat(),
            cost_usd_micros=cost,
            baseline_usd_micros=baseline,
        )

    def _elapsed_ms(self) -> int:
        return round((time.perf_counter() - self._started_s) * 1000)


def count_tokens(usage: llm.CompletionUsage) -> TokenUsage:
    """Output is what is billed as output: Gemini's thinking is in its total only."""
    return TokenUsage(
        input_tokens=usage.prompt_tokens,
        cached_tokens=usage.prompt_cached_tokens,
        cache_write_tokens=usage.cache_creation_tokens,
        output_tokens=max(usage.completion_tokens, usage.total_tokens - usage.prompt_tokens),
    )


def speech_call(metrics: STTMetrics | TTSMetrics, speech: Speech, turn: str | None = None) -> ModelCall:
    """The row of one recognition or synthesis. Local engines cost nothing; an unknown rate is None."""
    is_stt = isinstance(metrics, STTMetrics)
    kind: Literal["stt", "tts"] = "stt" if is_stt else "tts"
    started_at = datetime.fromtimestamp(metrics.timestamp, UTC) - timedelta(seconds=metrics.duration)
    characters = 0 if isinstance(metrics, STTMetrics) else metrics.characters_count
    cost = _speech_cost(metrics, speech, started_at)
    cancelled = isinstance(metrics, TTSMetrics) and metrics.cancelled
    first_byte_ms = None
    if isinstance(metrics, TTSMetrics) and metrics.ttfb >= 0:
        first_byte_ms = round(metrics.ttfb * 1000)
    return ModelCall(
        client_id=uuid.uuid4().hex,
        turn_client_id=turn,
        kind=kind,
        tier=None,
        provider=speech.provider,
        model=(speech.model or metrics.label)[:128],
        outcome=CallOutcome.CANCELLED if cancelled else CallOutcome.OK,
        reason="speech to text" if is_stt else "text to speech",
        started_at=started_at,
        first_token_ms=first_byte_ms,
        total_ms=round(metrics.duration * 1000),
        input_tokens=metrics.input_tokens,
        output_tokens=metrics.output_tokens,
        audio_ms=round(metrics.audio_duration * 1000),
        characters=characters,
        price_date=None if cost is None else started_at.date().isoformat(),
        cost_usd_micros=cost,
        baseline_usd_micros=cost,
    )


def _speech_cost(metrics: STTMetrics | TTSMetrics, speech: Speech, at: datetime) -> int | None:
    if speech.provider == "local" or speech.model is None:
        return 0
    tokens = {"input_tokens": metrics.input_tokens, "output_tokens": metrics.output_tokens}
    if isinstance(metrics, STTMetrics):
        tokens["input_audio_tokens"] = metrics.input_audio_tokens
        return prices.speech_micros(
            speech.provider, speech.model, at, audio_s=metrics.audio_duration, **tokens
        )
    return prices.speech_micros(
        speech.provider, speech.model, at, characters=metrics.characters_count, **tokens
    )


def classify(error: BaseException) -> CallOutcome:
    """Which of the ledger's outcomes `error` is. Never reads the error's text into the ledger."""
    if isinstance(error, APIStatusError):
        return _classify_status(error)
    if isinstance(error, (APITimeoutError, TimeoutError)):
        return CallOutcome.TIMEOUT
    if isinstance(error, APIConnectionError):
        causes = list(_causes(error))
        if any(isinstance(cause, TimeoutError) for cause in causes):
            return CallOutcome.TIMEOUT
        if any(isinstance(cause, (json.JSONDecodeError, UnicodeDecodeError)) for cause in causes):
            return CallOutcome.INVALID
        return CallOutcome.CONNECTION
    if isinstance(error, Exception):
        return CallOutcome.INVALID
    return CallOutcome.CANCELLED


def _classify_status(error: APIStatusError) -> CallOutcome:
    status = error.status_code
    if status in (401, 403) or (status == 400 and "api key" in str(error.body).lower()):
        return CallOutcome.AUTHENTICATION
    if status == 429:
        return CallOutcome.RATE_LIMITED
    if status in (408, 504):
        return CallOutcome.TIMEOUT
    # An error event inside a stream that began with 200 is the provider's own failure.
    if status >= 500 or 200 <= status < 300:
        return CallOutcome.SERVER_ERROR
    return CallOutcome.INVALID


def _was_refused(error: BaseException | None) -> bool:
    """Whether the provider turned the request down: such a call is billed nothing."""
    return isinstance(error, APIStatusError) and error.status_code >= 400


def _causes(error: BaseException) -> "list[BaseException]":
    causes: list[BaseException] = []
    cause = error.__cause__
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__
    return causes
