"""Which providers can be reached: by a key, an address or a server that answered, and as a policy allows.

A tenant that names providers or regions reaches no other, for answers and speech alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.cascade.models import prices
from agent.cascade.models.catalog import Catalog, Model, Provider, Region, is_within
from agent.cascade.models.discover import Found
from agent.cascade.models.resolved import Endpoint
from agent.errors import ConfigError
from agent.settings import ProviderSettings
from agent.wire import ModelPolicy

NO_KEY = "none"
"""Sent to servers that want no key: their SDK refuses an empty one."""

KEY_SETTINGS: Mapping[Provider, str] = {
    "openai": "OPENAI_API_KEY",
    "google": "GOOGLE_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "ollama": "OLLAMA_BASE_URL",
    "custom": "PARLEY_CUSTOM_BASE_URL",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """`endpoints`: where providers are reached. `providers`, `regions`: all that is allowed; None is any.

    `stands_for_openai`: the custom server is at OPENAI_BASE_URL, so what is OpenAI's or nobody's means it.
    """

    endpoints: Mapping[Provider, Endpoint]
    catalog: Catalog
    providers: tuple[Provider, ...] | None = None
    regions: tuple[Region, ...] | None = None
    stands_for_openai: bool = False

    def has(self, provider: Provider) -> bool:
        return provider in self.endpoints or (provider == "local" and self.allows(provider))

    def allows(self, provider: Provider) -> bool:
        return self.providers is None or provider in self.providers

    def why_not(self, provider: Provider) -> str:
        """Why `has` is false."""
        if not self.allows(provider):
            return f"{provider} is not among model_policy.providers"
        return f"{KEY_SETTINGS[provider]} is not set"

    def strays(self, provider: Provider, model: Model | None = None) -> str | None:
        """Why what is sent there may leave the allowed regions; None when it does not. Nothing local does."""
        if self.regions is None or provider == "local":
            return None
        endpoint = self.endpoints.get(provider)
        regions = self.catalog.regions_of(provider, endpoint.base_url if endpoint else None, model)
        if is_within(regions, self.regions):
            return None
        name = model.name if model is not None else provider
        where = "where is not known" if regions is None else f"in {', '.join(regions)}"
        return f"{name} is processed {where}, which is not within {', '.join(self.regions)}"


def reach(settings: ProviderSettings, found: Found, catalog: Catalog, policy: ModelPolicy) -> Reach:
    """What `settings` and `found` offer, less what `policy` does not allow.

    Raises: ConfigError when two addresses are each that of a server of one's own.
    """
    providers = None if policy.providers is None else tuple(policy.providers)
    endpoints = {
        name: point
        for name, point in _endpoints(settings, found, catalog).items()
        if providers is None or name in providers
    }
    regions = None if policy.regions is None else tuple(policy.regions)
    stands_for_openai = "custom" in endpoints and settings.custom_base_url is None
    return Reach(endpoints, catalog, providers, regions, stands_for_openai)


def _endpoints(settings: ProviderSettings, found: Found, catalog: Catalog) -> dict[Provider, Endpoint]:
    endpoints = dict[Provider, Endpoint]()
    if settings.custom_base_url:
        endpoints["custom"] = Endpoint(settings.custom_base_url, settings.custom_api_key or NO_KEY)
    if settings.openai_api_key and not _is_other_server(settings, found, catalog):
        endpoints["openai"] = Endpoint(settings.openai_base_url, settings.openai_api_key)
    elif settings.openai_base_url:
        if settings.custom_base_url:
            raise ConfigError(_two_servers(settings))
        endpoints["custom"] = Endpoint(settings.openai_base_url, settings.openai_api_key or NO_KEY)
    if settings.google_api_key:
        endpoints["google"] = Endpoint(settings.google_base_url, settings.google_api_key)
    if settings.anthropic_api_key:
        endpoints["anthropic"] = Endpoint(settings.anthropic_base_url, settings.anthropic_api_key)
    ollama = settings.ollama_base_url or (found.ollama and found.ollama.base_url)
    if ollama:
        root = ollama.rstrip("/").removesuffix("/v1")
        endpoints["ollama"] = Endpoint(f"{root}/v1", NO_KEY)
    return endpoints


def _is_other_server(settings: ProviderSettings, found: Found, catalog: Catalog) -> bool:
    """Whether the endpoint lists models and none of them is OpenAI's: then its key is its own."""
    listing = found.endpoint
    if settings.openai_base_url is None or listing is None or not listing.models:
        return False
    return not any(f"openai/{m.id}" in catalog.models or prices.knows("openai", m.id) for m in listing.models)


def _two_servers(settings: ProviderSettings) -> str:
    why = "it lists no model of OpenAI" if settings.openai_api_key else "OPENAI_API_KEY is not set"
    return (
        f"OPENAI_BASE_URL is a server of your own ({why}), and PARLEY_CUSTOM_BASE_URL is as well; "
        "there can be one: leave OPENAI_BASE_URL out"
    )
