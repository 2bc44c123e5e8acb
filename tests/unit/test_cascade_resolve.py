"""Which models and which speech a deployment gets from its settings."""

from dataclasses import replace

import pytest

from agent.cascade import resolve
from agent.errors import ConfigError
from agent.settings import ProviderSettings
from tests.unit.resolving import ALL_KEYS, TODAY, lane_names


def test_without_a_key_everything_is_local() -> None:
    resolved = resolve(ProviderSettings(), today=TODAY)

    assert resolved.is_local
    assert resolved.profile == "local"
    assert lane_names(resolved, "talk") == lane_names(resolved, "see") == ["small local/quoting"]
    assert (resolved.stt.provider, resolved.tts.provider) == ("local", "local")


def test_an_openai_key_brings_answers_and_speech() -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o"), today=TODAY)

    assert lane_names(resolved, "talk") == ["small openai/gpt-6-luna", "large openai/gpt-6.1-sol"]
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

    assert lane_names(resolved, "talk")[0] == "small openai/gpt-6-luna"
    assert lane_names(resolved, "see")[0] == "small google/gemini-3.5-flash-lite"
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

    assert lane_names(resolved, "talk") == [
        "small google/gemini-3.5-flash-lite",
        "large anthropic/claude-sonnet-5-5",
    ]
    assert resolved.profile == "google+anthropic"


def test_a_priced_model_outside_the_catalog_can_be_chosen() -> None:
    settings = ProviderSettings(anthropic_api_key="a", large_model="anthropic/claude-opus-5-5")

    resolved = resolve(settings, today=TODAY)

    assert lane_names(resolved, "talk")[-1] == "large anthropic/claude-opus-5-5"
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


def test_keys_are_never_printed() -> None:
    settings = replace(ALL_KEYS, openai_api_key="canary-openai", google_api_key="canary-google")

    resolved = resolve(settings, today=TODAY)

    assert "canary" not in repr(resolved)
    assert "canary" not in "".join(resolved.lines())
