"""What the cascade says, as a library, when it cannot be connected."""

import os
from typing import Any

import pytest

from agent.cascade import Cascade, TurnFacts
from agent.cascade.facts import facts_of
from agent.cascade.library import settings_of
from agent.errors import ConfigError


def test_without_a_key_the_error_says_how_to_give_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in ("OPENAI", "GOOGLE", "ANTHROPIC", "OLLAMA"):
        monkeypatch.delenv(f"{provider}_API_KEY", raising=False)
        monkeypatch.delenv(f"{provider}_BASE_URL", raising=False)

    with pytest.raises(ConfigError, match=r"give keys=\{'openai': …\}, or set OPENAI_API_KEY"):
        Cascade.connect()


def test_a_misspelt_provider_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"keys names 'opanai'; .* openai, google, anthropic"):
        Cascade.connect(keys={"opanai": "key"})


def test_an_address_of_nobody_is_named() -> None:
    with pytest.raises(ConfigError, match="addresses names 'azure'"):
        Cascade.connect(keys={"openai": "key"}, addresses={"azure": "https://example.com"})


def test_a_key_that_is_no_text_is_named() -> None:
    with pytest.raises(ConfigError, match="keys names openai, but gives no text for it"):
        Cascade.connect(keys={"openai": os.environ.get("A_KEY_THAT_IS_NOT_SET")})  # type: ignore[dict-item] # it is wrong


@pytest.mark.parametrize("most", [0, -1])
def test_an_answer_of_no_tokens_is_refused(most: int) -> None:
    with pytest.raises(ConfigError, match=f"max_output_tokens is {most}; it should be at least 1"):
        TurnFacts(max_output_tokens=most)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"delivery": "spoken"}, "delivery is 'spoken'; it should be voice or text"),
        ({"hold": "all"}, "hold is 'all'; it should be sentence or answer"),
    ],
)
def test_a_misspelt_fact_is_named_with_what_it_may_be(facts: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        TurnFacts(**facts)


def test_facts_that_are_none_are_refused() -> None:
    with pytest.raises(ConfigError, match="parley_turn is dict; it should be TurnFacts, or the turn's id"):
        facts_of({"turn": "t"})


def test_a_misspelt_model_is_named_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"'openai/gpt-6-lunar'.*did you mean 'openai/gpt-6-luna'"):
        Cascade.connect(small="openai/gpt-6-lunar", keys={"openai": "key"})


def test_a_retired_model_is_refused_with_its_successor() -> None:
    with pytest.raises(ConfigError, match=r"claude-3-5-sonnet.* was retired on .*; use anthropic/"):
        Cascade.connect(large="anthropic/claude-3-5-sonnet-20241022", keys={"anthropic": "key"})


def test_given_keys_leave_the_environment_out() -> None:
    env = {"ANTHROPIC_API_KEY": "theirs", "PARLEY_SMALL_MODEL": "anthropic/claude-haiku-5-5"}

    given = settings_of(None, None, {"openai": "ours"}, None, env)
    found = settings_of(None, None, None, None, env)

    assert (given.openai_api_key, given.anthropic_api_key, given.small_model) == ("ours", None, None)
    assert (found.anthropic_api_key, found.small_model) == ("theirs", "anthropic/claude-haiku-5-5")


def test_keys_are_not_shown() -> None:
    assert "secret" not in repr(settings_of(None, None, {"openai": "secret"}, None, {}))
