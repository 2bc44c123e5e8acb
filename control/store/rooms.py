"""Rooms, invitations to them, and who took part in their conversations."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import asyncpg

from agent.errors import InvalidInput, NotFound
from agent.wire import AgentId, ConversationId, RoomId, UserId
from control.names import PERSON_IDENTITY
from control.store.db import Connection
from control.store.pages import Page, Place, cut_page, parse_cursor

__all__ = ["Page", "ParticipantKind", "Room"]


class ParticipantKind(StrEnum):
    HUMAN = "human"
    GUEST = "guest"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Room:
    """`name` is short and the tenant's own; LiveKit's name is made from it elsewhere. `agent_name` is None
    for a room that gets the tenant's default agent.
    """

    id: RoomId
    name: str
    created_at: datetime
    agent_name: str | None


@dataclass(frozen=True, slots=True)
class Participant:
    """`left_at` is None while they are there."""

    identity: str
    name: str
    kind: ParticipantKind
    joined_at: datetime
    left_at: datetime | None


async def ensure_room(conn: Connection, name: str, agent_id: AgentId | None = None) -> Room:
    """The room of that name, made when there was none, then with that agent.

    Raises: InvalidInput for a name that is not one.
    """
    found = await find_room(conn, name)
    if found is not None:
        return found
    try:
        await conn.execute(
            """
            insert into rooms (name, agent_id) values ($1, $2)
            on conflict (tenant_id, name) do nothing
            """,
            name,
            agent_id,
        )
    except asyncpg.CheckViolationError as error:
        raise InvalidInput(f"{name!r} is not a room name", "room_name") from error
    # Ours, or the one that someone else just made: the next statement sees both.
    made = await find_room(conn, name)
    if made is None:
        raise NotFound(f"room {name!r} was removed while it was being made")
    return made


async def find_room(conn: Connection, name: str) -> Room | None:
    row = await conn.fetchrow(
        """
        select r.id, r.name, r.created_at, a.name as agent_name
        from rooms r
        left join agents a on a.id = r.agent_id
        where r.name = $1
        """,
        name,
    )
    return None if row is None else _room(row)


async def list_rooms(conn: Connection, limit: int, before: str | None) -> Page[Room]:
    """Newest first. `before`: the previous page's `next_cursor`. Raises: InvalidInput for a bad cursor."""
    place = parse_cursor(before)
    rows = await conn.fetch(
        """
        select r.id, r.name, r.created_at, a.name as agent_name
        from rooms r
        left join agents a on a.id = r.agent_id
        where $1::timestamptz is null or (r.created_at, r.id) < ($1, $2::uuid)
        order by r.created_at desc, r.id desc
        limit $3
        """,
        place and place.at,
        place and place.id,
        limit + 1,
    )
    return cut_page([_room(row) for row in rows], limit, lambda room: Place(room.created_at, room.id))


async def assign_agent(conn: Connection, room_id: RoomId, agent_id: AgentId | None) -> None:
    """From the next job on; None gives it the tenant's default agent. Raises: NotFound."""
    try:
        await conn.execute("update rooms set agent_id = $2 where id = $1", room_id, agent_id)
    except asyncpg.ForeignKeyViolationError as error:
        raise NotFound(f"no agent {agent_id} in this tenant") from error


async def delete_room(conn: Connection, room_id: RoomId) -> None:
    """And with it its invitations, guests' sessions, conversations and everything in them."""
    await conn.execute("delete from rooms where id = $1", room_id)


async def create_invitation(
    conn: Connection, room_id: RoomId, code_hash: bytes, created_by: UserId | None, expires_at_utc: datetime
) -> None:
    """Raises: NotFound when there is no such room in this tenant, or no such member."""
    try:
        await conn.execute(
            """
            insert into invitations (room_id, code_hash, created_by, expires_at)
            values ($1, $2, $3, $4)
            """,
            room_id,
            code_hash,
            created_by,
            expires_at_utc,
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise NotFound(f"no room {room_id} or no member {created_by} in this tenant") from error


async def record_participant(
    conn: Connection, conversation_id: ConversationId, identity: str, name: str, kind: str
) -> None:
    """Notes that they are there; who comes back is there again, under the newest name.

    Nothing is noted of a person whose account, or a guest whose session, is gone by now: they left or were
    erased, and a request or a webhook of theirs was still under way. Raises: NotFound.
    """
    person = PERSON_IDENTITY.fullmatch(identity)
    if person is not None and not await _is_known(conn, person[1], UUID(hex=person[2])):
        return
    try:
        await conn.execute(
            """
            insert into participants (conversation_id, identity, name, kind)
            values ($1, $2, $3, $4)
            on conflict (tenant_id, conversation_id, identity) do update set
                name = excluded.name,
                joined_at = case
                    when participants.left_at is null then participants.joined_at else excluded.joined_at
                end,
                left_at = null
            """,
            conversation_id,
            identity,
            name,
            kind,
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise NotFound(f"no conversation {conversation_id} in this tenant") from error


async def _is_known(conn: Connection, kind: str, number: UUID) -> bool:
    """Of a member or a guest of the tenant; whoever is being erased right now is waited for."""
    # Erasing holds this row. The next statement sees what it left.
    await conn.execute("select from tenants for key share")
    known: bool = await conn.fetchval(
        """
        select case when $1 = 'user' then exists (select from memberships where user_id = $2)
            else exists (select from sessions where id = $2 and user_id is null) end
        """,
        kind,
        number,
    )
    return known


async def mark_participant_left(
    conn: Connection, conversation_id: ConversationId, identity: str | None
) -> None:
    """`identity` None: everybody. Nothing happens to who was not there."""
    await conn.execute(
        """
        update participants set left_at = now()
        where conversation_id = $1 and ($2::text is null or identity = $2) and left_at is null
        """,
        conversation_id,
        identity,
    )


async def list_participants(conn: Connection, conversation_id: ConversationId) -> list[Participant]:
    """In the order in which they came."""
    rows = await conn.fetch(
        """
        select identity, name, kind, joined_at, left_at
        from participants
        where conversation_id = $1
        order by joined_at, identity
        """,
        conversation_id,
    )
    return [
        Participant(
            row["identity"], row["name"], ParticipantKind(row["kind"]), row["joined_at"], row["left_at"]
        )
        for row in rows
    ]


def _room(row: asyncpg.Record) -> Room:
    return Room(RoomId(row["id"]), row["name"], row["created_at"], row["agent_name"])
