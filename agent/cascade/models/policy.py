"""What a tenant's agent may ask of the cascade, checked when it is written: presets and models that exist.

Whether they can be reached depends on the deployment's keys and addresses, which only the job has;
`resolve.py` decides that then. Where a tenant brings a provider's key, its address is known here.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from agent.cascade.models.catalog import (
    LANES,
    PROVIDERS,
    TIERS,
    Catalog,
    Lane,
    Model,
    Provider,
    Region,
    is_within,
)
from agent.cascade.models.models_file import load_catalog
from agent.cascade.models.naming import OWN_SERVERS, find_model, split_name, suggest
from agent.errors import InvalidInput
from agent.wire import ModelPolicy


def check_policy(
    policy: ModelPolicy,
    *,
    today: date,
    catalog: Catalog | None = None,
    brought: Mapping[str, str | None] | None = None,
) -> None:
    """`brought`: the providers for which the tenant has its own key, with their addresses; None is the usual.

    Raises: InvalidInput that names the field, and says what there is instead.
    """
    known, places = catalog or load_catalog(), brought or {}
    if policy.preset is not None and policy.preset not in known.presets:
        presets = ", ".join(sorted(known.presets))
        raise _wrong("preset", f"there is no preset {policy.preset!r}; the presets are {presets}")
    if policy.strong_share is not None and policy.spend_per_turn_usd_micros is not None:
        raise _wrong(
            "spend_per_turn_usd_micros", "set strong_share or spend_per_turn_usd_micros, not both targets"
        )
    _check_preset(policy, known, today)
    _check_rates(policy, known)
    _check_filters(policy, known, places)
    for named in _names(policy):
        _check_model(named, policy, known, today)
        _check_place(named, policy, known, places)


@dataclass(frozen=True, slots=True)
class _Named:
    """A model that the policy names in `field`; `lane` is None where it may answer in both."""

    name: str
    field: str
    lane: Lane | None


def _names(policy: ModelPolicy) -> Iterator[_Named]:
    """Raises: InvalidInput for a lane that names nothing, or one thing twice."""
    for field, name in (("small_model", policy.small_model), ("large_model", policy.large_model)):
        if name is not None:
            yield _Named(name, field, None)
    for lane in LANES:
        lists = policy.talk if lane == "talk" else policy.see
        if lists is None:
            continue
        names = [*lists.small, *lists.large]
        if not names:
            raise _wrong(lane, f"lane {lane} names no model; leave it out, and the preset's answer")
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise _wrong(lane, f"{twice!r} is named twice in lane {lane}; once is enough")
        for tier in TIERS:
            for name in lists.small if tier == "small" else lists.large:
                yield _Named(name, f"{lane}.{tier}", lane)


def _check_model(named: _Named, policy: ModelPolicy, catalog: Catalog, today: date) -> None:
    name, field = named.name, named.field
    model = find_model(name, catalog)
    if model is None:
        meant = suggest(name, catalog, today)
        hint = f"; did you mean {meant!r}?" if meant else ""
        raise _wrong(field, f"{name!r} is not known as a chat model, provider/model{hint}")
    if model.is_retired(today):
        instead = catalog.living_replacement(model, today)
        hint = f"; use {instead.name!r}" if instead else ""
        raise _wrong(field, f"{name!r} was retired on {model.retires}{hint}")
    if named.lane == "see" and not model.vision:
        raise _wrong(field, f"{name!r} takes no images, so it cannot answer in lane see")
    if policy.providers is not None and model.provider not in policy.providers:
        raise _wrong(field, f"{name!r} is of {model.provider}, which is not among model_policy.providers")


def _check_place(
    named: _Named, policy: ModelPolicy, catalog: Catalog, brought: Mapping[str, str | None]
) -> None:
    model = find_model(named.name, catalog)
    if model is None or policy.regions is None or _can_stay(model, policy.regions, catalog, brought):
        return
    why = f"{named.name!r} is not known to stay within {', '.join(policy.regions)}"
    raise _wrong(named.field, why + _missing([model.provider], policy.regions, catalog, brought))


def _check_preset(policy: ModelPolicy, catalog: Catalog, today: date) -> None:
    """A preset that has a tier of retired models only is no choice any more, unless its lane is replaced."""
    if policy.preset is None:
        return
    for lane in LANES:
        if (policy.talk if lane == "talk" else policy.see) is not None:
            continue
        for tier in TIERS:
            if (policy.small_model if tier == "small" else policy.large_model) is not None:
                continue
            models = [catalog.models[name] for name in catalog.preset(policy.preset)[lane][tier]]
            if not models or not all(model.is_retired(today) for model in models):
                continue
            first = models[0]
            instead = catalog.living_replacement(first, today)
            hint = f" such as {instead.name!r}" if instead else ""
            raise _wrong(
                "preset",
                f"lane {lane} of preset {policy.preset!r} has no living model in its {tier} tier: "
                f"{first.name!r} was retired on {first.retires}; choose another preset, or name models{hint} "
                f"in model_policy.{lane}",
            )


def _check_rates(policy: ModelPolicy, catalog: Catalog) -> None:
    for name in policy.rates:
        provider, _ = split_name(name)
        if provider is None:
            raise _wrong("rates", f"{name!r} should be ollama/model or custom/model")
        if provider not in OWN_SERVERS:
            raise _wrong("rates", f"the price of {name!r} is the list's; rates are for ollama/ and custom/")
        model = catalog.models.get(name)
        if model is not None and model.price is not None:
            raise _wrong("rates", f"the operator of this deployment declares the price of {name!r}")


def _check_filters(policy: ModelPolicy, catalog: Catalog, brought: Mapping[str, str | None]) -> None:
    for field, engine in (("stt", policy.stt), ("tts", policy.tts)):
        if policy.providers is not None and engine not in (None, "local", *policy.providers):
            raise _wrong(field, f"speech by {engine} needs {engine} among model_policy.providers")
    if policy.regions is None:
        return
    # The local engine stays anywhere, but stands in for a provider only where somebody says so.
    allowed = policy.providers or [each for each in PROVIDERS if each != "local" or _names_local(policy)]
    models = [m for m in catalog.models.values() if m.provider in allowed]
    if not any(_can_stay(model, policy.regions, catalog, brought) for model in models):
        providers, regions = ", ".join(policy.providers or ["any provider"]), ", ".join(policy.regions)
        missing = _missing(allowed, policy.regions, catalog, brought)
        raise _wrong("regions", f"no model of {providers} stays within {regions}{missing}")


def _names_local(policy: ModelPolicy) -> bool:
    return policy.preset == "local" or any(named.name.startswith("local/") for named in _names(policy))


def _can_stay(
    model: Model, regions: list[Region], catalog: Catalog, brought: Mapping[str, str | None]
) -> bool:
    """Whether the tenant's own address of the provider keeps the model there, else whether some address does;
    which one the deployment uses, the job will see."""
    if model.provider == "local":
        return True
    if model.regions is not None:
        return is_within(model.regions, regions)
    if model.provider in brought:
        return is_within(catalog.regions_of(model.provider, brought[model.provider]), regions)
    places = [place for place in catalog.places if place.provider == model.provider]
    return any(is_within(place.regions, regions) for place in places) or is_within(None, regions)


def _missing(
    providers: Container[Provider], regions: list[Region], catalog: Catalog, brought: Mapping[str, str | None]
) -> str:
    """What would keep it there: an address for a key that the tenant brings; empty where there is none."""
    for place in catalog.places:
        if place.provider in providers and place.provider in brought and is_within(place.regions, regions):
            return (
                f": your own key of {place.provider} is for another address; set it again with "
                f"base_url https://{place.host}"
            )
    return ""


def _wrong(name: str, what: str) -> InvalidInput:
    return InvalidInput(what, f"model_policy.{name}")
