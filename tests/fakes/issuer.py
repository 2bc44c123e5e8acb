"""An OpenID issuer and a GitHub on loopback that say whatever a test makes them say.

The honest provider of the tests is a real one (`tests/fakes/oidc`); this one is for the answers that no
honest provider gives. It counts what it was asked.
"""

import base64
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

Claims = dict[str, Any]


@dataclass
class FakeIssuer:
    """`claims`: of the next token, over the honest ones; `encode` makes the token from all of them."""

    url: str = ""
    client_id: str = "parley"
    client_secret: str = "a-secret"
    claims: Claims = field(default_factory=dict)
    encode: Callable[["FakeIssuer", Claims], str] | None = None
    metadata: Claims = field(default_factory=dict)
    token_status: int = 200
    github: Claims = field(default_factory=dict)
    emails: list[Claims] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    forms: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))

    def honest_claims(self, nonce: str) -> Claims:
        now = int(time.time())
        return {
            "iss": self.url,
            "aud": self.client_id,
            "sub": "subject-1",
            "email": "ada@harbor.example",
            "email_verified": True,
            "name": "Ada",
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
        }

    def sign(self, claims: Claims, **header: Any) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, **header}, claims, self.key)

    def token(self, nonce: str) -> str:
        claims = {**self.honest_claims(nonce), **self.claims}
        present = {name: value for name, value in claims.items() if value is not None}
        return self.sign(present) if self.encode is None else self.encode(self, present)


def unsigned(_: FakeIssuer, claims: Claims) -> str:
    """A token with `alg: none`, as RFC 7519 section 6 has it."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""])


@asynccontextmanager
async def fake_issuer(nonce_of_code: Callable[[str], str] = str) -> AsyncIterator[FakeIssuer]:
    """Every code is good; the nonce of its token is `nonce_of_code(code)`."""
    fake = FakeIssuer()

    async def metadata(_: web.Request) -> web.Response:
        fake.asked["metadata"] += 1
        honest = {
            "issuer": fake.url,
            "authorization_endpoint": f"{fake.url}/authorize",
            "token_endpoint": f"{fake.url}/token",
            "jwks_uri": f"{fake.url}/jwks",
        }
        return web.json_response({**honest, **fake.metadata})

    async def jwks(_: web.Request) -> web.Response:
        fake.asked["jwks"] += 1
        return web.json_response(KeySet([fake.key]).as_dict(private=False))

    async def token(request: web.Request) -> web.Response:
        fake.asked["token"] += 1
        form = {name: str(value) for name, value in (await request.post()).items()}
        fake.forms.append(form)
        answer = {"access_token": "an-access-token", "id_token": fake.token(nonce_of_code(form["code"]))}
        return web.json_response(answer, status=fake.token_status)

    async def github_token(request: web.Request) -> web.Response:
        fake.forms.append({name: str(value) for name, value in (await request.post()).items()})
        return web.json_response(fake.github.get("token", {"access_token": "an-access-token"}))

    async def github_user(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer an-access-token"
        return web.json_response(fake.github.get("user", {"id": 42, "login": "ada", "name": "Ada"}))

    async def github_emails(_: web.Request) -> web.Response:
        return web.json_response(fake.emails)

    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", metadata)
    app.router.add_get("/jwks", jwks)
    app.router.add_post("/token", token)
    app.router.add_post("/login/oauth/access_token", github_token)
    app.router.add_get("/user", github_user)
    app.router.add_get("/user/emails", github_emails)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield fake
    finally:
        await runner.cleanup()
