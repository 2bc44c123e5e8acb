"""Every call of a tool, claimed before it goes out. A row is what keeps a call from being made twice.

A claim is of one job. When a newer one serves the conversation, nobody will tell any more how a claim ended:
what may be repeated is claimed anew, anything else is of unknown end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from agent.errors import NotFound
from agent.wire import CallState, ConversationId
from control.store.conversations import check_epoch
from control.store.db import Connection
from control.store.pages import Page, Place, cut_page, parse_cursor

RETRY_WITHIN: Final = timedelta(minutes=15)
"""How long the same call of another turn stands for one whose result nobody was told."""


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call as it is asked for. `key` is of conversation, turn, function, arguments and place."""

    key: str
    claim: str
    epoch: int
    turn: str
    tool: str
    function: str
    place: int
    speaker: str
    arguments_hash: bytes
    arguments: str = field(repr=False)
    is_repeatable: bool


@dataclass(frozen=True, slots=True)
class StoredCall:
    """`arguments` and `result` are None once the speaker was erased."""

    id: UUID
    key: str
    claim: str
    epoch: int
    attempts: int
    turn: str
    tool: str
    function: str
    place: int
    speaker: str
    arguments: str | None = field(repr=False)
    is_repeatable: bool
    state: CallState
    status: int | None
    latency_ms: int | None
    bytes: int | None
    error: str | None
    result: str | None = field(repr=False)
    told_at: datetime | None
    claimed_at: datetime
    settled_at: datetime | None


async def serve_calls(conn: Connection, conversation_id: ConversationId, epoch: int) -> None:
    """Until the transaction ends, no newer job begins here, and no other call is claimed.

    Raises: StaleEpoch, NotFound.
    """
    current = await conn.fetchval("select epoch from conversations where id = $1 for share", conversation_id)
    check_epoch(conversation_id, epoch, current)
    await conn.execute(
        "select pg_advisory_xact_lock(hashtextextended('tool calls ' || $1, 0))", str(conversation_id)
    )


async def find_call(conn: Connection, conversation_id: ConversationId, key: str) -> StoredCall | None:
    row = await conn.fetchrow(
        """
        select id, key, claim, epoch, attempts, turn_client_id, tool, function, place, speaker_identity,
            arguments, is_repeatable, state, status, latency_ms, bytes, error, result, told_at, claimed_at,
            settled_at
        from tool_calls
        where conversation_id = $1 and key = $2
        """,
        conversation_id,
        key,
    )
    return None if row is None else _call(row)


async def find_standing(conn: Connection, conversation_id: ConversationId, new: NewCall) -> StoredCall | None:
    """The call that `new` would repeat: in the same turn one of which it is not known that it ended, in
    another turn one in the same place whose result nobody was told lately.
    """
    row = await conn.fetchrow(
        """
        select id, key, claim, epoch, attempts, turn_client_id, tool, function, place, speaker_identity,
            arguments, is_repeatable, state, status, latency_ms, bytes, error, result, told_at, claimed_at,
            settled_at
        from tool_calls
        where conversation_id = $1 and key <> $2 and tool = $3 and function = $4 and arguments_hash = $5
            and case when turn_client_id = $6 then state in ('claimed', 'unknown')
                else place = $7 and state <> 'failed' and told_at is null
                    and claimed_at > now() - $8::interval
            end
        order by claimed_at desc
        limit 1
        """,
        conversation_id,
        new.key,
        new.tool,
        new.function,
        new.arguments_hash,
        new.turn,
        new.place,
        RETRY_WITHIN,
    )
    return None if row is None else _call(row)


async def add_call(
    conn: Connection,
    conversation_id: ConversationId,
    new: NewCall,
    state: CallState = CallState.CLAIMED,
    *,
    error: str | None = None,
    result: str | None = None,
) -> None:
    """`state` other than claimed: it is not made, and why stands in `error`."""
    await conn.execute(
        """
        insert into tool_calls (conversation_id, key, claim, epoch, turn_client_id, tool, function, place,
            speaker_identity, arguments_hash, arguments, is_repeatable, state, error, result, settled_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
            case when $13 <> 'claimed' then now() end)
        """,
        conversation_id,
        new.key,
        new.claim,
        new.epoch,
        new.turn,
        new.tool,
        new.function,
        new.place,
        new.speaker,
        new.arguments_hash,
        new.arguments,
        new.is_repeatable,
        state.value,
        error,
        result,
    )


async def claim_again(conn: Connection, conversation_id: ConversationId, new: NewCall) -> None:
    """Of a call that was certainly not made, or may be made again."""
    await conn.execute(
        """
        update tool_calls set claim = $3, epoch = $4, attempts = attempts + 1, state = 'claimed',
            claimed_at = now(), settled_at = null, status = null, latency_ms = null, bytes = null,
            error = null, result = null
        where conversation_id = $1 and key = $2
        """,
        conversation_id,
        new.key,
        new.claim,
        new.epoch,
    )


async def give_up(conn: Connection, conversation_id: ConversationId, key: str, error: str) -> None:
    """Nobody will tell how it ended."""
    await conn.execute(
        """
        update tool_calls set state = 'unknown', error = $3, settled_at = now()
        where conversation_id = $1 and key = $2 and state = 'claimed'
        """,
        conversation_id,
        key,
        error,
    )


@dataclass(frozen=True, slots=True)
class Ending:
    state: CallState
    status: int | None
    latency_ms: int
    bytes: int
    error: str | None
    result: str = field(repr=False)


async def settle(
    conn: Connection, conversation_id: ConversationId, key: str, claim: str, ending: Ending
) -> None:
    """Nothing happens to a call that is settled. Raises: NotFound when that claim does not hold it."""
    held = await conn.fetchval(
        "select key from tool_calls where conversation_id = $1 and key = $2 and claim = $3",
        conversation_id,
        key,
        claim,
    )
    if held is None:
        raise NotFound("no call of a tool is held by this claim")
    await conn.execute(
        """
        update tool_calls set state = $4, status = $5, latency_ms = $6, bytes = $7, error = $8, result = $9,
            settled_at = now()
        where conversation_id = $1 and key = $2 and claim = $3 and state = 'claimed'
        """,
        conversation_id,
        key,
        claim,
        ending.state.value,
        ending.status,
        ending.latency_ms,
        ending.bytes,
        ending.error,
        ending.result,
    )


async def mark_told(conn: Connection, conversation_id: ConversationId, keys: Sequence[str]) -> None:
    await conn.execute(
        """
        update tool_calls set told_at = now()
        where conversation_id = $1 and key = any ($2::text[]) and told_at is null and state <> 'claimed'
        """,
        conversation_id,
        keys,
    )


async def list_tool_calls(
    conn: Connection, conversation_id: ConversationId, limit: int, before: str | None
) -> Page[StoredCall]:
    """Newest first; a claim of a job that is gone reads as of unknown end. Raises: InvalidInput."""
    place = parse_cursor(before)
    rows = await conn.fetch(
        """
        select t.id, t.key, t.claim, t.epoch, t.attempts, t.turn_client_id, t.tool, t.function, t.place,
            t.speaker_identity, t.arguments, t.is_repeatable,
            case when t.state = 'claimed' and t.epoch <> c.epoch then 'unknown' else t.state end as state,
            t.status, t.latency_ms, t.bytes, t.error, t.result, t.told_at, t.claimed_at, t.settled_at
        from tool_calls t
        join conversations c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
        where t.conversation_id = $1
            and ($2::timestamptz is null or (t.claimed_at, t.id) < ($2, $3::uuid))
        order by t.claimed_at desc, t.id desc
        limit $4
        """,
        conversation_id,
        place and place.at,
        place and place.id,
        limit + 1,
    )
    found = [_call(row) for row in rows]
    return cut_page(found, limit, lambda call: Place(call.claimed_at, call.id))


async def find_speaker(conn: Connection, conversation_id: ConversationId, identity: str) -> tuple[str, bool]:
    """The name under which somebody came into this conversation, and whether they did."""
    name = await conn.fetchval(
        "select name from participants where conversation_id = $1 and identity = $2",
        conversation_id,
        identity,
    )
    return (identity, False) if name is None else (name, True)


def _call(row: asyncpg.Record) -> StoredCall:
    return StoredCall(
        id=row["id"],
        key=row["key"],
        claim=row["claim"],
        epoch=row["epoch"],
        attempts=row["attempts"],
        turn=row["turn_client_id"],
        tool=row["tool"],
        function=row["function"],
        place=row["place"],
        speaker=row["speaker_identity"],
        arguments=row["arguments"],
        is_repeatable=row["is_repeatable"],
        state=CallState(row["state"]),
        status=row["status"],
        latency_ms=row["latency_ms"],
        bytes=row["bytes"],
        error=row["error"],
        result=row["result"],
        told_at=row["told_at"],
        claimed_at=row["claimed_at"],
        settled_at=row["settled_at"],
    )
