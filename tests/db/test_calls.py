"""The ledger counts every call once, and an unknown price is not nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from agent.errors import NotFound, StaleEpoch
from agent.wire import ConversationId, ModelCall
from control.store.agents import AgentRef
from control.store.calls import append_calls, list_calls
from control.store.conversations import Conversation, begin_epoch
from control.store.db import Connection, Database
from control.store.rooms import record_participant
from tests.db.samples import a_call
from tests.fixtures.database import TenantSample


async def test_a_call_is_read_as_it_was_written(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    written = a_call().model_copy(
        update={
            "cache_write_tokens": 12,
            "single_usd_micros": 700,
            "uncached_usd_micros": 130,
            "purpose": "escalation",
            "answered": True,
            "speaker_identity": "user_ada",
            "score": 0.25,
            "threshold": 1.5,
            "decision": {"score": "0.25 is under 1.5", "nul\x00": "nul\x00"},
            "checks": {"arithmetic": True, "citations": False},
            "epoch": conversation.epoch,
        }
    )

    await append_calls(database, tenant.id, conversation.id, conversation.epoch, [written])
    (row,) = await list_calls(conn, conversation.id)

    stored = {name: getattr(row, name) for name in ModelCall.model_fields}
    assert stored == {**written.model_dump(), "decision": {"score": "0.25 is under 1.5", "nul": "nul"}}


async def test_a_call_is_counted_once_however_often_it_is_sent(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, [a_call("a", 120)])

    await append_calls(
        database,
        tenant.id,
        conversation.id,
        conversation.epoch,
        [a_call("a", 999), a_call("b", 30), a_call("b", 30)],
    )

    rows = await list_calls(conn, conversation.id)
    assert [(row.client_id, row.cost_usd_micros) for row in rows] == [("a", 120), ("b", 30)]


async def test_a_call_without_a_price_stays_unpriced(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    await append_calls(
        database, tenant.id, conversation.id, conversation.epoch, [a_call(cost_usd_micros=None)]
    )

    (row,) = await list_calls(conn, conversation.id)
    assert (row.cost_usd_micros, row.baseline_usd_micros) == (None, None)


async def test_calls_are_listed_in_the_order_in_which_they_were_started(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    early = a_call("z")
    late = a_call("a").model_copy(update={"started_at": early.started_at + timedelta(seconds=1)})

    await append_calls(database, tenant.id, conversation.id, conversation.epoch, [late, early])

    assert [row.client_id for row in await list_calls(conn, conversation.id)] == ["z", "a"]


async def test_what_a_replaced_job_spent_is_stored_once_under_its_own_epoch(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    async with database.tenant(tenant.id) as other:
        current = await begin_epoch(other, conversation.id)
    late, left = a_call("late"), a_call("left").model_copy(update={"epoch": conversation.epoch})

    for _ in range(2):
        await append_calls(database, tenant.id, conversation.id, conversation.epoch, [late])
        await append_calls(database, tenant.id, conversation.id, current, [left, a_call("own")])

    rows = await list_calls(conn, conversation.id)
    assert {row.client_id: row.epoch for row in rows} == {
        "late": conversation.epoch,
        "left": conversation.epoch,
        "own": current,
    }


async def test_a_job_that_has_not_begun_adds_nothing(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    with pytest.raises(StaleEpoch, match="has not begun"):
        await append_calls(database, tenant.id, conversation.id, conversation.epoch + 1, [a_call()])

    assert await list_calls(conn, conversation.id) == []


async def test_a_replaced_job_cannot_bring_back_who_was_erased(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    async with database.tenant(tenant.id) as other:
        await record_participant(other, conversation.id, "user_grace-tab", "Grace", "human")
        await begin_epoch(other, conversation.id)
    calls = [
        a_call(name).model_copy(update={"speaker_identity": f"user_{name}"}) for name in ("ada", "grace")
    ]

    await append_calls(database, tenant.id, conversation.id, conversation.epoch, calls)

    rows = await list_calls(conn, conversation.id)
    assert {row.client_id: row.speaker_identity for row in rows} == {"ada": None, "grace": "user_grace"}


async def test_a_call_says_which_agent_made_it_even_after_that_was_renamed(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    async with database.tenant(tenant.id) as other:
        agent_id = await other.fetchval("insert into agents (name) values ('support') returning id")
        await other.execute(
            """
            insert into agent_versions (agent_id, version, display_name, prompt, greeting, language)
            values ($1, 3, 'Sue', '', '', 'en')
            """,
            agent_id,
        )
        epoch = await begin_epoch(other, conversation.id, AgentRef(agent_id, 3))
    await append_calls(database, tenant.id, conversation.id, epoch, [a_call()])
    async with database.tenant(tenant.id) as other:
        await other.execute("update agents set name = 'help'")

    (row,) = await list_calls(conn, conversation.id)

    assert (row.agent_name, row.agent_version) == ("support", 3)


async def test_there_is_no_ledger_of_an_unknown_conversation(
    database: Database, tenant: TenantSample
) -> None:
    with pytest.raises(NotFound):
        await append_calls(database, tenant.id, ConversationId(uuid4()), 0, [a_call()])


async def test_another_tenants_ledger_cannot_be_written(
    database: Database, other_tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    with pytest.raises(NotFound):
        await append_calls(database, other_tenant.id, conversation.id, conversation.epoch, [a_call()])

    assert await list_calls(conn, conversation.id) == []


async def test_the_context_of_a_single_statement_ends_with_it(
    database_url: str, tenant: TenantSample, conversation: Conversation
) -> None:
    one_connection = await Database.open(database_url, max_connections=1)
    await append_calls(one_connection, tenant.id, conversation.id, conversation.epoch, [a_call()])

    left = await one_connection.fetch_row(
        "select count(*) as calls, current_setting('app.tenant_id', true) as context from model_calls"
    )

    await one_connection.aclose()
    assert tuple(left) == (0, "")
