"""What has ended is refused, or passed over, with what lives in its place."""

from dataclasses import replace
from datetime import date

import pytest

from agent.cascade import load_catalog, resolve
from agent.cascade.models.catalog import Catalog
from agent.errors import ConfigError
from agent.settings import ProviderSettings
from tests.unit.resolving import ALL_KEYS, TODAY, lane_names


def test_a_retired_model_is_refused_in_its_lane_only() -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(replace(ALL_KEYS, preset="classic"), today=TODAY)

    message = str(refused.value)
    assert "lane see: anthropic/claude-3-5-sonnet-20241022 was retired on 2025-10-28" in message
    assert "use anthropic/claude-sonnet-5-5" in message
    assert "lane talk" not in message


def test_a_retired_model_of_an_absent_provider_does_not_matter() -> None:
    resolved = resolve(ProviderSettings(openai_api_key="o", preset="classic"), today=TODAY)

    assert lane_names(resolved, "see") == ["small openai/gpt-4o-mini", "large openai/gpt-4o"]


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


def retiring(*names: str) -> Catalog:
    """The shipped catalog in which these models are retired."""
    catalog = load_catalog()
    gone = {name: replace(catalog.models[name], retires=TODAY, source="https://s.example") for name in names}
    return replace(catalog, models={**catalog.models, **gone})


def test_a_retired_candidate_is_left_out_of_its_lane_while_others_of_its_tier_live() -> None:
    resolved = resolve(ALL_KEYS, today=TODAY, catalog=retiring("openai/gpt-6-luna"))

    assert lane_names(resolved, "talk")[0] == "small google/gemini-3.5-flash-lite"
    assert (
        "lane talk: openai/gpt-6-luna was retired on 2026-11-24 (https://s.example); "
        "use google/gemini-3.5-flash-lite: left out"
    ) in resolved.lines()


def test_a_small_tier_that_is_all_retired_stops_instead_of_falling_to_the_large_one() -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(ProviderSettings(openai_api_key="o"), today=TODAY, catalog=retiring("openai/gpt-6-luna"))

    assert "lane talk: openai/gpt-6-luna was retired" in str(refused.value)
    assert "gpt-6.1-sol was retired" not in str(refused.value)


def test_a_misspelt_model_is_never_led_to_a_retired_one() -> None:
    settings = ProviderSettings(openai_api_key="o", small_model="openai/gpt-4-turbbo")

    with pytest.raises(ConfigError, match="did you mean 'openai/gpt-6-luna'"):
        resolve(settings, today=TODAY)
