"""The catalog: what the shipped file holds, and how a wrong one is refused."""

from datetime import date
from pathlib import Path

import pytest

from agent.cascade import prices
from agent.cascade.models_file import MODELS_FILE, load_catalog
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
