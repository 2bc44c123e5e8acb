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
    QUOTA = "quota"
    FILTERED = "filtered"
    CUT = "cut"
    EMPTY = "empty"


Purpose = Literal["answer", "fallback", "escalation", "probe", "shadow", "judge", "speech"]
"""Why a call was made: a turn's first, after a failure, after a weak answer, to see whether a model that
failed is back, to compare, to judge the comparison."""


class ModelCall(Wire):
    """One provider call, as a row of the ledger. Money is in millionths of a US dollar; None is unknown.

    A call whose price is unknown is `unpriced`, never free. `kind` talk and see are language model calls by
    lane; stt counts `audio_ms`, tts counts `characters`. `answered`: the person got this call's answer.

    What a turn would have cost another way stands on the row that answered, and is 0 on its others, so that a
    sum over rows counts each turn once: `baseline_usd_micros` on the first large model, `single_usd_micros`
    on the best single one. `uncached_usd_micros` is this very call without a prompt cache, on every row.

    `decision`: what each step decided, by its name. `checks`: what verification found, by the check's name.
    `epoch`: of the job that made the call; None is the one that sends it, which may send what another left.
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
    cache_write_tokens: BigInteger = 0
    output_tokens: BigInteger = 0
    audio_ms: BigInteger = 0
    characters: BigInteger = 0
    price_date: str | None = Field(default=None, max_length=10)
    cost_usd_micros: BigInteger | None = None
    baseline_usd_micros: BigInteger | None = None
    single_usd_micros: BigInteger | None = None
    uncached_usd_micros: BigInteger | None = None
    purpose: Purpose = "answer"
    answered: bool = False
    speaker_identity: str | None = Field(default=None, max_length=256)
    score: float | None = Field(default=None, ge=0, le=1)
    threshold: float | None = Field(default=None, ge=0)
    decision: Annotated[dict[str, Annotated[str, Field(max_length=200)]], Field(max_length=12)] = Field(
        default_factory=dict
    )
    checks: Annotated[dict[str, bool], Field(max_length=32)] = Field(default_factory=dict)
    epoch: Integer | None = None


class ModelCallsBody(Wire):
    """POST /internal/v1/model-calls: idempotent by `client_id`; taken from a job that was replaced too."""

    epoch: Integer
    calls: Annotated[list[ModelCall], Field(min_length=1, max_length=100)]
