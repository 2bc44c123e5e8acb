"""A room has one open conversation, and each job of an agent has an epoch of its own."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from agent.errors import NotFound, StaleEpoch
from agent.wire import ConversationId, RoomId
from control.store.conversations import (
    Conversation,
    begin_epoch,
    delete_conversation,
    find_conversation,
    list_conversations,
    open_conversation,
    require_epoch,
)
from control.store.db import Connection, Database
from control.store.rooms import ensure_room
from control.store.turns import append_turns
from tests.db.samples import a_turn, fill_every_table
from tests.fixtures.database import TenantSample

UNKNOWN = ConversationId(uuid4())


async def test_a_room_has_one_open_conversation(conn: Connection) -> None:
    room = await ensure_room(conn, "lounge")

    first = await open_conversation(conn, room.id)
    again = await open_conversation(conn, room.id)

    assert again == first
    assert (first.room_name, first.epoch, first.turn_count) == ("lounge", 0, 0)
    assert first.dispatched_at_utc is None


async def test_many_who_come_at_once_join_one_conversation(database: Database, tenant: TenantSample) -> None:
    async with database.tenant(tenant.id) as conn:
        room = await ensure_room(conn, "lounge")

    async def come() -> ConversationId:
        async with database.tenant(tenant.id) as conn:
            return (await open_conversation(conn, room.id)).id

    ids = await asyncio.gather(*(come() for _ in range(20)))

    assert len(set(ids)) == 1


async def test_no_conversation_is_opened_in_a_room_that_is_not_there(conn: Connection) -> None:
    with pytest.raises(NotFound):
        await open_conversation(conn, RoomId(uuid4()))


async def test_an_epoch_follows_the_last_and_ends_it(conn: Connection, conversation: Conversation) -> None:
    epoch = await begin_epoch(conn, conversation.id)

    await require_epoch(conn, conversation.id, epoch)
    with pytest.raises(StaleEpoch):
        await require_epoch(conn, conversation.id, epoch - 1)
    assert epoch == conversation.epoch + 1


async def test_an_epoch_records_when_its_agent_was_asked_to_come(
    conn: Connection, conversation: Conversation
) -> None:
    await begin_epoch(conn, conversation.id)

    found = await find_conversation(conn, conversation.id)

    assert found is not None
    assert found.dispatched_at_utc is not None
    assert datetime.now(UTC) - found.dispatched_at_utc < timedelta(minutes=1)


async def test_epochs_that_begin_at_once_are_all_different(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    async def begin() -> int:
        async with database.tenant(tenant.id) as conn:
            return await begin_epoch(conn, conversation.id)

    epochs = await asyncio.gather(*(begin() for _ in range(10)))

    assert sorted(epochs) == list(range(conversation.epoch + 1, conversation.epoch + 11))


async def test_what_is_not_there_has_no_epoch(conn: Connection) -> None:
    with pytest.raises(NotFound):
        await begin_epoch(conn, UNKNOWN)
    with pytest.raises(NotFound):
        await require_epoch(conn, UNKNOWN, 0)
    assert await find_conversation(conn, UNKNOWN) is None


async def test_another_tenants_conversation_is_as_if_it_were_not_there(
    database: Database, other_tenant: TenantSample, conversation: Conversation
) -> None:
    async with database.tenant(other_tenant.id) as conn:
        found = await find_conversation(conn, conversation.id)
        listed = await list_conversations(conn, None, 10, None)
        with pytest.raises(NotFound):
            await require_epoch(conn, conversation.id, conversation.epoch)

    assert found is None
    assert listed.items == []


async def test_conversations_are_listed_newest_first_of_one_room_or_of_all(
    database: Database, tenant: TenantSample
) -> None:
    for name in ("first", "second", "third"):
        async with database.tenant(tenant.id) as conn:
            await open_conversation(conn, (await ensure_room(conn, name)).id)

    async with database.tenant(tenant.id) as conn:
        page = await list_conversations(conn, None, 2, None)
        rest = await list_conversations(conn, None, 2, page.next_cursor)
        one_room = await list_conversations(conn, "second", 2, None)
        no_room = await list_conversations(conn, "attic", 2, None)

    assert [item.room_name for item in page.items] == ["third", "second"]
    assert [item.room_name for item in rest.items] == ["first"]
    assert rest.next_cursor is None
    assert [item.room_name for item in one_room.items] == ["second"]
    assert no_room.items == []


async def test_a_conversation_counts_its_turns_and_knows_its_last_change(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    async with database.tenant(tenant.id) as conn:
        await append_turns(conn, conversation.id, conversation.epoch, [a_turn("a"), a_turn("b")])
        changed = await find_conversation(conn, conversation.id)

    assert changed is not None
    assert changed.turn_count == 2
    assert changed.updated_at > conversation.updated_at


async def test_a_deleted_conversation_leaves_its_room_and_nothing_else(
    database: Database, tenant: TenantSample
) -> None:
    await fill_every_table(database, tenant)

    async with database.tenant(tenant.id) as conn:
        (conversation,) = (await list_conversations(conn, None, 10, None)).items
        await delete_conversation(conn, conversation.id)
        left = await conn.fetchrow(
            """
            select (select count(*) from conversations), (select count(*) from turns),
                (select count(*) from participants), (select count(*) from model_calls)
            """
        )
        rooms_left = await conn.fetchval("select count(*) from rooms")

    assert left is not None
    assert set(left) == {0}
    assert rooms_left == 1
