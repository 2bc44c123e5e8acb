"""Rows of the audit trail: the end of a tenant's chain, the next event, and what the trail calls a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agent.errors import DatabaseUnavailable
from agent.wire import TenantId, UserId
from control.store.db import Connection


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """`seq` is 0, `event_id` and `hash` are None while there is no event. `now`: the database's clock."""

    seq: int
    event_id: UUID | None
    hash: bytes | None
    now: datetime


async def lock_chain(conn: Connection, tenant_id: TenantId) -> ChainEnd:
    """Where the tenant's chain ends; other writers wait until our transaction is through."""
    await conn.execute("select pg_advisory_xact_lock(hashtextextended($1::text, 0))", f"audit {tenant_id}")
    # A statement of its own, so that it sees what the writer before us stored.
    row = await conn.fetchrow(
        """
        select e.seq, e.id, e.hash, greatest(clock_timestamp(), e.at) as now
        from (select) one
        left join lateral (
            select seq, id, hash, at from audit_events
            where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
            order by seq desc limit 1
        ) e on true
        """
    )
    if row is None:
        raise DatabaseUnavailable("the database gave no answer")
    return ChainEnd(row["seq"] or 0, row["id"], row["hash"], row["now"])


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
