"""What a tenant's policy makes of a deployment's models."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.cascade import Found, resolve
from agent.cascade.models.catalog import DeclaredPrice
from agent.cascade.models.discover import ListedModel, Listing
from agent.errors import ConfigError
from agent.settings import ProviderSettings
from agent.wire import DeclaredRate, ModelPolicy, TierModels
from tests.unit.resolving import ALL_KEYS, TODAY, lane_names

TALK = TierModels(small=["google/gemini-3.5-flash-lite"], large=["openai/gpt-6.1-sol"])


def test_a_tenants_lane_stands_before_the_preset_and_the_deployments_choice() -> None:
    settings = replace(ALL_KEYS, small_model="openai/gpt-6-luna")

    resolved = resolve(settings, today=TODAY, policy=ModelPolicy(talk=TALK))

    assert lane_names(resolved, "talk") == ["small google/gemini-3.5-flash-lite", "large openai/gpt-6.1-sol"]
    assert lane_names(resolved, "see")[0] == "small openai/gpt-6-luna"


def test_a_model_of_a_tenants_lane_without_a_key_is_passed_over_and_said() -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o"), today=TODAY, policy=ModelPolicy(talk=TALK))

    assert lane_names(resolved, "talk") == ["large openai/gpt-6.1-sol"]
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

    assert lane_names(resolved, "talk") == ["small openai/gpt-6-luna", "large openai/gpt-6.1-sol"]
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

    assert lane_names(resolved, "talk") == ["small custom/llama", "large anthropic/claude-sonnet-5-5"]
    assert lane_names(resolved, "see") == ["small custom/llama"]


def test_speech_at_another_server_is_unpriced() -> None:
    own, theirs = replace(CUSTOM, stt="openai"), ProviderSettings(openai_api_key="o")

    assert [resolve(each, today=TODAY).stt.is_priced for each in (own, theirs)] == [False, True]
