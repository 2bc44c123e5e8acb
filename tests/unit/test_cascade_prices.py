"""Prices of tokens and speech, at the date of the call."""

from datetime import UTC, datetime

import pytest
from livekit.agents.metrics import STTMetrics, TTSMetrics

from agent.cascade import Speech, prices, speech_call
from agent.cascade.catalog import DeclaredPrice, Model
from agent.cascade.prices import TokenUsage

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
MILLION = 1_000_000


def test_tokens_are_priced_by_their_class() -> None:
    luna = Model("openai", "gpt-6-luna")
    usage = TokenUsage(
        input_tokens=10_000, cached_tokens=4_000, cache_write_tokens=1_000, output_tokens=2_000
    )

    cost = prices.cost_micros(luna, usage, AT)

    fresh, cached, written, output = 5_000 * 0.1, 4_000 * 0.01, 1_000 * 0.125, 2_000 * 0.5
    assert cost == round(fresh + cached + written + output)


def test_more_cached_tokens_than_input_do_not_make_a_call_cheaper_than_free() -> None:
    luna = Model("openai", "gpt-6-luna")

    cost = prices.cost_micros(luna, TokenUsage(input_tokens=100, cached_tokens=900), AT)

    assert cost == 1


def test_the_date_of_the_call_decides_the_price() -> None:
    model, usage = Model("google", "gemini-3.8-flash"), TokenUsage(input_tokens=MILLION)

    this_year = prices.cost_micros(model, usage, AT)
    next_year = prices.cost_micros(model, usage, datetime(2027, 1, 1, tzinfo=UTC))

    assert (this_year, next_year) == (750_000, 1_500_000)


@pytest.mark.parametrize(
    "model", [Model("custom", "gpt-6-luna"), Model("ollama", "llama"), Model("openai", "unheard-of")]
)
def test_a_model_without_a_price_is_unpriced_and_not_free(model: Model) -> None:
    assert prices.cost_micros(model, TokenUsage(input_tokens=MILLION), AT) is None
    assert prices.rate(model, AT) is None


def test_a_declared_price_is_used() -> None:
    model = Model("custom", "llama", price=DeclaredPrice(input=1.0, output=2.0, cached=0.5))
    usage = TokenUsage(input_tokens=1_000, cached_tokens=400, output_tokens=100)

    assert prices.cost_micros(model, usage, AT) == 600 + 200 + 200


def test_a_local_engine_costs_nothing() -> None:
    metrics = TTSMetrics(
        label="espeak",
        request_id="1",
        timestamp=AT.timestamp(),
        ttfb=0.02,
        duration=0.5,
        audio_duration=2.0,
        cancelled=False,
        characters_count=40,
        streamed=False,
    )

    row = speech_call(metrics, Speech("local"), "turn-1")

    assert (row.kind, row.provider, row.model, row.cost_usd_micros) == ("tts", "local", "espeak", 0)
    assert (row.characters, row.audio_ms, row.first_token_ms, row.turn_client_id) == (40, 2000, 20, "turn-1")


def test_heard_seconds_are_priced_by_the_hour() -> None:
    metrics = STTMetrics(
        label="openai.STT",
        request_id="1",
        timestamp=AT.timestamp(),
        duration=0.1,
        audio_duration=36.0,
        streamed=False,
    )

    row = speech_call(metrics, Speech("openai", "gpt-transcribe"))

    assert (row.kind, row.model, row.audio_ms) == ("stt", "gpt-transcribe", 36_000)
    assert row.cost_usd_micros == row.baseline_usd_micros == 2_700
    assert row.price_date == "2026-11-24"


def test_speech_whose_rate_is_unknown_is_unpriced() -> None:
    metrics = STTMetrics(
        label="google.STT",
        request_id="1",
        timestamp=AT.timestamp(),
        duration=0.1,
        audio_duration=36.0,
        streamed=True,
    )

    row = speech_call(metrics, Speech("google", "gemini-3.5-transcribe-live"))

    assert row.cost_usd_micros is None
    assert row.price_date is None


def test_speech_billed_by_tokens_is_unpriced_when_none_were_reported() -> None:
    assert prices.speech_micros("openai", "gpt-4o-mini-tts", AT, characters=100) is None
    assert (
        prices.speech_micros(
            "openai", "gpt-4o-mini-tts", AT, characters=100, input_tokens=1_000, output_tokens=1_000
        )
        == 12_600
    )
