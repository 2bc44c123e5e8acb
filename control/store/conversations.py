"""Conversations: one open thread of talk per room, and the epoch that fences off agents of the past."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from agent.errors import NotFound, StaleEpoch
from agent.wire import AgentId, ConversationId, RoomId
from control.store.agents import AgentRef
from control.store.db import Connection
from control.store.pages import Page, Place, cut_page, parse_cursor


@dataclass(frozen=True, slots=True)
class Conversation:
    """`epoch` counts the agents' jobs; `dispatched_at_utc` is None while none was asked to come."""

    id: ConversationId
    room_name: str
    epoch: int
    turn_count: int
    created_at: datetime
    updated_at: datetime
    dispatched_at_utc: datetime | None


async def open_conversation(conn: Connection, room_id: RoomId) -> Conversation:
    """The room's one open conversation, begun when there was none. Raises: NotFound for an unknown room."""
    found = await _find_open(conn, room_id)
    if found is not None:
        return found
    try:
        await conn.execute(
            """
            insert into conversations (room_id) values ($1)
            on conflict (tenant_id, room_id) where closed_at is null do nothing
            """,
            room_id,
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise NotFound(f"no room {room_id} in this tenant") from error
    # Ours, or the one that someone else has begun meanwhile: the next statement sees both.
    begun = await _find_open(conn, room_id)
    if begun is None:
        raise NotFound(f"the conversation of room {room_id} was removed while it was being opened")
    return begun


async def begin_epoch(
    conn: Connection, conversation_id: ConversationId, agent: AgentRef | None = None
) -> int:
    """The epoch of a new job; writes of every earlier one are refused from now on. Raises: NotFound.

    `agent`: whom the tenant sends; None where it has no agent of its own.
    """
    epoch = await conn.fetchval(
        """
        update conversations set epoch = epoch + 1, dispatched_at = now(), agent_id = $2, agent_version = $3
        where id = $1
        returning epoch
        """,
        conversation_id,
        agent and agent.id,
        agent and agent.version,
    )
    if epoch is None:
        raise _missing(conversation_id)
    return int(epoch)


async def require_epoch(conn: Connection, conversation_id: ConversationId, epoch: int) -> None:
    """Raises: StaleEpoch when a newer job serves the conversation, NotFound when there is none."""
    current = await conn.fetchval("select epoch from conversations where id = $1", conversation_id)
    check_epoch(conversation_id, epoch, current)


async def serving_agent(conn: Connection, conversation_id: ConversationId, epoch: int) -> AgentRef | None:
    """The agent that the job of this epoch is; None for the deployment's own.

    Raises: StaleEpoch, NotFound.
    """
    row = await conn.fetchrow(
        "select epoch, agent_id, agent_version from conversations where id = $1", conversation_id
    )
    check_epoch(conversation_id, epoch, None if row is None else row["epoch"])
    if row is None or row["agent_id"] is None:
        return None
    return AgentRef(AgentId(row["agent_id"]), row["agent_version"])


async def list_conversations(
    conn: Connection, room_name: str | None, limit: int, before: str | None
) -> Page[Conversation]:
    """Newest first, of one room or of all. `before`: the previous page's `next_cursor`.

    Raises: InvalidInput for a bad cursor.
    """
    place = parse_cursor(before)
    rows = await conn.fetch(
        """
        select c.id, r.name as room_name, c.epoch, c.last_seq, c.created_at, c.updated_at, c.dispatched_at
        from conversations c
        join rooms r on r.tenant_id = c.tenant_id and r.id = c.room_id
        where ($1::text is null or r.name = $1)
            and ($2::timestamptz is null or (c.created_at, c.id) < ($2, $3::uuid))
        order by c.created_at desc, c.id desc
        limit $4
        """,
        room_name,
        place and place.at,
        place and place.id,
        limit + 1,
    )
    found = [_conversation(row) for row in rows]
    return cut_page(found, limit, lambda item: Place(item.created_at, item.id))


async def find_conversation(conn: Connection, conversation_id: ConversationId) -> Conversation | None:
    row = await conn.fetchrow(
        """
        select c.id, r.name as room_name, c.epoch, c.last_seq, c.created_at, c.updated_at, c.dispatched_at
        from conversations c
        join rooms r on r.tenant_id = c.tenant_id and r.id = c.room_id
        where c.id = $1
        """,
        conversation_id,
    )
    return None if row is None else _conversation(row)


async def delete_conversation(conn: Connection, conversation_id: ConversationId) -> None:
    """And with it its turns, participants and ledger rows."""
    await conn.execute("delete from conversations where id = $1", conversation_id)


def check_epoch(conversation_id: ConversationId, epoch: int, current: int | None) -> None:
    """`current`: what is stored, None when nothing is. Raises: StaleEpoch, NotFound."""
    if current is None:
        raise _missing(conversation_id)
    if epoch != current:
        raise StaleEpoch(f"epoch {epoch} of conversation {conversation_id} is over; it is at {current}")


async def _find_open(conn: Connection, room_id: RoomId) -> Conversation | None:
    row = await conn.fetchrow(
        """
        select c.id, r.name as room_name, c.epoch, c.last_seq, c.created_at, c.updated_at, c.dispatched_at
        from conversations c
        join rooms r on r.tenant_id = c.tenant_id and r.id = c.room_id
        where c.room_id = $1 and c.closed_at is null
        """,
        room_id,
    )
    return None if row is None else _conversation(row)


def _missing(conversation_id: ConversationId) -> NotFound:
    return NotFound(f"no conversation {conversation_id} in this tenant")


def _conversation(row: asyncpg.Record) -> Conversation:
    return Conversation(
        id=ConversationId(row["id"]),
        room_name=row["room_name"],
        epoch=row["epoch"],
        turn_count=row["last_seq"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        dispatched_at_utc=row["dispatched_at"],
    )
