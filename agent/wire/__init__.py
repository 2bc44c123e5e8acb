"""What agent and control say to each other, and the ids both use.

Every body of the internal API (`/internal/v1`, authorised by a job token for one conversation) is a
pydantic model here, so that both sides change together.
"""

from agent.wire.agents import (
    AgentSpec,
    ModelName,
    ModelPolicy,
    ProviderKey,
    SpeechEngine,
)
from agent.wire.ids import (
    AGENT_PREFIX,
    API_KEY_PREFIX,
    CONVERSATION_PREFIX,
    DOCUMENT_PREFIX,
    ROOM_PREFIX,
    TENANT_PREFIX,
    USER_PREFIX,
    AgentId,
    ApiKeyId,
    ConversationId,
    DocumentId,
    RoomId,
    TenantId,
    UserId,
    format_id,
    parse_id,
)
from agent.wire.jobs import (
    ContextAnswer,
    DispatchMetadata,
    Passage,
    RenewAnswer,
    SearchAnswer,
    SearchBody,
    WorkerReport,
)
from agent.wire.ledger import (
    CallOutcome,
    ModelCall,
    ModelCallsBody,
)
from agent.wire.shapes import (
    BigInteger,
    Integer,
    Moment,
    Wire,
)
from agent.wire.turns import (
    Channel,
    PastTurn,
    Role,
    Speaker,
    TurnAck,
    TurnsAnswer,
    TurnsBody,
    TurnState,
    TurnWrite,
)

__all__ = [
    "AGENT_PREFIX",
    "API_KEY_PREFIX",
    "CONVERSATION_PREFIX",
    "DOCUMENT_PREFIX",
    "ROOM_PREFIX",
    "TENANT_PREFIX",
    "USER_PREFIX",
    "AgentId",
    "AgentSpec",
    "ApiKeyId",
    "BigInteger",
    "CallOutcome",
    "Channel",
    "ContextAnswer",
    "ConversationId",
    "DispatchMetadata",
    "DocumentId",
    "Integer",
    "ModelCall",
    "ModelCallsBody",
    "ModelName",
    "ModelPolicy",
    "Moment",
    "Passage",
    "PastTurn",
    "ProviderKey",
    "RenewAnswer",
    "Role",
    "RoomId",
    "SearchAnswer",
    "SearchBody",
    "Speaker",
    "SpeechEngine",
    "TenantId",
    "TurnAck",
    "TurnState",
    "TurnWrite",
    "TurnsAnswer",
    "TurnsBody",
    "UserId",
    "Wire",
    "WorkerReport",
    "format_id",
    "parse_id",
]
