"""Finds the model that a name means, and what a name that means none most likely meant.

Names come from settings and from tenants, as provider/model. Which of them can be reached is decided in
`resolve.py`.
"""

from datetime import date

from agent.cascade.models import prices
from agent.cascade.models.catalog import PROVIDERS, Catalog, Model, Provider, Tier, nearest

OWN_SERVERS: tuple[Provider, ...] = ("ollama", "custom")
"""They name their models as they like, and the price list does not know them."""

NOT_CHAT = ("embed", "rerank", "whisper", "transcribe", "tts", "moderation", "image", "realtime", "audio")
"""Words in the names of models that do not answer chats."""


def split_name(name: str) -> tuple[Provider | None, str]:
    """(provider, its id for the model); the provider is None where none of ours stands before a slash."""
    head, _, rest = name.partition("/")
    return next((p for p in PROVIDERS if p == head and rest), None), rest


def find_model(name: str, catalog: Catalog, tier: Tier = "small") -> Model | None:
    """None for what is not known as a chat model. Servers of one's own may name theirs as they like."""
    provider, model_id = split_name(name)
    if provider is None:
        return None
    if name in catalog.models:
        return catalog.models[name]
    if provider in OWN_SERVERS:
        return Model(provider, model_id, tier)
    is_known = prices.knows(provider, model_id) or catalog.retirement(name) is not None
    if is_known and chats(model_id):
        return catalog.outside_model(provider, model_id, tier, prices.context_tokens(provider, model_id))
    return None


def suggest(name: str, catalog: Catalog, today: date) -> str | None:
    """The living model that `name` most likely meant; the successor where that one is retired."""
    known = list(catalog.models)
    known += [f"{p}/{listed}" for p in prices.PRICED_PROVIDERS for listed in prices.listed_models(p)]
    chatting = [each for each in known if chats(each)]
    meant = nearest(name, chatting) or next((n for n in chatting if n.partition("/")[2] == name), None)
    model = find_model(meant, catalog) if meant else None
    if model is None:
        return None
    if model.is_retired(today):
        model = catalog.living_replacement(model, today)
    return model.name if model else None


def chats(model_id: str) -> bool:
    """Servers list everything they have; names are all they say about a model."""
    return not any(word in model_id.lower() for word in NOT_CHAT)
