"""The audit trail: what an event becomes, and what happens to whoever tampers with it."""

import json
from uuid import uuid4

import pytest

from control.audit.actions import AuditAction
from control.audit.record import SYSTEM, AuditActor, AuditEvent, record
from control.store.db import Database
from tests.fixtures.database import TenantSample


async def _line(database: Database, tenant: TenantSample) -> dict[str, object]:
    async with database.tenant(tenant.id) as conn:
        line = await conn.fetchval("select line from audit_events order by seq desc limit 1")
    decoded: dict[str, object] = json.loads(line)
    return decoded


async def test_an_event_calls_people_by_a_pseudonym_only(database: Database, tenant: TenantSample) -> None:
    actor = AuditActor("member", user_id=tenant.user_id, session_id=uuid4())
    event = AuditEvent(
        AuditAction.ROLE_CHANGED,
        actor,
        subject_user_id=tenant.user_id,
        target={"member": f"user_{tenant.user_id.hex}", "participant": f"user_{tenant.user_id.hex}-tab2"},
        details={"role": "admin"},
    )

    async with database.tenant(tenant.id) as conn:
        await record(conn, tenant.id, event)

    line = await _line(database, tenant)
    assert tenant.user_id.hex not in json.dumps(line)
    assert line["user"] == line["actor"]["user"]  # type: ignore[index]  # decoded JSON
    assert line["unmapped"]["target"]["member"] == line["user"]["uid"]  # type: ignore[index]  # decoded JSON


@pytest.mark.parametrize("words", ["ada@harbor.example", "She said: “sell”", "line\nbreak", "x" * 301])
async def test_an_event_with_somebodys_words_is_refused(
    database: Database, tenant: TenantSample, words: str
) -> None:
    async with database.tenant(tenant.id) as conn:
        with pytest.raises(ValueError, match="closed words"):
            await record(conn, tenant.id, AuditEvent(AuditAction.AGENT_MADE, SYSTEM, details={"name": words}))
