"""What jobs are granted: together never beyond a cap, whatever is sent again, is late or never arrives."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from agent.errors import NotFound, StaleEpoch
from control.store.budgets import Spending, spent_by_tenant
from control.store.calls import append_calls
from control.store.conversations import Conversation, begin_epoch
from control.store.db import Database
from tests.db.spending import a_cap, a_line, expire, granted, renew, set_caps, some_conversations, spent
from tests.fixtures.database import TenantSample
from tests.fixtures.purse import this_month, today


async def test_1000_reservations_at_once_get_exactly_what_there_is(
    database_url: str, tenant: TenantSample, database: Database
) -> None:
    """Over twenty connections, each for a job of its own, in the last of what is left."""
    await set_caps(database, tenant, a_cap(100_050), a_cap(10_000, "user"))
    talks = await some_conversations(database, tenant, 20)
    wide = await Database.open(database_url, max_connections=20)

    async def reserve(number: int) -> None:
        need = 100 * (number // 20 + 1)
        await renew(
            wide,
            tenant,
            talks[number % 20],
            a_line(need_usd_micros=need, reserved_usd_micros=need),
            a_line(scope="user", speaker=f"user_{number % 5}", period_start=today(), need_usd_micros=need),
        )

    await asyncio.gather(*(reserve(number) for number in range(1_000)))
    await wide.aclose()

    async with database.tenant(tenant.id) as conn:
        held = await conn.fetch(
            "select scope, subject, sum(granted_usd_micros) as usd_micros from budget_holds group by 1, 2"
        )
    totals = {(row["scope"], row["subject"]): row["usd_micros"] for row in held}
    assert totals["tenant", ""] == 100_050
    assert all(totals["user", f"user_{number}"] == 10_000 for number in range(5))


async def test_a_request_that_is_sent_again_is_granted_once(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(1_000_000))
    line = a_line(need_usd_micros=500, want_usd_micros=2_000)

    grants = [await granted(database, tenant, conversation, line) for _ in range(3)]

    assert grants == [2_000, 2_000, 2_000]


async def test_an_older_request_that_comes_late_takes_nothing_back(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(1_000_000))
    old = a_line(want_usd_micros=1_000)
    await granted(database, tenant, conversation, old)
    await granted(database, tenant, conversation, a_line(settled_usd_micros=900, want_usd_micros=1_000))

    assert await granted(database, tenant, conversation, old) == 1_900


async def test_a_job_gets_what_its_next_call_needs_and_a_share_of_the_rest(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(1_000))

    first = await granted(database, tenant, conversation, a_line(need_usd_micros=10, want_usd_micros=1_000))
    second = await granted(database, tenant, conversation, a_line(need_usd_micros=600, want_usd_micros=1_000))
    third = await granted(database, tenant, conversation, a_line(need_usd_micros=5_000))

    assert (first, second, third) == (250, 600, 1_000)


async def test_what_a_job_spent_stays_held_until_the_ledger_has_it(
    database: Database, tenant: TenantSample
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    ours, theirs = await some_conversations(database, tenant, 2)
    await granted(database, tenant, ours, a_line(need_usd_micros=600))
    used = a_line(settled_usd_micros=600)
    await granted(database, tenant, ours, used, is_closing=True)

    before = await granted(database, tenant, theirs, a_line(need_usd_micros=1_000))
    await append_calls(database, tenant.id, ours.id, ours.epoch, [spent("a", 600)])
    after = await granted(database, tenant, theirs, a_line(need_usd_micros=1_000))

    assert (before, after) == (400, 400)
    async with database.tenant(tenant.id) as conn:
        assert await spent_by_tenant(conn) == Spending("", 600, 400)


async def test_speech_takes_nothing_from_what_a_job_reserved(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    await granted(database, tenant, conversation, a_line(need_usd_micros=500))
    await append_calls(
        database,
        tenant.id,
        conversation.id,
        conversation.epoch,
        [spent("s", 300, kind="tts", tier=None, purpose="speech")],
    )
    await granted(database, tenant, conversation, a_line(settled_usd_micros=300))

    async with database.tenant(tenant.id) as conn:
        assert await spent_by_tenant(conn) == Spending("", 300, 500)


async def test_a_call_of_unknown_cost_is_counted_as_what_was_reserved_once(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    await granted(database, tenant, conversation, a_line(need_usd_micros=500))

    for _ in range(2):
        await granted(database, tenant, conversation, a_line(kept_usd_micros=200))

    async with database.tenant(tenant.id) as conn:
        assert await spent_by_tenant(conn) == Spending("", 200, 300)


async def test_what_a_job_did_not_use_is_free_once_it_closed_and_nothing_comes_after(
    database: Database, tenant: TenantSample
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    ours, theirs = await some_conversations(database, tenant, 2)
    await granted(database, tenant, ours, a_line(need_usd_micros=700))
    late = a_line(settled_usd_micros=50, need_usd_micros=700)

    closing = a_line(settled_usd_micros=100, reserved_usd_micros=20)
    kept = await granted(database, tenant, ours, closing, is_closing=True)
    afterwards = await granted(database, tenant, ours, late)

    assert (kept, afterwards) == (120, 120)
    assert await granted(database, tenant, theirs, a_line(need_usd_micros=1_000)) == 880


async def test_what_a_quiet_job_gives_back_is_free_for_others_once(
    database: Database, tenant: TenantSample
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    ours, theirs = await some_conversations(database, tenant, 2)
    await granted(database, tenant, ours, a_line(need_usd_micros=1_000))

    for _ in range(2):
        await granted(database, tenant, ours, a_line(returned_usd_micros=300))

    assert await granted(database, tenant, theirs, a_line(need_usd_micros=1_000)) == 300


async def test_a_job_that_was_replaced_gives_back_and_gets_nothing(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    await granted(database, tenant, conversation, a_line(need_usd_micros=900))
    async with database.tenant(tenant.id) as conn:
        epoch = await begin_epoch(conn, conversation.id)

    with pytest.raises(StaleEpoch):
        await granted(database, tenant, conversation, a_line(need_usd_micros=1_000))
    await granted(database, tenant, conversation, a_line(), is_closing=True)

    assert await granted(database, tenant, conversation, a_line(need_usd_micros=1_000), epoch=epoch) == 1_000


async def test_a_dead_jobs_allowance_is_free_when_it_expires(
    database: Database, tenant: TenantSample, owner_connection: asyncpg.Connection
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    dead, ours = await some_conversations(database, tenant, 2)
    await granted(database, tenant, dead, a_line(need_usd_micros=1_000))
    before = await granted(database, tenant, ours, a_line(need_usd_micros=10))
    await expire(database, tenant, dead)

    after = await granted(database, tenant, ours, a_line(need_usd_micros=900))
    back = await granted(
        database, tenant, dead, a_line(settled_usd_micros=60, reserved_usd_micros=30, need_usd_micros=500)
    )

    assert (before, after) == (0, 900)
    # What it used is held again, and of the rest it gets what is left.
    assert back == 90 + 10


async def test_another_periods_spending_stands_against_its_own_cap_alone(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    earlier = (this_month() - timedelta(days=1)).replace(day=1)

    grants = await renew(
        database,
        tenant,
        conversation,
        a_line(need_usd_micros=1_000),
        a_line(period_start=earlier, need_usd_micros=1_000),
    )

    assert [grant.granted_usd_micros for grant in grants] == [1_000, 1_000]


async def test_two_tabs_of_a_person_share_their_day(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, tenant, a_cap(1_000, "user"))
    person = f"user_{tenant.user_id.hex}"

    grants = await renew(
        database,
        tenant,
        conversation,
        *(
            a_line(scope="user", speaker=f"{person}-{tab}", period_start=today(), need_usd_micros=700)
            for tab in ("a", "b")
        ),
    )

    assert [grant.granted_usd_micros for grant in grants] == [700, 300]


async def test_an_unknown_conversation_and_another_tenants_get_nothing(
    database: Database, tenant: TenantSample, other_tenant: TenantSample, conversation: Conversation
) -> None:
    await set_caps(database, other_tenant, a_cap(1_000))

    with pytest.raises(NotFound):
        await renew(database, other_tenant, conversation, a_line(need_usd_micros=1))


async def test_what_was_free_while_no_cap_stood_settles_nothing_of_what_is_granted_under_the_next(
    database: Database, tenant: TenantSample
) -> None:
    """The ledger has calls then that no allowance was asked for: they must not stand for others' calls."""
    ours, theirs = await some_conversations(database, tenant, 2)
    await set_caps(database, tenant, a_cap(1_000))
    await granted(database, tenant, ours, a_line(need_usd_micros=100))
    await set_caps(database, tenant)
    await append_calls(database, tenant.id, ours.id, ours.epoch, [spent("while free", 300)])
    await set_caps(database, tenant, a_cap(1_000))

    ours_at_most = await granted(database, tenant, ours, a_line(need_usd_micros=500))
    await granted(database, tenant, ours, a_line(settled_usd_micros=ours_at_most))
    theirs_at_most = await granted(database, tenant, theirs, a_line(need_usd_micros=1_000))

    assert ours_at_most >= 500
    assert 300 + ours_at_most + theirs_at_most <= 1_000


@pytest.mark.parametrize("lowered", [0, 300, 700])
async def test_below_a_lowered_cap_nothing_more_is_granted_until_it_is_raised(
    database: Database, tenant: TenantSample, conversation: Conversation, lowered: int
) -> None:
    await set_caps(database, tenant, a_cap(1_000))
    await granted(database, tenant, conversation, a_line(need_usd_micros=700))
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, [spent("a", 400)])
    used = a_line(settled_usd_micros=400, need_usd_micros=500)

    await set_caps(database, tenant, a_cap(lowered))
    below = await granted(database, tenant, conversation, used)
    await set_caps(database, tenant, a_cap(2_000))
    raised = await granted(database, tenant, conversation, used)

    assert (below, raised) == (700, 900)
