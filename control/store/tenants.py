"""The tenant itself, as its own context sees it. A new one is made by `System.create_tenant`."""

from dataclasses import dataclass
from datetime import datetime

from agent.errors import NotFound
from agent.wire import TenantId
from control.store.db import Connection


@dataclass(frozen=True, slots=True)
class Tenant:
    """`retention_days`: how long after its end a conversation is kept; None for ever."""

    id: TenantId
    name: str
    created_at: datetime
    retention_days: int | None


async def current_tenant(conn: Connection) -> Tenant:
    """The tenant of the context. Raises: NotFound when it is gone."""
    row = await conn.fetchrow("select id, name, created_at, retention_days from tenants")
    if row is None:
        raise NotFound("this tenant does not exist")
    return Tenant(**row)


async def change_tenant(conn: Connection, name: str, retention_days: int | None) -> None:
    await conn.execute("update tenants set name = $1, retention_days = $2", name, retention_days)


async def delete_tenant(conn: Connection) -> None:
    """Removes the tenant of the context with everything in it; its people keep their accounts."""
    await conn.execute("delete from tenants")
