"""The catalog: what the shipped file holds, and how a wrong one is refused."""

from datetime import date
from pathlib import Path

import pytest

from agent.cascade.models import prices
from agent.cascade.models.catalog import DeclaredPrice, Provider, is_within
from agent.cascade.models.models_file import MODELS_FILE, load_catalog
from agent.errors import ConfigError

TODAY = date(2026, 11, 24)


def _changed(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped file with one place changed."""
    text = MODELS_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "models.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_default_preset_names_only_living_models() -> None:
    catalog = load_catalog()
    preset = catalog.preset("default")

    named = {name for lists in preset.values() for tier in lists.values() for name in tier}

    assert [name for name in named if catalog.models[name].is_retired(TODAY)] == []


def test_every_remote_model_of_the_catalog_has_a_price() -> None:
    remote = [model for model in load_catalog().models.values() if model.provider != "local"]

    assert [model.name for model in remote if not prices.knows(model.provider, model.id)] == []


def test_a_model_is_retired_from_its_date_on() -> None:
    mini = load_catalog().models["openai/gpt-4o-mini"]

    assert not mini.is_retired(date(2027, 1, 13))
    assert mini.is_retired(date(2027, 1, 14))


def test_replacement_of_a_retired_model_is_its_successor() -> None:
    catalog = load_catalog()

    instead = catalog.living_replacement(catalog.models["anthropic/claude-3-5-sonnet-20241022"], TODAY)

    assert instead is catalog.models["anthropic/claude-sonnet-5-5"]


def test_replacement_skips_a_successor_that_is_retired_itself(tmp_path: Path) -> None:
    path = _changed(
        tmp_path,
        'replaced_by = "anthropic/claude-sonnet-5-5"',
        'replaced_by = "anthropic/claude-3-5-sonnet-20241022"',
    )
    catalog = load_catalog(path)

    instead = catalog.living_replacement(catalog.models["anthropic/claude-3-5-sonnet-20241022"], TODAY)

    assert instead is catalog.models["anthropic/claude-sonnet-5-5"]


@pytest.mark.parametrize(
    ("old", "new", "key", "wrong"),
    [
        ('tier = "small"', 'tier = "tiny"', "models.openai/gpt-6-luna.tier", "'small' or 'large'"),
        ("vision = true", 'vision = "true"', "models.openai/gpt-6-luna.vision", "boolean"),
        ("vision = true", "visoin = true", "models.openai/gpt-6-luna.visoin", "unexpected"),
        ('[models."local/quoting"]', '[models."nowhere/quoting"]', "models.nowhere/quoting", "provider/id"),
        ('does = "stt"', 'does = "sst"', "speech.openai/gpt-transcribe.does", "'stt' or 'tts'"),
        ("[presets.default.see]", "[presets.default.sea]", "presets.default.sea", "'talk' or 'see'"),
        ("retires = 2027-01-14", 'retires = "soon"', "models.openai/gpt-4o-mini.retires", "date"),
        ("= 1_050_000", "= 0", "models.openai/gpt-6-luna.context_tokens", "greater than 0"),
        ("input = 0.0", 'input = "0.1"', "models.local/quoting.price.input", "valid number"),
        ("input = 0.0", "input = nan", "models.local/quoting.price.input", "finite number"),
        ("input = 0.0", "input = -1.0", "models.local/quoting.price.input", "greater than or equal to 0"),
        ('regions = ["eu"]', 'regions = ["mars"]', "places.2.regions.0", "'global', 'us' or 'eu'"),
        (
            'replaced_by = "openai/gpt-6-luna"',
            'replaced_by = "openai/gpt-6-lunna"',
            "models.openai/gpt-4o-mini.replaced_by",
            "did you mean 'openai/gpt-6-luna'",
        ),
        (
            'instead = "openai/gpt-6-luna"',
            'instead = "openai/none"',
            "retirements.0.instead",
            "not among the models",
        ),
    ],
)
def test_a_malformed_file_is_refused_with_its_key(
    tmp_path: Path, old: str, new: str, key: str, wrong: str
) -> None:
    path = _changed(tmp_path, old, new)

    with pytest.raises(ConfigError) as refused:
        load_catalog(path)

    assert str(path) in str(refused.value)
    assert key in str(refused.value)
    assert wrong in str(refused.value)


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text("[models", encoding="utf-8")

    with pytest.raises(ConfigError, match="not valid TOML"):
        load_catalog(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*none\.toml"):
        load_catalog(tmp_path / "none.toml")


def test_a_preset_with_an_unknown_model_is_refused_with_a_suggestion(tmp_path: Path) -> None:
    path = _changed(tmp_path, 'small = ["openai/gpt-4o-mini"]', 'small = ["openai/gpt-4o-minni"]')

    with pytest.raises(
        ConfigError, match=r"presets\.classic\.talk\.small.*did you mean 'openai/gpt-4o-mini'"
    ):
        load_catalog(path)


def test_a_preset_without_a_lane_is_refused(tmp_path: Path) -> None:
    path = _changed(tmp_path, "[presets.local.see]", "[presets.other.see]")

    with pytest.raises(ConfigError, match="the lane is missing"):
        load_catalog(path)


def test_a_blind_model_in_the_see_lane_is_refused(tmp_path: Path) -> None:
    path = _changed(tmp_path, "vision = true", "vision = false")

    with pytest.raises(
        ConfigError, match=r"presets\.default\.see\.small: 'openai/gpt-6-luna' takes no images"
    ):
        load_catalog(path)


def test_a_retirement_date_without_a_source_is_refused(tmp_path: Path) -> None:
    path = _changed(
        tmp_path, 'source = "https://developers.openai.com/api/docs/deprecations"\nchecked', "checked"
    )

    with pytest.raises(ConfigError, match="a retirement date needs its source"):
        load_catalog(path)


OWN = """
[models."custom/llama"]
tier = "small"
vision = false
tools = true
price = { input = 0.2, output = 0.6, cached = 0.05 }
regions = ["eu"]

[models."openai/gpt-6-luna"]
retires = 2027-03-01
replaced_by = "google/gemini-3.5-flash-lite"

[presets.ours.talk]
small = ["custom/llama"]
large = ["openai/gpt-6.1-sol"]

[presets.ours.see]
small = ["google/gemini-3.5-flash-lite"]
large = []

[presets.default.talk]
small = ["custom/llama"]

[[retirements]]
on = 2026-11-01
models = ["openai/gpt-5.2"]
instead = "openai/gpt-6.1-sol"
source = "https://ours.example/models"
checked = 2026-11-02
"""


def _own(tmp_path: Path, text: str = OWN) -> Path:
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_operators_file_is_laid_over_the_shipped_one(tmp_path: Path) -> None:
    catalog = load_catalog(own=_own(tmp_path))

    llama, luna = catalog.models["custom/llama"], catalog.models["openai/gpt-6-luna"]

    assert llama.price == DeclaredPrice(0.2, 0.6, 0.05)
    assert (luna.retires, luna.context_tokens) == (date(2027, 3, 1), 1_050_000)
    assert catalog.presets["ours"]["talk"]["small"] == ("custom/llama",)
    assert catalog.presets["default"]["talk"]["small"] == ("custom/llama",)
    assert catalog.presets["default"]["talk"]["large"] == load_catalog().presets["default"]["talk"]["large"]
    assert {"openai/gpt-5.2", "openai/gpt-4"} <= catalog.retirements.keys()
    assert len(catalog.places) == len(load_catalog().places)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[models", "is not valid TOML"),
        ('[models."custom/x"]\ntier = "small"\n', "models.custom/x.vision: field required"),
        ('[models."openai/gpt-6-luna"]\nvision = 1\n', "models.openai/gpt-6-luna.vision"),
        (
            '[models."openai/gpt-6-luna"]\nprice = { input = 0.0, output = 0.0 }\n',
            "models.openai/gpt-6-luna.price: the prices of openai come from the price list",
        ),
        ('[presets.ours.talk]\nsmall = ["custom/x"]\nlarge = []\n', "presets.ours.see: the lane is missing"),
        ("[extra]\n", "extra: unexpected"),
        ("models = 3\n", "models: input should be a valid dictionary"),
    ],
)
def test_what_is_wrong_in_an_operators_file_is_said_of_that_file(
    tmp_path: Path, text: str, says: str
) -> None:
    path = _own(tmp_path, text)

    with pytest.raises(ConfigError) as refused:
        load_catalog(own=path)

    assert str(path) in str(refused.value)
    assert says in str(refused.value)


def test_an_operators_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*none\.toml"):
        load_catalog(own=tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("provider", "base_url", "regions"),
    [
        ("openai", None, ("global",)),
        ("openai", "https://eu.api.openai.com/v1", ("eu",)),
        ("openai", "https://proxy.example/v1", None),
        ("google", None, ("global",)),
        ("custom", "http://127.0.0.1:8000/v1", None),
    ],
)
def test_where_a_request_is_processed_follows_from_its_address(
    provider: Provider, base_url: str | None, regions: tuple[str, ...] | None
) -> None:
    assert load_catalog().regions_of(provider, base_url) == regions


@pytest.mark.parametrize(
    ("model_id", "percent"),
    [
        ("gpt-6-luna", 10),
        ("gpt-5.4", 10),
        ("gpt-5.4-mini", 10),
        ("gpt-5", 0),
        ("gpt-5-mini-2025-08-07", 0),
        ("gpt-4o-mini", 0),
        ("o3", 0),
    ],
)
def test_regional_addresses_add_to_the_models_that_came_after_the_day_from_which_they_do(
    model_id: str, percent: int
) -> None:
    catalog = load_catalog()

    assert catalog.surcharge_percent("openai", "https://EU.api.openai.com/v1", model_id) == percent
    assert catalog.surcharge_percent("openai", "https://api.openai.com/v1", model_id) == 0
    assert catalog.surcharge_percent("custom", "https://eu.api.openai.com/v1", model_id) == 0


def test_an_operator_may_say_what_another_address_adds(tmp_path: Path) -> None:
    catalog = load_catalog(
        own=_own(
            tmp_path,
            '[[surcharges]]\nprovider = "anthropic"\nhosts = ["claude.example"]\npercent = 25\n'
            'source = "our contract"\nchecked = 2026-11-28\n',
        )
    )

    assert catalog.surcharge_percent("anthropic", "https://claude.example", "claude-haiku-5-5") == 25
    assert catalog.surcharge_percent("openai", "https://eu.api.openai.com/v1", "gpt-6-luna") == 10


def test_a_surcharge_of_nothing_is_refused(tmp_path: Path) -> None:
    text = '[[surcharges]]\nprovider = "openai"\nhosts = ["x.example"]\npercent = 0\n'

    with pytest.raises(ConfigError, match=r"surcharges\.\d+\.percent: input should be greater than 0"):
        load_catalog(own=_own(tmp_path, text + 'source = "s"\nchecked = 2026-11-28\n'))


def test_a_models_own_regions_come_before_those_of_the_address(tmp_path: Path) -> None:
    catalog = load_catalog(own=_own(tmp_path))

    assert catalog.regions_of("custom", "http://x.example", catalog.models["custom/llama"]) == ("eu",)


def test_what_may_be_anywhere_is_within_global_alone() -> None:
    assert is_within(("eu",), ["eu", "us"])
    assert is_within(None, ["global"])
    assert not is_within(None, ["eu", "us"])
    assert not is_within(("global",), ["eu", "us"])
    assert not is_within(("eu", "us"), ["eu"])


def test_every_place_has_a_source() -> None:
    catalog = load_catalog()

    assert {place.provider for place in catalog.places} == {"openai", "anthropic", "google"}
    assert all(place.source.startswith("https://") for place in catalog.places)
