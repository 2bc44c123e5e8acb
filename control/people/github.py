"""Signing in by GitHub: OAuth 2.0 with PKCE, and GitHub's API for who it was, since it gives no ID tokens.

The access token is used for two questions and kept nowhere. Source: GitHub Docs, "Authorizing OAuth apps"
and "REST API endpoints for emails".
"""

from typing import Any, Final
from urllib.parse import urlencode

import aiohttp

from agent.errors import NotAuthenticated
from control.people.providers import IdentityProvider
from control.people.vouching import Request, Response, Vouched, ask, ask_any

SCOPES: Final = ("read:user", "user:email")


class GitHubProvider:
    def __init__(self, http: aiohttp.ClientSession, settings: IdentityProvider) -> None:
        self._http = http
        self._settings = settings

    async def address(self, request: Request) -> str:
        query = {
            "client_id": self._settings.client_id,
            "redirect_uri": request.redirect_uri,
            "scope": " ".join(self._settings.scopes or SCOPES),
            "state": request.state,
            "code_challenge": request.challenge,
            "code_challenge_method": "S256",
            "allow_signup": "false",
        }
        return f"{self._site}/login/oauth/authorize?{urlencode(query)}"

    async def vouch(self, response: Response) -> Vouched:
        token = await self._exchange(response)
        user = await ask(self._http, "GET", f"{self._api}/user", headers=_headers(token))
        number = user.get("id")
        if not isinstance(number, int) or isinstance(number, bool):
            raise NotAuthenticated("GitHub does not say who signed in")
        name = user.get("name") or user.get("login")
        # The number stays with an account; its login can be given up and taken by somebody else.
        return Vouched(
            issuer=self._settings.asserted_issuer,
            subject=str(number),
            email=await self._verified_email(token),
            name=name if isinstance(name, str) else None,
        )

    async def _exchange(self, response: Response) -> str:
        """Raises: NotAuthenticated, Unavailable."""
        form = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret.get_secret_value(),
            "code": response.code,
            "redirect_uri": response.redirect_uri,
            "code_verifier": response.verifier,
        }
        url = f"{self._site}/login/oauth/access_token"
        answer = await ask(self._http, "POST", url, data=form, headers={"Accept": "application/json"})
        token = answer.get("access_token")
        # A refusal comes with status 200 and an `error`.
        if not isinstance(token, str):
            raise NotAuthenticated("GitHub refuses; start again")
        return token

    async def _verified_email(self, token: str) -> str | None:
        listed: Any = await ask_any(self._http, "GET", f"{self._api}/user/emails", headers=_headers(token))
        for item in listed if isinstance(listed, list) else []:
            if item.get("primary") is True and item.get("verified") is True:
                return str(item["email"]).lower()
        return None

    @property
    def _site(self) -> str:
        return self._settings.asserted_issuer.rstrip("/")

    @property
    def _api(self) -> str:
        return self._settings.api_url.rstrip("/")


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
