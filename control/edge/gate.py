"""What a request passes before it reaches a route: its length, its limits, and whose page sends it.

Limits are taken once the caller is known, so that all of them are one ask. A request whose credential is
refused pays for its address; an address that is over its limit is refused before anything is looked up.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from agent.errors import AppError
from control.auth import ApiKey, Guest, Member
from control.edge.addresses import limited_address
from control.edge.limits import Limits
from control.edge.origins import Origins
from control.edge.rate_headers import BUCKETS
from control.edge.rates import Tier
from control.edge.repeats import Repeats

MAX_PATH_CHARS: Final = 2048
"""A link in a letter carries a sealed code of up to a thousand."""
MAX_TARGET_CHARS: Final = 6144
"""Path and query: an identity provider's answer comes in a query."""

UNLIMITED_PREFIX: Final = "/internal/"
UNLIMITED: Final = frozenset({"/livez", "/healthz", "/readyz"})
"""What agents, LiveKit and whatever watches this process ask."""

LIMITS_ITSELF: Final = "parley_limits_itself"
"""The attribute of a handler that takes its limits when it knows who is calling."""


class Gate:
    def __init__(self, limits: Limits, origins: Origins, repeats: Repeats) -> None:
        self._limits = limits
        self.origins = origins
        self.repeats = repeats

    def middleware(self) -> Middleware:
        """For every request: how long its address may be, and the limits of what is no route of the API."""

        @web.middleware
        async def meet(request: web.Request, handler: Handler) -> web.StreamResponse:
            if len(request.raw_path) > MAX_TARGET_CHARS or len(request.path) > MAX_PATH_CHARS:
                raise web.HTTPRequestURITooLong(text=f"the path is longer than {MAX_PATH_CHARS} characters")
            if not hasattr(request.match_info.handler, LIMITS_ITSELF) and not _is_unlimited(request.path):
                self.before(request)
                await self.take(request)
            return await handler(request)

        return meet

    def before(self, request: web.Request) -> None:
        """Raises: LimitReached when the address is known to be over its limit."""
        self._limits.refuse_known(limited_address(request))

    async def identify(
        self,
        request: web.Request,
        who: Callable[[web.Request], Awaitable[Any]],
        *,
        action: str | None,
        costs: bool,
    ) -> Any:
        """The caller, once every limit that applies was taken.

        Raises: what `who` raises; LimitReached, BudgetSpent, Unavailable.
        """
        self.before(request)
        try:
            caller = await who(request)
        except AppError:
            await self.take(request)
            raise
        await self.take(request, caller, action=action, costs=costs)
        return caller

    async def take(
        self, request: web.Request, caller: object = None, *, action: str | None = None, costs: bool = False
    ) -> None:
        """Raises: LimitReached, BudgetSpent, Unavailable."""
        asks = [self._limits.ask(Tier.ADDRESS, limited_address(request))]
        spender = None
        if isinstance(caller, Member | Guest | ApiKey):
            asks.append(self._limits.ask(Tier.PRINCIPAL, _principal(caller)))
            asks.append(self._limits.ask(Tier.TENANT, caller.tenant_id.hex))
            spender = caller.tenant_id if costs else None
        if action is not None:
            asks.append(self._limits.ask(Tier.ACTION, f"{_actor(request, caller)} {action}"))
        request[BUCKETS] = await self._limits.admit(asks, spender)


def principal_of(caller: Member | Guest | ApiKey) -> str:
    """Who it is, whichever session they use."""
    match caller:
        case Member():
            return f"user {caller.user_id.hex}"
        case Guest():
            return f"guest {caller.session_id.hex}"
        case ApiKey():
            return f"key {caller.api_key_id.hex}"


def _principal(caller: Member | Guest | ApiKey) -> str:
    """A session or a key."""
    return caller.api_key_id.hex if isinstance(caller, ApiKey) else caller.session_id.hex


def _actor(request: web.Request, caller: object) -> str:
    """A person in all their sessions, or the address of somebody who is nobody yet."""
    if isinstance(caller, Member | Guest | ApiKey):
        return principal_of(caller)
    return limited_address(request)


def _is_unlimited(path: str) -> bool:
    return path.startswith(UNLIMITED_PREFIX) or path in UNLIMITED
