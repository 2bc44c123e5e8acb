"""Asks servers which models they have: an Ollama on this machine, an OpenAI-compatible endpoint.

Kept apart from `resolve.py`, which decides without any I/O. A server that does not answer in time is
reported as absent; nothing here raises.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from agent.cascade.models.models_file import load_catalog
from agent.errors import ConfigError
from agent.settings import ProviderSettings
from agent.wire import ModelPolicy

logger = logging.getLogger(__name__)

OLLAMA_URL = "http://127.0.0.1:11434"
OLLAMA_TIMEOUT_S = 0.3
"""It is asked at every start without a key, so it must not be felt."""
ENDPOINT_TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True)
class ListedModel:
    """`vision` is None when the server does not say; `size_bytes` is 0 then."""

    id: str
    vision: bool | None = None
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """What one server has, in its own order; for Ollama from the smallest model to the largest."""

    base_url: str
    models: tuple[ListedModel, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """By who was asked; None when nobody answered, or nobody was asked.

    `endpoint`: OPENAI_BASE_URL. `custom`: PARLEY_CUSTOM_BASE_URL.
    """

    ollama: Listing | None = None
    endpoint: Listing | None = None
    custom: Listing | None = None


async def discover(
    providers: ProviderSettings, *, ollama_url: str = OLLAMA_URL, policy: ModelPolicy | None = None
) -> Found:
    """Asks the endpoints that are set, and Ollama if it is set or named, or nothing else is set."""
    asked_ollama = providers.ollama_base_url
    if asked_ollama is None and (_nothing_chosen(providers) or _names_ollama(providers, policy)):
        asked_ollama = ollama_url
    ollama, endpoint, custom = await asyncio.gather(
        _list_ollama(asked_ollama),
        _list_endpoint(providers.openai_base_url, providers.openai_api_key),
        _list_endpoint(providers.custom_base_url, providers.custom_api_key),
    )
    return Found(ollama=ollama, endpoint=endpoint, custom=custom)


def _nothing_chosen(providers: ProviderSettings) -> bool:
    keys = (providers.openai_api_key, providers.google_api_key, providers.anthropic_api_key)
    addresses = (providers.openai_base_url, providers.custom_base_url)
    return not any(keys) and not any(addresses) and providers.preset != "local"


def _names_ollama(providers: ProviderSettings, policy: ModelPolicy | None) -> bool:
    named = [providers.small_model or "", providers.large_model or "", *_of_own_preset(providers)]
    for lane in (policy.talk, policy.see) if policy is not None else ():
        named += [] if lane is None else [*lane.small, *lane.large]
    return any(name.startswith("ollama/") for name in named)


def _of_own_preset(providers: ProviderSettings) -> list[str]:
    """What the operator's preset names; a file that cannot be read is told of when models are chosen."""
    if providers.models_file is None:
        return []
    try:
        preset = load_catalog(own=providers.models_file).preset(providers.preset)
    except ConfigError:
        return []
    return [name for lists in preset.values() for names in lists.values() for name in names]


class _OllamaModel(BaseModel):
    name: str
    size: int = 0


class _OllamaTags(BaseModel):
    models: list[_OllamaModel]


class _OllamaShow(BaseModel):
    capabilities: list[str] = Field(default_factory=lambda: ["completion"])


class _EndpointModel(BaseModel):
    id: str


class _EndpointModels(BaseModel):
    data: list[_EndpointModel]


async def _list_ollama(base_url: str | None) -> Listing | None:
    if base_url is None:
        return None
    base_url = base_url.rstrip("/").removesuffix("/v1")
    text = await _ask("GET", f"{base_url}/api/tags", timeout_s=OLLAMA_TIMEOUT_S)
    try:
        tags = _OllamaTags.model_validate_json(text or "")
    except ValidationError:
        return None
    by_size = sorted(tags.models, key=lambda model: model.size)
    listed = await asyncio.gather(*(_ask_ollama_about(base_url, model) for model in by_size))
    return Listing(base_url=base_url, models=tuple(model for model in listed if model is not None))


async def _ask_ollama_about(base_url: str, model: _OllamaModel) -> ListedModel | None:
    """None for a model that does not chat, such as one for embeddings."""
    text = await _ask("POST", f"{base_url}/api/show", {"model": model.name}, timeout_s=ENDPOINT_TIMEOUT_S)
    try:
        capabilities = _OllamaShow.model_validate_json(text or "{}").capabilities
    except ValidationError:
        capabilities = ["completion"]
    if "completion" not in capabilities:
        return None
    return ListedModel(model.name, "vision" in capabilities, model.size)


async def _list_endpoint(base_url: str | None, key: str | None) -> Listing | None:
    if base_url is None:
        return None
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    url = f"{base_url.rstrip('/')}/models"
    text = await _ask("GET", url, timeout_s=ENDPOINT_TIMEOUT_S, headers=headers)
    try:
        models = _EndpointModels.model_validate_json(text or "").data
    except ValidationError:
        return None
    return Listing(base_url=base_url, models=tuple(ListedModel(model.id) for model in models))


async def _ask(
    method: Literal["GET", "POST"],
    url: str,
    body: Mapping[str, str] | None = None,
    *,
    timeout_s: float,
    headers: Mapping[str, str] | None = None,
) -> str | None:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_s)) as session,
            session.request(method, url, json=body, headers=headers, allow_redirects=False) as answer,
        ):
            return await answer.text() if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        logger.debug("no model server answered", extra={"error": type(error).__name__})
        return None
