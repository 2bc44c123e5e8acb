"""A tenant's API keys: digests of what its programs come in by, and what each may be used for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from agent.errors import Conflict, NotFound
from agent.wire import UserId
from control.scopes import DEFAULT_SCOPES
from control.store.db import Connection
from control.store.pages import Page, Place, cut_page, parse_cursor


@dataclass(frozen=True, slots=True)
class StoredApiKey:
    """`hint`: its first characters. `replaced_by`: the key that took over, while this one runs out."""

    id: UUID
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    created_by: UserId | None
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    replaced_by: UUID | None


async def create_api_key(
    conn: Connection,
    name: str,
    key_hash: bytes,
    expires_at_utc: datetime | None = None,
    *,
    scopes: Sequence[str] = DEFAULT_SCOPES,
    hint: str = "",
    created_by: UserId | None = None,
) -> UUID:
    """Raises: Conflict when that key is known already."""
    try:
        key_id: UUID = await conn.fetchval(
            """
            insert into api_keys (name, key_hash, expires_at, scopes, hint, created_by)
            values ($1, $2, $3, $4, $5, $6)
            returning id
            """,
            name,
            key_hash,
            expires_at_utc,
            list(scopes),
            hint,
            created_by,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this API key is stored already") from error
    return key_id


async def list_api_keys(conn: Connection, limit: int, before: str | None) -> Page[StoredApiKey]:
    """Newest first, the ended ones too. Raises: InvalidInput for a bad cursor."""
    place = parse_cursor(before)
    rows = await conn.fetch(
        """
        select id, name, hint, scopes, created_at, created_by, expires_at, last_used_at, revoked_at,
            replaced_by
        from api_keys
        where $1::timestamptz is null or (created_at, id) < ($1, $2::uuid)
        order by created_at desc, id desc
        limit $3
        """,
        place and place.at,
        place and place.id,
        limit + 1,
    )
    return cut_page([StoredApiKey(**row) for row in rows], limit, lambda key: Place(key.created_at, key.id))


async def find_api_key(conn: Connection, key_id: UUID) -> StoredApiKey | None:
    """Its row is locked until the transaction ends."""
    row = await conn.fetchrow(
        """
        select id, name, hint, scopes, created_at, created_by, expires_at, last_used_at, revoked_at,
            replaced_by
        from api_keys
        where id = $1
        for update
        """,
        key_id,
    )
    return None if row is None else StoredApiKey(**row)


async def hand_over(conn: Connection, key_id: UUID, successor: UUID, overlap: timedelta) -> None:
    """The key expires after `overlap`, or earlier if it was to. Raises: NotFound."""
    status = await conn.execute(
        """
        update api_keys set replaced_by = $2, expires_at = least(expires_at, now() + $3::interval)
        where id = $1
        """,
        key_id,
        successor,
        overlap,
    )
    if status == "UPDATE 0":
        raise NotFound(f"no API key {key_id} in this tenant")


async def revoke_api_key(conn: Connection, key_id: UUID) -> None:
    """From the next request on it is unknown. Raises: NotFound."""
    status = await conn.execute(
        "update api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1", key_id
    )
    if status == "UPDATE 0":
        raise NotFound(f"no API key {key_id} in this tenant")
