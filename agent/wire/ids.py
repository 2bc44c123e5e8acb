"""The ids that both sides use: a prefix and 32 hexadecimal digits on the wire, plain UUIDs in PostgreSQL."""

from typing import NewType
from uuid import UUID

from agent.errors import InvalidInput

TenantId = NewType("TenantId", UUID)
UserId = NewType("UserId", UUID)
RoomId = NewType("RoomId", UUID)
ConversationId = NewType("ConversationId", UUID)
DocumentId = NewType("DocumentId", UUID)
AgentId = NewType("AgentId", UUID)
ApiKeyId = NewType("ApiKeyId", UUID)
ToolId = NewType("ToolId", UUID)

TENANT_PREFIX = "ten"
USER_PREFIX = "user"
ROOM_PREFIX = "room"
CONVERSATION_PREFIX = "conv"
DOCUMENT_PREFIX = "doc"
AGENT_PREFIX = "agent"
API_KEY_PREFIX = "key"
TOOL_PREFIX = "tool"


def format_id(prefix: str, value: UUID) -> str:
    """`conv`, UUID → `conv_` and 32 hexadecimal digits."""
    return f"{prefix}_{value.hex}"


def parse_id(prefix: str, text: str) -> UUID:
    """The UUID in `text`.

    Raises: InvalidInput when the prefix differs or the rest is not 32 hexadecimal digits.
    """
    head, _, digits = text.partition("_")
    if head != prefix or len(digits) != 32:
        raise InvalidInput(f"{text!r} is not an id of the form {prefix}_<32 hexadecimal digits>")
    try:
        return UUID(hex=digits)
    except ValueError as error:
        raise InvalidInput(f"{text!r} is not an id of the form {prefix}_<32 hexadecimal digits>") from error
