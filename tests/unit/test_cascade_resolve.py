"""Which models and which speech a deployment gets from its settings."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from agent.cascade import Found, Resolved, load_catalog, resolve
from agent.cascade.models.catalog import Catalog, DeclaredPrice
from agent.cascade.models.discover import ListedModel, Listing
from agent.errors import ConfigError
from agent.settings import ProviderSettings
from agent.wire import DeclaredRate, ModelPolicy, TierModels

TODAY = date(2026, 11, 24)
ALL_KEYS = ProviderSettings(openai_api_key="o", google_api_key="g", anthropic_api_key="a")
OLLAMA = Listing("http://127.0.0.1:11434", (ListedModel("tiny", False, 1), ListedModel("big", True, 9)))


def _names(resolved: Resolved, lane: str) -> list[str]:
    lanes = {str(name): candidates for name, candidates in resolved.lanes.items()}
    return [f"{candidate.tier} {candidate.model.name}" for candidate in lanes[lane]]


def test_without_a_key_everything_is_local() -> None:
    resolved = resolve(ProviderSettings(), today=TODAY)

    assert resolved.is_local
    assert resolved.profile == "local"
    assert _names(resolved, "talk") == _names(resolved, "see") == ["small local/quoting"]
    assert (resolved.stt.provider, resolved.tts.provider) == ("local", "local")


def test_an_openai_key_brings_answers_and_speech() -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o"), today=TODAY)

    assert _names(resolved, "talk") == ["small openai/gpt-6-luna", "large openai/gpt-6.1-sol"]
    assert (resolved.stt.name, resolved.tts.name) == ("openai/gpt-transcribe", "openai/gpt-4o-mini-tts")
    assert not resolved.is_local


def test_a_google_key_brings_gemini_speech() -> None:
    resolved = resolve(ProviderSettings(google_api_key="g"), today=TODAY)

    assert resolved.profile == "google"
    assert (resolved.stt.provider, resolved.tts.provider) == ("google", "google")


def test_an_anthropic_key_keeps_local_speech_and_says_so() -> None:
    resolved = resolve(ProviderSettings(anthropic_api_key="a"), today=TODAY)

    assert (resolved.stt.provider, resolved.tts.provider) == ("local", "local")
    assert "Anthropic has no speech: local speech stays" in resolved.lines()


def test_lanes_mix_providers_in_the_order_of_the_preset() -> None:
    resolved = resolve(ALL_KEYS, today=TODAY)

    assert _names(resolved, "talk")[0] == "small openai/gpt-6-luna"
    assert _names(resolved, "see")[0] == "small google/gemini-3.5-flash-lite"
    assert resolved.baseline("see") is not None
    assert [c.tier for c in resolved.lanes["talk"]] == ["small"] * 3 + ["large"] * 3


def test_the_baseline_is_the_first_large_model_of_the_lane() -> None:
    resolved = resolve(ALL_KEYS, today=TODAY)

    talk, see = resolved.baseline("talk"), resolved.baseline("see")

    assert talk is not None
    assert see is not None
    assert (talk.name, see.name) == ("openai/gpt-6.1-sol", "anthropic/claude-sonnet-5-5")


def test_explicit_models_win_over_the_preset() -> None:
    settings = replace(
        ALL_KEYS, small_model="google/gemini-3.5-flash-lite", large_model="anthropic/claude-sonnet-5-5"
    )

    resolved = resolve(settings, today=TODAY)

    assert _names(resolved, "talk") == [
        "small google/gemini-3.5-flash-lite",
        "large anthropic/claude-sonnet-5-5",
    ]
    assert resolved.profile == "google+anthropic"


def test_a_priced_model_outside_the_catalog_can_be_chosen() -> None:
    settings = ProviderSettings(anthropic_api_key="a", large_model="anthropic/claude-opus-5-5")

    resolved = resolve(settings, today=TODAY)

    assert _names(resolved, "talk")[-1] == "large anthropic/claude-opus-5-5"
    assert any("claude-opus-5-5 ($4 in / $20 out" in line for line in resolved.lines())


def test_explicit_local_preset_wins_over_keys() -> None:
    assert resolve(replace(ALL_KEYS, preset="local"), today=TODAY).is_local


def test_explicit_speech_wins_over_the_key() -> None:
    resolved = resolve(replace(ALL_KEYS, stt="local", tts="google"), today=TODAY)

    assert (resolved.stt.provider, resolved.tts.provider) == ("local", "google")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            ProviderSettings(preset="clasic"),
            "PARLEY_PRESET is 'clasic'; the presets are classic, default, local",
        ),
        (
            ProviderSettings(openai_api_key="o", small_model="openai/gpt-6-lunna"),
            "PARLEY_SMALL_MODEL is 'openai/gpt-6-lunna', which is not known as a chat model of openai; "
            "did you mean 'openai/gpt-6-luna'?",
        ),
        (
            ProviderSettings(anthropic_api_key="a", large_model="anthropic/claude-sonet-5-5"),
            "did you mean 'anthropic/claude-sonnet-5-5'?",
        ),
        (
            ProviderSettings(openai_api_key="o", small_model="gpt-6-luna"),
            "'gpt-6-luna'; it should be provider/model; did you mean 'openai/gpt-6-luna'?",
        ),
        (
            ProviderSettings(openai_api_key="o", large_model="anthropic/claude-sonnet-5-5"),
            "PARLEY_LARGE_MODEL is 'anthropic/claude-sonnet-5-5', but ANTHROPIC_API_KEY is not set",
        ),
        (ProviderSettings(stt="whisper"), "PARLEY_STT is 'whisper'; it should be local, openai or google"),
        (ProviderSettings(tts="openai"), "PARLEY_TTS is 'openai', but OPENAI_API_KEY is not set"),
        (
            ProviderSettings(openai_base_url="http://127.0.0.1:9/v1"),
            "OPENAI_BASE_URL is 'http://127.0.0.1:9/v1'",
        ),
        (ProviderSettings(ollama_base_url="http://127.0.0.1:9"), "OLLAMA_BASE_URL is 'http://127.0.0.1:9'"),
    ],
)
def test_a_wrong_choice_stops_the_start_with_a_sentence(settings: ProviderSettings, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(settings, today=TODAY)

    assert message in str(refused.value)


def test_a_retired_model_is_refused_in_its_lane_only() -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(replace(ALL_KEYS, preset="classic"), today=TODAY)

    message = str(refused.value)
    assert "lane see: anthropic/claude-3-5-sonnet-20241022 was retired on 2025-10-28" in message
    assert "use anthropic/claude-sonnet-5-5" in message
    assert "lane talk" not in message


def test_a_retired_model_of_an_absent_provider_does_not_matter() -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o", preset="classic"), today=TODAY)

    assert _names(resolved, "see") == ["small openai/gpt-4o-mini", "large openai/gpt-4o"]


def test_the_classic_preset_is_refused_in_both_lanes_once_all_is_retired() -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(replace(ALL_KEYS, preset="classic"), today=date(2027, 1, 14))

    message = str(refused.value)
    assert "lane talk: openai/gpt-4o-mini was retired on 2027-01-14" in message
    assert "use openai/gpt-6-luna" in message
    assert "lane see: google/gemini-2.5-flash was retired on 2026-12-01" in message


def test_a_retired_explicit_model_is_refused() -> None:
    settings = ProviderSettings(anthropic_api_key="a", large_model="anthropic/claude-3-5-sonnet-20241022")

    with pytest.raises(ConfigError, match="was retired on 2025-10-28"):
        resolve(settings, today=TODAY)


@pytest.mark.parametrize(
    "name", ["openai/gpt-3.5-turbo", "openai/gpt-4o-2024-05-13", "openai/o4-mini-2025-04-16"]
)
def test_a_retired_model_outside_the_catalog_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=r"was retired on 2026-10-23 .*; use openai/gpt-6-luna"):
        resolve(ProviderSettings(openai_api_key="o", small_model=name), today=TODAY)


@pytest.mark.parametrize(
    ("name", "ended", "instead"),
    [
        ("anthropic/claude-3-5-sonnet-20240620", "2025-10-28", "anthropic/claude-sonnet-5-5"),
        ("anthropic/claude-3-5-sonnet-latest", "2025-10-28", "anthropic/claude-sonnet-5-5"),
        ("anthropic/claude-3-haiku-20240307", "2026-04-20", "anthropic/claude-haiku-5-5"),
        ("anthropic/claude-opus-4-20250514", "2026-06-15", "anthropic/claude-sonnet-5-5"),
        ("anthropic/claude-opus-4-1", "2026-08-05", "anthropic/claude-sonnet-5-5"),
        ("google/gemini-1.5-flash", "2025-09-24", "google/gemini-3.5-flash-lite"),
        ("google/gemini-2.0-flash-001", "2026-06-01", "google/gemini-3.5-flash-lite"),
        ("google/gemini-2.5-pro-preview-06-05", "2025-12-02", "google/gemini-3.8-flash"),
        ("openai/o1-mini", "2025-10-27", "openai/gpt-6-luna"),
        ("openai/text-davinci-003", "2024-01-04", "openai/gpt-6-luna"),
        ("openai/chatgpt-4o-latest", "2026-02-17", "openai/gpt-6.1-sol"),
    ],
)
def test_models_that_ended_long_ago_are_refused_by_their_own_names(
    name: str, ended: str, instead: str
) -> None:
    with pytest.raises(ConfigError, match=f"{name} was retired on {ended} .*; use {instead}"):
        resolve(replace(ALL_KEYS, small_model=name), today=TODAY)


def test_what_does_not_chat_is_never_led_to_a_retired_model() -> None:
    settings = ProviderSettings(openai_api_key="o", small_model="openai/text-embedding-3-small")

    with pytest.raises(ConfigError, match="did you mean 'openai/gpt-6-luna'"):
        resolve(settings, today=TODAY)


def test_a_living_dated_version_is_taken_and_its_end_announced() -> None:
    settings = ProviderSettings(anthropic_api_key="a", small_model="anthropic/claude-sonnet-4-5-20250929")

    resolved = resolve(settings, today=TODAY)

    assert any("retires on 2026-11-30: move to anthropic/claude-sonnet-5-5" in n for n in resolved.notes)


@pytest.mark.parametrize(
    "name",
    ["openai/whisper-1", "google/claude-haiku-5-5", "google/gemini-3.5-flash-lite-x", "local/thinking"],
)
def test_what_does_not_chat_at_a_provider_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="is not known as a chat model of"):
        resolve(replace(ALL_KEYS, small_model=name), today=TODAY)


def test_a_model_about_to_retire_is_announced() -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o", preset="classic"), today=TODAY)

    assert "openai/gpt-4o retires on 2027-01-14: move to openai/gpt-6.1-sol" in resolved.lines()


def test_retired_speech_falls_back_to_local_speech() -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o"), today=date(2027, 1, 6))

    assert (resolved.stt.provider, resolved.tts.provider) == ("openai", "local")
    assert any("gpt-4o-mini-tts was retired on 2027-01-06" in line for line in resolved.lines())


def test_a_local_ollama_is_used_when_there_is_no_key() -> None:
    resolved = resolve(ProviderSettings(), today=TODAY, found=Found(ollama=OLLAMA))

    assert resolved.profile == "ollama"
    assert _names(resolved, "talk") == ["small ollama/tiny", "large ollama/big"]
    assert _names(resolved, "see") == ["large ollama/big"]
    assert resolved.endpoints["ollama"].base_url == "http://127.0.0.1:11434/v1"
    assert "talk, small: ollama/tiny (unpriced)" in resolved.lines()
    assert resolved.stt.provider == "local"


def test_an_ollama_without_models_leaves_the_local_engines() -> None:
    empty = Listing("http://127.0.0.1:11434", ())

    assert resolve(ProviderSettings(), today=TODAY, found=Found(ollama=empty)).is_local


def test_a_blind_ollama_leaves_the_see_lane_empty_and_says_so() -> None:
    blind = Listing("http://127.0.0.1:11434", (ListedModel("tiny", False, 1),))

    resolved = resolve(ProviderSettings(), today=TODAY, found=Found(ollama=blind))

    assert _names(resolved, "see") == []
    assert "no model here takes images: the agent cannot see the shared screen" in resolved.lines()


def test_a_custom_endpoint_without_a_key_uses_what_it_lists() -> None:
    url = "http://127.0.0.1:8000/v1"
    found = Found(endpoint=Listing(url, (ListedModel("bge-embedding"), ListedModel("llama-3"))))

    resolved = resolve(ProviderSettings(openai_base_url=url), today=TODAY, found=found)

    assert resolved.profile == "custom"
    assert _names(resolved, "talk") == ["small custom/llama-3"]
    assert "talk, small: custom/llama-3 (unpriced)" in resolved.lines()
    assert (resolved.stt.provider, resolved.tts.provider) == ("local", "local")


def test_a_custom_endpoint_takes_model_names_as_they_are() -> None:
    settings = ProviderSettings(
        openai_base_url="http://127.0.0.1:8000/v1",
        small_model="meta-llama/Llama-3-8B",
        large_model="openai/x",
    )

    resolved = resolve(settings, today=TODAY)

    assert _names(resolved, "talk") == ["small custom/meta-llama/Llama-3-8B", "large custom/x"]


def test_a_custom_endpoint_may_name_its_model_like_another_provider() -> None:
    settings = ProviderSettings(
        openai_base_url="http://127.0.0.1:8000/v1", small_model="google/gemma-3", large_model="custom/b"
    )

    assert _names(resolve(settings, today=TODAY), "talk") == ["small custom/google/gemma-3", "large custom/b"]


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

    assert _names(resolved, "talk") == ["small custom/llama-3", "large openai/gpt-6.1-sol"]
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

    assert _names(resolved, "talk") == [
        "small custom/llama-3",
        "small openai/gpt-6-luna",
        "large openai/gpt-6.1-sol",
        "large custom/llama-70",
    ]


def test_that_server_may_stand_alone() -> None:
    found = Found(custom=Listing(OWN_URL, (ListedModel("llama-3"), ListedModel("llama-70"))))

    resolved = resolve(ProviderSettings(custom_base_url=OWN_URL), today=TODAY, found=found)

    assert _names(resolved, "talk") == ["small custom/llama-3", "large custom/llama-70"]
    assert resolved.stt.provider == "local"


def test_a_proxy_before_openai_stays_openais_beside_a_server_of_ones_own() -> None:
    proxy = "https://proxy.example/v1"
    settings = replace(BESIDE, openai_base_url=proxy, small_model="custom/llama-3")
    found = Found(endpoint=Listing(proxy, (ListedModel("gpt-6.1-sol"),)))

    resolved = resolve(settings, today=TODAY, found=found)

    assert _names(resolved, "talk") == ["small custom/llama-3", "large openai/gpt-6.1-sol"]
    assert (resolved.endpoints["openai"].base_url, resolved.endpoints["custom"].base_url) == (proxy, OWN_URL)


def test_a_server_of_ones_own_that_offers_nothing_is_said_beside_others() -> None:
    resolved = resolve(BESIDE, today=TODAY)

    assert _names(resolved, "talk") == ["small openai/gpt-6-luna", "large openai/gpt-6.1-sol"]
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


def test_keys_are_never_printed() -> None:
    settings = replace(ALL_KEYS, openai_api_key="canary-openai", google_api_key="canary-google")

    resolved = resolve(settings, today=TODAY)

    assert "canary" not in repr(resolved)
    assert "canary" not in "".join(resolved.lines())


def _retiring(*names: str) -> Catalog:
    """The shipped catalog in which these models are retired."""
    catalog = load_catalog()
    gone = {name: replace(catalog.models[name], retires=TODAY, source="https://s.example") for name in names}
    return replace(catalog, models={**catalog.models, **gone})


def test_a_retired_candidate_is_left_out_of_its_lane_while_others_of_its_tier_live() -> None:
    resolved = resolve(ALL_KEYS, today=TODAY, catalog=_retiring("openai/gpt-6-luna"))

    assert _names(resolved, "talk")[0] == "small google/gemini-3.5-flash-lite"
    assert (
        "lane talk: openai/gpt-6-luna was retired on 2026-11-24 (https://s.example); "
        "use google/gemini-3.5-flash-lite: left out"
    ) in resolved.lines()


def test_a_small_tier_that_is_all_retired_stops_instead_of_falling_to_the_large_one() -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(ProviderSettings(openai_api_key="o"), today=TODAY, catalog=_retiring("openai/gpt-6-luna"))

    assert "lane talk: openai/gpt-6-luna was retired" in str(refused.value)
    assert "gpt-6.1-sol was retired" not in str(refused.value)


def test_a_misspelt_model_is_never_led_to_a_retired_one() -> None:
    settings = ProviderSettings(openai_api_key="o", small_model="openai/gpt-4-turbbo")

    with pytest.raises(ConfigError, match="did you mean 'openai/gpt-6-luna'"):
        resolve(settings, today=TODAY)


TALK = TierModels(small=["google/gemini-3.5-flash-lite"], large=["openai/gpt-6.1-sol"])


def test_a_tenants_lane_stands_before_the_preset_and_the_deployments_choice() -> None:
    settings = replace(ALL_KEYS, small_model="openai/gpt-6-luna")

    resolved = resolve(settings, today=TODAY, policy=ModelPolicy(talk=TALK))

    assert _names(resolved, "talk") == ["small google/gemini-3.5-flash-lite", "large openai/gpt-6.1-sol"]
    assert _names(resolved, "see")[0] == "small openai/gpt-6-luna"


def test_a_model_of_a_tenants_lane_without_a_key_is_passed_over_and_said() -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o"), today=TODAY, policy=ModelPolicy(talk=TALK))

    assert _names(resolved, "talk") == ["large openai/gpt-6.1-sol"]
    assert any(
        "google/gemini-3.5-flash-lite (GOOGLE_API_KEY is not set): passed over" in n for n in resolved.notes
    )


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            ModelPolicy(talk=TierModels(small=["anthropic/claude-haiku-5-5"])),
            "model_policy.talk: no model can be reached: anthropic/claude-haiku-5-5 "
            "(ANTHROPIC_API_KEY is not set)",
        ),
        (
            ModelPolicy(talk=TierModels(small=["openai/gpt-6-lunna"])),
            "model_policy.talk.small is 'openai/gpt-6-lunna', which is not known as a chat model of openai; "
            "did you mean 'openai/gpt-6-luna'?",
        ),
        (
            ModelPolicy(talk=TierModels(small=["openai/gpt-4"], large=["openai/gpt-6.1-sol"])),
            "lane talk: openai/gpt-4 was retired on 2026-10-23",
        ),
        (
            ModelPolicy(providers=["anthropic"]),
            "model_policy.providers allows anthropic: no model of theirs can be reached",
        ),
        (
            ModelPolicy(regions=["eu"]),
            "openai/gpt-6-luna is processed in global, which is not within eu",
        ),
    ],
)
def test_a_tenants_policy_that_leaves_a_lane_without_a_model_stops_with_a_sentence(
    policy: ModelPolicy, message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(ProviderSettings(openai_api_key="o"), today=TODAY, policy=policy)

    assert message in str(refused.value)


def test_only_allowed_providers_answer_and_speak() -> None:
    resolved = resolve(ALL_KEYS, today=TODAY, policy=ModelPolicy(providers=["anthropic"]))

    assert resolved.profile == "anthropic"
    assert (resolved.stt.provider, resolved.tts.provider) == ("local", "local")
    assert resolved.endpoints.keys() == {"anthropic"}


def test_a_provider_that_is_not_allowed_is_named_where_it_was_chosen() -> None:
    settings = replace(ALL_KEYS, small_model="openai/gpt-6-luna")

    with pytest.raises(ConfigError, match=r"openai is not among model_policy\.providers"):
        resolve(settings, today=TODAY, policy=ModelPolicy(providers=["anthropic"]))


def test_only_models_at_an_address_within_the_regions_answer() -> None:
    settings = replace(ALL_KEYS, openai_base_url="https://eu.api.openai.com/v1")

    resolved = resolve(settings, today=TODAY, policy=ModelPolicy(regions=["eu"]))

    assert _names(resolved, "talk") == ["small openai/gpt-6-luna", "large openai/gpt-6.1-sol"]
    assert resolved.stt.provider == "openai"
    assert any(
        "claude-sonnet-5-5 is processed in global, which is not within eu" in n for n in resolved.notes
    )


def test_speech_stays_within_the_regions_as_well() -> None:
    policy = ModelPolicy(
        regions=["eu"], talk=TierModels(small=["local/quoting"]), see=TierModels(small=["local/quoting"])
    )

    resolved = resolve(ALL_KEYS, today=TODAY, policy=policy)

    assert resolved.is_local
    with pytest.raises(ConfigError, match="PARLEY_STT is 'google', but google is processed in global"):
        resolve(replace(ALL_KEYS, stt="google"), today=TODAY, policy=policy)


CUSTOM = ProviderSettings(openai_base_url="http://127.0.0.1:8000/v1", small_model="llama")


def test_a_tenant_declares_the_price_of_its_own_servers_model() -> None:
    policy = ModelPolicy(rates={"custom/llama": DeclaredRate(input=0.1, output=0.4)})

    priced, unpriced = (resolve(CUSTOM, today=TODAY, policy=each) for each in (policy, None))

    assert priced.models[0].price == DeclaredPrice(0.1, 0.4)
    assert "talk, small: custom/llama ($0.1 in / $0.4 out per million tokens)" in priced.lines()
    assert "talk, small: custom/llama (unpriced)" in unpriced.lines()


def test_the_operators_price_stands_before_the_tenants(tmp_path: Path) -> None:
    own = tmp_path / "ours.toml"
    own.write_text(
        '[models."custom/llama"]\ntier = "small"\nvision = false\ntools = true\n'
        "price = { input = 1.0, output = 2.0 }\n",
        encoding="utf-8",
    )
    policy = ModelPolicy(rates={"custom/llama": DeclaredRate(input=0, output=0)})

    resolved = resolve(replace(CUSTOM, models_file=own), today=TODAY, policy=policy)

    assert resolved.models[0].price == DeclaredPrice(1.0, 2.0)


def test_a_preset_of_the_operators_may_name_a_model_of_their_own_server(tmp_path: Path) -> None:
    own = tmp_path / "ours.toml"
    own.write_text(
        '[models."custom/llama"]\ntier = "small"\nvision = true\ntools = true\n'
        '[presets.ours.talk]\nsmall = ["custom/llama"]\nlarge = ["anthropic/claude-sonnet-5-5"]\n'
        '[presets.ours.see]\nsmall = ["custom/llama"]\nlarge = []\n',
        encoding="utf-8",
    )
    url = "http://127.0.0.1:8000/v1"
    settings = ProviderSettings(openai_base_url=url, anthropic_api_key="a", preset="ours", models_file=own)
    found = Found(endpoint=Listing(url, (ListedModel("other"), ListedModel("llama"))))

    resolved = resolve(settings, today=TODAY, found=found)

    assert _names(resolved, "talk") == ["small custom/llama", "large anthropic/claude-sonnet-5-5"]
    assert _names(resolved, "see") == ["small custom/llama"]


def test_speech_at_another_server_is_unpriced() -> None:
    own, theirs = replace(CUSTOM, stt="openai"), ProviderSettings(openai_api_key="o")

    assert [resolve(each, today=TODAY).stt.is_priced for each in (own, theirs)] == [False, True]
