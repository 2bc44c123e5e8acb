"""Conversations and their transcripts, as the tenant's people and programs read them.

A guest sees the conversations of their one room only, and of those what was said since they came.
"""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from agent.errors import InvalidInput, NotFound
from agent.wire import (
    CONVERSATION_PREFIX,
    CallOutcome,
    Channel,
    ConversationId,
    Purpose,
    Role,
    Speaker,
    TurnState,
    format_id,
    parse_id,
)
from control.auth import ApiKey, Guest, Member
from control.endpoints import Answer, Call, Nothing
from control.names import ROOM_NAME_PATTERN
from control.rooms import PageQuery
from control.store import calls, conversations, turns
from control.store.conversations import Conversation
from control.store.db import Connection, Database
from control.store.turns import Turn


class ConversationsQuery(PageQuery):
    room_name: Annotated[str, Field(pattern=ROOM_NAME_PATTERN)] | None = None


class ConversationAnswer(Answer):
    id: str
    room_name: str
    created_at: datetime
    updated_at: datetime
    turn_count: int


class ConversationsAnswer(Answer):
    data: list[ConversationAnswer]
    next_cursor: str | None


class TurnAnswer(Answer):
    """`erased`: the speaker was erased; the place in the order is all that is left."""

    seq: int
    role: Role
    channel: Channel
    speaker: Speaker
    text: str
    state: TurnState
    at: datetime
    metrics: dict[str, JsonValue]
    erased: bool


class TranscriptAnswer(Answer):
    conversation: ConversationAnswer
    turns: list[TurnAnswer]


class CallAnswer(Answer):
    """One provider call. Money in millionths of a US dollar; null is an unknown price, never a free call.

    `baseline_usd_micros` and `single_usd_micros`: what the turn would have cost on the first large model, and
    on the best single one; they stand on the call that answered, and are 0 on the turn's others.
    `uncached_usd_micros`: this call without a prompt cache. `purpose`: why it was made. `decision`: what each
    step of the choice said, `checks`: what verification found. `agent_name` is null for the deployment's own.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    client_id: str
    turn_client_id: str | None
    epoch: int
    kind: str
    tier: str | None
    provider: str
    model: str
    outcome: CallOutcome
    reason: str
    started_at: datetime
    first_token_ms: int | None
    total_ms: int
    input_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    output_tokens: int
    audio_ms: int
    characters: int
    price_date: str | None
    cost_usd_micros: int | None
    baseline_usd_micros: int | None
    single_usd_micros: int | None
    uncached_usd_micros: int | None
    purpose: Purpose
    answered: bool
    speaker_identity: str | None
    score: float | None
    threshold: float | None
    decision: dict[str, str]
    checks: dict[str, bool]
    agent_name: str | None
    agent_version: int | None


class CallsAnswer(Answer):
    data: list[CallAnswer]


class Conversations:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def list(self, call: Call[Member | Guest | ApiKey, ConversationsQuery]) -> ConversationsAnswer:
        """Lists the conversations, newest first. Raises: NotFound when a guest asks for another room."""
        query, room_name = call.input, call.input.room_name
        if isinstance(call.caller, Guest):
            if room_name not in (None, call.caller.room_name):
                raise NotFound(f"no room {room_name!r}")
            room_name = call.caller.room_name
        async with self._db.tenant(call.caller.tenant_id) as conn:
            page = await conversations.list_conversations(conn, room_name, query.limit, query.cursor)
        return ConversationsAnswer(data=[_answer(item) for item in page.items], next_cursor=page.next_cursor)

    async def show(self, call: Call[Member | Guest | ApiKey, Nothing]) -> ConversationAnswer:
        """Tells about a conversation. Raises: NotFound."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            return _answer(await _find(conn, call.path("id"), call.caller))

    async def transcript(self, call: Call[Member | Guest | ApiKey, Nothing]) -> TranscriptAnswer:
        """Gives all that was said in a conversation. Raises: NotFound."""
        since = call.caller.since_utc if isinstance(call.caller, Guest) else None
        async with self._db.tenant(call.caller.tenant_id) as conn:
            conversation = await _find(conn, call.path("id"), call.caller)
            said = await turns.list_turns(conn, conversation.id, since_utc=since)
        return TranscriptAnswer(
            conversation=_answer(conversation), turns=[_turn_answer(turn) for turn in said]
        )

    async def calls(self, call: Call[Member | ApiKey, Nothing]) -> CallsAnswer:
        """Lists the calls to models in a conversation, each with its cost and baseline. Raises: NotFound."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            conversation = await _find(conn, call.path("id"), call.caller)
            made = await calls.list_calls(conn, conversation.id)
        return CallsAnswer(data=[CallAnswer.model_validate(row) for row in made])


async def _find(conn: Connection, text: str, caller: Member | Guest | ApiKey) -> Conversation:
    """Raises: NotFound, in the same words for what does not exist and what the caller may not see."""
    missing = NotFound(f"no conversation {text!r}")
    try:
        conversation_id = ConversationId(parse_id(CONVERSATION_PREFIX, text))
    except InvalidInput:
        raise missing from None
    conversation = await conversations.find_conversation(conn, conversation_id)
    if conversation is None or (isinstance(caller, Guest) and conversation.room_name != caller.room_name):
        raise missing
    return conversation


def _answer(conversation: Conversation) -> ConversationAnswer:
    return ConversationAnswer(
        id=format_id(CONVERSATION_PREFIX, conversation.id),
        room_name=conversation.room_name,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        turn_count=conversation.turn_count,
    )


def _turn_answer(turn: Turn) -> TurnAnswer:
    return TurnAnswer(
        seq=turn.seq,
        role=turn.role,
        channel=turn.channel,
        speaker=turn.speaker,
        text=turn.text,
        state=turn.state,
        at=turn.at,
        metrics=turn.metrics,
        erased=turn.erased,
    )
