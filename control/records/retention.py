"""Deletes conversations when a tenant's retention ends, and what has expired, once an hour.

A conversation goes with its turns, participants, frames, labels and ledger rows: who needs the sums for
longer keeps a copy (`GET /v1/conversations/{id}/calls`, `GET /v1/tenant/export`). One process does it at a
time, by a lock of the database; batches are small, so that nobody waits, and each is told of in the trail
with its number.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from agent.errors import AppError
from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.audit.actions import AuditAction
from control.audit.record import SYSTEM, AuditEvent, record
from control.store.db import Database
from control.store.retention import delete_expired_conversations

logger = logging.getLogger(__name__)

INTERVAL_S: Final = 3600.0
BATCH: Final = 200
LOCK: Final = "parley sweep"


@dataclass(frozen=True, slots=True)
class Swept:
    """`expired_rows`: sessions, links, answers, removals and allowances that ended long ago, and what people
    spent on past days."""

    conversations: int
    expired_rows: int


async def sweep(db: Database) -> Swept | None:
    """One pass over all tenants; None when another process is at it. Raises: DatabaseUnavailable."""
    async with db.leading(LOCK) as leads:
        if not leads:
            return None
        conversations = 0
        for tenant in await db.system.list_tenants():
            if tenant.retention_days is not None:
                conversations += await _expire(db, tenant.id)
        return Swept(conversations, await db.system.sweep_expired() + await db.system.sweep_budgets())


async def _expire(db: Database, tenant_id: TenantId) -> int:
    total = 0
    while True:
        async with db.tenant(tenant_id) as conn:
            count = await delete_expired_conversations(conn, BATCH)
            if count:
                event = AuditEvent(
                    AuditAction.CONVERSATIONS_EXPIRED,
                    SYSTEM,
                    target={"tenant": format_id(TENANT_PREFIX, tenant_id)},
                    details={"count": count},
                )
                await record(conn, tenant_id, event)
        total += count
        if count < BATCH:
            return total


class Sweeper:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="sweeper")

    async def aclose(self) -> None:
        """A batch that is under way comes to nothing, and is taken again by the next pass."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            try:
                swept = await sweep(self._db)
                if swept is not None:
                    logger.info(
                        "swept",
                        extra={"conversations": swept.conversations, "expired_rows": swept.expired_rows},
                    )
            except AppError as error:
                logger.warning("sweep failed", extra={"error": error.code})
            except Exception as error:
                logger.error("sweep failed unexpectedly", extra={"error": type(error).__name__})
            await asyncio.sleep(INTERVAL_S)
