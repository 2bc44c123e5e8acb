"""Caps are what was set last, and every dollar is counted against them once."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from control.store.budgets import (
    MOST_USD_MICROS,
    Cap,
    conversations_that_spent,
    is_budget_spent,
    list_caps,
    people_who_spent,
    spent_by_tenant,
)
from control.store.calls import append_calls
from control.store.conversations import Conversation, delete_conversation
from control.store.db import Database
from tests.db.spending import a_cap, a_line, counters, expire, granted, set_caps, some_conversations, spent
from tests.fixtures.database import TenantSample
from tests.fixtures.purse import this_month, today

DAY_AND_A_BIT = timedelta(days=1, minutes=1)


async def test_each_call_is_counted_once_for_its_month_its_conversation_and_its_speakers_day(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    person = f"user_{tenant.user_id.hex}"
    calls = [
        spent("a", 100, speaker_identity=f"{person}-tab1"),
        spent("b", 30, speaker_identity=f"{person}-tab2"),
        spent("c", None),
        spent("d", 0),
        spent("e", 7, speaker_identity=None),
        spent("f", 5, started_at=datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), speaker_identity=person),
        spent("g", 6, started_at=datetime(2026, 2, 1, tzinfo=UTC), speaker_identity=person),
    ]

    for _ in range(2):
        await append_calls(database, tenant.id, conversation.id, conversation.epoch, calls)

    assert await counters(database, tenant) == {
        ("tenant", "", this_month()): 137,
        ("tenant", "", date(2026, 1, 1)): 5,
        ("tenant", "", date(2026, 2, 1)): 6,
        ("conversation", str(conversation.id), date(1970, 1, 1)): 148,
        ("user", person, today()): 130,
        ("user", person, date(2026, 1, 31)): 5,
        ("user", person, date(2026, 2, 1)): 6,
    }


async def test_parallel_ledgers_lose_and_double_nothing(database: Database, tenant: TenantSample) -> None:
    talks = await some_conversations(database, tenant, 4)

    await asyncio.gather(
        *(
            append_calls(
                database,
                tenant.id,
                talks[number % 4].id,
                talks[number % 4].epoch,
                [
                    spent(f"{number // 8}-{place}", 10, speaker_identity=f"user_{place % 3}")
                    for place in range(5)
                ],
            )
            for number in range(200)
        )
    )

    counted = await counters(database, tenant)
    # Each name came from two writers of each conversation.
    assert counted["tenant", "", this_month()] == 4 * 25 * 5 * 10
    assert sum(amount for (scope, *_), amount in counted.items() if scope == "user") == 5_000
    assert sum(amount for (scope, *_), amount in counted.items() if scope == "conversation") == 5_000


async def test_the_month_remembers_what_a_deleted_conversation_cost(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(100))
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, [spent("a", 100)])
    async with database.tenant(tenant.id) as conn:
        await delete_conversation(conn, conversation.id)

    async with database.tenant(tenant.id) as conn:
        assert await is_budget_spent(conn)
    assert ("conversation", str(conversation.id), date(1970, 1, 1)) not in await counters(database, tenant)


@pytest.mark.parametrize(("cap", "is_spent"), [(None, False), (101, False), (100, True), (0, True)])
async def test_a_budget_is_spent_from_its_cap_on(
    database: Database, tenant: TenantSample, conversation: Conversation, cap: int | None, is_spent: bool
) -> None:
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, [spent("a", 100)])
    await set_caps(database, tenant, *([] if cap is None else [a_cap(cap)]))

    async with database.tenant(tenant.id) as conn:
        assert await is_budget_spent(conn) is is_spent


async def test_caps_are_replaced_as_a_whole(database: Database, tenant: TenantSample) -> None:
    await set_caps(database, tenant, a_cap(5), a_cap(6, "user"), a_cap(7, "turn"))
    await set_caps(database, tenant, Cap("user", 9, 50), a_cap(8, "conversation"))

    async with database.tenant(tenant.id) as conn:
        caps = await list_caps(conn)

    assert caps == {"user": Cap("user", 9, 50), "conversation": a_cap(8, "conversation")}


@pytest.mark.parametrize(
    ("spent_usd_micros", "state"),
    [(0, "open"), (799, "open"), (800, "thrift"), (999, "thrift"), (1000, "stop")],
)
def test_a_state_follows_what_was_spent(spent_usd_micros: int, state: str) -> None:
    assert a_cap(1000).state(spent_usd_micros) == state


async def test_who_spent_most_is_told_first(database: Database, tenant: TenantSample) -> None:
    talks = await some_conversations(database, tenant, 2)
    for talk, amounts in zip(talks, ((500, "user_ada"), (900, "user_bo")), strict=True):
        await append_calls(
            database, tenant.id, talk.id, talk.epoch, [spent("a", amounts[0], speaker_identity=amounts[1])]
        )

    async with database.tenant(tenant.id) as conn:
        people = await people_who_spent(conn, 500)
        conversations = await conversations_that_spent(conn, 501)

    assert [(found.subject, found.spent_usd_micros) for found in people] == [
        ("user_bo", 900),
        ("user_ada", 500),
    ]
    assert [found.subject for found in conversations] == [str(talks[1].id)]


async def test_the_sweep_forgets_days_of_people_and_allowances_of_the_dead(
    database: Database, tenant: TenantSample
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    dead, alive = await some_conversations(database, tenant, 2)
    for conversation in (dead, alive):
        await granted(database, tenant, conversation, a_line(need_usd_micros=10))
    await expire(database, tenant, dead, DAY_AND_A_BIT)
    calls = [
        spent("old", 10, started_at=datetime.now(UTC) - timedelta(days=4)),
        spent("new", 10),
    ]
    await append_calls(database, tenant.id, alive.id, alive.epoch, calls)

    gone = await database.system.sweep_budgets()

    assert gone == 2
    left = await counters(database, tenant)
    assert [day for (scope, _, day) in left if scope == "user"] == [today()]
    async with database.tenant(tenant.id) as conn:
        assert await conn.fetchval("select array_agg(conversation_id) from budget_holds") == [alive.id]


async def test_of_two_changes_at_once_one_stands_as_a_whole(database: Database, tenant: TenantSample) -> None:
    for _ in range(10):
        await set_caps(database, tenant)
        await asyncio.gather(
            set_caps(database, tenant, a_cap(5)),
            set_caps(database, tenant, a_cap(6, "user"), a_cap(7, "turn")),
        )

        async with database.tenant(tenant.id) as conn:
            scopes = set(await list_caps(conn))
        assert scopes in ({"tenant"}, {"user", "turn"})


async def test_amounts_beyond_all_sense_are_stored_and_end_every_budget(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    """A model of one's own has whatever price somebody wrote down for it; its rows are kept all the same."""
    await set_caps(database, tenant, a_cap(1_000))
    await granted(database, tenant, conversation, a_line(need_usd_micros=100))
    for name in ("a", "b"):
        calls = [spent(f"{name}{number}", MOST_USD_MICROS) for number in range(2)]
        await append_calls(database, tenant.id, conversation.id, conversation.epoch, calls)

    assert set((await counters(database, tenant)).values()) == {MOST_USD_MICROS}
    assert await granted(database, tenant, conversation, a_line(kept_usd_micros=50, need_usd_micros=1)) == 100
    async with database.tenant(tenant.id) as conn:
        assert await is_budget_spent(conn)
        assert (await spent_by_tenant(conn)).spent_usd_micros == MOST_USD_MICROS
