"""What a file of models may hold, as pydantic reads it: a quoted "true" is not taken for true, nor a quoted
number for a number. What it means is `models_file.py`'s."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt, TypeAdapter, with_config

from agent.cascade.models.catalog import ImageFormula, Lane, Provider, Region, Tier

_STRICT = ConfigDict(extra="forbid")
_Dollars = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
_Tokens = Annotated[StrictInt, Field(gt=0)]
_Regions = Annotated[list[Region], Field(min_length=1)]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class PriceEntry:
    input: _Dollars
    output: _Dollars
    cached: _Dollars | None = None


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class ModelEntry:
    tier: Tier
    vision: StrictBool
    tools: StrictBool
    context_tokens: _Tokens | None = None
    image_tokens: ImageFormula | None = None
    thinking: str | None = None
    retires: date | None = None
    replaced_by: str | None = None
    source: str | None = None
    checked: date | None = None
    price: PriceEntry | None = None
    regions: _Regions | None = None


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class SpeechEntry:
    does: Literal["stt", "tts"]
    voice: str | None = None
    retires: date | None = None
    source: str | None = None
    checked: date | None = None


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class RetirementEntry:
    on: date
    models: list[str]
    instead: str
    source: str
    checked: date


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class PlaceEntry:
    provider: Provider
    host: str
    regions: _Regions
    source: str
    checked: date


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class SurchargeEntry:
    provider: Literal["openai", "google", "anthropic"]
    hosts: Annotated[list[str], Field(min_length=1)]
    percent: Annotated[StrictInt, Field(gt=0, le=1_000)]
    source: str
    checked: date
    spares: list[str] = field(default_factory=list)


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class TierLists:
    small: list[str]
    large: list[str]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Document:
    models: dict[str, ModelEntry]
    presets: dict[str, dict[Lane, TierLists]]
    speech: dict[str, SpeechEntry]
    retirements: list[RetirementEntry] = field(default_factory=list)
    places: list[PlaceEntry] = field(default_factory=list)
    surcharges: list[SurchargeEntry] = field(default_factory=list)


DOCUMENT = TypeAdapter(Document)
