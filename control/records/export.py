"""A tenant as JSON lines: a header, one line a row, an end that says how many and holds a digest of the rest.

What is secret in it is sealed or hashed: a restore needs the key ring (PARLEY_KEY_RING, PARLEY_SECRET_KEY) of
the deployment that wrote it, or factors, provider keys and API keys are of no use. It is all of a moment, and
being made is told of in the trail, which is part of it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Final

from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, record
from control.store.copying import read_rows
from control.store.db import Database
from control.store.migrate import MIGRATIONS, read_migrations
from control.store.tenants import current_tenant

FORMAT: Final = "parley tenant"
VERSION: Final = 1


async def note_export(db: Database, tenant_id: TenantId, actor: AuditActor, request_id: str | None) -> None:
    """In the trail. Raises: NotFound for an unknown tenant, DatabaseUnavailable."""
    async with db.tenant(tenant_id) as conn:
        await current_tenant(conn)
        event = AuditEvent(
            AuditAction.TENANT_EXPORTED,
            actor,
            request_id=request_id,
            target={"tenant": format_id(TENANT_PREFIX, tenant_id)},
        )
        await record(conn, tenant_id, event)


async def export_tenant(db: Database, tenant_id: TenantId) -> AsyncGenerator[bytes, None]:
    """The lines with their ends. The snapshot is held for as long as whoever reads them takes.

    Raises: DatabaseUnavailable.
    """
    digest, count = hashlib.sha256(), 0
    async with db.snapshot(tenant_id) as conn:
        # Twice, so that a reader knows beforehand what is to come; of one snapshot, so it is the same.
        counts = Counter([table async for table, _ in read_rows(conn)])
        header = {
            "format": FORMAT,
            "version": VERSION,
            "schema": schema_version(),
            "tenant": format_id(TENANT_PREFIX, tenant_id),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "counts": dict(sorted(counts.items())),
        }
        line = json.dumps(header).encode() + b"\n"
        digest.update(line)
        yield line
        async for table, row in read_rows(conn):
            line = f'{{"table":"{table}","row":{row}}}\n'.encode()
            digest.update(line)
            count += 1
            yield line
    yield json.dumps({"end": count, "sha256": digest.hexdigest()}).encode() + b"\n"


def schema_version() -> str:
    """The newest migration that this program comes with."""
    return read_migrations(MIGRATIONS)[-1].name
