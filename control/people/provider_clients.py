"""One client for each identity provider of the deployment, all on one HTTP session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import aiohttp

from control.people.github import GitHubProvider
from control.people.openid import OpenIdProvider
from control.people.providers import IdentityProvider
from control.people.vouching import Provider


@dataclass(frozen=True, slots=True)
class OfferedProvider:
    settings: IdentityProvider
    client: Provider


Offered: TypeAlias = Mapping[str, OfferedProvider]
"""By name, in the order in which buttons stand."""


def offer(http: aiohttp.ClientSession, providers: Mapping[str, IdentityProvider]) -> Offered:
    return {name: OfferedProvider(told, _client(http, told)) for name, told in providers.items()}


def _client(http: aiohttp.ClientSession, told: IdentityProvider) -> Provider:
    match told.kind:
        case "oidc":
            return OpenIdProvider(http, told)
        case "github":
            return GitHubProvider(http, told)
