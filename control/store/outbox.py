"""What waits to be sent: written in the transaction of what it tells of, and gone once it was sent."""

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
