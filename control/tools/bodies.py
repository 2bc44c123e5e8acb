"""What goes in and comes out where a tenant's tools are managed, and where their calls are read."""

import re
from datetime import datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from agent.tools.template import MAX_URL_CHARS
from agent.wire import CallState, HttpDefinition, McpDefinition
from agent.wire.tools import Audience
from control.endpoints import Answer, Body

MAX_TIMEOUT_S: Final = 60.0
DEFAULT_TIMEOUT_S: Final = 10.0
MAX_HEADERS: Final = 16

ToolName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Description = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Address = Annotated[str, StringConstraints(min_length=8, max_length=MAX_URL_CHARS)]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$")]
# No control character: it becomes part of a header.
SecretHeader = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,2000}$")]
SecretHeaders = Annotated[dict[HeaderName, SecretHeader], Field(max_length=MAX_HEADERS)]
SigningKey = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{32,256}$")]
Timeout = Annotated[float, Field(ge=0.1, le=MAX_TIMEOUT_S)]

OURS: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "idempotency-key",
        "keep-alive",
        "parley-user",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that say how a request is sent, or what Parley vouches for."""

_VALUE: Final = re.compile(r"[\x20-\x7e]{0,2000}")


class ToolBody(Body):
    """Exactly one of `http` and `mcp`. `is_repeatable`: whether calling it twice does no more than calling it
    once; left out, that is so for GET alone. `secret_headers` and `signing_key` are never given back; with a
    signing key each call tells who asks, in a JWT (`Parley-User`, HS256).
    """

    name: ToolName
    description: Description
    url: Address
    http: HttpDefinition | None = None
    mcp: McpDefinition | None = None
    secret_headers: SecretHeaders = Field(default_factory=dict, repr=False)
    signing_key: SigningKey | None = Field(default=None, repr=False)
    timeout_s: Timeout = DEFAULT_TIMEOUT_S
    is_repeatable: bool | None = None
    audience: Audience = "members"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.http is None) == (self.mcp is None):
            raise ValueError("send `http` or `mcp`, and not both")
        return self


class ToolChange(Body):
    """What is left out stays. `secret_headers` replaces them all; `signing_key` null takes it away. Secrets
    are for the host that they were given for: with another host they are sent again, or gone.
    """

    description: Description | None = None
    url: Address | None = None
    http: HttpDefinition | None = None
    mcp: McpDefinition | None = None
    secret_headers: SecretHeaders | None = Field(default=None, repr=False)
    signing_key: SigningKey | None = Field(default=None, repr=False)
    timeout_s: Timeout | None = None
    is_repeatable: bool | None = None
    audience: Audience | None = None


class ToolAnswer(Answer):
    """`secret_headers`: the names of those that are kept. `is_signed`: its server is told who asks."""

    id: str
    name: str
    kind: Literal["http", "mcp"]
    description: str
    url: str
    http: HttpDefinition | None
    mcp: McpDefinition | None
    secret_headers: list[str]
    is_signed: bool
    timeout_s: float
    is_repeatable: bool
    audience: Audience
    created_at: datetime
    updated_at: datetime


class ToolsListAnswer(Answer):
    data: list[ToolAnswer]
    next_cursor: str | None = None


class ToolCallAnswer(Answer):
    """One call. `arguments` (JSON) and `result` are null where the speaker was erased. `failed` was certainly
    not done; `unknown` may have been. `told_at`: when an answer with the result was given to the end.
    """

    key: str
    turn_client_id: str
    tool: str
    function: str
    speaker: str
    arguments: str | None
    is_repeatable: bool
    state: CallState
    attempts: int
    status: int | None
    latency_ms: int | None
    bytes: int | None
    error: str | None
    result: str | None
    told_at: datetime | None
    claimed_at: datetime
    settled_at: datetime | None


class ToolCallsAnswer(Answer):
    data: list[ToolCallAnswer]
    next_cursor: str | None


def flaw_of_headers(headers: dict[str, str]) -> str | None:
    """What is wrong with headers that a tenant names; None when nothing is."""
    if len(headers) > MAX_HEADERS:
        return f"there are more than {MAX_HEADERS} headers"
    for name, value in headers.items():
        if name.lower() in OURS:
            return f"the header {name!r} is not for a tool to set"
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", name) or not _VALUE.fullmatch(value):
            return f"the header {name!r} is not one that can be sent"
    return None
