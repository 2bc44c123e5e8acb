"""Caps hold exactly, however many spend at once, and every dollar is counted once."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from agent.errors import NotFound, StaleEpoch
from agent.wire import AllowanceLine, ConversationId, ModelCall
from control.store.allowances import Granted, renew_allowance
from control.store.budgets import (
    Cap,
    Spending,
    conversations_that_spent,
    is_budget_spent,
    list_caps,
    people_who_spent,
    replace_caps,
    spent_by_tenant,
)
from control.store.calls import append_calls
from control.store.conversations import Conversation, begin_epoch, delete_conversation, open_conversation
from control.store.db import Database
from control.store.rooms import ensure_room
from tests.db.samples import a_call
from tests.fixtures.database import TenantSample
from tests.fixtures.purse import this_month, today

DAY_AND_A_BIT = timedelta(days=1, minutes=1)


def a_cap(usd_micros: int, scope: Any = "tenant") -> Cap:
    return Cap(scope, usd_micros, 80)


def a_line(**changes: Any) -> AllowanceLine:
    return AllowanceLine.model_validate({"scope": "tenant", "period_start": this_month(), **changes})


def spent(client_id: str, usd_micros: int | None, **changes: Any) -> ModelCall:
    return a_call(client_id, usd_micros).model_copy(
        update={"started_at": datetime.now(UTC), "speaker_identity": "user_ada", **changes}
    )


async def renew(
    db: Database,
    tenant: TenantSample,
    conversation: Conversation,
    *lines: AllowanceLine,
    epoch: int | None = None,
    is_closing: bool = False,
) -> Sequence[Granted]:
    async with db.tenant(tenant.id) as conn:
        return await renew_allowance(
            conn,
            conversation.id,
            conversation.epoch if epoch is None else epoch,
            lines,
            await list_caps(conn),
            is_closing=is_closing,
        )


async def granted(
    db: Database, tenant: TenantSample, conversation: Conversation, line: AllowanceLine, **options: Any
) -> int:
    (grant,) = await renew(db, tenant, conversation, line, **options)
    return grant.granted_usd_micros


async def set_caps(db: Database, tenant: TenantSample, *caps: Cap) -> None:
    async with db.tenant(tenant.id) as conn:
        await replace_caps(conn, caps)


async def counters(db: Database, tenant: TenantSample) -> dict[tuple[str, str, date], int]:
    async with db.tenant(tenant.id) as conn:
        rows = await conn.fetch("select scope, subject, period_start, spent_usd_micros from budget_counters")
    return {(row["scope"], row["subject"], row["period_start"]): row["spent_usd_micros"] for row in rows}


async def some_conversations(db: Database, tenant: TenantSample, count: int) -> list[Conversation]:
    found = []
    async with db.tenant(tenant.id) as conn:
        for number in range(count):
            opened = await open_conversation(conn, (await ensure_room(conn, f"room-{number}")).id)
            await begin_epoch(conn, opened.id)
            found.append(await open_conversation(conn, (await ensure_room(conn, f"room-{number}")).id))
    return found


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
    await _expire(database, tenant, dead)

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
    await _expire(database, tenant, dead, DAY_AND_A_BIT)
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


async def _expire(
    db: Database, tenant: TenantSample, conversation: Conversation, ago: timedelta = timedelta(seconds=1)
) -> None:
    async with db.tenant(tenant.id) as conn:
        await conn.execute(
            "update budget_holds set expires_at = now() - $2::interval where conversation_id = $1",
            ConversationId(conversation.id),
            ago,
        )
