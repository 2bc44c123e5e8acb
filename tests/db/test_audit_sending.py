"""The trail on its way to a sink: many writers, a sink that is away, a transaction that comes to nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agent.errors import Unavailable
from agent.wire import TenantId
from control.audit.actions import AuditAction
from control.audit.inspection import verify
from control.audit.record import SYSTEM, AuditEvent, record
from control.audit.sink import audit_courier
from control.courier import Courier
from control.store.db import Database
from control.store.outbox import OutboxKind
from control.store.system import Parcel
from tests.db.trail import flaws, write_one, write_trail
from tests.fixtures.database import TenantSample


@pytest.fixture
async def sending(database_url: str) -> AsyncIterator[Database]:
    """The database of a deployment that has a sink."""
    db = await Database.open(database_url, sends_audit=True)
    yield db
    await db.aclose()


def _sequences(path: Path, tenant_id: TenantId) -> list[int]:
    events = [json.loads(line) for line in path.read_text().splitlines()]
    return [
        event["metadata"]["sequence"] for event in events if tenant_id.hex in event["metadata"]["tenant_uid"]
    ]


async def test_parallel_writers_leave_one_whole_chain(database: Database, tenant: TenantSample) -> None:
    await asyncio.gather(*(write_one(database, tenant.id) for _ in range(60)))

    async with database.tenant(tenant.id) as conn:
        count, newest = await conn.fetchrow("select count(*), max(seq) from audit_events") or (0, 0)
    assert (count, newest) == (60, 60)
    assert await flaws(database) == []


async def test_an_action_that_comes_to_nothing_leaves_no_event_and_no_gap(
    sending: Database, tenant: TenantSample
) -> None:
    async def fail() -> None:
        async with sending.tenant(tenant.id) as conn:
            await record(conn, tenant.id, AuditEvent(AuditAction.ROOM_MADE, SYSTEM))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await write_one(sending, tenant.id)

    assert await flaws(sending) == []
    assert len(await sending.system.take_outbox("audit", 10, 1)) == 1


async def test_without_a_sink_nothing_waits_to_be_sent(database: Database, tenant: TenantSample) -> None:
    await write_trail(database, tenant)

    assert await database.system.take_outbox("audit", 10, 1) == []


async def test_what_one_person_changes_in_several_tenants_is_sent_too(
    sending: Database, tenant: TenantSample
) -> None:
    async with sending.person(tenant.user_id) as conn:
        await conn.execute("select set_config('app.tenant_id', $1, true)", str(tenant.id))
        await record(conn, tenant.id, AuditEvent(AuditAction.PASSWORD_CHANGED, SYSTEM))

    assert len(await sending.system.take_outbox("audit", 10, 1)) == 1


async def test_what_many_write_at_once_arrives_whole_and_in_order(
    sending: Database, tenant: TenantSample, other_tenant: TenantSample, tmp_path: Path
) -> None:
    path = tmp_path / "audit.jsonl"
    await asyncio.gather(
        *(write_one(sending, each.id) for each in (tenant, other_tenant) for _ in range(120))
    )

    await audit_courier(sending, f"file://{path}").deliver()

    for each in (tenant, other_tenant):
        assert _sequences(path, each.id) == list(range(1, 121))
    assert (await verify(sending, None, path))[0]


async def test_a_sink_that_was_away_misses_nothing_and_keeps_the_order(
    sending: Database, tenant: TenantSample
) -> None:
    failures = iter([Unavailable("away"), TimeoutError(), OSError("reset")])
    arrived: list[int] = []

    async def send(parcels: Sequence[Parcel]) -> None:
        error = next(failures, None)
        if error is not None:
            raise error
        arrived.extend(json.loads(parcel.payload)["metadata"]["sequence"] for parcel in parcels)

    courier = Courier(sending, OutboxKind.AUDIT, send, batch=3, in_order=True)

    for _ in range(4):
        await write_trail(sending, tenant)
        await courier.deliver()

    assert arrived == list(range(1, 21))


async def test_what_was_sent_twice_is_told_apart_by_its_uid(sending: Database, tenant: TenantSample) -> None:
    await write_one(sending, tenant.id)
    taken = await sending.system.take_outbox("audit", 10, 0)
    again = await sending.system.take_outbox("audit", 10, 0)

    first, second = (json.loads(parcels[0].payload)["metadata"]["uid"] for parcels in (taken, again))
    assert first == second


async def test_that_a_tenant_was_deleted_reaches_the_sink(
    sending: Database, tenant: TenantSample, tmp_path: Path
) -> None:
    path = tmp_path / "audit.jsonl"
    await write_trail(sending, tenant)
    async with sending.tenant(tenant.id) as conn:
        await record(conn, tenant.id, AuditEvent(AuditAction.TENANT_DELETED, SYSTEM))
        await conn.execute("delete from tenants")

    await audit_courier(sending, f"file://{path}").deliver()

    assert _sequences(path, tenant.id) == [1, 2, 3, 4, 5, 6]
    assert (await verify(sending, None, path))[0]
