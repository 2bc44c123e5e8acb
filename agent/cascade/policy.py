"""What a tenant's agent may ask of the cascade, checked when it is written: presets and models that exist.

Whether they can be reached depends on keys that only the job has; `resolve.py` decides that then.
"""

from datetime import date

from agent.cascade import prices
from agent.cascade.catalog import PROVIDERS, Catalog, Model, nearest
from agent.cascade.models_file import load_catalog
from agent.cascade.resolve import chats
from agent.errors import InvalidInput
from agent.wire import ModelPolicy


def check_policy(policy: ModelPolicy, *, today: date, catalog: Catalog | None = None) -> None:
    """Raises: InvalidInput that names the field, and says what there is instead."""
    known = catalog or load_catalog()
    if policy.preset is not None and policy.preset not in known.presets:
        presets = ", ".join(sorted(known.presets))
        raise InvalidInput(
            f"there is no preset {policy.preset!r}; the presets are {presets}", _field("preset")
        )
    for field in ("small_model", "large_model"):
        name = getattr(policy, field)
        if name is not None:
            _check_model(name, field, known, today)


def _check_model(name: str, field: str, catalog: Catalog, today: date) -> None:
    model = _find(name, catalog)
    if model is None:
        meant = nearest(name, list(catalog.models))
        hint = f"; did you mean {meant!r}?" if meant else ""
        raise InvalidInput(f"{name!r} is not known as a chat model, provider/model{hint}", _field(field))
    if model.is_retired(today):
        instead = catalog.living_replacement(model, today)
        hint = f"; use {instead.name!r}" if instead else ""
        raise InvalidInput(f"{name!r} was retired on {model.retires}{hint}", _field(field))


def _find(name: str, catalog: Catalog) -> Model | None:
    """Servers of one's own name their models as they like, so any name will do for those."""
    head, _, rest = name.partition("/")
    provider = next((p for p in PROVIDERS if p == head and rest), None)
    if provider is None:
        return None
    if name in catalog.models:
        return catalog.models[name]
    if provider in ("ollama", "custom") or (prices.knows(provider, rest) and chats(rest)):
        return catalog.outside_model(provider, rest, "small", None)
    return None


def _field(name: str) -> str:
    return f"model_policy.{name}"
