"""The people of a tenant: who they are, which roles they have, and how they leave.

Each change holds the tenant's row until it is done and reads the roles after that, so that two owners who
leave at the same moment do not leave a tenant without one. A change of role ends the person's sessions in
this tenant, and whoever leaves is shown out of its rooms.
"""

import logging
from datetime import datetime
from typing import Annotated, Any, Final, Protocol

from aiohttp import web
from pydantic import Field

from agent.errors import NotAllowed, NotFound, Unavailable
from agent.wire import USER_PREFIX, TenantId, UserId, format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.record import AuditEvent, actor_of, record
from control.auth import Member
from control.endpoints import Answer, Body, Call, Nothing
from control.middleware import REQUEST_ID
from control.people.roles import MemberRole, check_may_manage, check_owner_stays
from control.store import members
from control.store.db import Connection, Database
from control.store.members import MemberRow
from control.store.sessions import lock_person

logger = logging.getLogger(__name__)

MAX_PAGE: Final = 200


class RoomDoor(Protocol):
    async def show_out(
        self, tenant_id: TenantId, identity: str, *, room_id: None = None, by: UserId | None = None
    ) -> None:
        """Out of all rooms of the tenant, and not in again with a token that they hold.

        Raises: Unavailable.
        """


class MembersQuery(Body):
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 100
    cursor: Annotated[str, Field(max_length=400)] | None = None


class MemberBody(Body):
    role: MemberRole


class MemberAnswer(Answer):
    """`has_second_factor` is told to owners and admins only; null for others."""

    id: str
    name: str
    email: str
    role: MemberRole
    has_second_factor: bool | None
    created_at: datetime


class MembersAnswer(Answer):
    data: list[MemberAnswer]
    next_cursor: str | None


class TransferBody(Body):
    user_id: str = Field(max_length=64)


class Members:
    def __init__(self, db: Database, door: RoomDoor) -> None:
        self._db = db
        self._door = door

    async def list(self, call: Call[Member, MembersQuery]) -> MembersAnswer:
        """Lists the people of the tenant, who joined last first. Raises: InvalidInput for a bad cursor."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            page = await members.list_members(conn, call.input.limit, call.input.cursor)
        return MembersAnswer(
            data=[_answer(row, call.caller) for row in page.items], next_cursor=page.next_cursor
        )

    async def change_role(self, call: Call[Member, MemberBody]) -> MemberAnswer:
        """Gives somebody another role.

        Their sessions in this tenant end, the caller's own too when it is theirs.

        Raises: NotFound, NotAllowed, Conflict (the only owner).
        """
        caller, role, user_id = call.caller, call.input.role, _member_id(call.path("id"))
        async with self._db.member(caller.tenant_id, user_id) as conn:
            before, own = await _lock_roles(conn, user_id, caller)
            check_may_manage(own, before, role)
            await self._check_owner_stays(conn, user_id, before, role)
            if before != role:
                await _give_role(conn, call, user_id, before, role)
            row = await members.find_member(conn, user_id)
        return _answer(row, caller)

    async def remove(self, call: Call[Member, Nothing]) -> web.Response:
        """Removes somebody from the tenant, or leaves it.

        Raises: NotFound, NotAllowed, Conflict (the only owner).
        """
        caller, user_id = call.caller, _member_id(call.path("id"))
        is_leaving = user_id == caller.user_id
        if not is_leaving and caller.role == MemberRole.MEMBER:
            # Before anything is looked up: whether somebody belongs here is no answer to this.
            raise NotAllowed("this is for admins and owners of the tenant")
        async with self._db.member(caller.tenant_id, user_id) as conn:
            before, own = await _lock_roles(conn, user_id, caller)
            if not is_leaving:
                check_may_manage(own, before)
            await self._check_owner_stays(conn, user_id, before, None)
            await members.remove_member(conn, user_id)
            action = AuditAction.MEMBER_LEFT if is_leaving else AuditAction.MEMBER_REMOVED
            await record(conn, caller.tenant_id, _event(call, action, user_id, before))
        await self._show_out(caller.tenant_id, user_id, None if is_leaving else caller.user_id)
        return web.Response(status=204)

    async def end_sessions(self, call: Call[Member, Nothing]) -> web.Response:
        """Signs somebody out of the tenant everywhere, as when their device was lost; they stay a member.

        Raises: NotFound, NotAllowed.
        """
        caller, user_id = call.caller, _member_id(call.path("id"))
        async with self._db.member(caller.tenant_id, user_id) as conn:
            role, own = await _lock_roles(conn, user_id, caller)
            check_may_manage(own, role)
            await lock_person(conn)
            await members.end_sessions_here(conn)
            await record(conn, caller.tenant_id, _event(call, AuditAction.SESSION_REVOKED, user_id, role))
        return web.Response(status=204)

    async def _show_out(self, tenant_id: TenantId, user_id: UserId, by: UserId | None) -> None:
        """The media server may be away; who was removed is refused at their next arrival all the same."""
        try:
            await self._door.show_out(tenant_id, format_id(USER_PREFIX, user_id), by=by)
        except Unavailable as error:
            logger.warning("a former member may still be in a room", extra={"error": error.code})

    async def _check_owner_stays(
        self, conn: Connection, user_id: UserId, before: str, after: str | None
    ) -> None:
        has_another = await members.has_owner_besides(conn, user_id)
        check_owner_stays(before, after, has_another_owner=has_another)


async def transfer(conn: Connection, call: Call[Member, TransferBody]) -> None:
    """The caller becomes an admin and the other an owner, in both contexts of the caller.

    Raises: NotFound, NotAllowed (the caller is no owner any more), InvalidInput.
    """
    caller, user_id = call.caller, _member_id(call.input.user_id)
    before, own = await _lock_roles(conn, user_id, caller)
    check_may_manage(own, MemberRole.OWNER)
    if user_id == caller.user_id:
        raise NotFound("name somebody else: this tenant is yours already")
    await members.set_role(conn, user_id, MemberRole.OWNER)
    await members.set_role(conn, caller.user_id, MemberRole.ADMIN)
    for person in (user_id, caller.user_id):
        await members.enter_person(conn, person)
        await members.end_sessions_here(conn)
    await record(conn, caller.tenant_id, _event(call, AuditAction.OWNERSHIP_TRANSFERRED, user_id, before))


async def _give_role(
    conn: Connection, call: Call[Member, MemberBody], user_id: UserId, before: str, role: MemberRole
) -> None:
    await members.set_role(conn, user_id, role)
    await members.end_sessions_here(conn)
    await record(conn, call.caller.tenant_id, _event(call, AuditAction.ROLE_CHANGED, user_id, before, role))


async def _lock_roles(conn: Connection, user_id: UserId, caller: Member) -> tuple[str, str | None]:
    """Their role and the caller's, as nobody can change them until the transaction ends. Raises: NotFound."""
    await members.lock_members(conn)
    role = await members.role_of(conn, user_id)
    if role is None:
        raise NotFound("no such member in this tenant")
    return role, await members.role_of(conn, caller.user_id)


def _event(
    call: Call[Member, Any], action: AuditAction, user_id: UserId, before: str, after: str | None = None
) -> AuditEvent:
    details = {"role_before": before} | ({} if after is None else {"role": str(after)})
    return AuditEvent(
        action,
        actor_of(call.caller),
        request_id=call.request[REQUEST_ID],
        subject_user_id=user_id,
        details=details,
    )


def _member_id(text: str) -> UserId:
    return UserId(parse_id(USER_PREFIX, text))


def _answer(row: MemberRow, caller: Member) -> MemberAnswer:
    return MemberAnswer(
        id=format_id(USER_PREFIX, row.user_id),
        name=row.name,
        email=row.email,
        role=MemberRole(row.role),
        has_second_factor=None if caller.role == MemberRole.MEMBER else row.has_second_factor,
        created_at=row.created_at,
    )
