"""Rooms are made once, invitations open one of them, and participants come and go."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from agent.errors import InvalidInput, NotFound
from agent.wire import ConversationId, RoomId
from control.store.conversations import Conversation
from control.store.db import Connection, Database
from control.store.rooms import (
    create_invitation,
    delete_room,
    ensure_room,
    find_room,
    list_participants,
    list_rooms,
    mark_participant_left,
    record_participant,
)
from tests.db.samples import fill_every_table
from tests.fixtures.database import TenantSample

# Read when the tests are collected: the suite may take most of an hour to come to them.
LATER = datetime.now(UTC) + timedelta(hours=6)


async def test_a_room_is_made_once(conn: Connection) -> None:
    first = await ensure_room(conn, "lounge")

    again = await ensure_room(conn, "lounge")

    assert again == first
    assert await find_room(conn, "lounge") == first
    assert await find_room(conn, "attic") is None


async def test_many_who_come_at_once_find_one_room(database: Database, tenant: TenantSample) -> None:
    async def come() -> RoomId:
        async with database.tenant(tenant.id) as conn:
            return (await ensure_room(conn, "lounge")).id

    ids = await asyncio.gather(*(come() for _ in range(20)))

    assert len(set(ids)) == 1


@pytest.mark.parametrize("name", ["", "-dash-first", "a/b", "two words", "x" * 65, "é"])
async def test_a_name_that_is_none_is_refused(conn: Connection, name: str) -> None:
    with pytest.raises(InvalidInput):
        await ensure_room(conn, name)


async def test_a_nul_in_a_name_is_bad_input_rather_than_a_fault(
    database: Database, tenant: TenantSample
) -> None:
    with pytest.raises(InvalidInput):
        async with database.tenant(tenant.id) as conn:
            await find_room(conn, "a\x00b")


async def test_rooms_are_listed_newest_first_page_by_page(database: Database, tenant: TenantSample) -> None:
    names = [f"room-{number}" for number in range(5)]
    for name in names:
        async with database.tenant(tenant.id) as conn:
            await ensure_room(conn, name)

    async with database.tenant(tenant.id) as conn:
        first = await list_rooms(conn, 2, None)
        second = await list_rooms(conn, 2, first.next_cursor)
        third = await list_rooms(conn, 2, second.next_cursor)

    pages = [[room.name for room in page.items] for page in (first, second, third)]
    assert pages == [["room-4", "room-3"], ["room-2", "room-1"], ["room-0"]]
    assert third.next_cursor is None


async def test_rooms_of_one_moment_are_all_listed_once(conn: Connection) -> None:
    made = {(await ensure_room(conn, f"room-{number}")).id for number in range(5)}

    first = await list_rooms(conn, 3, None)
    second = await list_rooms(conn, 3, first.next_cursor)

    listed = [room.id for room in (*first.items, *second.items)]
    assert len(listed) == 5
    assert set(listed) == made


async def test_a_list_that_fits_has_no_next_page(conn: Connection) -> None:
    await ensure_room(conn, "lounge")

    page = await list_rooms(conn, 1, None)

    assert (len(page.items), page.next_cursor) == (1, None)


@pytest.mark.parametrize("cursor", ["", "nonsense", "é", "MjAyNg", "MjAyNi0xMS0yNCBhYmM"])
async def test_a_cursor_of_someones_own_making_is_refused(conn: Connection, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await list_rooms(conn, 1, cursor)

    assert refused.value.field == "cursor"


async def test_an_invitation_leads_to_its_room(database: Database, tenant: TenantSample) -> None:
    async with database.tenant(tenant.id) as conn:
        room = await ensure_room(conn, "lounge")
        await create_invitation(conn, room.id, b"code", tenant.user_id, LATER)
        await create_invitation(conn, room.id, b"code of a program", None, LATER)

    found = await database.system.find_invitation(b"code")

    assert found is not None
    assert (found.tenant_id, found.tenant_name) == (tenant.id, tenant.name)
    assert (found.room_name, found.expires_at_utc) == ("lounge", LATER)
    assert await database.system.find_invitation(b"code of a program") is not None
    assert await database.system.find_invitation(b"another") is None


async def test_nobody_is_invited_to_a_room_that_is_not_there(conn: Connection, tenant: TenantSample) -> None:
    with pytest.raises(NotFound):
        await create_invitation(conn, RoomId(uuid4()), b"code", tenant.user_id, LATER)


async def test_participants_come_leave_and_come_back(conn: Connection, conversation: Conversation) -> None:
    await record_participant(conn, conversation.id, "user_ada", "Ada", "human")
    await record_participant(conn, conversation.id, "guest_gus", "Gus", "guest")

    await mark_participant_left(conn, conversation.id, "user_ada")
    gone = await list_participants(conn, conversation.id)
    await record_participant(conn, conversation.id, "user_ada", "Ada L.", "human")
    back = await list_participants(conn, conversation.id)

    assert {(person.name, person.left_at is None) for person in gone} == {("Ada", False), ("Gus", True)}
    assert {(person.name, person.left_at is None) for person in back} == {("Ada L.", True), ("Gus", True)}


async def test_when_a_room_ends_everybody_has_left(conn: Connection, conversation: Conversation) -> None:
    await record_participant(conn, conversation.id, "user_ada", "Ada", "human")
    await record_participant(conn, conversation.id, "agent_1", "Parley", "agent")

    await mark_participant_left(conn, conversation.id, None)

    assert all(person.left_at is not None for person in await list_participants(conn, conversation.id))


async def test_nobody_takes_part_in_a_conversation_that_is_not_there(conn: Connection) -> None:
    with pytest.raises(NotFound):
        await record_participant(conn, ConversationId(uuid4()), "user_ada", "Ada", "human")


async def test_a_deleted_room_leaves_nothing_behind(database: Database, tenant: TenantSample) -> None:
    await fill_every_table(database, tenant)

    async with database.tenant(tenant.id) as conn:
        room = await find_room(conn, "lounge")
        assert room is not None
        await delete_room(conn, room.id)
        left = await conn.fetchrow(
            """
            select (select count(*) from rooms), (select count(*) from invitations),
                (select count(*) from conversations), (select count(*) from turns),
                (select count(*) from participants), (select count(*) from model_calls),
                (select count(*) from sessions)
            """
        )

    assert left is not None
    assert set(left) == {0}


async def test_a_cursor_survives_its_journey(conn: Connection) -> None:
    for number in range(2):
        await ensure_room(conn, f"room-{number}")

    page = await list_rooms(conn, 1, None)

    assert page.next_cursor is not None
    assert page.next_cursor.isascii()
    assert "=" not in page.next_cursor
