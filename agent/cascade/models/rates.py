"""What the tokens of one model cost at one time, in whole numbers: exact, and cheap enough for every turn.

Made from a price that was declared, or from an entry of the price list, whose own calculation it repeats to
the last digit (a test holds them together). Looking a model up is `prices.py`'s part.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from genai_prices.types import ModelPrice, TieredPrices

from agent.cascade.models.catalog import DeclaredPrice


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """As a provider counted it. `input_tokens` includes the cached ones and the ones written to a cache."""

    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0

    @property
    def uncached(self) -> "TokenUsage":
        """The same call without a prompt cache."""
        return replace(self, cached_tokens=0, cache_write_tokens=0)


@dataclass(frozen=True, slots=True)
class Rate:
    """US dollars per million tokens."""

    input: Decimal
    output: Decimal
    cached: Decimal
    cache_write: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """Prices of a request of more than `over_tokens` of input, per token, in parts of a micro-dollar."""

    over_tokens: int
    input: int
    cached: int
    cache_write: int
    output: int


@dataclass(frozen=True, slots=True)
class Rates:
    """`steps`: from the longest requests down; the last fits all. `parts` make a micro-dollar."""

    steps: tuple[Step, ...]
    parts: int

    def cost(self, usage: TokenUsage) -> int:
        """Millionths of a dollar, rounded half to even.

        Counts that cannot be are taken for the nearest that can: none is negative, and no more tokens are
        cached or written to a cache than went in.
        """
        sent = max(usage.input_tokens, 0)
        cached = min(max(usage.cached_tokens, 0), sent)
        written = min(max(usage.cache_write_tokens, 0), sent - cached)
        step = self._step(sent)
        total = (
            (sent - cached - written) * step.input
            + cached * step.cached
            + written * step.cache_write
            + max(usage.output_tokens, 0) * step.output
        )
        micros, rest = divmod(total, self.parts)
        half = 2 * rest - self.parts
        return micros + (half > 0 or (half == 0 and micros % 2 == 1))

    @property
    def base(self) -> Rate:
        """The prices of a short request."""
        step, parts = self.steps[-1], Decimal(self.parts)
        return Rate(step.input / parts, step.output / parts, step.cached / parts, step.cache_write / parts)

    def raised(self, percent: int) -> "Rates":
        """With `percent` on top, exactly."""
        if percent == 0:
            return self
        factor = 100 + percent
        steps = [
            Step(
                s.over_tokens, s.input * factor, s.cached * factor, s.cache_write * factor, s.output * factor
            )
            for s in self.steps
        ]
        return Rates(tuple(steps), self.parts * 100)

    def _step(self, input_tokens: int) -> Step:
        for step in self.steps:
            if input_tokens > step.over_tokens:
                return step
        return self.steps[-1]


def declared_rates(price: DeclaredPrice) -> Rates:
    """Cached input costs like other input when nothing else was said; what is written to a cache always."""
    fresh = Decimal(str(price.input))
    cached = fresh if price.cached is None else Decimal(str(price.cached))
    return _rates({-1: (fresh, cached, fresh, Decimal(str(price.output)))})


def listed_rates(price: ModelPrice) -> Rates | None:
    """None where the list prices no text: neither tokens in nor tokens out are free."""
    sent, answered = price.input_mtok, price.output_mtok
    if sent is None or answered is None:
        return None
    cached = sent if price.cache_read_mtok is None else price.cache_read_mtok
    written = sent if price.cache_write_mtok is None else price.cache_write_mtok
    classes = (sent, cached, written, answered)
    starts = {tier.start for each in classes if isinstance(each, TieredPrices) for tier in each.tiers}
    return _rates({over: _at(classes, over) for over in (-1, *starts)})


Class = Decimal | TieredPrices
Four = tuple[Decimal, Decimal, Decimal, Decimal]


def _at(classes: tuple[Class, Class, Class, Class], over: int) -> Four:
    sent, cached, written, answered = (_price_at(each, over) for each in classes)
    return sent, cached, written, answered


def _price_at(price: Class, over: int) -> Decimal:
    if isinstance(price, Decimal):
        return price
    return next((tier.price for tier in reversed(price.tiers) if tier.start <= over), price.base)


def _rates(prices: Mapping[int, Four]) -> Rates:
    """`prices` in dollars per million tokens, which is micro-dollars per token, by what input they begin."""
    places = max(0, *(-_exponent(price) for four in prices.values() for price in four))
    parts = 10**places
    steps = [
        Step(over, *(int(price * parts) for price in four))
        for over, four in sorted(prices.items(), reverse=True)
    ]
    return Rates(tuple(steps), parts)


def _exponent(price: Decimal) -> int:
    exponent = price.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
