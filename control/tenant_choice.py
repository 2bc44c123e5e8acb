"""The tenant that an operator's command is told to serve, by the name that people use or by its id."""

from agent.errors import InvalidInput, NotFound
from agent.wire import TENANT_PREFIX, format_id
from control.store.db import Database
from control.store.system import TenantFound


async def chosen_tenants(db: Database, name: str | None) -> list[TenantFound]:
    """All of them, oldest first, or the one that is named. Raises: NotFound, InvalidInput."""
    return await db.system.list_tenants() if name is None else [await find_tenant(db, name)]


async def find_tenant(db: Database, name: str) -> TenantFound:
    """By its id or its name. Raises: NotFound; InvalidInput for a name that several have."""
    tenants = await db.system.list_tenants()
    found = [tenant for tenant in tenants if name in (format_id(TENANT_PREFIX, tenant.id), tenant.name)]
    if len(found) > 1:
        ids = ", ".join(format_id(TENANT_PREFIX, tenant.id) for tenant in found)
        raise InvalidInput(f"{len(found)} tenants are called {name!r}: name one by its id ({ids})")
    if not found:
        raise NotFound(f"no tenant {name!r}: give its name or its id")
    return found[0]
