"""`/v1/allowed-origins`: which pages of others may call the API with the tenant's credentials."""

import re
from typing import Annotated, Final

from pydantic import Field

from agent.errors import InvalidInput
from control.audit.actions import AuditAction
from control.audit.record import AuditEvent, actor_of, record
from control.auth import Member
from control.endpoints import Answer, Body, Call, Nothing
from control.middleware import REQUEST_ID
from control.store.db import Database
from control.store.origins import list_origins, replace_origins

MAX_ORIGINS: Final = 50

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SECURE = re.compile(rf"https://{_LABEL}(?:\.{_LABEL})+(?::(?!443$)[1-9][0-9]{{0,4}})?")
_LOOPBACK = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::[1-9][0-9]{0,4})?")


class OriginsBody(Body):
    """As a browser writes them: scheme and host in small letters, and the port where it is not the usual."""

    origins: list[Annotated[str, Field(max_length=255)]] = Field(max_length=MAX_ORIGINS)


class OriginsAnswer(Answer):
    origins: list[str]


class AllowedOrigins:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def show(self, call: Call[Member, Nothing]) -> OriginsAnswer:
        """Lists the origins whose pages may call the API with the tenant's credentials."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            return OriginsAnswer(origins=await list_origins(conn))

    async def replace(self, call: Call[Member, OriginsBody]) -> OriginsAnswer:
        """Replaces the origins whose pages may call the API.

        Raises: InvalidInput for what no browser sends as an origin.
        """
        caller, origins = call.caller, sorted(set(call.input.origins))
        for place, origin in enumerate(call.input.origins):
            _check(origin, place)
        async with self._db.tenant(caller.tenant_id) as conn:
            await replace_origins(conn, origins)
            event = AuditEvent(
                AuditAction.ORIGINS_CHANGED,
                actor_of(caller),
                request_id=call.request[REQUEST_ID],
                details={"origins": len(origins)},
            )
            await record(conn, caller.tenant_id, event)
        return OriginsAnswer(origins=origins)


def _check(origin: str, place: int) -> None:
    """Raises: InvalidInput. Without TLS only this machine itself may be listed."""
    if not _SECURE.fullmatch(origin) and not _LOOPBACK.fullmatch(origin):
        raise InvalidInput(
            f"{origin!r} is no origin that could be listed: write https://app.example.com, in small letters, "
            "with a port only where it is not 443, and nothing behind it",
            f"origins.{place}",
        )
