"""The models the cascade knows, read from `models.toml`: capabilities, retirement, presets.

Prices are not here (`prices.py`); which models a deployment uses is decided in `resolve.py`. A catalog is a
plain value, so tests and operators can load another file.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, StrictBool, StrictInt, TypeAdapter, ValidationError, with_config

from agent.errors import ConfigError

Lane = Literal["talk", "see"]
"""`see` is a turn whose question carries an image."""
Tier = Literal["small", "large"]
Provider = Literal["openai", "google", "anthropic", "ollama", "custom", "local"]
"""`custom` is any other OpenAI-compatible server; `local` runs in this process."""
ImageFormula = Literal[
    "openai-patches",
    "openai-tiles",
    "gemini-resolution",
    "gemini-tiles",
    "anthropic-patches",
    "anthropic-area",
]

LANES: tuple[Lane, ...] = ("talk", "see")
TIERS: tuple[Tier, ...] = ("small", "large")
PROVIDERS: tuple[Provider, ...] = ("openai", "google", "anthropic", "ollama", "custom", "local")

MODELS_FILE = Path(__file__).with_name("models.toml")


@dataclass(frozen=True, slots=True)
class DeclaredPrice:
    """Dollars per million tokens; cached input costs as much as other input when `cached` is None."""

    input: float
    output: float
    cached: float | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """`context_tokens`, `image_tokens` and `thinking` are None where nothing is known or needed."""

    provider: Provider
    id: str
    tier: Tier = "small"
    context_tokens: int | None = None
    vision: bool = True
    tools: bool = True
    image_tokens: ImageFormula | None = None
    thinking: str | None = None
    retires: date | None = None
    replaced_by: str | None = None
    source: str | None = None
    price: DeclaredPrice | None = None

    @property
    def name(self) -> str:
        return f"{self.provider}/{self.id}"

    def is_retired(self, today: date) -> bool:
        return self.retires is not None and today >= self.retires


@dataclass(frozen=True, slots=True)
class SpeechModel:
    provider: Provider
    id: str
    does: Literal["stt", "tts"]
    voice: str | None = None
    retires: date | None = None
    source: str | None = None


Preset = Mapping[Lane, Mapping[Tier, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Catalog:
    """`models` by name (provider/id)."""

    models: Mapping[str, Model]
    speech: tuple[SpeechModel, ...]
    presets: Mapping[str, Preset]

    def preset(self, name: str) -> Preset:
        """Raises: ConfigError that lists the presets there are."""
        if name not in self.presets:
            known = ", ".join(sorted(self.presets))
            raise ConfigError(f"PARLEY_PRESET is {name!r}; the presets are {known}")
        return self.presets[name]

    def speech_model(self, provider: str, does: Literal["stt", "tts"]) -> SpeechModel | None:
        return next((s for s in self.speech if (s.provider, s.does) == (provider, does)), None)

    def living_replacement(self, model: Model, today: date) -> Model | None:
        """What to use in place of `model`: its named successor, else the nearest of its tier that lives."""
        named = self.models.get(model.replaced_by or "")
        if named is not None and not named.is_retired(today):
            return named
        living = [m for m in self.models.values() if m.tier == model.tier and not m.is_retired(today)]
        return next((m for m in living if m.provider == model.provider), next(iter(living), None))


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


def nearest(text: str, known: list[str]) -> str | None:
    """The known name that `text` most likely meant, or None."""
    return next(iter(difflib.get_close_matches(text, known, n=1, cutoff=0.6)), None)


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
class _TierLists:
    small: list[str]
    large: list[str]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class _Document:
    models: dict[str, _ModelEntry]
    presets: dict[str, dict[Lane, _TierLists]]
    speech: dict[str, _SpeechEntry]


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
    return Catalog(models=models, speech=tuple(speech), presets=presets)


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
