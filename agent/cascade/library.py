"""What the cascade takes and gives as a library: keys and names in, a whole answer out."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from livekit.agents import llm

from agent.cascade.models.catalog import Tier
from agent.errors import ConfigError
from agent.settings import ProviderSettings, load_provider_settings
from agent.wire import ModelCall

KEYED = ("openai", "google", "anthropic", "custom")
ADDRESSED = (*KEYED, "ollama")
PREFIXES = {"custom": "PARLEY_CUSTOM"}
"""Of settings, where they are not the provider's name."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A turn's answer. `model` is provider/model. `reasons`: what each step decided, by its name.

    `cost_usd_micros`: of all calls of the turn, in millionths of a US dollar; None when one is not known.
    `calls`: one row of the ledger for each call, failed ones included, in the order in which they began.
    """

    text: str
    model: str
    tier: Tier | None
    reasons: Mapping[str, str]
    cost_usd_micros: int | None
    calls: tuple[ModelCall, ...]
    tool_calls: tuple[llm.FunctionToolCall, ...] = ()


def settings_of(
    small: str | None,
    large: str | None,
    keys: Mapping[str, str] | None,
    addresses: Mapping[str, str] | None,
    env: Mapping[str, str] = os.environ,
) -> ProviderSettings:
    """With keys or addresses, only what they name; without any, what the environment names.

    Raises: ConfigError that says which key or address is not understood.
    """
    _check_names("keys", keys, KEYED)
    _check_names("addresses", addresses, ADDRESSED)
    chosen = [name or "" for name in (small, large)]
    if "custom" in (addresses or {}) and not any(name.startswith("custom/") for name in chosen):
        raise ConfigError("addresses names custom, but no model of it is chosen: give small='custom/…'")
    named = {f"{_prefix(name)}_API_KEY": key for name, key in (keys or {}).items()}
    named |= {f"{_prefix(name)}_BASE_URL": url for name, url in (addresses or {}).items()}
    settings = load_provider_settings(named or env)
    return replace(
        settings, small_model=small or settings.small_model, large_model=large or settings.large_model
    )


def reply_of(text: str, tool_calls: Sequence[llm.FunctionToolCall], calls: Sequence[ModelCall]) -> Reply:
    """The turn that `calls` are of; the last that answered is whose answer it is."""
    answered = next(call for call in reversed(calls) if call.answered)
    costs = [call.cost_usd_micros for call in calls]
    known = [cost for cost in costs if cost is not None]
    return Reply(
        text=text,
        model=f"{answered.provider}/{answered.model}",
        tier=answered.tier,
        reasons=answered.decision,
        cost_usd_micros=sum(known) if len(known) == len(costs) else None,
        calls=tuple(calls),
        tool_calls=tuple(tool_calls),
    )


def question_of(question: str | llm.ChatContext, instructions: str | None) -> llm.ChatContext:
    if isinstance(question, llm.ChatContext):
        return question
    told = [llm.ChatMessage(role="system", content=[instructions])] if instructions else []
    return llm.ChatContext([*told, llm.ChatMessage(role="user", content=[question])])


def _prefix(provider: str) -> str:
    return PREFIXES.get(provider, provider.upper())


def _check_names(what: str, given: Mapping[str, str] | None, known: Sequence[str]) -> None:
    for name, text in (given or {}).items():
        if name not in known:
            raise ConfigError(f"{what} names {name!r}; what it can name is {', '.join(known)}")
        if not isinstance(text, str):
            raise ConfigError(f"{what} names {name}, but gives no text for it")
