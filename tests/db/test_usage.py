"""Sums over the ledger are those of its rows, whoever stored them and when."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from agent.wire import ModelCall
from control.store.calls import append_calls
from control.store.conversations import Conversation
from control.store.db import Database
from control.store.usage import GROUPS, Group, add_up, sum_calls
from tests.db.samples import a_call
from tests.fixtures.database import TenantSample

SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


def some_calls(seed: int) -> list[ModelCall]:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    return [
        a_call(f"call {number}").model_copy(
            update={
                "started_at": SINCE + timedelta(hours=chance.randrange(-48, 31 * 24)),
                "cost_usd_micros": chance.choice((None, 0, 7, 900)),
                "baseline_usd_micros": chance.choice((None, 0, 5_000)),
                "single_usd_micros": chance.choice((None, 0, 800)),
                "uncached_usd_micros": chance.choice((None, 950)),
                "kind": chance.choice(("talk", "see", "stt")),
                "tier": chance.choice(("small", "large", None)),
                "purpose": chance.choice(("answer", "escalation", "probe")),
                "answered": chance.random() < 0.6,
                "speaker_identity": chance.choice((None, "user_ada", "user_bo")),
            }
        )
        for number in range(100)
    ]


@pytest.mark.parametrize("group", GROUPS)
async def test_the_database_sums_as_one_would_by_hand(
    database: Database, tenant: TenantSample, conversation: Conversation, group: Group
) -> None:
    calls = some_calls(len(group))
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, calls)

    async with database.tenant(tenant.id) as conn:
        total, *groups = await sum_calls(conn, SINCE, UNTIL, group)

    counted = [call for call in calls if SINCE <= call.started_at < UNTIL]
    models = [call for call in counted if call.kind != "stt" and call.cost_usd_micros is not None]
    compared = [call for call in models if call.baseline_usd_micros is not None]
    rivalled = [call for call in models if call.single_usd_micros is not None]
    assert total == add_up(groups)
    assert total.calls == len(counted)
    assert total.turns == sum(call.answered for call in counted)
    assert total.strong_turns == sum(call.answered and call.tier == "large" for call in counted)
    assert total.unpriced_calls == sum(call.cost_usd_micros is None for call in counted)
    assert total.cost_usd_micros == sum(call.cost_usd_micros or 0 for call in counted)
    assert total.compared_cost_usd_micros == sum(call.cost_usd_micros or 0 for call in compared)
    assert total.always_large_usd_micros == sum(call.baseline_usd_micros or 0 for call in compared)
    assert total.rivalled_cost_usd_micros == sum(call.cost_usd_micros or 0 for call in rivalled)
    assert total.best_single_usd_micros == sum(call.single_usd_micros or 0 for call in rivalled)


async def test_no_tenant_sums_anothers_rows(
    database: Database, tenant: TenantSample, other_tenant: TenantSample, conversation: Conversation
) -> None:
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, some_calls(1))

    async with database.tenant(other_tenant.id) as conn:
        assert [sums.calls for sums in await sum_calls(conn, SINCE, UNTIL, "day")] == [0]


async def test_a_sum_beyond_what_one_row_can_hold_is_still_a_sum(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    most = 2**63 - 1
    calls = [a_call(name, most).model_copy(update={"started_at": SINCE}) for name in ("a", "b")]
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, calls)

    async with database.tenant(tenant.id) as conn:
        total, *_ = await sum_calls(conn, SINCE, UNTIL, "day")

    assert total.cost_usd_micros == 2 * most


async def test_the_tabs_of_a_person_are_one_speaker(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    person, guest = f"user_{tenant.user_id.hex}", f"guest_{tenant.user_id.hex}"
    speakers = [person, f"{person}-tab1", f"{person}-tab2", f"{guest}-tab1", guest, "user_ada-tab1", None]
    calls = [
        a_call(f"call {place}", 10).model_copy(update={"started_at": SINCE, "speaker_identity": speaker})
        for place, speaker in enumerate(speakers)
    ]
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, calls)

    async with database.tenant(tenant.id) as conn:
        _, *groups = await sum_calls(conn, SINCE, UNTIL, "speaker")

    counted = {sums.key: sums.calls for sums in groups}
    assert counted == {"": 1, guest: 2, "user_ada-tab1": 1, person: 3}
