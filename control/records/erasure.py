"""Erasing somebody: a person with their account, or one speaker of one conversation.

What they said and who they were goes; that somebody spoke stays, as a tombstone in its place. Their name is
taken out of the agents' answers to them where it stands as a word of its own. The audit trail keeps a
pseudonym whose key is deleted with the account. Not covered: what others said about them, a nickname in an
agent's answer, what people wrote into documents, prompts and names of rooms, keys and tenants, letters that
wait to be sent (sealed, three days at most), and the copies that left the house, exports and backups.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from agent.errors import Conflict, NotFound, Unavailable
from agent.wire import (
    CONVERSATION_PREFIX,
    TENANT_PREFIX,
    USER_PREFIX,
    ConversationId,
    TenantId,
    UserId,
    format_id,
)
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, record
from control.names import base_identity, is_reserved_identity
from control.people.roles import MemberRole
from control.store import erasure, members, tenants
from control.store.db import Connection, Database
from control.store.erasure import Traces

logger = logging.getLogger(__name__)

_GUEST: Final = re.compile(r"guest_([0-9a-f]{32})")


class RoomDoor(Protocol):
    async def disconnect(self, tenant_id: TenantId, identity: str) -> None:
        """Raises: Unavailable."""


@dataclass(frozen=True, slots=True)
class Erased:
    """`turns`: how many became tombstones. `tenants`: those that nobody else belonged to, deleted as well."""

    turns: int
    tenants: Sequence[TenantId]


@dataclass(frozen=True, slots=True)
class By:
    """Who asked for it, and in which request."""

    actor: AuditActor
    request_id: str | None = None


class Erasure:
    """Raises everywhere: DatabaseUnavailable."""

    def __init__(self, db: Database, door: RoomDoor) -> None:
        self._db = db
        self._door = door

    async def erase_person(self, user_id: UserId, by: By) -> Erased:
        """The account and every trace, all of it or nothing; then they are shown out of open rooms.

        Raises: NotFound; Conflict for the only owner of a tenant that others belong to.
        """
        identity = format_id(USER_PREFIX, user_id)
        async with self._db.person(user_id) as conn:
            name = await erasure.lock_person(conn)
            if name is None:
                raise NotFound("there is no such person")
            own = {membership.tenant_id for membership in await members.own_memberships(conn)}
            touched = sorted(own | set(await erasure.tenants_of_traces(conn, identity)))
            deserted = await _find_deserted(conn, user_id, sorted(own))
            turns = 0
            for tenant_id in touched:
                await members.enter_tenant(conn, tenant_id)
                if tenant_id in deserted:
                    event = AuditEvent(
                        AuditAction.TENANT_DELETED,
                        by.actor,
                        request_id=by.request_id,
                        target={"tenant": format_id(TENANT_PREFIX, tenant_id)},
                    )
                    await record(conn, tenant_id, event)
                    await tenants.delete_tenant(conn)
                else:
                    buried = await _erase_in_tenant(conn, identity, name)
                    await _record_erasure(conn, tenant_id, by, buried, subject=user_id)
                    turns += buried
            await erasure.delete_person(conn)
        for tenant_id in touched:
            await self._show_out(tenant_id, identity)
        return Erased(turns, deserted)

    async def erase_speaker(
        self, tenant_id: TenantId, conversation_id: ConversationId, identity: str, by: By
    ) -> int:
        """One speaker in one conversation; how many turns became tombstones. A guest's session ends.

        Raises: NotFound when nobody of that identity was there.
        """
        identity = base_identity(identity)
        async with self._db.tenant(tenant_id) as conn:
            # Nothing can be noted of them meanwhile (`rooms.record_participant`).
            await members.lock_members(conn)
            traces = await erasure.find_traces(
                conn, identity, with_tabs=is_reserved_identity(identity), conversation_id=conversation_id
            )
            if not traces.conversations:
                raise NotFound("nobody of that identity spoke or was in this conversation")
            turns = await _erase_traces(conn, identity, traces)
            guest = _GUEST.fullmatch(identity)
            if guest is not None:
                await erasure.delete_guest_session(conn, UUID(hex=guest[1]))
            await _record_erasure(conn, tenant_id, by, turns, conversation_id=conversation_id)
        if guest is not None:
            await self._show_out(tenant_id, identity)
        return turns

    async def _show_out(self, tenant_id: TenantId, identity: str) -> None:
        """What was erased is erased; who comes in again is looked up, and is nobody."""
        try:
            await self._door.disconnect(tenant_id, identity)
        except Unavailable as error:
            logger.warning(
                "somebody who was erased may still be in a room",
                extra={"tenant": format_id(TENANT_PREFIX, tenant_id), "error": error.code},
            )


async def _find_deserted(conn: Connection, user_id: UserId, own: Sequence[TenantId]) -> list[TenantId]:
    """The tenants that nobody else belongs to. Locks the roles of all. Raises: Conflict."""
    deserted = []
    for tenant_id in own:
        await members.enter_tenant(conn, tenant_id)
        await members.lock_members(conn)
        if await erasure.is_alone(conn, user_id):
            deserted.append(tenant_id)
        elif await members.role_of(conn, user_id) == MemberRole.OWNER and not (
            await members.has_owner_besides(conn, user_id)
        ):
            name = (await tenants.current_tenant(conn)).name
            raise Conflict(f"you are the only owner of {name!r}: transfer it, or delete it, before you go")
    return deserted


async def _erase_in_tenant(conn: Connection, identity: str, name: str) -> int:
    traces = await erasure.find_traces(conn, identity, with_tabs=True)
    return await _erase_traces(conn, identity, Traces(traces.conversations, traces.names | {name}))


async def _erase_traces(conn: Connection, identity: str, traces: Traces) -> int:
    """How many turns became tombstones."""
    with_tabs, talks = is_reserved_identity(identity), traces.conversations
    await erasure.end_jobs(conn, talks)
    turns = await erasure.bury_turns(conn, identity, with_tabs=with_tabs, conversations=talks)
    await erasure.forget_calls(conn, identity, with_tabs=with_tabs, conversations=talks)
    await erasure.forget_presence(conn, identity, with_tabs=with_tabs, conversations=talks)
    await erasure.forget_names(conn, traces.names, talks)
    return turns


async def _record_erasure(
    conn: Connection,
    tenant_id: TenantId,
    by: By,
    turns: int,
    *,
    subject: UserId | None = None,
    conversation_id: ConversationId | None = None,
) -> None:
    target = (
        {} if conversation_id is None else {"conversation": format_id(CONVERSATION_PREFIX, conversation_id)}
    )
    event = AuditEvent(
        AuditAction.PERSON_ERASED,
        by.actor,
        request_id=by.request_id,
        subject_user_id=subject,
        target=target,
        details={"turns": turns},
    )
    await record(conn, tenant_id, event)
