"""Calls to model providers, as rows of the ledger."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from agent.wire.shapes import BigInteger, Integer, Moment, Wire


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
