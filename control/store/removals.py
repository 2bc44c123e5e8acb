"""Who was shown out of a room, or of all rooms of a tenant, and whether somebody who arrives may stay."""

from datetime import timedelta
from uuid import UUID

from agent.wire import RoomId, UserId
from control.store.db import Connection


async def put_removal(
    conn: Connection, identity: str, room_id: RoomId | None, removed_by: UserId | None, life: timedelta
) -> None:
    """`identity`: without the suffix of a tab. `room_id` None: from all rooms of the tenant."""
    await conn.execute(
        """
        insert into removals (identity, room_id, removed_by, expires_at)
        values ($1, $2, (select user_id from memberships where user_id = $3), now() + $4)
        """,
        identity,
        room_id,
        removed_by,
        life,
    )


async def room_name_of(conn: Connection, room_id: RoomId) -> str | None:
    name: str | None = await conn.fetchval("select name from rooms where id = $1", room_id)
    return name


async def is_removed(conn: Connection, identity: str, room_name: str) -> bool:
    """From that room or from all of them, and not long enough ago to be forgotten."""
    return bool(
        await conn.fetchval(
            """
            select exists (
                select from removals x
                where x.identity = $1 and x.expires_at > now()
                    and (x.room_id is null or x.room_id = (select r.id from rooms r where r.name = $2))
            )
            """,
            identity,
            room_name,
        )
    )


async def is_member(conn: Connection, user_id: UUID) -> bool:
    return bool(await conn.fetchval("select exists (select from memberships where user_id = $1)", user_id))


async def is_guest_of(conn: Connection, session_id: UUID, room_name: str) -> bool:
    """Whether a guest's session still holds, and is for that room."""
    return bool(
        await conn.fetchval(
            """
            select exists (
                select from sessions s
                join invitations i on i.tenant_id = s.tenant_id and i.id = s.invitation_id
                join rooms r on r.tenant_id = i.tenant_id and r.id = i.room_id
                where s.id = $1 and r.name = $2 and s.revoked_at is null and s.expires_at > now()
            )
            """,
            session_id,
            room_name,
        )
    )


async def is_key_good(conn: Connection, api_key_id: UUID) -> bool:
    """Not revoked; a key that ran out after it had let somebody in is no reason to show them out."""
    return bool(
        await conn.fetchval(
            "select exists (select from api_keys where id = $1 and revoked_at is null)", api_key_id
        )
    )


async def revoke_guest(conn: Connection, session_id: UUID) -> None:
    """Nothing happens to a session that is no guest's of this tenant."""
    await conn.execute(
        "update sessions set revoked_at = now() where id = $1 and user_id is null and revoked_at is null",
        session_id,
    )
