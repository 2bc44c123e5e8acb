"""Decides, from settings and keys, which models answer in which lane and tier, and which speech is used.

Pure: what servers have to offer comes in as `Found` (`discover.py`), today's date comes in too. Explicit
choices win over what a key brings; a model that is retired or misspelt stops the start-up with a sentence.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from agent.cascade import prices
from agent.cascade.catalog import (
    LANES,
    PROVIDERS,
    TIERS,
    Catalog,
    Lane,
    Model,
    Provider,
    SpeechModel,
    Tier,
    nearest,
)
from agent.cascade.discover import Found, Listing
from agent.cascade.models_file import load_catalog
from agent.cascade.resolved import Candidate, Endpoint, Resolved, Speech
from agent.errors import ConfigError
from agent.settings import ProviderSettings

RETIREMENT_NOTICE = timedelta(days=60)
NO_KEY = "none"
"""Sent to servers that want no key: their SDK refuses an empty one."""

NOT_CHAT = ("embed", "rerank", "whisper", "transcribe", "tts", "moderation", "image", "realtime", "audio")
"""Words in the names of models that do not answer chats."""

KEY_SETTINGS: Mapping[str, str] = {
    "openai": "OPENAI_API_KEY",
    "google": "GOOGLE_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "ollama": "OLLAMA_BASE_URL",
    "custom": "OPENAI_BASE_URL",
}


def resolve(
    providers: ProviderSettings, *, today: date, found: Found | None = None, catalog: Catalog | None = None
) -> Resolved:
    """Raises: ConfigError that names the setting or the model, and what to do."""
    return _Resolution(providers, today, found or Found(), catalog or load_catalog()).run()


class _Resolution:
    """One run of `resolve`: holds its inputs, and collects notes for the banner."""

    def __init__(self, providers: ProviderSettings, today: date, found: Found, catalog: Catalog) -> None:
        self._settings = providers
        self._today = today
        self._found = found
        self._catalog = catalog
        self._notes: list[str] = []
        self._endpoints = self._reachable()

    def run(self) -> Resolved:
        preset = self._catalog.preset(self._settings.preset)
        explicit: dict[Tier, Model | None] = {
            "small": self._named("PARLEY_SMALL_MODEL", self._settings.small_model, "small"),
            "large": self._named("PARLEY_LARGE_MODEL", self._settings.large_model, "large"),
        }
        lanes: dict[Lane, tuple[Candidate, ...]] = {}
        for lane in LANES:
            lists = {tier: self._choose(preset[lane][tier], explicit[tier], lane, tier) for tier in TIERS}
            lanes[lane] = _in_order(lists)
        lanes = self._filled(lanes)
        self._refuse_retired(lanes)
        return self._finish(lanes)

    def _finish(self, lanes: Mapping[Lane, tuple[Candidate, ...]]) -> Resolved:
        names = dict.fromkeys(c.model.provider for lane in LANES for c in lanes[lane])
        stt, tts = self._speech("stt", self._settings.stt), self._speech("tts", self._settings.tts)
        if not lanes["see"]:
            self._notes.append("no model here takes images: the agent cannot see the shared screen")
        if "anthropic" in names and "local" in (stt.provider, tts.provider) and self._settings.stt is None:
            self._notes.append("Anthropic has no speech: local speech stays")
        self._note_retirements(lanes)
        return Resolved(
            profile="+".join(names),
            lanes=lanes,
            stt=stt,
            tts=tts,
            endpoints={name: point for name, point in self._endpoints.items() if name in names},
            today=self._today,
            notes=tuple(self._notes),
        )

    def _filled(self, lanes: Mapping[Lane, tuple[Candidate, ...]]) -> dict[Lane, tuple[Candidate, ...]]:
        """A lane without candidates takes the other's; with none at all, the local engine answers."""
        talk, see = lanes["talk"], lanes["see"]
        if not talk and not see:
            self._require_answering_servers()
            local = Candidate("small", self._catalog.models["local/quoting"])
            return {"talk": (local,), "see": (local,)}
        return {"talk": talk or see, "see": see or tuple(c for c in talk if c.model.vision)}

    def _require_answering_servers(self) -> None:
        """Raises: ConfigError when a server that the settings name offered no model."""
        for setting, url in (
            ("OPENAI_BASE_URL", self._settings.openai_base_url),
            ("OLLAMA_BASE_URL", self._settings.ollama_base_url),
        ):
            if url is not None and self._settings.preset != "local":
                raise ConfigError(
                    f"{setting} is {url!r}, where no list of models was found: "
                    "start that server, or name its model in PARLEY_SMALL_MODEL"
                )

    # Which providers can be reached

    def _reachable(self) -> dict[Provider, Endpoint]:
        settings, endpoints = self._settings, dict[Provider, Endpoint]()
        if settings.openai_api_key and not self._is_other_server():
            endpoints["openai"] = Endpoint(settings.openai_base_url, settings.openai_api_key)
        elif settings.openai_base_url:
            endpoints["custom"] = Endpoint(settings.openai_base_url, settings.openai_api_key or NO_KEY)
        if settings.google_api_key:
            endpoints["google"] = Endpoint(settings.google_base_url, settings.google_api_key)
        if settings.anthropic_api_key:
            endpoints["anthropic"] = Endpoint(settings.anthropic_base_url, settings.anthropic_api_key)
        ollama = settings.ollama_base_url or (self._found.ollama and self._found.ollama.base_url)
        if ollama:
            root = ollama.rstrip("/").removesuffix("/v1")
            endpoints["ollama"] = Endpoint(f"{root}/v1", NO_KEY)
        return endpoints

    def _is_other_server(self) -> bool:
        """Whether the endpoint lists models and none of them is OpenAI's: then its key is its own."""
        listing = self._found.endpoint
        if self._settings.openai_base_url is None or listing is None or not listing.models:
            return False
        return not any(
            f"openai/{m.id}" in self._catalog.models or prices.knows("openai", m.id) for m in listing.models
        )

    # Which models

    def _choose(self, names: tuple[str, ...], explicit: Model | None, lane: Lane, tier: Tier) -> list[Model]:
        if explicit is not None and (lane == "talk" or explicit.vision):
            return [explicit]
        models = [m for m in self._discovered(tier) if lane == "talk" or m.vision]
        models += [
            self._catalog.models[name]
            for name in names
            if self._catalog.models[name].provider in ("local", *self._endpoints)
        ]
        return models

    def _discovered(self, tier: Tier) -> list[Model]:
        """What a custom endpoint, or else an Ollama, offers for this tier, unless a preset excludes them."""
        if self._settings.preset == "local":
            return []
        listings: tuple[tuple[Provider, Listing | None], ...] = (
            ("custom", self._found.endpoint),
            ("ollama", self._found.ollama),
        )
        for provider, listing in listings:
            models = [m for m in listing.models if chats(m.id)] if listing is not None else []
            if provider in self._endpoints and models:
                listed = models[0] if tier == "small" else models[-1]
                return [self._offered(provider, listed.id, tier, listed.vision)]
        return []

    def _offered(self, provider: Provider, model_id: str, tier: Tier, vision: bool | None) -> Model:
        declared = self._catalog.models.get(f"{provider}/{model_id}")
        return declared or Model(provider, model_id, tier, vision=vision is not False)

    def _named(self, setting: str, text: str | None, tier: Tier) -> Model | None:
        """The model that `setting` names, None when it names none. Raises: ConfigError."""
        if text is None:
            return None
        head, _, rest = text.partition("/")
        provider = next((p for p in PROVIDERS if p == head and rest), None)
        if "custom" in self._endpoints and provider not in ("local", *self._endpoints):
            # Servers of one's own name models as they like, meta-llama/Llama-3 for example.
            return self._offered("custom", rest if provider == "openai" else text, tier, None)
        if provider is None:
            raise ConfigError(f"{setting} is {text!r}; it should be provider/model" + self._hint(text))
        if provider not in ("local", *self._endpoints):
            raise ConfigError(f"{setting} is {text!r}, but {KEY_SETTINGS[provider]} is not set")
        if text in self._catalog.models:
            return self._catalog.models[text]
        if provider in ("ollama", "custom"):
            return self._offered(provider, rest, tier, self._listed_vision(rest))
        if prices.knows(provider, rest) and chats(rest):
            return self._catalog.outside_model(provider, rest, tier, prices.context_tokens(provider, rest))
        raise ConfigError(
            f"{setting} is {text!r}, which is not known as a chat model of {provider}" + self._hint(text)
        )

    def _listed_vision(self, model_id: str) -> bool | None:
        listed = self._found.ollama.models if self._found.ollama else ()
        return next((m.vision for m in listed if m.id == model_id), None)

    def _hint(self, text: str) -> str:
        known = list(self._catalog.models)
        known += [f"{p}/{model_id}" for p in prices.PRICED_PROVIDERS for model_id in prices.listed_models(p)]
        meant = nearest(text, known) or next((n for n in known if n.partition("/")[2] == text), None)
        return f"; did you mean {meant!r}?" if meant else ""

    # Retirement

    def _refuse_retired(self, lanes: Mapping[Lane, tuple[Candidate, ...]]) -> None:
        """Raises: ConfigError with a sentence for each retired model of each lane."""
        refusals = []
        for lane in LANES:
            for model in (c.model for c in lanes[lane] if c.model.is_retired(self._today)):
                instead = self._catalog.living_replacement(model, self._today)
                refusals.append(
                    f"lane {lane}: {model.name} was retired on {model.retires} ({model.source})"
                    + (f"; use {instead.name}" if instead else "")
                )
        if refusals:
            raise ConfigError(
                f"a chosen model no longer exists (PARLEY_PRESET is {self._settings.preset!r}). "
                + ". ".join(refusals)
                + ". Choose another PARLEY_PRESET, or set PARLEY_SMALL_MODEL and PARLEY_LARGE_MODEL."
            )

    def _note_retirements(self, lanes: Mapping[Lane, tuple[Candidate, ...]]) -> None:
        for model in dict.fromkeys(c.model for lane in LANES for c in lanes[lane]):
            if model.retires is not None and model.retires - self._today <= RETIREMENT_NOTICE:
                instead = self._catalog.living_replacement(model, model.retires)
                self._notes.append(
                    f"{model.name} retires on {model.retires}"
                    + (f": move to {instead.name}" if instead else "")
                )

    # Speech

    def _speech(self, does: Literal["stt", "tts"], wanted: str | None) -> Speech:
        setting = f"PARLEY_{does.upper()}"
        if wanted is not None and wanted not in ("local", "openai", "google"):
            raise ConfigError(f"{setting} is {wanted!r}; it should be local, openai or google")
        if wanted is None:
            wanted = self._speech_of_the_key()
        if wanted == "local":
            return Speech("local")
        provider: Literal["openai", "google"] = "openai" if wanted == "openai" else "google"
        endpoint = self._endpoints.get(provider)
        if endpoint is None and provider == "openai":
            endpoint = self._endpoints.get("custom")
        if endpoint is None:
            raise ConfigError(f"{setting} is {wanted!r}, but {KEY_SETTINGS[provider]} is not set")
        model = self._catalog.speech_model(provider, does)
        if model is None:
            raise ConfigError(f"{setting} is {wanted!r}, but the catalog has no {does} model of {provider}")
        return self._checked_speech(model, provider, endpoint)

    def _speech_of_the_key(self) -> str:
        if self._settings.preset == "local":
            return "local"
        return next((p for p in ("openai", "google") if p in self._endpoints), "local")

    def _checked_speech(
        self, model: SpeechModel, provider: Literal["openai", "google"], endpoint: Endpoint
    ) -> Speech:
        if model.retires is not None and self._today >= model.retires:
            self._notes.append(f"{provider}/{model.id} was retired on {model.retires}: local speech instead")
            return Speech("local")
        if model.retires is not None and model.retires - self._today <= RETIREMENT_NOTICE:
            self._notes.append(f"{provider}/{model.id} retires on {model.retires}: local speech from then on")
        return Speech(provider, model.id, model.voice, endpoint)


def _in_order(lists: Mapping[Tier, list[Model]]) -> tuple[Candidate, ...]:
    """Small before large, each model once."""
    seen: dict[str, Candidate] = {}
    for tier in TIERS:
        for model in lists[tier]:
            seen.setdefault(model.name, Candidate(tier, model))
    return tuple(seen.values())


def chats(model_id: str) -> bool:
    """Servers list everything they have; names are all they say about a model."""
    return not any(word in model_id.lower() for word in NOT_CHAT)
