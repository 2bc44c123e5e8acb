"""Rows of the audit trail: the end of a tenant's chain, the next event, and what the trail calls a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agent.errors import DatabaseUnavailable
from agent.wire import TenantId, UserId
from control.store.db import Connection


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A row as it stands, whether it still agrees with itself or not."""

    seq: int
    id: UUID
    at: datetime
    action: str
    line: str
    previous_hash: bytes
    hash: bytes


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


async def list_events(
    conn: Connection, limit: int, before_seq: int | None, action: str | None = None
) -> list[StoredEvent]:
    """Newest first, of one action or of all; those before `before_seq`, or from the end."""
    rows = await conn.fetch(
        """
        select seq, id, at, action, line, previous_hash, hash
        from audit_events
        where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
            and ($2::bigint is null or seq < $2) and ($3::text is null or action = $3)
        order by seq desc
        limit $1
        """,
        limit,
        before_seq,
        action,
    )
    return [StoredEvent(**row) for row in rows]


async def read_chain(conn: Connection, after_seq: int, limit: int) -> list[StoredEvent]:
    """In order."""
    rows = await conn.fetch(
        """
        select seq, id, at, action, line, previous_hash, hash
        from audit_events
        where tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid and seq > $1
        order by seq
        limit $2
        """,
        after_seq,
        limit,
    )
    return [StoredEvent(**row) for row in rows]


async def names_of_subjects(conn: Connection) -> dict[UUID, tuple[UserId, str]]:
    """The members whom the trail of the context's tenant mentions, by pseudonym: their id and name now."""
    rows = await conn.fetch(
        """
        select s.pseudonym, m.user_id, m.name
        from audit_subjects s
        join tenant_members() m on m.user_id = s.user_id
        """
    )
    return {row["pseudonym"]: (UserId(row["user_id"]), row["name"]) for row in rows}
