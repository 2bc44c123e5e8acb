"""Rows of the audit trail: the end of a tenant's chain, the next event, and what the trail calls a person."""

from datetime import datetime
from uuid import UUID

from agent.wire import TenantId, UserId
from control.store.db import Connection


async def lock_chain(conn: Connection, tenant_id: TenantId) -> tuple[int, bytes | None]:
    """The seq and hash of the tenant's last event, or 0 and None. Others wait until we are through."""
    await conn.execute("select pg_advisory_xact_lock(hashtextextended($1::text, 0))", str(tenant_id))
    row = await conn.fetchrow("select seq, hash from audit_events order by seq desc limit 1")
    return (0, None) if row is None else (row["seq"], row["hash"])


async def append_event(
    conn: Connection,
    seq: int,
    event_id: UUID,
    at: datetime,
    action: str,
    line: str,
    previous: bytes,
    digest: bytes,
) -> None:
    await conn.execute(
        """
        insert into audit_events (seq, id, at, action, line, previous_hash, hash)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        seq,
        event_id,
        at,
        action,
        line,
        previous,
        digest,
    )


async def pseudonym_of(conn: Connection, user_id: UserId) -> UUID:
    """What the trail of the context's tenant calls that person, from now until they are erased."""
    await conn.execute("insert into audit_subjects (user_id) values ($1) on conflict do nothing", user_id)
    pseudonym: UUID = await conn.fetchval("select pseudonym from audit_subjects where user_id = $1", user_id)
    return pseudonym
