"""The models the cascade knows: capabilities, retirement, regions, presets.

A catalog is a plain value, read from `models.toml` by `models_file.py`. Prices are not here (`prices.py`);
which models a deployment uses is decided in `resolve.py`.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

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

Region = Literal["global", "us", "eu"]
"""Where a request may be processed; `global` is anywhere."""

LANES: tuple[Lane, ...] = ("talk", "see")
TIERS: tuple[Tier, ...] = ("small", "large")
PROVIDERS: tuple[Provider, ...] = ("openai", "google", "anthropic", "ollama", "custom", "local")
REMOTE: tuple[Provider, ...] = ("openai", "google", "anthropic")

DATED = re.compile(r"(-\d{2,8})+$")
"""The date at the end of a model's name, as in gpt-4o-2024-11-20 and claude-sonnet-4-5-20250929."""


@dataclass(frozen=True, slots=True)
class DeclaredPrice:
    """Dollars per million tokens; cached input costs as much as other input when `cached` is None."""

    input: float
    output: float
    cached: float | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """`context_tokens`, `image_tokens` and `thinking` are None where nothing is known or needed.

    `regions`: only where the model differs from its provider's address (`Catalog.places`).
    `surcharge_percent`: what the address that it is reached at adds to the price list.
    """

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
    regions: tuple[Region, ...] | None = None
    surcharge_percent: int = 0

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


@dataclass(frozen=True, slots=True)
class Retirement:
    on: date
    instead: str
    source: str


@dataclass(frozen=True, slots=True)
class Place:
    """An address of a provider, and where it processes what is sent there. The first is the default one."""

    provider: Provider
    host: str
    regions: tuple[Region, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What some addresses of a provider add to its prices. `spares`: names, and beginnings of names up to a
    hyphen, of the models to which they add nothing."""

    provider: Provider
    hosts: tuple[str, ...]
    percent: int
    spares: tuple[str, ...]
    source: str

    def applies(self, provider: str, host: str | None, model_id: str) -> bool:
        if provider != self.provider or host not in self.hosts:
            return False
        return not any(model_id == name or model_id.startswith(f"{name}-") for name in self.spares)


Preset = Mapping[Lane, Mapping[Tier, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Catalog:
    """`models` and `retirements` (of models that are not among them) by name, provider/id."""

    models: Mapping[str, Model]
    retirements: Mapping[str, Retirement]
    speech: tuple[SpeechModel, ...]
    presets: Mapping[str, Preset]
    places: tuple[Place, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()

    def preset(self, name: str, setting: str = "PARLEY_PRESET") -> Preset:
        """Raises: ConfigError that lists the presets there are."""
        if name not in self.presets:
            known = ", ".join(sorted(self.presets))
            raise ConfigError(f"{setting} is {name!r}; the presets are {known}")
        return self.presets[name]

    def speech_model(self, provider: str, does: Literal["stt", "tts"]) -> SpeechModel | None:
        return next((s for s in self.speech if (s.provider, s.does) == (provider, does)), None)

    def retirement(self, name: str) -> Retirement | None:
        """The end of a model that is not in the catalog, or of one of which `name` is a dated version."""
        known = [text for text in self.retirements if name == text or DATED.sub("", name) == text]
        return self.retirements[max(known, key=len)] if known else None

    def outside_model(self, provider: Provider, model_id: str, tier: Tier, context: int | None) -> Model:
        """A model that is not in the catalog; its end is known for the dated versions of a name as well."""
        model = Model(provider=provider, id=model_id, tier=tier, context_tokens=context)
        end = self.retirement(model.name)
        if end is None:
            return model
        return replace(model, retires=end.on, replaced_by=end.instead, source=end.source)

    def regions_of(
        self, provider: Provider, base_url: str | None, model: Model | None = None
    ) -> tuple[Region, ...] | None:
        """Where a request to `base_url` (None: the provider's own) may be processed; None is not known."""
        if model is not None and model.regions is not None:
            return model.regions
        places = [place for place in self.places if place.provider == provider]
        if base_url is None:
            return places[0].regions if places else None
        host = urlsplit(base_url).hostname
        return next((place.regions for place in places if place.host == host), None)

    def surcharge_percent(self, provider: str, base_url: str | None, model_id: str) -> int:
        """What is paid on top of the price list at `base_url` (None: the provider's own)."""
        host = urlsplit(base_url).hostname if base_url else None
        return sum(each.percent for each in self.surcharges if each.applies(provider, host, model_id))

    def retired(self, model: Model, today: date) -> str:
        """The sentence on a model that `is_retired`: since when, by which source, and what to use instead."""
        instead = self.living_replacement(model, today)
        hint = f"; use {instead.name}" if instead else ""
        return f"{model.name} was retired on {model.retires} ({model.source}){hint}"

    def living_replacement(self, model: Model, today: date) -> Model | None:
        """What to use in place of `model`: its named successor, else the nearest of its tier that lives.

        One that has no end yet comes before one that has, and the provider's own before another's.
        """
        named = self.models.get(model.replaced_by or "")
        if named is not None and not named.is_retired(today):
            return named
        living = [
            m
            for m in self.models.values()
            if m.tier == model.tier and m.provider in REMOTE and not m.is_retired(today)
        ]
        return min(living, key=lambda m: (m.retires is not None, m.provider != model.provider), default=None)


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The known name that `text` most likely meant, or None."""
    return next(iter(difflib.get_close_matches(text, list(known), n=1, cutoff=0.6)), None)


def is_within(regions: tuple[Region, ...] | None, allowed: Iterable[Region]) -> bool:
    """Whether all of it stays in the allowed regions. What is not known may be anywhere."""
    return "global" in (wanted := set(allowed)) or (regions is not None and set(regions) <= wanted)
