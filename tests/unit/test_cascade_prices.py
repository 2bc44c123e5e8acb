"""Prices of tokens and speech, at the date of the call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from genai_prices import Usage, data_snapshot
from hypothesis import given
from hypothesis import strategies as st
from livekit.agents import llm
from livekit.agents.metrics import STTMetrics, TTSMetrics

from agent.cascade import Speech, speech_call
from agent.cascade.models import prices
from agent.cascade.models.catalog import DeclaredPrice, Model
from agent.cascade.models.prices import PriceTable, TokenUsage
from agent.cascade.money.worst_case import worst_case_usd_micros

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


@pytest.mark.parametrize(("is_priced", "cost"), [(True, 2_700), (False, None)])
def test_speech_at_another_server_than_the_providers_is_unpriced(is_priced: bool, cost: int | None) -> None:
    metrics = STTMetrics(
        label="openai.STT",
        request_id="1",
        timestamp=AT.timestamp(),
        duration=0.1,
        audio_duration=36.0,
        streamed=False,
    )

    row = speech_call(metrics, Speech("openai", "gpt-transcribe", is_priced=is_priced))

    assert (row.cost_usd_micros, row.baseline_usd_micros) == (cost, cost)


def test_speech_billed_by_tokens_is_unpriced_when_none_were_reported() -> None:
    assert prices.speech_micros("openai", "gpt-4o-mini-tts", AT, characters=100) is None
    assert (
        prices.speech_micros(
            "openai", "gpt-4o-mini-tts", AT, characters=100, input_tokens=1_000, output_tokens=1_000
        )
        == 12_600
    )


def test_a_rate_that_the_list_lacks_for_what_was_reported_is_not_free() -> None:
    assert prices.speech_micros("openai", "gpt-transcribe", AT, input_tokens=500, output_tokens=20) is None
    assert prices.speech_micros("openai", "gpt-transcribe", AT, audio_s=0.0) is None


CHAT_MODELS = [
    Model(provider, model_id)
    for provider in ("openai", "google", "anthropic")
    for model_id in prices.listed_models(provider)
    if prices.rates_of(Model(provider, model_id), AT) is not None
]
COUNTS = st.one_of(st.integers(0, 3_000), st.integers(90_000, 300_000))


def listed_micros(model: Model, usage: TokenUsage, at: datetime) -> int:
    """As the list itself calculates."""
    counted = Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=usage.cached_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_tokens=usage.output_tokens,
    )
    provider, info = data_snapshot.get_snapshot().find_provider_model(model.id, None, model.provider, None)
    price = info.calc_price(counted, provider, genai_request_timestamp=at)
    return int((price.total_price * MILLION).to_integral_value())


@given(
    st.sampled_from(CHAT_MODELS),
    COUNTS,
    st.floats(0, 1),
    st.floats(0, 1),
    COUNTS,
    st.integers(-400, 200).map(lambda days: AT + timedelta(days=days)),
)
def test_a_table_prices_every_chat_model_as_the_list_does(
    model: Model, sent: int, cached: float, written: float, answered: int, at: datetime
) -> None:
    read = int(sent * cached)
    usage = TokenUsage(sent, read, int((sent - read) * written), answered)

    assert PriceTable().cost(model, usage, at) == listed_micros(model, usage, at)


def test_the_list_has_tiers_and_dates_among_the_models_that_are_compared() -> None:
    long, short = TokenUsage(input_tokens=300_000), TokenUsage(input_tokens=30_000)
    haiku = Model("anthropic", "claude-haiku-5-5")

    assert prices.cost_micros(haiku, long, AT) == 50 * (prices.cost_micros(haiku, short, AT) or 0)
    assert len(CHAT_MODELS) > 100


def test_a_table_follows_the_date_of_each_call() -> None:
    table, model = PriceTable(), Model("google", "gemini-3.8-flash")
    usage = TokenUsage(input_tokens=MILLION)
    days = [datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]

    assert [table.cost(model, usage, at) for at in (*days, *days)] == [750_000, 1_500_000] * 2


def test_a_table_takes_the_day_in_utc() -> None:
    tokyo = datetime(2027, 1, 1, 8, tzinfo=timezone(timedelta(hours=9)))

    cost = PriceTable().cost(Model("google", "gemini-3.8-flash"), TokenUsage(input_tokens=MILLION), tokyo)

    assert cost == 750_000


def test_a_table_keeps_apart_models_of_one_name_with_declared_prices() -> None:
    table = PriceTable()
    cheap, dear = (Model("custom", "llama", price=DeclaredPrice(each, each)) for each in (1.0, 3.0))

    assert [table.cost(m, TokenUsage(input_tokens=10), AT) for m in (cheap, dear)] == [10, 30]
    assert table.cost(Model("custom", "llama"), TokenUsage(input_tokens=10), AT) is None


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (TokenUsage(input_tokens=-5, output_tokens=-7), 0),
        (TokenUsage(input_tokens=1_000, cached_tokens=900, cache_write_tokens=900), 900 // 2 + 100),
        (TokenUsage(input_tokens=1_000, cached_tokens=-900), 1_000),
        (TokenUsage(cached_tokens=900), 0),
    ],
)
def test_counts_that_cannot_be_are_taken_for_the_nearest_that_can(usage: TokenUsage, cost: int) -> None:
    model = Model("custom", "llama", price=DeclaredPrice(input=1.0, output=2.0, cached=0.5))

    assert prices.cost_micros(model, usage, AT) == cost


def test_what_an_address_adds_is_on_every_token_to_the_last_digit() -> None:
    luna = Model("openai", "gpt-6-luna")
    regional = replace(luna, surcharge_percent=10)
    usage = TokenUsage(input_tokens=MILLION, cached_tokens=200_000, output_tokens=100_000)
    plain, table = prices.cost_micros(luna, usage, AT), PriceTable()

    assert plain is not None
    assert prices.cost_micros(regional, usage, AT) == plain * 11 // 10
    assert [table.cost(model, usage, AT) for model in (luna, regional)] == [plain, plain * 11 // 10]


def test_what_an_address_adds_is_in_the_worst_case() -> None:
    luna = Model("openai", "gpt-6-luna")
    asked = llm.ChatContext([llm.ChatMessage(role="user", content=["x" * 100_000])])

    plain, regional = (
        worst_case_usd_micros(replace(luna, surcharge_percent=percent), asked, 4_096, AT) or 0
        for percent in (0, 10)
    )

    assert 0 < plain < regional == -(-plain * 11 // 10)


def test_a_declared_price_of_nothing_is_free_by_right() -> None:
    free = Model("custom", "llama", price=DeclaredPrice(0.0, 0.0))

    assert prices.cost_micros(free, TokenUsage(input_tokens=MILLION, output_tokens=MILLION), AT) == 0


def test_a_call_without_its_cache_costs_its_tokens_at_the_full_price() -> None:
    luna = Model("openai", "gpt-6-luna")
    usage = TokenUsage(
        input_tokens=100_000, cached_tokens=90_000, cache_write_tokens=5_000, output_tokens=100
    )

    assert prices.cost_micros(luna, usage.uncached, AT) == 10_000 + 50
