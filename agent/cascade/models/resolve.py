"""Decides, from settings and keys, which models answer in which lane and tier, and which speech is used.

Pure: what servers have to offer comes in as `Found` (`discover.py`), today's date comes in too. Explicit
choices win over what a key brings, and a tenant's own lists over both. A candidate that is retired, or that
would leave the regions a tenant allows, is refused in its lane; a tier that is left without any by that stops
with a sentence, so that no turn silently goes to a dearer model than was asked for.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from agent.cascade.models.catalog import (
    LANES,
    TIERS,
    Catalog,
    DeclaredPrice,
    Lane,
    Model,
    Preset,
    Provider,
    Tier,
)
from agent.cascade.models.discover import Found, Listing
from agent.cascade.models.models_file import load_catalog
from agent.cascade.models.naming import OWN_SERVERS, chats, find_model, split_name, suggest
from agent.cascade.models.reach import reach
from agent.cascade.models.resolved import Candidate, Resolved
from agent.cascade.models.speech_choice import SpeechChoice
from agent.errors import ConfigError
from agent.settings import ProviderSettings
from agent.wire import ModelPolicy, TierModels

RETIREMENT_NOTICE = timedelta(days=60)

Lists = Mapping[Tier, list[Model]]


def resolve(
    providers: ProviderSettings,
    *,
    today: date,
    found: Found | None = None,
    catalog: Catalog | None = None,
    policy: ModelPolicy | None = None,
) -> Resolved:
    """`policy`: of a tenant's agent; its preset, models and speech are taken from `providers`.

    Raises: ConfigError that names the setting or the model, and what to do.
    """
    known = catalog or load_catalog(own=providers.models_file)
    return _Resolution(providers, today, found or Found(), known, policy or ModelPolicy()).run()


class _Resolution:
    """One run of `resolve`: holds its inputs, and collects notes for the banner."""

    def __init__(
        self,
        providers: ProviderSettings,
        today: date,
        found: Found,
        catalog: Catalog,
        policy: ModelPolicy,
    ) -> None:
        self._settings = providers
        self._today = today
        self._found = found
        self._catalog = catalog
        self._policy = policy
        self._notes: list[str] = []
        self._refusals: list[str] = []
        self._reach = reach(providers, found, catalog, policy)

    def run(self) -> Resolved:
        preset = self._catalog.preset(self._settings.preset)
        self._takes_discovered = self._settings.preset != "local" and not self._names_own_servers(preset)
        explicit: dict[Tier, Model | None] = {
            "small": self._named("PARLEY_SMALL_MODEL", self._settings.small_model, "small"),
            "large": self._named("PARLEY_LARGE_MODEL", self._settings.large_model, "large"),
        }
        own: dict[Lane, TierModels | None] = {"talk": self._policy.talk, "see": self._policy.see}
        lanes: dict[Lane, tuple[Candidate, ...]] = {}
        for lane in LANES:
            lists = own[lane]
            if lists is not None:
                chosen = self._listed(lane, lists)
            else:
                chosen = {t: self._choose(preset[lane][t], explicit[t], lane, t) for t in TIERS}
            lanes[lane] = _in_order({tier: self._living(chosen[tier], lane) for tier in TIERS})
        self._stop_if_refused()
        return self._finish(self._filled(lanes))

    def _names_own_servers(self, preset: Preset) -> bool:
        """Whether somebody chose among the models of their own servers, so that the others stay out."""
        names = [name for lists in preset.values() for tier in lists.values() for name in tier]
        for own in (self._policy.talk, self._policy.see):
            names += [] if own is None else [*own.small, *own.large]
        return any(split_name(name)[0] in OWN_SERVERS for name in names)

    def _finish(self, lanes: Mapping[Lane, tuple[Candidate, ...]]) -> Resolved:
        names = dict.fromkeys(c.model.provider for lane in LANES for c in lanes[lane])
        speech = SpeechChoice(self._catalog, self._reach, self._today, self._settings.preset == "local")
        stt = speech.choose("stt", self._settings.stt)
        tts = speech.choose("tts", self._settings.tts)
        if not lanes["see"]:
            self._notes.append("no model here takes images: the agent cannot see the shared screen")
        if "anthropic" in names and "local" in (stt.provider, tts.provider) and self._settings.stt is None:
            self._notes.append("Anthropic has no speech: local speech stays")
        if self._settings.custom_base_url is not None and self._reach.has("custom") and "custom" not in names:
            self._notes.append("no model of PARLEY_CUSTOM_BASE_URL is used: it lists none, and none is named")
        self._note_retirements(lanes)
        return Resolved(
            profile="+".join(names),
            lanes=lanes,
            stt=stt,
            tts=tts,
            endpoints={name: point for name, point in self._reach.endpoints.items() if name in names},
            today=self._today,
            notes=tuple(dict.fromkeys((*speech.notes, *self._notes))),
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
        """Raises: ConfigError when a server that the settings name offered no model, or none is allowed."""
        if self._policy.providers is not None and "local" not in self._policy.providers:
            allowed = ", ".join(self._policy.providers)
            raise ConfigError(f"model_policy.providers allows {allowed}: no model of theirs can be reached")
        for setting, url in (
            ("OPENAI_BASE_URL", self._settings.openai_base_url),
            ("PARLEY_CUSTOM_BASE_URL", self._settings.custom_base_url),
            ("OLLAMA_BASE_URL", self._settings.ollama_base_url),
        ):
            if url is not None and self._settings.preset != "local":
                raise ConfigError(
                    f"{setting} is {url!r}, where no list of models was found: "
                    "start that server, or name its model in PARLEY_SMALL_MODEL"
                )

    # Which models

    def _choose(self, names: tuple[str, ...], explicit: Model | None, lane: Lane, tier: Tier) -> list[Model]:
        if explicit is not None and (lane == "talk" or explicit.vision):
            return [explicit]
        found = [m for m in self._discovered(tier) if lane == "talk" or m.vision]
        named = [self._priced(self._catalog.models[name]) for name in names if self._can_reach(name)]
        # Beside a provider that has a large model, the server with an address of its own is the small one.
        is_beside = tier == "large" and self._settings.custom_base_url is not None
        return named + found if is_beside else found + named

    def _can_reach(self, name: str) -> bool:
        provider, _ = split_name(name)
        return provider is not None and self._reach.has(provider)

    def _discovered(self, tier: Tier) -> list[Model]:
        """What a custom endpoint, or else an Ollama, offers for this tier, unless a preset excludes them."""
        listings: tuple[tuple[Provider, Listing | None], ...] = (
            ("custom", self._found.endpoint if self._reach.stands_for_openai else self._found.custom),
            ("ollama", self._found.ollama),
        )
        for provider, listing in listings if self._takes_discovered else ():
            models = [m for m in listing.models if chats(m.id)] if listing is not None else []
            if self._reach.has(provider) and models:
                listed = models[0] if tier == "small" else models[-1]
                return [self._offered(provider, listed.id, tier, listed.vision)]
        return []

    def _offered(self, provider: Provider, model_id: str, tier: Tier, vision: bool | None) -> Model:
        declared = self._catalog.models.get(f"{provider}/{model_id}")
        return self._priced(declared or Model(provider, model_id, tier, vision=vision is not False))

    def _priced(self, model: Model) -> Model:
        """With what its address adds to the list's price; of an own server with the price that the tenant
        declares, unless the operator declares one."""
        endpoint = self._reach.endpoints.get(model.provider)
        if endpoint is not None and model.provider not in OWN_SERVERS:
            added = self._catalog.surcharge_percent(model.provider, endpoint.base_url, model.id)
            return replace(model, surcharge_percent=added)
        rate = self._policy.rates.get(model.name)
        if rate is None or model.provider not in OWN_SERVERS or model.price is not None:
            return model
        return replace(model, price=DeclaredPrice(rate.input, rate.output, rate.cached))

    def _named(self, setting: str, text: str | None, tier: Tier) -> Model | None:
        """The model that `setting` names, None when it names none. Raises: ConfigError."""
        if text is None:
            return None
        provider, rest = split_name(text)
        if self._is_of_the_custom_server(provider):
            # Servers of one's own name models as they like, meta-llama/Llama-3 for example.
            return self._offered("custom", rest if provider == "openai" else text, tier, None)
        if provider is None:
            own = f"; of your own server it is 'custom/{text}'" if self._reach.has("custom") else ""
            raise ConfigError(f"{setting} is {text!r}; it should be provider/model{own or self._hint(text)}")
        if not self._reach.has(provider):
            raise ConfigError(f"{setting} is {text!r}, but {self._reach.why_not(provider)}")
        if provider in OWN_SERVERS and text not in self._catalog.models:
            return self._offered(provider, rest, tier, self._listed_vision(rest))
        model = find_model(text, self._catalog, tier)
        if model is None:
            raise ConfigError(
                f"{setting} is {text!r}, which is not known as a chat model of {provider}" + self._hint(text)
            )
        return self._priced(model)

    def _is_of_the_custom_server(self, provider: Provider | None) -> bool:
        return self._reach.stands_for_openai and (provider is None or not self._reach.has(provider))

    def _listed(self, lane: Lane, lists: TierModels) -> Lists:
        """A tenant's own lists: what cannot be reached is passed over, if something of the lane can be."""
        chosen: dict[Tier, list[Model]] = {"small": [], "large": []}
        absent = []
        names: Mapping[Tier, list[str]] = {"small": lists.small, "large": lists.large}
        for tier in TIERS:
            for name in names[tier]:
                provider, _ = split_name(name)
                if provider is None or self._is_of_the_custom_server(provider) or self._reach.has(provider):
                    model = self._named(f"model_policy.{lane}.{tier}", name, tier)
                    chosen[tier] += [] if model is None else [model]
                else:
                    absent.append(f"{name} ({self._reach.why_not(provider)})")
        if absent and not any(chosen.values()):
            raise ConfigError(f"model_policy.{lane}: no model can be reached: {', '.join(absent)}")
        self._notes += [f"lane {lane}: {name}: passed over" for name in absent]
        return chosen

    def _listed_vision(self, model_id: str) -> bool | None:
        listed = self._found.ollama.models if self._found.ollama else ()
        return next((m.vision for m in listed if m.id == model_id), None)

    def _hint(self, text: str) -> str:
        meant = suggest(text, self._catalog, self._today)
        return f"; did you mean {meant!r}?" if meant else ""

    # What is refused

    def _living(self, models: list[Model], lane: Lane) -> list[Model]:
        """`models` without the refused ones; where that is all of them, `_stop_if_refused` will say why."""
        refused = {model.name: why for model in models if (why := self._why_refused(model, lane)) is not None}
        if models and len(refused) == len({model.name for model in models}):
            self._refusals += [f"lane {lane}: {why}" for why in refused.values()]
        else:
            self._notes += [f"lane {lane}: {why}: left out" for why in refused.values()]
        return [model for model in models if model.name not in refused]

    def _why_refused(self, model: Model, lane: Lane) -> str | None:
        if model.is_retired(self._today):
            return self._catalog.retired(model, self._today)
        if lane == "see" and not model.vision:
            return f"{model.name} takes no images"
        return self._reach.strays(model.provider, model)

    def _stop_if_refused(self) -> None:
        """Raises: ConfigError with a sentence for each refused model of each lane."""
        if not self._refusals:
            return
        raise ConfigError(
            f"a lane is left without a model that was chosen (PARLEY_PRESET is {self._settings.preset!r}). "
            + ". ".join(self._refusals)
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


def _in_order(lists: Mapping[Tier, list[Model]]) -> tuple[Candidate, ...]:
    """Small before large, each model once."""
    seen: dict[str, Candidate] = {}
    for tier in TIERS:
        for model in lists[tier]:
            seen.setdefault(model.name, Candidate(tier, model))
    return tuple(seen.values())
