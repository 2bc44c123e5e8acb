"""A trail with a few events, and hands that may do in its table what the application may not."""

import asyncpg

from agent.wire import TenantId
from control.audit.actions import AuditAction
from control.audit.inspection import verify
from control.audit.record import SYSTEM, AuditActor, AuditEvent, record
from control.store.db import Database
from tests.fixtures.database import TenantSample

ACTIONS = (
    AuditAction.SIGNED_IN,
    AuditAction.ROOM_MADE,
    AuditAction.API_KEY_MADE,
    AuditAction.ROLE_CHANGED,
    AuditAction.SIGNED_OUT,
)


async def write_trail(database: Database, tenant: TenantSample, times: int = 1) -> None:
    """Five events, so many times over."""
    actor = AuditActor("member", user_id=tenant.user_id)
    for action in ACTIONS * times:
        async with database.tenant(tenant.id) as conn:
            await record(conn, tenant.id, AuditEvent(action, actor))


async def write_one(database: Database, tenant_id: TenantId) -> None:
    async with database.tenant(tenant_id) as conn:
        await record(conn, tenant_id, AuditEvent(AuditAction.TENANT_CHANGED, SYSTEM))


async def flaws(database: Database) -> list[str]:
    """What `audit verify` says is wrong; nothing for a trail that is whole."""
    is_whole, said = await verify(database, None, None)
    return [] if is_whole else said


async def unfence(owner: asyncpg.Connection) -> None:
    """From here on the owner may change and delete what is written once."""
    await owner.execute("alter table audit_events no force row level security")
