"""What a call costs, from the price list that `genai-prices` ships, at the date of the call.

The list is never updated over the network: a release of Parley has the prices it was tested with. A price
that is not known is None, never 0. `load_prices` reads the list (half a second), so call it at start-up; a
turn asks a `PriceTable`, which looks a model up once a day.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from genai_prices import Usage as PricedUsage
from genai_prices import data_snapshot
from genai_prices.types import ModelInfo, TimeOfDateConstraint
from genai_prices.types import Provider as PriceList

from agent.cascade.models.catalog import Model
from agent.cascade.models.rates import Rate, Rates, TokenUsage, declared_rates, listed_rates

__all__ = [
    "PRICED_PROVIDERS",
    "PriceTable",
    "Rate",
    "Rates",
    "TokenUsage",
    "context_tokens",
    "cost_micros",
    "knows",
    "listed_models",
    "load_prices",
    "rate",
    "rates_of",
    "speech_micros",
]

PRICED_PROVIDERS = ("openai", "google", "anthropic")
MICROS = 1_000_000
VERSION = re.compile(r"(-preview|-latest|-exp)?(-\d+)*")
"""What may follow a model's name in the list, which itself matches by prefix and lets slips pass."""


MAX_KEPT = 4_096
"""Rates that a table keeps; a process that runs for years starts over now and then."""


class PriceTable:
    """Rates by model and day (UTC), each looked up once; for one event loop."""

    def __init__(self) -> None:
        self._rates: dict[tuple[Model, date], Rates | None] = {}

    def rates(self, model: Model, at: datetime) -> Rates | None:
        """None for a model without a price."""
        key = (model, at.astimezone(UTC).date())
        try:
            return self._rates[key]
        except KeyError:
            found = rates_of(model, at)
            if not _changes_within_a_day(model):
                if len(self._rates) >= MAX_KEPT:
                    self._rates.clear()
                self._rates[key] = found
            return found

    def cost(self, model: Model, usage: TokenUsage, at: datetime) -> int | None:
        """Millionths of a dollar for `usage` on `model` at `at`, or None when there is no price."""
        rates = self.rates(model, at)
        return None if rates is None else rates.cost(usage)


def load_prices() -> None:
    """Reads the price list and prices a call, so that no later one waits."""
    cost_micros(Model("openai", "gpt-6-luna"), TokenUsage(1, 0, 0, 1), datetime.now(UTC))


def rates_of(model: Model, at: datetime) -> Rates | None:
    """What `model` costs at `at`: as it was declared, else as listed, with what its address adds.

    None when there is no price.
    """
    if model.price is not None:
        return declared_rates(model.price)
    found = _find(model.provider, model.id)
    rates = None if found is None else listed_rates(found[1].get_prices(at))
    return None if rates is None else rates.raised(model.surcharge_percent)


def cost_micros(model: Model, usage: TokenUsage, at: datetime) -> int | None:
    """As `PriceTable.cost`, for what is asked now and then."""
    rates = rates_of(model, at)
    return None if rates is None else rates.cost(usage)


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
    # A total of nothing means that the list has no rate for the units that were reported.
    return _micros(price.total_price) if price.total_price else None


def rate(model: Model, at: datetime) -> Rate | None:
    """The price of `model`'s tokens in a short request, for people to read."""
    rates = rates_of(model, at)
    return None if rates is None else rates.base


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


def _changes_within_a_day(model: Model) -> bool:
    found = None if model.price is not None else _find(model.provider, model.id)
    if found is None or not isinstance(found[1].prices, list):
        return False
    return any(isinstance(price.constraint, TimeOfDateConstraint) for price in found[1].prices)


def _micros(dollars: Decimal) -> int:
    return int((dollars * MICROS).to_integral_value())
