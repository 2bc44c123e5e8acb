"""How a job begins, asks and stays: dispatch, context, search, renewal, and the worker's report."""

from datetime import datetime

from pydantic import Field

from agent.wire.agents import AgentSpec, ProviderKey
from agent.wire.learning import RouterSpec
from agent.wire.shapes import Integer, Wire
from agent.wire.turns import PastTurn


class ContextAnswer(Wire):
    """GET /internal/v1/context: what a job needs before it can speak. `turns`: the newest, oldest first.

    `agent_name` is the deployment's; `agent` the tenant's own that serves this conversation, None when it
    has none. `provider_keys` are for this conversation only, and are kept nowhere. `router`: what was learnt
    from the tenant's own turns, None before there is enough.
    """

    tenant: str
    conversation: str
    room_name: str
    epoch: int
    agent_name: str
    turns: list[PastTurn]
    agent: AgentSpec | None = None
    provider_keys: list[ProviderKey] = Field(default_factory=list, repr=False)
    router: RouterSpec | None = None


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
