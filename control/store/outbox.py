"""What waits to be sent: written in the transaction of what it tells of, and gone once it was sent."""

from datetime import datetime
from enum import StrEnum

from control.store.db import Connection


class OutboxKind(StrEnum):
    LETTER = "letter"
    AUDIT = "audit"


async def put_for_tenant(conn: Connection, kind: OutboxKind, payload: bytes) -> None:
    """In the tenant's context."""
    await conn.execute(
        """
        insert into outbox (tenant_id, kind, payload)
        values (nullif(current_setting('app.tenant_id', true), '')::uuid, $1, $2)
        """,
        kind,
        payload,
    )


async def put_for_person(conn: Connection, kind: OutboxKind, payload: bytes) -> None:
    """In the person's context."""
    await conn.execute(
        """
        insert into outbox (user_id, kind, payload)
        values (nullif(current_setting('app.user_id', true), '')::uuid, $1, $2)
        """,
        kind,
        payload,
    )


async def put_event(conn: Connection, line: bytes, at: datetime) -> None:
    """In the tenant's context, while its chain is locked: an audit event takes its place in the queue.

    Nothing happens where no sink is set, which `Database` says in each context.
    """
    await conn.execute(
        """
        insert into outbox (tenant_id, kind, payload, due_at, created_at)
        select nullif(current_setting('app.tenant_id', true), '')::uuid, 'audit', $1::bytea, $2, $2
        where current_setting('app.sends_audit', true) = 'on'
        """,
        line,
        at,
    )
