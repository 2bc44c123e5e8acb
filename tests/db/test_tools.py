"""Calls of tools in the store: what stands for what, for how long, and what goes with a conversation."""

import hashlib
import json
from dataclasses import replace

import asyncpg
import pytest

from agent.errors import Conflict, NotFound
from agent.wire import CallState, ConversationId
from control.store import tool_calls, tools
from control.store.conversations import begin_epoch, delete_conversation, open_conversation
from control.store.db import Connection, Database
from control.store.rooms import ensure_room
from control.store.tool_calls import Ending, NewCall
from control.store.tools import ToolContent
from tests.fixtures.database import TenantSample

ENDING = Ending(CallState.DONE, 200, 12, 6, None, "booked")
CONTENT = ToolContent(
    kind="http",
    description="Books.",
    url="https://shop.example/book",
    definition={"method": "POST"},
    sealed_secrets=None,
    secret_headers=(),
    is_signed=False,
    timeout_s=10,
    is_repeatable=False,
    audience="room",
)


def call(turn: str = "turn-1", place: int = 0, people: int = 2, epoch: int = 1) -> NewCall:
    arguments = json.dumps({"people": people})
    return NewCall(
        key=hashlib.sha256(f"{turn} {place} {arguments}".encode()).hexdigest(),
        claim=f"claim of {turn}",
        epoch=epoch,
        turn=turn,
        tool="book",
        function="book",
        place=place,
        speaker="gus",
        arguments_hash=hashlib.sha256(arguments.encode()).digest(),
        arguments=arguments,
        is_repeatable=False,
    )


async def talk(conn: Connection) -> ConversationId:
    room = await ensure_room(conn, "lounge")
    conversation = await open_conversation(conn, room.id)
    await begin_epoch(conn, conversation.id)
    return conversation.id


async def ended(conn: Connection, conversation: ConversationId, new: NewCall) -> None:
    await tool_calls.add_call(conn, conversation, new)
    await tool_calls.settle(conn, conversation, new.key, new.claim, ENDING)


async def test_the_same_call_of_another_turn_is_found_while_nobody_was_told(
    database: Database, tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation = await talk(conn)
        await ended(conn, conversation, call())

        standing = await tool_calls.find_standing(conn, conversation, call("turn-2"))
        other_words = await tool_calls.find_standing(conn, conversation, call("turn-2", people=3))
        other_place = await tool_calls.find_standing(conn, conversation, call("turn-2", place=1))
        await tool_calls.mark_told(conn, conversation, [call().key])
        told = await tool_calls.find_standing(conn, conversation, call("turn-2"))

    assert standing is not None
    assert (standing.key, standing.result) == (call().key, "booked")
    assert (other_words, other_place, told) == (None, None, None)


async def test_a_call_of_long_ago_stands_for_nothing_any_more(
    database: Database, tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation = await talk(conn)
        await ended(conn, conversation, call())
        await conn.execute("update tool_calls set claimed_at = now() - interval '16 minutes'")

        assert await tool_calls.find_standing(conn, conversation, call("turn-2")) is None


async def test_in_its_own_turn_only_what_has_not_ended_stands_for_a_second_one(
    database: Database, tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation = await talk(conn)
        await tool_calls.add_call(conn, conversation, call())
        under_way = await tool_calls.find_standing(conn, conversation, call(place=1))
        await tool_calls.settle(conn, conversation, call().key, call().claim, ENDING)
        over = await tool_calls.find_standing(conn, conversation, call(place=1))

    assert under_way is not None
    assert over is None


async def test_what_is_still_claimed_is_not_told_of(database: Database, tenant: TenantSample) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation = await talk(conn)
        await tool_calls.add_call(conn, conversation, call())
        await tool_calls.mark_told(conn, conversation, [call().key])

        found = await tool_calls.find_call(conn, conversation, call().key)

    assert found is not None
    assert found.told_at is None


async def test_only_the_claim_that_holds_a_call_says_how_it_ended(
    database: Database, tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation = await talk(conn)
        await tool_calls.add_call(conn, conversation, call())
        await tool_calls.claim_again(conn, conversation, replace(call(), claim="newer", epoch=2))

        with pytest.raises(NotFound):
            await tool_calls.settle(conn, conversation, call().key, call().claim, ENDING)
        await tool_calls.settle(conn, conversation, call().key, "newer", ENDING)
        found = await tool_calls.find_call(conn, conversation, call().key)

    assert found is not None
    assert (found.state, found.attempts, found.epoch) == (CallState.DONE, 2, 2)


async def test_a_key_is_claimed_once_whatever_the_code_above_does(
    database: Database, tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation = await talk(conn)
        await tool_calls.add_call(conn, conversation, call())

        with pytest.raises(asyncpg.UniqueViolationError):
            await tool_calls.add_call(conn, conversation, call())


async def test_calls_go_with_their_conversation(database: Database, tenant: TenantSample) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation = await talk(conn)
        await ended(conn, conversation, call())

        await delete_conversation(conn, conversation)

        assert await conn.fetchval("select count(*) from tool_calls") == 0


async def test_a_tool_is_a_tenants_own(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        await tools.create_tool(conn, "book", CONTENT, tenant.user_id)
    async with database.tenant(other_tenant.id) as conn:
        assert await tools.list_tools(conn) == []
        assert await tools.missing_tools(conn, ["book"]) == ["book"]
        await tools.create_tool(conn, "book", CONTENT, other_tenant.user_id)
        await tools.delete_tool(conn, "book")
    async with database.tenant(tenant.id) as conn:
        assert (await tools.find_tool(conn, "book")).content == CONTENT
        with pytest.raises(Conflict):
            await tools.create_tool(conn, "book", CONTENT, None)


async def test_secrets_that_somebody_replaced_meanwhile_are_not_overwritten(
    database: Database, tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        await tools.create_tool(conn, "book", replace(CONTENT, sealed_secrets=b"new"), None)

        await tools.seal_again(conn, "book", b"old", b"old, sealed again")

        assert (await tools.find_tool(conn, "book")).content.sealed_secrets == b"new"
