"""What agent and control say to each other, and the ids both use.

Every body of the internal API (`/internal/v1`, authorised by a job token for one conversation) is a
pydantic model here, so that both sides change together. Ids cross every boundary as a prefix and
32 hexadecimal digits (`conv_9f…`); inside PostgreSQL they are plain UUIDs.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, NewType
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from agent.errors import InvalidInput

TenantId = NewType("TenantId", UUID)
UserId = NewType("UserId", UUID)
RoomId = NewType("RoomId", UUID)
ConversationId = NewType("ConversationId", UUID)
DocumentId = NewType("DocumentId", UUID)
AgentId = NewType("AgentId", UUID)
ApiKeyId = NewType("ApiKeyId", UUID)

TENANT_PREFIX = "ten"
USER_PREFIX = "user"
ROOM_PREFIX = "room"
CONVERSATION_PREFIX = "conv"
DOCUMENT_PREFIX = "doc"
AGENT_PREFIX = "agent"
API_KEY_PREFIX = "key"


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


Integer = Annotated[int, Field(ge=0, le=2**31 - 1)]
BigInteger = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""Counts, as far as PostgreSQL's integer and bigint can hold them."""


def _is_of_our_time(at: datetime) -> datetime:
    """Raises: ValueError for a moment that no clock of a writer shows, and that no other zone could name."""
    if not 2000 <= at.year < 3000:
        raise ValueError("the year is not between 2000 and 2999")
    return at


Moment = Annotated[datetime, AfterValidator(_is_of_our_time)]


class Role(StrEnum):
    USER = "user"
    AGENT = "agent"


class Channel(StrEnum):
    """How a turn came in or went out. `lk.chat` in a room is `text`; REST and WebSocket are `chat`."""

    VOICE = "voice"
    TEXT = "text"
    SCREEN = "screen"
    CHAT = "chat"
    WIDGET = "widget"


class TurnState(StrEnum):
    STREAMING = "streaming"
    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Wire(BaseModel):
    """A body between agent and control: unknown fields are refused, values are frozen.

    What breaks a rule is not repeated in the error: it may be a key, or what somebody said.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Speaker(Wire):
    """`identity` is LiveKit's participant identity; `name` is what people see."""

    identity: str = Field(max_length=256)
    name: str = Field(max_length=200)


class TurnWrite(Wire):
    """One turn as its writer knows it now.

    Writing the same `client_id` again updates text, state and metrics and keeps the `seq`; a turn that
    has left `streaming` keeps its final state.
    """

    client_id: str = Field(min_length=1, max_length=64)
    role: Role
    channel: Channel
    speaker: Speaker
    text: str = Field(max_length=32_000)
    state: TurnState
    at: Moment
    metrics: dict[str, JsonValue] = Field(default_factory=dict)


class TurnsBody(Wire):
    """POST /internal/v1/turns"""

    epoch: Integer
    turns: Annotated[list[TurnWrite], Field(min_length=1, max_length=100)]


class TurnAck(Wire):
    """`seq` counts from 1 in a conversation, without gaps; holding it means the turn is stored."""

    client_id: str
    seq: int


class TurnsAnswer(Wire):
    acks: list[TurnAck]


class PastTurn(Wire):
    seq: int
    role: Role
    channel: Channel
    speaker: Speaker
    text: str
    state: TurnState
    at: datetime


SpeechEngine = Literal["local", "openai", "google"]
ModelName = Annotated[str, Field(min_length=1, max_length=128)]


class ModelPolicy(Wire):
    """What an agent asks of the cascade; what is None follows the deployment. Models are provider/model.

    A policy that names a preset replaces the deployment's own choice of models as well.
    """

    preset: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    small_model: ModelName | None = None
    large_model: ModelName | None = None
    stt: SpeechEngine | None = None
    tts: SpeechEngine | None = None


class AgentSpec(Wire):
    """The tenant's agent that a job is. An empty greeting or prompt is none; `language` is BCP 47."""

    name: str
    version: int
    display_name: str
    prompt: str = Field(repr=False)
    greeting: str = Field(repr=False)
    voice: str | None
    language: str
    model_policy: ModelPolicy


class ProviderKey(Wire):
    """What a tenant brings for a provider; it replaces the deployment's key and address there, both.

    `api_key` is None for a server that wants none. With neither that provider is closed to the tenant:
    what was stored for it cannot be opened. `may_be_local`: the address may be in a private network.
    """

    provider: Literal["openai", "google", "anthropic"]
    api_key: str | None = Field(repr=False)
    base_url: str | None
    may_be_local: bool = False


class ContextAnswer(Wire):
    """GET /internal/v1/context: what a job needs before it can speak. `turns`: the newest, oldest first.

    `agent_name` is the deployment's; `agent` the tenant's own that serves this conversation, None when it
    has none. `provider_keys` are for this conversation only, and are kept nowhere.
    """

    tenant: str
    conversation: str
    room_name: str
    epoch: int
    agent_name: str
    turns: list[PastTurn]
    agent: AgentSpec | None = None
    provider_keys: list[ProviderKey] = Field(default_factory=list, repr=False)


class SearchBody(Wire):
    """POST /internal/v1/search"""

    query: str = Field(max_length=4_000)
    limit: int = Field(default=4, ge=1, le=20)


class Passage(Wire):
    """A piece of a tenant's document. Untrusted text: never put it into the system role."""

    document: str
    title: str
    text: str
    score: float


class SearchAnswer(Wire):
    passages: list[Passage]


class CallOutcome(StrEnum):
    OK = "ok"
    CANCELLED = "cancelled"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    AUTHENTICATION = "authentication"
    SERVER_ERROR = "server_error"
    CONNECTION = "connection"
    INVALID = "invalid"


class ModelCall(Wire):
    """One provider call, as a row of the ledger. Money is in millionths of a US dollar.

    `cost_usd_micros` and `baseline_usd_micros` (the same tokens on the first large model) are None when
    a price is unknown: such a call is `unpriced`, never free. `kind` talk and see are language model
    calls by lane; stt counts `audio_ms`, tts counts `characters`.
    """

    client_id: str = Field(min_length=1, max_length=64)
    turn_client_id: str | None = Field(default=None, max_length=64)
    kind: Literal["talk", "see", "stt", "tts"]
    tier: Literal["small", "large"] | None
    provider: str = Field(max_length=64)
    model: str = Field(max_length=128)
    outcome: CallOutcome
    reason: str = Field(max_length=400)
    started_at: Moment
    first_token_ms: Integer | None = None
    total_ms: Integer
    input_tokens: BigInteger = 0
    cached_tokens: BigInteger = 0
    output_tokens: BigInteger = 0
    audio_ms: BigInteger = 0
    characters: BigInteger = 0
    price_date: str | None = Field(default=None, max_length=10)
    cost_usd_micros: BigInteger | None = None
    baseline_usd_micros: BigInteger | None = None


class ModelCallsBody(Wire):
    """POST /internal/v1/model-calls: idempotent by `client_id`."""

    epoch: Integer
    calls: Annotated[list[ModelCall], Field(min_length=1, max_length=100)]


class RenewAnswer(Wire):
    """POST /internal/v1/job/renew: a fresh token for the same job, for as long as its epoch is current."""

    job_token: str
    expires_at: datetime


class WorkerReport(Wire):
    """POST /internal/v1/workers, each few seconds, signed with the LiveKit key pair that both sides hold."""

    worker_id: str = Field(min_length=1, max_length=64)
    agent_name: str = Field(max_length=64)
    slots: Integer
    active_jobs: Integer
    profile: str = Field(max_length=200)


class DispatchMetadata(Wire):
    """What control puts into a LiveKit dispatch for the job that takes it. Only the agent can read it.

    `local_engines` forces the keyless engines (the start-up self-check must never call a paid model).
    `display_name` is how the agent is called in the room; None takes the deployment's name for it.
    """

    conversation: str
    tenant: str
    epoch: int
    job_token: str
    local_engines: bool = False
    display_name: str | None = None
