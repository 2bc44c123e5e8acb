"""The tenant itself, as its own context sees it. A new one is made by `System.create_tenant`."""

from dataclasses import dataclass
from datetime import datetime

from agent.errors import NotFound
from agent.wire import TenantId
from control.store.db import Connection


@dataclass(frozen=True, slots=True)
class Tenant:
    id: TenantId
    name: str
    created_at: datetime


async def current_tenant(conn: Connection) -> Tenant:
    """The tenant of the context. Raises: NotFound when it is gone."""
    row = await conn.fetchrow("select id, name, created_at from tenants")
    if row is None:
        raise NotFound("this tenant does not exist")
    return Tenant(**row)


async def delete_tenant(conn: Connection) -> None:
    """Removes the tenant of the context with everything in it; its people keep their accounts."""
    await conn.execute("delete from tenants")
