"""What a call costs, from the price list that `genai-prices` ships, at the date of the call.

The list is never updated over the network: a release of Parley has the prices it was tested with. A price
that is not known is None, never 0. `load_prices` reads the list (half a second), so call it at start-up.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from genai_prices import Usage as PricedUsage
from genai_prices import data_snapshot
from genai_prices.types import ModelInfo
from genai_prices.types import Provider as PriceList

from agent.cascade.catalog import Model

PRICED_PROVIDERS = ("openai", "google", "anthropic")
MICROS = 1_000_000
VERSION = re.compile(r"(-preview|-latest|-exp)?(-\d+)*")
"""What may follow a model's name in the list, which itself matches by prefix and lets slips pass."""


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """As a provider counted it. `input_tokens` includes the cached ones and the ones written to a cache."""

    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """US dollars per million tokens."""

    input: Decimal
    output: Decimal


def load_prices() -> None:
    """Reads the price list and prices a call, so that no later one waits."""
    cost_micros(Model("openai", "gpt-6-luna"), TokenUsage(1, 0, 0, 1), datetime.now(UTC))


def cost_micros(model: Model, usage: TokenUsage, at: datetime) -> int | None:
    """Millionths of a dollar for `usage` on `model` at `at`, or None when there is no price."""
    if model.price is not None:
        return _declared_micros(model, usage)
    found = _find(model.provider, model.id)
    if found is None:
        return None
    provider, info = found
    cached = min(usage.cached_tokens, usage.input_tokens)
    written = min(usage.cache_write_tokens, usage.input_tokens - cached)
    counted = PricedUsage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        output_tokens=usage.output_tokens,
    )
    return _micros(info.calc_price(counted, provider, genai_request_timestamp=at).total_price)


def speech_micros(
    provider: str, model_id: str, at: datetime, *, audio_s: float = 0.0, characters: int = 0, **tokens: int
) -> int | None:
    """The same for speech: by the unit (hours, characters or tokens) in which the list has the rate.

    `tokens`: input_tokens, input_audio_tokens, output_tokens as the provider reported them. None when the
    provider bills a unit that it did not report.
    """
    found = _find(provider, model_id)
    if found is None:
        return None
    price_list, info = found
    reported: dict[str, int | float] = {name: value for name, value in tokens.items() if value}
    priced = info.get_prices(at)
    if priced.input_audio_hours is not None and audio_s:
        reported = {"audio_seconds": audio_s, "input_audio_seconds": audio_s}
    elif priced.input_mchars is not None and characters:
        reported = {"input_characters": characters}
    if not reported:
        return None
    try:
        price = info.calc_price(PricedUsage(**reported), price_list, genai_request_timestamp=at)
    except ValueError:  # the list prices a unit that the provider did not report
        return None
    return _micros(price.total_price)


def rate(model: Model, at: datetime) -> Rate | None:
    """The list price of `model`'s tokens, for people to read."""
    million = TokenUsage(input_tokens=1000), TokenUsage(output_tokens=1000)
    costs = [cost_micros(model, usage, at) for usage in million]
    if costs[0] is None or costs[1] is None:
        return None
    return Rate(input=Decimal(costs[0]) / 1000, output=Decimal(costs[1]) / 1000)


def knows(provider: str, model_id: str) -> bool:
    """Whether the list has this model, or a dated version of it, under this provider."""
    found = _find(provider, model_id)
    if found is None or model_id not in _served(provider, [model_id]):
        return False
    listed = found[1].id
    return model_id == listed or (
        model_id.startswith(listed) and VERSION.fullmatch(model_id.removeprefix(listed)) is not None
    )


def listed_models(provider: str) -> list[str]:
    """The ids in the list, for suggestions."""
    for price_list in data_snapshot.get_snapshot().providers:
        if price_list.id == provider:
            return _served(provider, [info.id for info in price_list.models])
    return []


def context_tokens(provider: str, model_id: str) -> int | None:
    found = _find(provider, model_id)
    return None if found is None else found[1].context_window


def _served(provider: str, model_ids: list[str]) -> list[str]:
    """Without what only a provider's cloud platform sells: Google's list has Claude."""
    if provider != "google":
        return model_ids
    return [model_id for model_id in model_ids if model_id.startswith(("gemini", "gemma"))]


def _find(provider: str, model_id: str) -> tuple[PriceList, ModelInfo] | None:
    if provider not in PRICED_PROVIDERS:
        return None
    try:
        return data_snapshot.get_snapshot().find_provider_model(model_id, None, provider, None)
    except LookupError:
        return None


def _declared_micros(model: Model, usage: TokenUsage) -> int:
    price = model.price
    if price is None:
        return 0
    cached = price.input if price.cached is None else price.cached
    fresh = max(usage.input_tokens - usage.cached_tokens, 0)
    dollars = (
        fresh * price.input + usage.cached_tokens * cached + usage.output_tokens * price.output
    ) / MICROS
    return round(dollars * MICROS)


def _micros(dollars: Decimal) -> int:
    return int((dollars * MICROS).to_integral_value())
