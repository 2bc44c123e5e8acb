"""Ledger rows: what one provider call took, cost, and would have cost another way.

Tokens are the provider's own count; where it reports none the row has zeros and no price, never an
estimate. Speech becomes rows too, from the metrics that livekit's engines emit.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Literal

from livekit.agents import llm
from livekit.agents.metrics import STTMetrics, TTSMetrics

from agent.cascade.calls.faults import Fault
from agent.cascade.models import prices
from agent.cascade.models.catalog import Lane, Model
from agent.cascade.models.prices import PriceTable, Rates, TokenUsage
from agent.cascade.models.resolved import Candidate, Speech
from agent.wire import CallOutcome, ModelCall, Purpose

MAX_REASON_CHARS = 400
MAX_STEP_CHARS = 200
MAX_COUNT = 2**40
"""Tokens beyond what a provider can mean; a row holds a bigint, and its price must fit one too."""

UNUSED = TokenUsage()


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """With which models a turn is compared: always the first large one, and the best single one."""

    baseline: Model | None
    singles: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on a row whatever comes of the call. `decision`: what each step decided, by its name.
    `own_tokens`: of the prompt, what only this model was told; another would not have paid for it."""

    lane: Lane
    candidate: Candidate
    purpose: Purpose
    reason: str
    yardsticks: Yardsticks
    turn: str | None = None
    speaker: str | None = None
    score: float | None = None
    threshold: float | None = None
    decision: Mapping[str, str] | None = None
    own_tokens: int = 0


class CallMeter:
    """Measures one call from its construction to `finish`."""

    def __init__(self, entry: Entry, table: PriceTable) -> None:
        self._entry = entry
        self._started_at = at = datetime.now(UTC)
        self._started_s = time.perf_counter()
        # Here, where the decision has just asked for the same, and not while somebody waits for the end.
        baseline = entry.yardsticks.baseline
        self._rates = table.rates(entry.candidate.model, at)
        self._baseline_rates = None if baseline is None else table.rates(baseline, at)
        self._single_rates = [table.rates(model, at) for model in entry.yardsticks.singles]
        self._first_token_ms: int | None = None
        self._usage: TokenUsage | None = None

    @property
    def has_answered(self) -> bool:
        return self._first_token_ms is not None

    @property
    def prompt_tokens(self) -> int:
        """What was sent, 0 while the provider has not said."""
        return self._usage.input_tokens if self._usage is not None else 0

    def note(self, chunk: llm.ChatChunk) -> None:
        if chunk.usage is not None:
            self._usage = count_tokens(chunk.usage)
        if self._first_token_ms is None and chunk.has_response():
            self._first_token_ms = self._elapsed_ms()

    def finish(
        self,
        fault: Fault | None = None,
        *,
        answered: bool = False,
        heard: TokenUsage | None = None,
        steps: Mapping[str, str] | None = None,
        checks: Mapping[str, bool] | None = None,
    ) -> ModelCall:
        """The row; `fault` is what ended the call, None when it was answered in full.

        `heard`: usage that the stream told before it ended, or more exactly than its chunks. `steps`: what
        was decided since the call began.
        """
        entry, usage = self._entry, _plausible(heard or self._usage)
        if usage is None and fault is not None and not fault.billed:
            usage = UNUSED
        model, counted = entry.candidate.model, usage or UNUSED
        cost, another = _cost(self._rates, usage), self._as_another(usage)
        decision = {**(entry.decision or {}), **(steps or {})}
        return ModelCall(
            client_id=token_hex(16),
            turn_client_id=None if entry.turn is None else entry.turn[:64],
            kind=entry.lane,
            tier=entry.candidate.tier,
            provider=model.provider,
            model=model.id[:128],
            outcome=CallOutcome.OK if fault is None else fault.outcome,
            reason=entry.reason[:MAX_REASON_CHARS],
            started_at=self._started_at,
            first_token_ms=self._first_token_ms,
            total_ms=self._elapsed_ms(),
            input_tokens=counted.input_tokens,
            cached_tokens=counted.cached_tokens,
            cache_write_tokens=counted.cache_write_tokens,
            output_tokens=counted.output_tokens,
            price_date=None if cost is None else self._started_at.date().isoformat(),
            cost_usd_micros=cost,
            baseline_usd_micros=self._baseline(another) if answered else 0,
            single_usd_micros=self._single(another) if answered else 0,
            uncached_usd_micros=None if usage is None else _cost(self._rates, usage.uncached),
            purpose=entry.purpose,
            answered=answered,
            speaker_identity=None if entry.speaker is None else entry.speaker[:256],
            score=entry.score,
            threshold=entry.threshold,
            decision={step: said[:MAX_STEP_CHARS] for step, said in decision.items()},
            checks=dict(checks or {}),
        )

    def _baseline(self, another: TokenUsage | None) -> int | None:
        return None if self._entry.yardsticks.baseline is None else _cost(self._baseline_rates, another)

    def _single(self, another: TokenUsage | None) -> int | None:
        """None when one of them is unpriced: it may be the best."""
        costs = [_cost(rates, another) for rates in self._single_rates]
        known = [cost for cost in costs if cost is not None]
        return min(known) if known and len(known) == len(costs) else None

    def _as_another(self, usage: TokenUsage | None) -> TokenUsage | None:
        own = self._entry.own_tokens
        if usage is None or own == 0:
            return usage
        sent = max(usage.input_tokens - own, 0)
        cached = min(usage.cached_tokens, sent)
        return TokenUsage(sent, cached, min(usage.cache_write_tokens, sent - cached), usage.output_tokens)

    def _elapsed_ms(self) -> int:
        return round((time.perf_counter() - self._started_s) * 1000)


def _cost(rates: Rates | None, usage: TokenUsage | None) -> int | None:
    if usage is None:
        return None
    # Nothing was used, so nothing is owed, whatever the price.
    if usage == UNUSED:
        return 0
    return None if rates is None else rates.cost(usage)


def count_tokens(usage: llm.CompletionUsage) -> TokenUsage:
    """Output is what is billed as output: Gemini's thinking is in its total only."""
    return TokenUsage(
        input_tokens=usage.prompt_tokens,
        cached_tokens=usage.prompt_cached_tokens,
        cache_write_tokens=usage.cache_creation_tokens,
        output_tokens=max(usage.completion_tokens, usage.total_tokens - usage.prompt_tokens),
    )


def _plausible(usage: TokenUsage | None) -> TokenUsage | None:
    """The counts as a row can hold them; a provider that counts less than nothing counted nothing.

    None for a count of no input: every call sends some, so what the provider says of it is not known.
    """
    if usage is None or usage.input_tokens <= 0:
        return None
    counts = (usage.input_tokens, usage.cached_tokens, usage.cache_write_tokens, usage.output_tokens)
    sent, cached, written, output = (min(max(count, 0), MAX_COUNT) for count in counts)
    cached = min(cached, sent)
    return TokenUsage(sent, cached, min(written, sent - cached), output)


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
        client_id=token_hex(16),
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
        single_usd_micros=cost,
        uncached_usd_micros=cost,
        purpose="speech",
    )


def _speech_cost(metrics: STTMetrics | TTSMetrics, speech: Speech, at: datetime) -> int | None:
    if speech.provider == "local" or speech.model is None:
        return 0
    if not speech.is_priced:
        return None
    tokens = {"input_tokens": metrics.input_tokens, "output_tokens": metrics.output_tokens}
    if isinstance(metrics, STTMetrics):
        tokens["input_audio_tokens"] = metrics.input_audio_tokens
        return prices.speech_micros(
            speech.provider, speech.model, at, audio_s=metrics.audio_duration, **tokens
        )
    return prices.speech_micros(
        speech.provider, speech.model, at, characters=metrics.characters_count, **tokens
    )
