"""Which identity providers a person signs in by. All but the look-up happens in the person's context."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from agent.errors import Conflict, NotFound
from control.store.db import Connection


@dataclass(frozen=True, slots=True)
class Identity:
    id: UUID
    issuer: str
    subject: str
    email: str | None
    created_at: datetime
    last_used_at: datetime | None


async def link_identity(conn: Connection, issuer: str, subject: str, email: str | None) -> UUID:
    """Raises: Conflict when that account of the provider's belongs to somebody already."""
    try:
        # A transaction of its own, so that the caller's goes on after a refusal.
        async with conn.transaction():
            identity_id: UUID = await conn.fetchval(
                "insert into identities (issuer, subject, email) values ($1, $2, $3) returning id",
                issuer,
                subject,
                email,
            )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this account of the provider's is connected to a person already") from error
    return identity_id


async def list_identities(conn: Connection) -> list[Identity]:
    """Oldest first."""
    rows = await conn.fetch(
        "select id, issuer, subject, email, created_at, last_used_at from identities order by created_at, id"
    )
    return [Identity(**row) for row in rows]


async def unlink_identity(conn: Connection, identity_id: UUID) -> str:
    """The issuer of the one that went. Raises: NotFound; Conflict when it is the person's last way in."""
    row = await conn.fetchrow(
        """
        select exists (select from users where password_hash is not null)
            or exists (select from identities where id <> $1)
            or exists (select from mfa_factors where kind = 'passkey' and confirmed_at is not null)
            as has_other
        from (select from users for update) as locked
        """,
        identity_id,
    )
    issuer: str | None = await conn.fetchval(
        "delete from identities where id = $1 returning issuer", identity_id
    )
    if issuer is None:
        raise NotFound("no such connection")
    if row is None or not row["has_other"]:
        raise Conflict("this is your only way to sign in; set a password or add a passkey first")
    return issuer
