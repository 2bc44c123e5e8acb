"""Turns keep one gapless order, whoever writes them, however often."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from agent.errors import InvalidInput, NotFound, StaleEpoch
from agent.wire import ConversationId, TurnState
from control.store.conversations import Conversation, begin_epoch, find_conversation
from control.store.db import Connection, Database
from control.store.turns import append_turns, list_turns
from tests.db.samples import a_turn
from tests.fixtures.database import TenantSample

EPOCH = 1
"""Of the `conversation` fixture."""


async def is_blocked(owner: asyncpg.Connection) -> bool:
    """Whether some session of this database waits for another's lock."""
    waiting = await owner.fetchval(
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
        """
    )
    return bool(waiting)


async def wait_until_blocked(owner: asyncpg.Connection) -> None:
    async with asyncio.timeout(10):
        while not await is_blocked(owner):  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(0.01)


async def test_turns_are_numbered_from_one_in_the_order_given(
    conn: Connection, conversation: Conversation
) -> None:
    acks = await append_turns(conn, conversation.id, EPOCH, [a_turn("b"), a_turn("a"), a_turn("c")])

    assert [(ack.client_id, ack.seq) for ack in acks] == [("b", 1), ("a", 2), ("c", 3)]
    assert [turn.seq for turn in await list_turns(conn, conversation.id)] == [1, 2, 3]


async def test_a_turn_is_read_as_it_was_written(conn: Connection, conversation: Conversation) -> None:
    written = a_turn("a", "Grüße, 你好 🙂\n\\u0000 'quoted'", TurnState.INTERRUPTED)

    await append_turns(conn, conversation.id, EPOCH, [written])
    (turn,) = await list_turns(conn, conversation.id)

    assert (turn.role, turn.channel, turn.speaker) == (written.role, written.channel, written.speaker)
    assert (turn.text, turn.state, turn.at) == (written.text, written.state, written.at)
    assert turn.metrics == written.metrics


async def test_a_repeated_batch_gets_the_same_numbers_and_changes_no_count(
    conn: Connection, conversation: Conversation
) -> None:
    batch = [a_turn("a"), a_turn("b")]
    first = await append_turns(conn, conversation.id, EPOCH, batch)

    again = await append_turns(conn, conversation.id, EPOCH, batch)
    overlapping = await append_turns(conn, conversation.id, EPOCH, [a_turn("c"), a_turn("a"), a_turn("d")])

    assert again == first
    assert [(ack.client_id, ack.seq) for ack in overlapping] == [("c", 3), ("a", 1), ("d", 4)]
    found = await find_conversation(conn, conversation.id)
    assert found is not None
    assert found.turn_count == 4


async def test_fifty_writers_that_all_retry_leave_no_gap_and_no_double(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    async def write(number: int) -> dict[str, int]:
        batch = [a_turn(f"{number}-{part}") for part in range(3)]
        async with database.tenant(tenant.id) as conn:
            acks = await append_turns(conn, conversation.id, EPOCH, batch)
        return {ack.client_id: ack.seq for ack in acks}

    # Each batch twice, at the same time: the same client ids race against themselves.
    answers = await asyncio.gather(*(write(number) for number in [*range(50), *range(50)]))

    async with database.tenant(tenant.id) as conn:
        stored = [turn.seq for turn in await list_turns(conn, conversation.id)]
    assert stored == list(range(1, 151))
    assert answers[:50] == answers[50:]
    assert sorted(seq for answer in answers[:50] for seq in answer.values()) == stored


async def test_a_failed_transaction_leaves_no_gap(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    async def write_and_fail() -> None:
        async with database.tenant(tenant.id) as conn:
            await append_turns(conn, conversation.id, EPOCH, [a_turn("lost")])
            raise InvalidInput("the request went wrong afterwards")

    with pytest.raises(InvalidInput):
        await write_and_fail()
    async with database.tenant(tenant.id) as conn:
        acks = await append_turns(conn, conversation.id, EPOCH, [a_turn("kept")])

    assert [(ack.client_id, ack.seq) for ack in acks] == [("kept", 1)]


async def test_a_streaming_turn_grows_and_is_closed_under_one_number(
    conn: Connection, conversation: Conversation
) -> None:
    for text, state in (
        ("The refund", TurnState.STREAMING),
        ("The refund period is", TurnState.STREAMING),
        ("The refund period is 30 days.", TurnState.COMPLETE),
    ):
        (ack,) = await append_turns(conn, conversation.id, EPOCH, [a_turn("a", text, state)])

    (turn,) = await list_turns(conn, conversation.id)
    assert (ack.seq, turn.text, turn.state) == (1, "The refund period is 30 days.", TurnState.COMPLETE)


async def test_a_late_streaming_write_does_not_reopen_a_closed_turn(
    conn: Connection, conversation: Conversation
) -> None:
    await append_turns(conn, conversation.id, EPOCH, [a_turn("a", "whole", TurnState.COMPLETE)])

    (ack,) = await append_turns(conn, conversation.id, EPOCH, [a_turn("a", "who", TurnState.STREAMING)])

    (turn,) = await list_turns(conn, conversation.id)
    assert (ack.seq, turn.text, turn.state) == (1, "whole", TurnState.COMPLETE)


async def test_a_closed_turn_keeps_its_state_and_takes_a_better_text(
    conn: Connection, conversation: Conversation
) -> None:
    await append_turns(conn, conversation.id, EPOCH, [a_turn("a", "all of it", TurnState.INTERRUPTED)])

    await append_turns(conn, conversation.id, EPOCH, [a_turn("a", "all of", TurnState.COMPLETE)])

    (turn,) = await list_turns(conn, conversation.id)
    assert (turn.text, turn.state) == ("all of", TurnState.INTERRUPTED)


async def test_one_batch_may_hold_a_turn_several_times(conn: Connection, conversation: Conversation) -> None:
    acks = await append_turns(
        conn,
        conversation.id,
        EPOCH,
        [
            a_turn("a", "The", TurnState.STREAMING),
            a_turn("b", "between"),
            a_turn("a", "The end.", TurnState.COMPLETE),
            a_turn("a", "The e", TurnState.STREAMING),
        ],
    )

    turns = await list_turns(conn, conversation.id)
    assert [(ack.client_id, ack.seq) for ack in acks] == [("a", 1), ("b", 2)]
    assert [(turn.text, turn.state) for turn in turns] == [
        ("The end.", TurnState.COMPLETE),
        ("between", TurnState.COMPLETE),
    ]


@pytest.mark.parametrize("epoch", [0, 2])
async def test_a_write_of_another_epoch_is_refused_and_stores_nothing(
    conn: Connection, conversation: Conversation, epoch: int
) -> None:
    with pytest.raises(StaleEpoch):
        await append_turns(conn, conversation.id, epoch, [a_turn("ghost")])

    assert await list_turns(conn, conversation.id) == []


async def test_an_epoch_that_begins_while_a_write_waits_fences_it_off(
    database: Database,
    tenant: TenantSample,
    conversation: Conversation,
    owner_connection: asyncpg.Connection,
) -> None:
    async def write() -> None:
        async with database.tenant(tenant.id) as conn:
            await append_turns(conn, conversation.id, EPOCH, [a_turn("ghost")])

    async with database.tenant(tenant.id) as taking_over:
        await begin_epoch(taking_over, conversation.id)
        ghost = asyncio.create_task(write())
        await wait_until_blocked(owner_connection)
    with pytest.raises(StaleEpoch):
        await ghost

    async with database.tenant(tenant.id) as conn:
        assert await list_turns(conn, conversation.id) == []


async def test_an_unknown_conversation_is_not_found(conn: Connection) -> None:
    unknown = ConversationId(uuid4())

    with pytest.raises(NotFound):
        await append_turns(conn, unknown, EPOCH, [a_turn()])


async def test_another_tenants_conversation_is_not_found(
    database: Database, other_tenant: TenantSample, conversation: Conversation
) -> None:
    async with database.tenant(other_tenant.id) as conn:
        with pytest.raises(NotFound):
            await append_turns(conn, conversation.id, EPOCH, [a_turn()])
        assert await list_turns(conn, conversation.id) == []


async def test_turns_can_be_listed_since_a_moment_and_only_the_newest(
    conn: Connection, conversation: Conversation
) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    batch = [a_turn(str(minute), at=noon + timedelta(minutes=minute)) for minute in range(5)]
    await append_turns(conn, conversation.id, EPOCH, batch)

    since = await list_turns(conn, conversation.id, since_utc=noon + timedelta(minutes=3))
    newest = await list_turns(conn, conversation.id, newest=2)
    both = await list_turns(conn, conversation.id, since_utc=noon + timedelta(minutes=1), newest=3)

    assert [turn.seq for turn in since] == [4, 5]
    assert [turn.seq for turn in newest] == [4, 5]
    assert [turn.seq for turn in both] == [3, 4, 5]


async def test_a_nul_is_dropped_rather_than_the_turn(conn: Connection, conversation: Conversation) -> None:
    written = a_turn("a", "one\x00two").model_copy(update={"metrics": {"note": "a\x00b\\u0000"}})

    await append_turns(conn, conversation.id, EPOCH, [written])

    (turn,) = await list_turns(conn, conversation.id)
    assert (turn.text, turn.metrics) == ("onetwo", {"note": "ab\\u0000"})


async def test_a_number_that_json_cannot_hold_is_refused(
    conn: Connection, conversation: Conversation
) -> None:
    written = a_turn().model_copy(update={"metrics": {"ms": float("inf")}})

    with pytest.raises(InvalidInput):
        await append_turns(conn, conversation.id, EPOCH, [written])


async def test_a_time_without_a_zone_is_taken_for_utc(conn: Connection, conversation: Conversation) -> None:
    await append_turns(conn, conversation.id, EPOCH, [a_turn(at=datetime(2026, 1, 2, 3, 4))])  # noqa: DTZ001 - meant

    (turn,) = await list_turns(conn, conversation.id)
    assert turn.at == datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
