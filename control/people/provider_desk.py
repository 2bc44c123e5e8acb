"""The routes of identity providers: signing in by one, and connecting an account at one."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from control.auth import Authenticator
from control.endpoints import Nothing, Route
from control.people.identities import Identities, IdentitiesAnswer, ProvidersAnswer
from control.people.provider_sign_in import ConnectAnswer, ProviderSignIn


@dataclass(frozen=True, slots=True)
class ProviderDesk:
    identities: Identities
    sign_in: ProviderSignIn

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        own, connected, action = "/v1/account/identities", self.identities, "connect provider"
        # fmt: off
        return [
            Route("GET", "/v1/identity-providers", auth.anyone, connected.providers, Nothing,
                  ProvidersAnswer),
            Route("GET", own, auth.member, connected.list, Nothing, IdentitiesAnswer),
            Route("POST", f"{own}/{{provider}}", auth.recent, self.sign_in.connect, Nothing,
                  ConnectAnswer, 201,
                  action=action),
            Route("DELETE", f"{own}/{{id}}", auth.recent, connected.unlink, Nothing, None, 204,
                  action=action),
        ]
        # fmt: on

    def add_pages(self, app: web.Application) -> None:
        """Where a browser goes itself: off to the provider, and back."""
        app.router.add_get("/auth/{provider}/start", self.sign_in.start)
        app.router.add_get("/auth/{provider}/callback", self.sign_in.finish)
