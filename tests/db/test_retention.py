"""Conversations go when their tenant's retention ends, and nobody else's do."""

import json

import pytest

from control.records.retention import LOCK, Sweeper, sweep
from control.store.calls import append_calls
from control.store.conversations import open_conversation
from control.store.db import Database
from control.store.rooms import ensure_room
from control.store.turns import append_turns
from tests.db.samples import a_call, a_turn
from tests.db.trail import flaws
from tests.fixtures.control import eventually
from tests.fixtures.database import TenantSample


async def keep(database: Database, tenant: TenantSample, days: int | None) -> None:
    async with database.tenant(tenant.id) as conn:
        await conn.execute("update tenants set retention_days = $1", days)


async def talk(
    database: Database, tenant: TenantSample, room_name: str, *, days_ago: float, is_closed: bool = True
) -> None:
    """A conversation with a turn and a ledger row, whose end (or last turn) is so long ago."""
    async with database.tenant(tenant.id) as conn:
        room = await ensure_room(conn, room_name)
        conversation = await open_conversation(conn, room.id)
        await append_turns(conn, conversation.id, 0, [a_turn()])
    await append_calls(database, tenant.id, conversation.id, 0, [a_call()])
    async with database.tenant(tenant.id) as conn:
        await conn.execute(
            """
            update conversations
            set updated_at = now() - make_interval(secs => $2 * 86400),
                closed_at = case when $3 then now() - make_interval(secs => $2 * 86400) end
            where id = $1
            """,
            conversation.id,
            days_ago,
            is_closed,
        )


async def left(database: Database, tenant: TenantSample) -> dict[str, int]:
    async with database.tenant(tenant.id) as conn:
        row = await conn.fetchrow(
            """
            select (select count(*) from conversations) as conversations,
                (select count(*) from turns) as turns, (select count(*) from model_calls) as calls
            """
        )
    assert row is not None
    return dict(row)


async def test_what_is_older_than_the_retention_goes_with_all_that_is_in_it(
    database: Database, tenant: TenantSample
) -> None:
    await keep(database, tenant, 30)
    await talk(database, tenant, "old", days_ago=30.1)
    await talk(database, tenant, "young", days_ago=29.9)

    swept = await sweep(database)

    assert swept is not None
    assert swept.conversations == 1
    assert await left(database, tenant) == {"conversations": 1, "turns": 1, "calls": 1}


async def test_an_open_conversation_counts_from_the_last_that_happened(
    database: Database, tenant: TenantSample
) -> None:
    await keep(database, tenant, 30)
    await talk(database, tenant, "forgotten", days_ago=31, is_closed=False)
    await talk(database, tenant, "alive", days_ago=31, is_closed=False)
    async with database.tenant(tenant.id) as conn:
        await conn.execute(
            """
            update conversations set dispatched_at = now()
            where room_id = (select id from rooms where name = 'alive')
            """
        )

    await sweep(database)

    assert (await left(database, tenant))["conversations"] == 1


async def test_without_a_retention_nothing_goes(database: Database, tenant: TenantSample) -> None:
    await talk(database, tenant, "old", days_ago=5000)

    await sweep(database)

    assert (await left(database, tenant))["conversations"] == 1


async def test_one_tenants_retention_does_not_reach_anothers_conversations(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    await keep(database, tenant, 1)
    await talk(database, other_tenant, "old", days_ago=5000)

    await sweep(database)

    assert (await left(database, other_tenant))["conversations"] == 1


async def test_the_trail_says_how_many_went(
    database: Database, tenant: TenantSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("control.records.retention.BATCH", 2)
    await keep(database, tenant, 1)
    for number in range(3):
        await talk(database, tenant, f"old-{number}", days_ago=2)

    await sweep(database)

    async with database.tenant(tenant.id) as conn:
        rows = await conn.fetch("select line from audit_events where action = 'conversations.expired'")
    assert sorted(json.loads(row["line"])["unmapped"]["details"]["count"] for row in rows) == [1, 2]
    assert await flaws(database) == []


async def test_one_that_is_being_written_to_is_passed_over(database: Database, tenant: TenantSample) -> None:
    await keep(database, tenant, 1)
    await talk(database, tenant, "busy", days_ago=2)

    async with database.tenant(tenant.id) as conn:
        await conn.execute("select id from conversations for update")
        await sweep(database)

    assert (await left(database, tenant))["conversations"] == 1


async def test_only_one_process_sweeps_at_a_time(database: Database, tenant: TenantSample) -> None:
    await keep(database, tenant, 1)
    await talk(database, tenant, "old", days_ago=2)

    async with database.leading(LOCK) as leads:
        assert leads
        assert await sweep(database) is None

    assert await sweep(database) is not None
    assert (await left(database, tenant))["conversations"] == 0


async def test_removals_that_are_over_are_swept(database: Database, tenant: TenantSample) -> None:
    async with database.tenant(tenant.id) as conn:
        await conn.execute(
            """
            insert into removals (identity, expires_at)
            values ('gone', now() - interval '1 s'), ('not yet', now() + interval '1 hour')
            """
        )

    await sweep(database)

    async with database.tenant(tenant.id) as conn:
        assert await conn.fetchval("select string_agg(identity, ',') from removals") == "not yet"


async def test_the_sweeper_begins_by_itself(database: Database, tenant: TenantSample) -> None:
    await keep(database, tenant, 1)
    await talk(database, tenant, "old", days_ago=2)
    sweeper = Sweeper(database)

    async def is_gone() -> bool:
        return (await left(database, tenant))["conversations"] == 0

    sweeper.start()
    await eventually(is_gone, "the conversation is gone")
    await sweeper.aclose()
