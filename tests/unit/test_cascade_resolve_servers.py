"""Servers of one's own and other addresses: what they offer, stand for and cost."""

from dataclasses import replace

import pytest

from agent.cascade import Found, resolve
from agent.cascade.models.discover import ListedModel, Listing
from agent.errors import ConfigError
from agent.settings import ProviderSettings
from tests.unit.resolving import TODAY, lane_names

OLLAMA = Listing("http://127.0.0.1:11434", (ListedModel("tiny", False, 1), ListedModel("big", True, 9)))


def test_a_local_ollama_is_used_when_there_is_no_key() -> None:
    resolved = resolve(ProviderSettings(), today=TODAY, found=Found(ollama=OLLAMA))

    assert resolved.profile == "ollama"
    assert lane_names(resolved, "talk") == ["small ollama/tiny", "large ollama/big"]
    assert lane_names(resolved, "see") == ["large ollama/big"]
    assert resolved.endpoints["ollama"].base_url == "http://127.0.0.1:11434/v1"
    assert "talk, small: ollama/tiny (unpriced)" in resolved.lines()
    assert resolved.stt.provider == "local"


def test_an_ollama_without_models_leaves_the_local_engines() -> None:
    empty = Listing("http://127.0.0.1:11434", ())

    assert resolve(ProviderSettings(), today=TODAY, found=Found(ollama=empty)).is_local


def test_a_blind_ollama_leaves_the_see_lane_empty_and_says_so() -> None:
    blind = Listing("http://127.0.0.1:11434", (ListedModel("tiny", False, 1),))

    resolved = resolve(ProviderSettings(), today=TODAY, found=Found(ollama=blind))

    assert lane_names(resolved, "see") == []
    assert "no model here takes images: the agent cannot see the shared screen" in resolved.lines()


def test_a_custom_endpoint_without_a_key_uses_what_it_lists() -> None:
    url = "http://127.0.0.1:8000/v1"
    found = Found(endpoint=Listing(url, (ListedModel("bge-embedding"), ListedModel("llama-3"))))

    resolved = resolve(ProviderSettings(openai_base_url=url), today=TODAY, found=found)

    assert resolved.profile == "custom"
    assert lane_names(resolved, "talk") == ["small custom/llama-3"]
    assert "talk, small: custom/llama-3 (unpriced)" in resolved.lines()
    assert (resolved.stt.provider, resolved.tts.provider) == ("local", "local")


def test_a_custom_endpoint_takes_model_names_as_they_are() -> None:
    settings = ProviderSettings(
        openai_base_url="http://127.0.0.1:8000/v1",
        small_model="meta-llama/Llama-3-8B",
        large_model="openai/x",
    )

    resolved = resolve(settings, today=TODAY)

    assert lane_names(resolved, "talk") == ["small custom/meta-llama/Llama-3-8B", "large custom/x"]


def test_a_custom_endpoint_may_name_its_model_like_another_provider() -> None:
    settings = ProviderSettings(
        openai_base_url="http://127.0.0.1:8000/v1", small_model="google/gemma-3", large_model="custom/b"
    )

    assert lane_names(resolve(settings, today=TODAY), "talk") == [
        "small custom/google/gemma-3",
        "large custom/b",
    ]


def test_a_key_with_a_base_url_is_openai_behind_a_proxy() -> None:
    settings = ProviderSettings(openai_api_key="o", openai_base_url="http://127.0.0.1:8000/v1")
    found = Found(endpoint=Listing("http://127.0.0.1:8000/v1", (ListedModel("gpt-6-luna"),)))

    resolved = resolve(settings, today=TODAY, found=found)

    assert resolved.profile == "openai"
    assert resolved.stt.endpoint == resolved.endpoints["openai"]


def test_a_key_of_another_server_makes_it_a_custom_endpoint() -> None:
    settings = ProviderSettings(openai_api_key="token", openai_base_url="http://127.0.0.1:8000/v1")
    found = Found(endpoint=Listing("http://127.0.0.1:8000/v1", (ListedModel("llama-3"),)))

    resolved = resolve(settings, today=TODAY, found=found)

    assert resolved.profile == "custom"
    assert resolved.endpoints["custom"].api_key == "token"
    assert resolved.stt.provider == "local"


OWN_URL = "http://llm.lan:8000/v1"
BESIDE = ProviderSettings(openai_api_key="o", custom_base_url=OWN_URL, custom_api_key="own")


def test_a_server_of_ones_own_is_the_small_model_beside_openais_large_one() -> None:
    settings = replace(BESIDE, small_model="custom/llama-3")

    resolved = resolve(settings, today=TODAY)

    assert lane_names(resolved, "talk") == ["small custom/llama-3", "large openai/gpt-6.1-sol"]
    own, openai = resolved.endpoints["custom"], resolved.endpoints["openai"]
    assert (own.base_url, own.api_key) == (OWN_URL, "own")
    assert (openai.base_url, openai.api_key) == (None, "o")
    assert {"talk, small: custom/llama-3 (unpriced)", "servers: custom at llm.lan:8000"} <= {
        *resolved.lines()
    }
    assert resolved.stt.endpoint == openai


def test_what_that_server_lists_is_the_small_model_and_only_then_a_large_one() -> None:
    found = Found(custom=Listing(OWN_URL, (ListedModel("llama-3"), ListedModel("llama-70"))))

    resolved = resolve(BESIDE, today=TODAY, found=found)

    assert lane_names(resolved, "talk") == [
        "small custom/llama-3",
        "small openai/gpt-6-luna",
        "large openai/gpt-6.1-sol",
        "large custom/llama-70",
    ]


def test_that_server_may_stand_alone() -> None:
    found = Found(custom=Listing(OWN_URL, (ListedModel("llama-3"), ListedModel("llama-70"))))

    resolved = resolve(ProviderSettings(custom_base_url=OWN_URL), today=TODAY, found=found)

    assert lane_names(resolved, "talk") == ["small custom/llama-3", "large custom/llama-70"]
    assert resolved.stt.provider == "local"


def test_a_proxy_before_openai_stays_openais_beside_a_server_of_ones_own() -> None:
    proxy = "https://proxy.example/v1"
    settings = replace(BESIDE, openai_base_url=proxy, small_model="custom/llama-3")
    found = Found(endpoint=Listing(proxy, (ListedModel("gpt-6.1-sol"),)))

    resolved = resolve(settings, today=TODAY, found=found)

    assert lane_names(resolved, "talk") == ["small custom/llama-3", "large openai/gpt-6.1-sol"]
    assert (resolved.endpoints["openai"].base_url, resolved.endpoints["custom"].base_url) == (proxy, OWN_URL)


def test_a_server_of_ones_own_that_offers_nothing_is_said_beside_others() -> None:
    resolved = resolve(BESIDE, today=TODAY)

    assert lane_names(resolved, "talk") == ["small openai/gpt-6-luna", "large openai/gpt-6.1-sol"]
    assert "no model of PARLEY_CUSTOM_BASE_URL is used: it lists none, and none is named" in resolved.lines()


@pytest.mark.parametrize(
    ("settings", "found", "message"),
    [
        (
            ProviderSettings(openai_api_key="o", small_model="custom/llama-3"),
            Found(),
            "PARLEY_SMALL_MODEL is 'custom/llama-3', but PARLEY_CUSTOM_BASE_URL is not set",
        ),
        (
            replace(BESIDE, openai_api_key=None, large_model="openai/gpt-6.1-sol"),
            Found(),
            "PARLEY_LARGE_MODEL is 'openai/gpt-6.1-sol', but OPENAI_API_KEY is not set",
        ),
        (
            replace(BESIDE, small_model="meta-llama/Llama-3"),
            Found(),
            "it should be provider/model; of your own server it is 'custom/meta-llama/Llama-3'",
        ),
        (
            replace(BESIDE, openai_api_key=None, stt="openai"),
            Found(custom=Listing(OWN_URL, (ListedModel("llama-3"),))),
            "PARLEY_STT is 'openai', but OPENAI_API_KEY is not set",
        ),
        (
            replace(BESIDE, openai_api_key=None, openai_base_url="http://other.lan/v1"),
            Found(),
            "OPENAI_BASE_URL is a server of your own (OPENAI_API_KEY is not set)",
        ),
        (
            replace(BESIDE, openai_base_url="http://other.lan/v1"),
            Found(endpoint=Listing("http://other.lan/v1", (ListedModel("mistral"),))),
            "OPENAI_BASE_URL is a server of your own (it lists no model of OpenAI)",
        ),
        (ProviderSettings(custom_base_url=OWN_URL), Found(), f"PARLEY_CUSTOM_BASE_URL is '{OWN_URL}'"),
    ],
)
def test_what_cannot_stand_beside_a_server_of_ones_own_is_refused_in_a_sentence(
    settings: ProviderSettings, found: Found, message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(settings, today=TODAY, found=found)

    assert message in str(refused.value)


EU_URL = "https://eu.api.openai.com/v1"


def test_a_regional_address_of_openai_adds_its_tenth_to_newer_models() -> None:
    settings = ProviderSettings(openai_api_key="o", openai_base_url=EU_URL, large_model="openai/gpt-4o")

    resolved = resolve(settings, today=TODAY)

    assert {m.name: m.surcharge_percent for m in resolved.models} == {
        "openai/gpt-6-luna": 10,
        "openai/gpt-4o": 0,
    }
    assert any("10 % of its region included" in line for line in resolved.lines())


@pytest.mark.parametrize("url", [None, "https://api.openai.com/v1", "https://eu.api.openai.com.evil.example"])
def test_no_other_address_adds_anything(url: str | None) -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o", openai_base_url=url), today=TODAY)

    assert {m.surcharge_percent for m in resolved.models} == {0}
    assert not any("region" in line for line in resolved.lines())
