"""The ledger counts every call once, and an unknown price is not nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from agent.errors import NotFound, StaleEpoch
from agent.wire import ConversationId, ModelCall
from control.store.calls import append_calls, list_calls
from control.store.conversations import Conversation
from control.store.db import Connection, Database
from tests.db.samples import a_call
from tests.fixtures.database import TenantSample


async def test_a_call_is_read_as_it_was_written(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    written = a_call()

    await append_calls(database, tenant.id, conversation.id, conversation.epoch, [written])
    (row,) = await list_calls(conn, conversation.id)

    stored = {name: getattr(row, name) for name in ModelCall.model_fields}
    assert stored == written.model_dump()
    assert row.epoch == conversation.epoch


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


async def test_a_job_that_was_replaced_adds_nothing(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    with pytest.raises(StaleEpoch):
        await append_calls(database, tenant.id, conversation.id, conversation.epoch - 1, [a_call()])

    assert await list_calls(conn, conversation.id) == []


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
