"""Which pages of other origins may call the API: those that the caller's own tenant has listed, exactly.

Only routes that an API key may use are open to them, only with a bearer token, and never with cookies: no
answer allows credentials. A preflight carries no credential, so it is told only that some tenant listed the
origin; whether the caller's own did is decided when the credential comes, before anything happens.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import web

from agent.errors import NotAllowed
from agent.wire import TenantId
from control.auth import origin_of
from control.store.db import Database
from control.store.origins import is_origin_allowed

ALLOWED_ORIGIN: Final = web.RequestKey("allowed_origin", str)
"""The origin of a page that may read the answer."""

SENT_HEADERS: Final = "Authorization, Content-Type, Idempotency-Key, X-Request-Id"
READ_HEADERS: Final = "Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
PREFLIGHT_S: Final = 600

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Origins:
    def __init__(self, db: Database, public_url: str) -> None:
        self._db = db
        self._public_origin = origin_of(public_url)

    async def check(self, request: web.Request, tenant_id: TenantId | None, *, is_shared: bool) -> None:
        """`is_shared`: whether pages of others may call this route at all.

        Raises: NotAllowed when the page that sends the request may not, whoever is calling.
        """
        origins = request.headers.getall("Origin", ())
        if not origins or self._are_own(request, origins):
            return
        if not is_shared or tenant_id is None or len(origins) > 1 or "Authorization" not in request.headers:
            raise NotAllowed("a page of another site may not call this")
        async with self._db.tenant(tenant_id) as conn:
            if not await is_origin_allowed(conn, origins[0]):
                raise NotAllowed("the tenant has not listed the origin of this page: PUT /v1/allowed-origins")
        request[ALLOWED_ORIGIN] = origins[0]

    def preflight(self, methods: Sequence[str]) -> Handler:
        """A handler of OPTIONS for a path that has these methods."""

        async def answer(request: web.Request) -> web.Response:
            origin = request.headers.get("Origin", "")
            wanted = request.headers.get("Access-Control-Request-Method", "")
            if wanted not in methods or not await self._db.system.is_allowed_origin(origin):
                raise NotAllowed("no tenant has listed this origin for that")
            request[ALLOWED_ORIGIN] = origin
            headers = {
                "Access-Control-Allow-Methods": ", ".join(methods),
                "Access-Control-Allow-Headers": SENT_HEADERS,
                "Access-Control-Max-Age": str(PREFLIGHT_S),
            }
            return web.Response(status=204, headers=headers)

        return answer

    def _are_own(self, request: web.Request, origins: Sequence[str]) -> bool:
        return all(
            origin in (self._public_origin, f"{request.scheme}://{request.host}") for origin in origins
        )


def sharing_headers(request: web.Request) -> dict[str, str]:
    """So that the page that sent the request may read the answer; nothing for any other."""
    headers = {"Vary": "Origin"}
    origin = request.get(ALLOWED_ORIGIN)
    if origin is not None:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": READ_HEADERS}
    return headers
