"""What a tenant's agents did: the calls of tools in a conversation, as its team reads them."""

from agent.errors import InvalidInput, NotFound
from agent.wire import CONVERSATION_PREFIX, ConversationId, parse_id
from control.auth import ApiKey, Member
from control.endpoints import Call
from control.rooms import PageQuery
from control.store import conversations, tool_calls
from control.store.db import Connection, Database
from control.store.tool_calls import StoredCall
from control.tools.bodies import ToolCallAnswer, ToolCallsAnswer


class ToolCalls:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def list(self, call: Call[Member | ApiKey, PageQuery]) -> ToolCallsAnswer:
        """Lists the calls of tools in a conversation, newest first. Raises: NotFound, InvalidInput."""
        query = call.input
        async with self._db.tenant(call.caller.tenant_id) as conn:
            conversation_id = await _find(conn, call.path("id"))
            page = await tool_calls.list_tool_calls(conn, conversation_id, query.limit, query.cursor)
        return ToolCallsAnswer(data=[_answer(one) for one in page.items], next_cursor=page.next_cursor)


async def _find(conn: Connection, text: str) -> ConversationId:
    """Raises: NotFound."""
    missing = NotFound(f"no conversation {text!r}")
    try:
        conversation_id = ConversationId(parse_id(CONVERSATION_PREFIX, text))
    except InvalidInput:
        raise missing from None
    if await conversations.find_conversation(conn, conversation_id) is None:
        raise missing
    return conversation_id


def _answer(call: StoredCall) -> ToolCallAnswer:
    return ToolCallAnswer(
        key=call.key,
        turn_client_id=call.turn,
        tool=call.tool,
        function=call.function,
        speaker=call.speaker,
        arguments=call.arguments,
        is_repeatable=call.is_repeatable,
        state=call.state,
        attempts=call.attempts,
        status=call.status,
        latency_ms=call.latency_ms,
        bytes=call.bytes,
        error=call.error,
        result=call.result,
        told_at=call.told_at,
        claimed_at=call.claimed_at,
        settled_at=call.settled_at,
    )
