"""What a tenant may write into an agent's model policy."""

from datetime import date
from pathlib import Path

import pytest

from agent.cascade import check_policy, load_catalog
from agent.errors import InvalidInput
from agent.wire import DeclaredRate, ModelPolicy, TierModels
from tests.fixtures.providers import TODAY

RATE = DeclaredRate(input=0.1, output=0.2)
LUNA = "openai/gpt-6-luna"


@pytest.mark.parametrize(
    "policy",
    [
        ModelPolicy(),
        ModelPolicy(preset="default", stt="local", tts="openai"),
        ModelPolicy(preset="classic", see=TierModels(small=["google/gemini-3.5-flash-lite"])),
        ModelPolicy(preset="classic", large_model="anthropic/claude-sonnet-5-5"),
        ModelPolicy(small_model="openai/gpt-6-luna", large_model="anthropic/claude-sonnet-5-5"),
        ModelPolicy(small_model="ollama/qwen3:4b", large_model="custom/meta-llama/Llama-3"),
        ModelPolicy(small_model="local/quoting"),
        ModelPolicy(talk=TierModels(small=["openai/gpt-6-luna"], large=["custom/big"])),
        ModelPolicy(see=TierModels(small=["google/gemini-3.5-flash-lite"])),
        ModelPolicy(rates={"custom/big": RATE, "ollama/qwen3:4b": RATE}),
        ModelPolicy(providers=["anthropic", "local"], regions=["global"]),
        ModelPolicy(regions=["eu"], small_model="openai/gpt-6-luna"),
        ModelPolicy(providers=["openai"], stt="local", tts="openai"),
        ModelPolicy(strong_share=0.2, shadow_share=0.02),
        ModelPolicy(spend_per_turn_usd_micros=500),
    ],
)
def test_what_exists_is_taken(policy: ModelPolicy) -> None:
    check_policy(policy, today=TODAY)


@pytest.mark.parametrize(
    ("policy", "field", "says"),
    [
        (
            ModelPolicy(preset="classic"),
            "preset",
            "lane see of preset 'classic' has no living model in its large tier: "
            "'anthropic/claude-3-5-sonnet-20241022' was retired",
        ),
        (ModelPolicy(preset="cheapest"), "preset", "the presets are"),
        (ModelPolicy(small_model="openai/gpt-6-lunna"), "small_model", "did you mean 'openai/gpt-6-luna'"),
        (ModelPolicy(large_model="gpt-6-luna"), "large_model", "provider/model"),
        (ModelPolicy(large_model="evil/model"), "large_model", "provider/model"),
        (ModelPolicy(large_model="local/nothing"), "large_model", "provider/model"),
        (ModelPolicy(small_model="openai/whisper-1"), "small_model", "chat model"),
        (ModelPolicy(large_model="anthropic/claude-3-5-sonnet-20241022"), "large_model", "was retired"),
        (ModelPolicy(large_model="openai/gpt-4-turbbo"), "large_model", "did you mean 'openai/gpt-6-luna'"),
        (ModelPolicy(talk=TierModels(small=["openai/gpt-6-lunna"])), "talk.small", "did you mean"),
        (ModelPolicy(talk=TierModels(large=["openai/gpt-4"])), "talk.large", "use 'openai/gpt-6-luna'"),
        (ModelPolicy(talk=TierModels()), "talk", "names no model"),
        (ModelPolicy(see=TierModels(small=[LUNA], large=[LUNA])), "see", "named twice"),
        (ModelPolicy(strong_share=0.1, spend_per_turn_usd_micros=9), "spend_per_turn_usd_micros", "not both"),
        (ModelPolicy(rates={LUNA: RATE}), "rates", "the price of 'openai/gpt-6-luna' is the list's"),
        (ModelPolicy(rates={"llama": RATE}), "rates", "should be ollama/model or custom/model"),
        (ModelPolicy(rates={"local/quoting": RATE}), "rates", "is the list's"),
        (ModelPolicy(providers=["google"], regions=["eu"]), "regions", "no model of google stays within eu"),
        (
            ModelPolicy(providers=["google"], small_model=LUNA),
            "small_model",
            "not among model_policy.providers",
        ),
        (ModelPolicy(providers=["anthropic"], stt="openai"), "stt", "needs openai among"),
        (
            ModelPolicy(regions=["eu"], talk=TierModels(small=["google/gemini-3.5-flash-lite"])),
            "talk.small",
            "is not known to stay within eu",
        ),
        (ModelPolicy(regions=["us"], large_model="custom/big"), "large_model", "not known to stay within us"),
    ],
)
def test_what_does_not_exist_is_refused_by_its_field(policy: ModelPolicy, field: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refusal:
        check_policy(policy, today=TODAY)

    assert refusal.value.field == f"model_policy.{field}"


EU_URL = "https://eu.api.openai.com/v1"
SET_AGAIN = (
    "your own key of openai is for another address; set it again with base_url https://eu.api.openai.com"
)


@pytest.mark.parametrize(
    "brought",
    [{}, {"openai": EU_URL}, {"openai": EU_URL, "google": None, "anthropic": None}, {"google": None}],
)
@pytest.mark.parametrize(
    "policy", [ModelPolicy(regions=["eu"]), ModelPolicy(regions=["eu"], small_model=LUNA)]
)
def test_a_region_is_taken_where_an_address_in_it_is_or_may_be_set(
    policy: ModelPolicy, brought: dict[str, str | None]
) -> None:
    check_policy(policy, today=TODAY, brought=brought)


@pytest.mark.parametrize("url", [None, "https://us.api.openai.com/v1", "https://models.example/v1"])
@pytest.mark.parametrize(
    ("policy", "field"),
    [
        (ModelPolicy(regions=["eu"]), "regions"),
        (ModelPolicy(regions=["eu"], providers=["openai"]), "regions"),
        (ModelPolicy(regions=["eu"], providers=["openai", "local"], small_model=LUNA), "small_model"),
        (
            ModelPolicy(regions=["eu"], providers=["openai", "local"], talk=TierModels(large=[LUNA])),
            "talk.large",
        ),
    ],
)
def test_a_region_that_the_tenants_own_key_leaves_is_refused_with_the_address_that_is_missing(
    policy: ModelPolicy, field: str, url: str | None
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_policy(policy, today=TODAY, brought={"openai": url})

    assert refusal.value.field == f"model_policy.{field}"
    assert str(refusal.value).endswith(SET_AGAIN)


@pytest.mark.parametrize(
    "policy",
    [
        ModelPolicy(regions=["eu"], providers=["openai", "local"]),
        ModelPolicy(regions=["eu"], preset="local"),
        ModelPolicy(regions=["eu"], small_model="local/quoting"),
        ModelPolicy(regions=["global"], small_model=LUNA),
    ],
)
def test_local_engines_that_somebody_names_stay_in_every_region(policy: ModelPolicy) -> None:
    check_policy(policy, today=TODAY, brought={"openai": None})


def test_a_blind_model_is_refused_in_the_see_lane_only(tmp_path: Path) -> None:
    own = tmp_path / "ours.toml"
    own.write_text(
        '[models."custom/blind"]\ntier = "small"\nvision = false\ntools = true\n'
        "price = { input = 0.1, output = 0.1 }\n",
        encoding="utf-8",
    )
    catalog, lists = load_catalog(own=own), TierModels(small=["custom/blind"])

    check_policy(ModelPolicy(talk=lists), today=TODAY, catalog=catalog)
    with pytest.raises(InvalidInput, match="takes no images") as blind:
        check_policy(ModelPolicy(see=lists), today=TODAY, catalog=catalog)
    with pytest.raises(InvalidInput, match="the operator of this deployment declares the price"):
        check_policy(ModelPolicy(rates={"custom/blind": RATE}), today=TODAY, catalog=catalog)

    assert blind.value.field == "model_policy.see.small"


def test_a_model_is_refused_from_the_day_of_its_end_on() -> None:
    policy = ModelPolicy(small_model="openai/gpt-4o-mini")

    check_policy(policy, today=date(2027, 1, 13))
    with pytest.raises(InvalidInput, match="was retired on 2027-01-14"):
        check_policy(policy, today=date(2027, 1, 14))
