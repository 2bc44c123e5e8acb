"""Reads `models.toml` into a `Catalog`, and says in one line what is wrong with one that cannot be read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, StrictBool, StrictInt, TypeAdapter, ValidationError, with_config

from agent.cascade.catalog import (
    LANES,
    PROVIDERS,
    TIERS,
    Catalog,
    DeclaredPrice,
    ImageFormula,
    Lane,
    Model,
    Preset,
    Provider,
    Retirement,
    SpeechModel,
    Tier,
    nearest,
)
from agent.errors import ConfigError

MODELS_FILE = Path(__file__).with_name("models.toml")


def load_catalog(path: Path = MODELS_FILE) -> Catalog:
    """Raises: ConfigError that names the file, the key in it and what is wrong there."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        document = _DOCUMENT.validate_python(raw)
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        wrong = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in error.errors(include_url=False)
        ]
        raise ConfigError(f"{path}: {'; '.join(wrong)}") from error
    return _build(path, document)


# What a file may hold. A quoted "true" is not taken for true, nor a quoted number for a number.

_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class _ModelEntry:
    tier: Tier
    vision: StrictBool
    tools: StrictBool
    context_tokens: StrictInt | None = None
    image_tokens: ImageFormula | None = None
    thinking: str | None = None
    retires: date | None = None
    replaced_by: str | None = None
    source: str | None = None
    checked: date | None = None
    price: DeclaredPrice | None = None


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class _SpeechEntry:
    does: Literal["stt", "tts"]
    voice: str | None = None
    retires: date | None = None
    source: str | None = None
    checked: date | None = None


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class _RetirementEntry:
    on: date
    models: list[str]
    instead: str
    source: str
    checked: date


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class _TierLists:
    small: list[str]
    large: list[str]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class _Document:
    models: dict[str, _ModelEntry]
    presets: dict[str, dict[Lane, _TierLists]]
    speech: dict[str, _SpeechEntry]
    retirements: list[_RetirementEntry] = field(default_factory=list)


_DOCUMENT = TypeAdapter(_Document)


def _build(path: Path, document: _Document) -> Catalog:
    models: dict[str, Model] = {}
    for name, entry in document.models.items():
        provider, model_id = _split(path, f"models.{name}", name)
        if entry.retires is not None and entry.source is None:
            raise ConfigError(f"{path}: models.{name}.source: a retirement date needs its source")
        models[name] = Model(
            provider=provider,
            id=model_id,
            tier=entry.tier,
            context_tokens=entry.context_tokens,
            vision=entry.vision,
            tools=entry.tools,
            image_tokens=entry.image_tokens,
            thinking=entry.thinking,
            retires=entry.retires,
            replaced_by=entry.replaced_by,
            source=entry.source,
            price=entry.price,
        )
    speech = [_speech(path, name, entry) for name, entry in document.speech.items()]
    presets = {name: _preset(path, name, lanes, models) for name, lanes in document.presets.items()}
    retirements = {
        name: Retirement(entry.on, entry.instead, entry.source)
        for entry in document.retirements
        for name in entry.models
    }
    return Catalog(models=models, retirements=retirements, speech=tuple(speech), presets=presets)


def _speech(path: Path, name: str, entry: _SpeechEntry) -> SpeechModel:
    provider, model_id = _split(path, f"speech.{name}", name)
    return SpeechModel(provider, model_id, entry.does, entry.voice, entry.retires, entry.source)


def _preset(path: Path, name: str, lanes: dict[Lane, _TierLists], models: Mapping[str, Model]) -> Preset:
    preset: dict[Lane, dict[Tier, tuple[str, ...]]] = {}
    for lane in LANES:
        if lane not in lanes:
            raise ConfigError(f"{path}: presets.{name}.{lane}: the lane is missing")
        lists = lanes[lane]
        preset[lane] = {"small": tuple(lists.small), "large": tuple(lists.large)}
        for tier in TIERS:
            for wanted in preset[lane][tier]:
                key = f"presets.{name}.{lane}.{tier}"
                if wanted not in models:
                    hint = nearest(wanted, list(models))
                    raise ConfigError(
                        f"{path}: {key}: {wanted!r} is not among the models"
                        + (f"; did you mean {hint!r}?" if hint else "")
                    )
                if lane == "see" and not models[wanted].vision:
                    raise ConfigError(f"{path}: {key}: {wanted!r} takes no images")
    return preset


def _split(path: Path, key: str, name: str) -> tuple[Provider, str]:
    head, _, model_id = name.partition("/")
    for provider in PROVIDERS:
        if head == provider and model_id:
            return provider, model_id
    raise ConfigError(f"{path}: {key}: should be provider/id with one of {', '.join(PROVIDERS)}")
