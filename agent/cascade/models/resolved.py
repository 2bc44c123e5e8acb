"""What was resolved: which models answer, which speech is used, and the banner that says so.

`resolve.py` makes these values; everything that uses them takes them from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Literal
from urllib.parse import urlsplit

from agent.cascade.models import prices
from agent.cascade.models.catalog import LANES, TIERS, Lane, Model, Provider, Tier


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider is reached; `base_url` None is the provider's own address."""

    base_url: str | None
    api_key: str = field(repr=False)

    @property
    def host(self) -> str | None:
        """Of another server than the provider's own, with its port, to be shown; no credential is in it."""
        return None if self.base_url is None else urlsplit(self.base_url).netloc.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Candidate:
    tier: Tier
    model: Model


@dataclass(frozen=True, slots=True)
class Speech:
    """One direction of speech. `model` and `endpoint` are None for the local engines.

    `language` is BCP 47; the local engines know English only, whatever it says. `is_priced` is false on
    another server than the provider's own: its rate is not known.
    """

    provider: Literal["local", "openai", "google"]
    model: str | None = None
    voice: str | None = None
    endpoint: Endpoint | None = None
    language: str = "en"
    is_priced: bool = True

    @property
    def name(self) -> str:
        return self.provider if self.model is None else f"{self.provider}/{self.model}"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What this process answers with.

    `lanes`: the candidates of a lane in the order in which they are tried; `see` is empty when no model
    takes images. `profile`: the providers of the answers, "local" when none is remote.
    """

    profile: str
    lanes: Mapping[Lane, tuple[Candidate, ...]]
    stt: Speech
    tts: Speech
    endpoints: Mapping[Provider, Endpoint]
    today: date
    notes: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Nothing leaves the machine: neither questions nor speech."""
        return self.profile == "local" and self.stt.provider == "local" and self.tts.provider == "local"

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model once."""
        return tuple(dict.fromkeys(c.model for lane in LANES for c in self.lanes[lane]))

    def baseline(self, lane: Lane) -> Model | None:
        """The model that always-large would use: the first large one, else the last there is."""
        candidates = self.lanes[lane]
        large = [c.model for c in candidates if c.tier == "large"]
        return large[0] if large else (candidates[-1].model if candidates else None)

    def lines(self) -> tuple[str, ...]:
        """The start-up banner, one sentence a line, prices included."""
        answers = []
        for lane in LANES:
            for tier in TIERS:
                models = [c.model for c in self.lanes[lane] if c.tier == tier]
                if models:
                    answers.append(f"{lane}, {tier}: " + ", then ".join(self._describe(m) for m in models))
        hearing, speaking = self.stt.name, self.tts.name
        speech = hearing if hearing == speaking else f"{hearing} hears, {speaking} speaks"
        at = [f"{name} at {point.host}" for name, point in self.endpoints.items() if point.host is not None]
        servers = [f"servers: {', '.join(at)}"] if at else []
        return (*answers, f"speech: {speech}", *servers, *self.notes)

    def _describe(self, model: Model) -> str:
        if model.provider == "local":
            return f"{model.name} (quotes the documents, free)"
        price = prices.rate(model, _noon(self.today))
        if price is None:
            return f"{model.name} (unpriced)"
        added = f", {model.surcharge_percent} % of its region included" if model.surcharge_percent else ""
        return f"{model.name} (${price.input:g} in / ${price.output:g} out per million tokens{added})"


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
