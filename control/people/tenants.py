"""A tenant as its people run it: its name, how long it keeps conversations, a further one, and its end."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Protocol

from aiohttp import web
from pydantic import Field

from agent.errors import InvalidInput, NotAllowed, Unavailable
from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.audit.actions import AuditAction
from control.audit.record import AuditEvent, actor_of, record
from control.auth import Member
from control.endpoints import Answer, Body, Call, Nothing
from control.middleware import REQUEST_ID
from control.names import parse_livekit_room_name
from control.people.members import TransferBody, transfer
from control.people.roles import MemberRole, check_may_manage
from control.people.starting import SessionStarter
from control.store import tenants
from control.store.db import Database
from control.store.members import enter_tenant, found_another, lock_members, own_memberships, role_of
from control.store.tenants import Tenant
from control.tokens import DisplayName

logger = logging.getLogger(__name__)

MAX_OWNED: Final = 20
"""Tenants that one person may own; beyond that somebody is asking for something else."""


class TenantNowAnswer(Answer):
    """`retention_days`: after its end a conversation is kept so long; null keeps it until it is deleted."""

    id: str
    name: str
    role: MemberRole
    retention_days: int | None
    created_at: datetime


class TenantBody(Body):
    """What is not sent stays as it is; `retention_days` null keeps conversations until they are deleted."""

    name: DisplayName | None = None
    retention_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class NewTenantBody(Body):
    name: DisplayName


class EndBody(Body):
    """`name`: of the tenant, so that nobody deletes another than they mean."""

    name: str = Field(max_length=200)


class Halls(Protocol):
    """The rooms as the media server has them. Raises: Unavailable."""

    async def room_names(self) -> Sequence[str]: ...

    async def identities(self, room: str) -> Sequence[str]: ...

    async def remove(self, room: str, identity: str) -> None: ...


class Tenants:
    def __init__(self, db: Database, halls: Halls, starter: SessionStarter, *, is_sign_up_open: bool) -> None:
        self._db = db
        self._halls = halls
        self._starter = starter
        self._is_sign_up_open = is_sign_up_open

    async def show(self, call: Call[Member, Nothing]) -> TenantNowAnswer:
        """Tells about the tenant that you are in."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            return _answer(await tenants.current_tenant(conn), call.caller)

    async def change(self, call: Call[Member, TenantBody]) -> TenantNowAnswer:
        """Changes the tenant's name or how long it keeps conversations.

        Raises: InvalidInput (a name of null).
        """
        caller, sent = call.caller, call.input.model_fields_set
        if "name" in sent and call.input.name is None:
            raise InvalidInput("a tenant has a name", "name")
        async with self._db.tenant(caller.tenant_id) as conn:
            now = await tenants.current_tenant(conn)
            changed = Tenant(
                id=now.id,
                name=call.input.name or now.name,
                created_at=now.created_at,
                retention_days=call.input.retention_days if "retention_days" in sent else now.retention_days,
            )
            await tenants.change_tenant(conn, changed.name, changed.retention_days)
            kept = changed.retention_days or 0
            await record(
                conn,
                caller.tenant_id,
                _event(call, AuditAction.TENANT_CHANGED, fields=" ".join(sorted(sent)), retention_days=kept),
            )
        return _answer(changed, caller)

    async def found(self, call: Call[Member, NewTenantBody]) -> web.Response:
        """Makes one more tenant, which you own, and goes on in it.

        Raises: NotAllowed (sign-up is closed, or they own too many).
        """
        if not self._is_sign_up_open:
            raise NotAllowed("nobody founds tenants here but its operator")
        caller = call.caller
        async with self._db.person(caller.user_id) as conn:
            owned = [it for it in await own_memberships(conn) if it.role == MemberRole.OWNER]
            if len(owned) >= MAX_OWNED:
                raise NotAllowed(f"you own {len(owned)} tenants already, and may own {MAX_OWNED}")
            tenant_id = await found_another(conn, call.input.name)
            await enter_tenant(conn, tenant_id)
            await record(conn, tenant_id, _event(call, AuditAction.TENANT_FOUNDED, tenant_id))
        return await self._starter.switch(call.request, caller, tenant_id)

    async def transfer(self, call: Call[Member, TransferBody]) -> web.Response:
        """Makes somebody else an owner in your place; you stay as an admin, with a new session.

        Raises: NotFound, NotAllowed.
        """
        caller = call.caller
        async with self._db.member(caller.tenant_id, caller.user_id) as conn:
            await transfer(conn, call)
        return await self._starter.switch(call.request, caller, caller.tenant_id)

    async def delete(self, call: Call[Member, EndBody]) -> web.Response:
        """Deletes the tenant with everything in it; its people keep their accounts.

        Whoever is in one of its rooms is shown out: no credential leads back in.

        Raises: InvalidInput (another name), NotAllowed (the caller is no owner any more).
        """
        caller = call.caller
        async with self._db.tenant(caller.tenant_id) as conn:
            await lock_members(conn)
            check_may_manage(await role_of(conn, caller.user_id), MemberRole.OWNER)
            if call.input.name != (await tenants.current_tenant(conn)).name:
                raise InvalidInput("this is not the name of the tenant that you are in", "name")
            await record(conn, caller.tenant_id, _event(call, AuditAction.TENANT_DELETED))
            await tenants.delete_tenant(conn)
        await self._empty_rooms(caller.tenant_id)
        return web.Response(status=204)

    async def _empty_rooms(self, tenant_id: TenantId) -> None:
        try:
            for room in await self._halls.room_names():
                parsed = parse_livekit_room_name(room)
                if parsed is not None and parsed[0] == tenant_id:
                    for identity in await self._halls.identities(room):
                        await self._halls.remove(room, identity)
        except Unavailable as error:
            tenant = format_id(TENANT_PREFIX, tenant_id)
            logger.warning(
                "rooms of a deleted tenant were not emptied", extra={"tenant": tenant, "error": error.code}
            )


def _event(
    call: Call[Member, Any], action: AuditAction, tenant_id: TenantId | None = None, **details: str | int
) -> AuditEvent:
    return AuditEvent(
        action,
        actor_of(call.caller),
        request_id=call.request[REQUEST_ID],
        target={"tenant": format_id(TENANT_PREFIX, tenant_id or call.caller.tenant_id)},
        details=details,
    )


def _answer(tenant: Tenant, caller: Member) -> TenantNowAnswer:
    return TenantNowAnswer(
        id=format_id(TENANT_PREFIX, tenant.id),
        name=tenant.name,
        role=MemberRole(caller.role),
        retention_days=tenant.retention_days,
        created_at=tenant.created_at,
    )
