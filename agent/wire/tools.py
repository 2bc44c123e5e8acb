"""Tools of a tenant's agents: what a job may call, the claim before each call, and how it ended.

Nothing that changes something runs without a claim, and no claim is given twice for the same call.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from agent.wire.shapes import Integer, Wire

ToolName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
FunctionName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
McpName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_./-]{1,64}$")]
CallKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
TurnId = Annotated[str, Field(min_length=1, max_length=64)]

ToolMethod = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Audience = Literal["room", "members", "admins"]
"""Who may have it called: everybody in the room, guests included; members of the tenant; its admins."""

MAX_ARGUMENTS_CHARS = 8_000
MAX_RESULT_CHARS = 16_000
MAX_ERROR_CHARS = 500


class HttpDefinition(Wire):
    """`parameters`: JSON Schema of an object. An argument goes where `{its_name}` stands in the URL; the rest
    goes into the query of GET and DELETE, else into a JSON body. `body`: a template of that body instead, in
    which the text `{name}` stands for the argument as it is, and is left out with it.
    """

    method: ToolMethod = "GET"
    parameters: dict[str, JsonValue] = Field(
        default_factory=lambda: dict[str, JsonValue](type="object", properties={})
    )
    headers: dict[str, str] = Field(default_factory=dict)
    body: JsonValue = None


class McpDefinition(Wire):
    """`allowed`: the server's tools that may be called, and no others."""

    allowed: Annotated[list[McpName], Field(min_length=1, max_length=64)]


class ToolSpec(Wire):
    """A tool as a job gets it, its secrets in the clear: for this conversation only, and kept nowhere.

    One of `http` and `mcp` is there. `signing_key`: for `Parley-User`, None when its server is not told who
    asks. `may_be_local`: the address may be in a private network.
    """

    name: ToolName
    description: str
    url: str
    http: HttpDefinition | None = None
    mcp: McpDefinition | None = None
    secret_headers: dict[str, str] = Field(default_factory=dict, repr=False)
    signing_key: str | None = Field(default=None, repr=False)
    timeout_s: float
    is_repeatable: bool
    may_be_local: bool = False


class ToolsAnswer(Wire):
    """GET /internal/v1/tools: those of the agent that the job is."""

    tools: list[ToolSpec]


class ToolClaim(Wire):
    """POST /internal/v1/tool-calls, before anything goes out. `claim`: new for each try, the same for each
    time that one try is sent. `arguments`: canonical JSON. `place`: which of the same calls in the turn.
    """

    epoch: Integer
    claim: Annotated[str, Field(min_length=1, max_length=64)]
    turn: TurnId
    tool: ToolName
    function: FunctionName
    speaker: Annotated[str, Field(max_length=256)]
    arguments: Annotated[str, Field(max_length=MAX_ARGUMENTS_CHARS)] = Field(repr=False)
    place: Integer = 0


class Verdict(StrEnum):
    """What a job does with a call: run it; or not, because it is done, under way, of unknown end, refused."""

    RUN = "run"
    DONE = "done"
    UNDER_WAY = "under_way"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class Asker(Wire):
    """Who asked, as control knows them. `role`: owner, admin, member or guest."""

    identity: str
    name: str
    role: Literal["owner", "admin", "member", "guest"]


class ToolClaimAnswer(Wire):
    """`result`: of a call that is done. `keys`: what is told to people with the answer that follows."""

    verdict: Verdict
    key: str
    asker: Asker
    result: str = Field(default="", repr=False)
    words: str = ""
    keys: list[str] = Field(default_factory=list)


class CallState(StrEnum):
    """`failed`: it was certainly not done. `unknown`: it may have been."""

    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


Ended = Literal[CallState.DONE, CallState.FAILED, CallState.UNKNOWN]


class ToolOutcome(Wire):
    """POST /internal/v1/tool-calls/outcomes. `error`: in words, with nothing that was sent or received."""

    epoch: Integer
    claim: Annotated[str, Field(min_length=1, max_length=64)]
    key: CallKey
    state: Ended
    status: Annotated[int, Field(ge=100, le=599)] | None = None
    latency_ms: Integer
    bytes: Integer = 0
    error: Annotated[str, Field(max_length=MAX_ERROR_CHARS)] | None = None
    result: Annotated[str, Field(max_length=MAX_RESULT_CHARS)] = Field(default="", repr=False)


class ToolsTold(Wire):
    """POST /internal/v1/tool-calls/told: an answer with these results was given to the end."""

    epoch: Integer
    keys: Annotated[list[CallKey], Field(min_length=1, max_length=64)]
