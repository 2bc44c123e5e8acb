"""How long a provider may take: apart for the first token and for the whole answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.cascade.models.catalog import Provider

FIRST_TOKEN_S: Mapping[Provider, float] = {
    "openai": 8.0,
    "google": 8.0,
    "anthropic": 8.0,
    # These may have to load the model first.
    "custom": 60.0,
    "ollama": 60.0,
    "local": 30.0,
}
"""How long a candidate may be silent before the next one is asked."""

TOTAL_S = 120.0
"""How long one call may take in all, and how long its socket may be idle."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    first_token_s: Mapping[Provider, float]
    total_s: float


DEADLINES = Deadlines(FIRST_TOKEN_S, TOTAL_S)
