"""The addresses of a tenant's keys, its own and those of its providers."""

from dataclasses import dataclass
from typing import Any

from control.auth import Authenticator
from control.endpoints import Nothing, Route
from control.keys.api_keys import ApiKeyBody, ApiKeys, ApiKeysAnswer, NewApiKeyAnswer, RotationBody
from control.keys.provider_keys import (
    ProviderKeyAnswer,
    ProviderKeyBody,
    ProviderKeys,
    ProviderKeysAnswer,
)
from control.rooms import (
    PageQuery,
)


@dataclass(frozen=True, slots=True)
class KeysDesk:
    api_keys: ApiKeys
    provider_keys: ProviderKeys

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        """A tenant's keys, its own and those of its providers; without a scope, so that no key makes keys."""
        keys, providers = self.api_keys, self.provider_keys
        key, provider = "/v1/api-keys/{id}", "/v1/provider-keys/{provider}"
        # fmt: off
        return [
            Route("GET", "/v1/api-keys", auth.admin, keys.list, PageQuery, ApiKeysAnswer),
            Route("POST", "/v1/api-keys", auth.recent_admin, keys.create, ApiKeyBody, NewApiKeyAnswer, 201,
                  action="change_keys"),
            Route("POST", f"{key}/rotation", auth.recent_admin, keys.rotate, RotationBody, NewApiKeyAnswer,
                  201, action="change_keys"),
            Route("DELETE", key, auth.admin, keys.revoke, Nothing, None, 204),
            Route("GET", "/v1/provider-keys", auth.admin, providers.show, Nothing, ProviderKeysAnswer),
            Route("PUT", provider, auth.recent_admin, providers.put, ProviderKeyBody, ProviderKeyAnswer,
                  action="change_keys"),
            Route("DELETE", provider, auth.admin, providers.remove, Nothing, None, 204),
        ]
        # fmt: on
