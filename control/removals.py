"""Showing people out of rooms, and seeing to it that they stay out.

LiveKit's open-source server takes no token back: who holds one may join with it until it ends. So a removal
outlives every token, no new one is given while it lasts, and everybody who arrives is looked up: whoever was
removed, left the tenant, or came by a session or key that is gone, is removed again.
"""

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from aiohttp import web

from agent.errors import InvalidInput, NotFound
from agent.wire import ROOM_PREFIX, TENANT_PREFIX, RoomId, TenantId, UserId, format_id
from control.audit.actions import AuditAction
from control.audit.record import AuditEvent, actor_of, record
from control.auth import ApiKey, Member
from control.endpoints import Call, Nothing
from control.media import MediaServer
from control.middleware import REQUEST_ID
from control.names import (
    AGENT_IDENTITY_PREFIX,
    PERSON_IDENTITY,
    PROGRAM_IDENTITY,
    base_identity,
    is_room_name,
    livekit_room_name,
    parse_livekit_room_name,
)
from control.store import removals, rooms
from control.store.db import Connection, Database
from control.store.rooms import Room

logger = logging.getLogger(__name__)

REMOVAL_LIFE: Final = timedelta(hours=1)
"""Six times the life of a token. Who should stay out for good loses the membership or the invitation."""


class Removals:
    """Raises everywhere: DatabaseUnavailable; Unavailable when the media server does not answer."""

    def __init__(self, db: Database, media: MediaServer) -> None:
        self._db = db
        self._media = media

    async def remove(self, call: Call[Member | ApiKey, Nothing]) -> web.Response:
        """Shows somebody out of a room, in all their tabs. Raises: NotFound, InvalidInput."""
        caller, identity = call.caller, base_identity(call.path("identity"))
        if identity.startswith(AGENT_IDENTITY_PREFIX) or not 1 <= len(identity) <= 256:
            raise InvalidInput(f"{identity!r} is nobody who could be shown out", "identity")
        by = caller.user_id if isinstance(caller, Member) else None
        async with self._db.tenant(caller.tenant_id) as conn:
            room = await _find_room(conn, call.path("name"))
            await _note(conn, identity, room.id, by)
            event = AuditEvent(
                AuditAction.PARTICIPANT_REMOVED,
                actor_of(caller),
                request_id=call.request[REQUEST_ID],
                target={"room": format_id(ROOM_PREFIX, room.id), **_target(identity)},
            )
            await record(conn, caller.tenant_id, event)
        await self._disconnect(livekit_room_name(caller.tenant_id, room.name), identity)
        return web.Response(status=204)

    async def show_out(
        self, tenant_id: TenantId, identity: str, *, room_id: RoomId | None = None, by: UserId | None = None
    ) -> None:
        """Out of one room, or of every room of the tenant; a guest's session ends with it.

        What is stored holds even when the media server does not answer, which is raised.
        """
        identity = base_identity(identity)
        async with self._db.tenant(tenant_id) as conn:
            await _note(conn, identity, room_id, by)
            only = None if room_id is None else await removals.room_name_of(conn, room_id)
        for livekit_room in await self._media.room_names():
            parsed = parse_livekit_room_name(livekit_room)
            if parsed is not None and parsed[0] == tenant_id and (room_id is None or parsed[1] == only):
                await self._disconnect(livekit_room, identity)

    async def disconnect(self, tenant_id: TenantId, identity: str) -> None:
        """Out of every room of the tenant, without a note of it: for who is gone whenever they are looked up.

        `identity`: without the suffix of a tab.
        """
        for livekit_room in await self._media.room_names():
            parsed = parse_livekit_room_name(livekit_room)
            if parsed is not None and parsed[0] == tenant_id:
                await self._disconnect(livekit_room, identity)

    async def turn_away(self, livekit_room: str, identity: str) -> bool:
        """Removes whoever arrived and may not stay; whether it did."""
        parsed = parse_livekit_room_name(livekit_room)
        if parsed is None:
            return False
        tenant_id, room_name = parsed
        async with self._db.tenant(tenant_id) as conn:
            if await _may_stay(conn, identity, room_name):
                return False
        await self._media.remove(livekit_room, identity)
        logger.info("somebody was turned away", extra={"tenant": format_id(TENANT_PREFIX, tenant_id)})
        return True

    async def _disconnect(self, livekit_room: str, identity: str) -> None:
        for present in await self._media.identities(livekit_room):
            if base_identity(present) == identity:
                await self._media.remove(livekit_room, present)


async def _find_room(conn: Connection, name: str) -> Room:
    room = await rooms.find_room(conn, name) if is_room_name(name) else None
    if room is None:
        raise NotFound(f"no room {name!r}")
    return room


async def _note(conn: Connection, identity: str, room_id: RoomId | None, by: UserId | None) -> None:
    await removals.put_removal(conn, identity, room_id, by, REMOVAL_LIFE)
    found = PERSON_IDENTITY.fullmatch(identity)
    if found is not None and found[1] == "guest":
        await removals.revoke_guest(conn, UUID(hex=found[2]))


async def _may_stay(conn: Connection, identity: str, room_name: str) -> bool:
    if await removals.is_removed(conn, base_identity(identity), room_name):
        return False
    person, program = PERSON_IDENTITY.fullmatch(identity), PROGRAM_IDENTITY.fullmatch(identity)
    if program is not None:
        return await removals.is_key_good(conn, UUID(hex=program[1]))
    if person is None:
        return True  # a name that the tenant's own program has given
    number = UUID(hex=person[2])
    if person[1] == "guest":
        return await removals.is_guest_of(conn, number, room_name)
    return await removals.is_member(conn, number)


def _target(identity: str) -> dict[str, str]:
    """Who it was, for the trail: it holds no name that a program may have made of somebody's own."""
    found = PERSON_IDENTITY.fullmatch(identity)
    return {} if found is None else {"participant": base_identity(identity)}
