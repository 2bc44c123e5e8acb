"""What the environment may say of a server of one's own."""

import pytest

from agent.errors import ConfigError
from agent.settings import load_provider_settings


def test_a_server_of_ones_own_has_an_address_and_a_key_beside_openais() -> None:
    settings = load_provider_settings(
        {
            "OPENAI_API_KEY": "theirs",
            "PARLEY_CUSTOM_BASE_URL": "http://llm.lan:8000/v1/",
            "PARLEY_CUSTOM_API_KEY": "canary-key",
        }
    )

    assert (settings.openai_api_key, settings.openai_base_url) == ("theirs", None)
    assert (settings.custom_base_url, settings.custom_api_key) == ("http://llm.lan:8000/v1", "canary-key")
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("localhost:8000/v1", "begins with http:// or https://"),
        ("llm.lan", "begins with http:// or https://"),
        ("ftp://llm.lan/v1", "begins with http:// or https://"),
        ("http:///v1", "the name of a host"),
        ("http://llm.lan:port/v1", "not an address of the form"),
        ("http://user:canary@llm.lan/v1", "carries no credentials"),
        ("http://canary@llm.lan/v1", "carries no credentials"),
        ("http://llm.lan/v1?key=canary", "neither a query nor a fragment"),
        ("http://llm.lan/v1 canary", "no blank"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        load_provider_settings({"PARLEY_CUSTOM_BASE_URL": url})

    assert str(refused.value).startswith("PARLEY_CUSTOM_BASE_URL cannot be used: ")
    assert "canary" not in str(refused.value)


def test_a_key_of_nobodys_server_is_refused() -> None:
    with pytest.raises(ConfigError, match="PARLEY_CUSTOM_API_KEY is set, but") as refused:
        load_provider_settings({"PARLEY_CUSTOM_API_KEY": "canary"})

    assert "canary" not in str(refused.value)
