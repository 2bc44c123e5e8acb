"""Every address that control answers, in one table: who may call it, what goes in, what comes out."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from agent.wire import (
    ContextAnswer,
    ModelCallsBody,
    RenewAnswer,
    SearchAnswer,
    SearchBody,
    TurnsAnswer,
    TurnsBody,
    WorkerReport,
)
from control.agents_desk import AgentsDesk
from control.allowed_origins import AllowedOrigins, OriginsAnswer, OriginsBody
from control.auth import Authenticator
from control.conversations import (
    CallsAnswer,
    ConversationAnswer,
    Conversations,
    ConversationsAnswer,
    ConversationsQuery,
    TranscriptAnswer,
)
from control.deployment import Deployment, DeploymentAnswer
from control.edge.gate import Gate
from control.endpoints import INTERNAL_BODY_BYTES, Nothing, Route, add_routes
from control.health import Health
from control.internal import JobDesk
from control.keys.desk import KeysDesk
from control.learning.desk import RouterDesk
from control.learning.labels import LabelDesk
from control.pages import PAGE_PATHS, Pages
from control.people.account_desk import AccountDesk
from control.people.desk import PeopleDesk
from control.people.provider_desk import ProviderDesk
from control.records.desk import RecordsDesk
from control.reference.desk import ReferenceDesk
from control.removals import Removals
from control.rooms import (
    InvitationAnswer,
    InvitedAnswer,
    PageQuery,
    RoomAnswer,
    RoomBody,
    RoomChange,
    RoomNowAnswer,
    Rooms,
    RoomsAnswer,
)
from control.scopes import Scope
from control.spending.allowances import AllowanceDesk
from control.spending.budgets_desk import BudgetsDesk
from control.spending.usage_desk import UsageDesk
from control.tokens import TokenAnswer, TokenBody, TokenIssuer
from control.tools.desk import ToolsDesk
from control.webhooks import Webhooks
from control.workers import Workers


@dataclass(frozen=True, slots=True)
class Handlers:
    account: AccountDesk
    agents: AgentsDesk
    allowances: AllowanceDesk
    keys: KeysDesk
    allowed_origins: AllowedOrigins
    auth: Authenticator
    budgets: BudgetsDesk
    conversations: Conversations
    deployment: Deployment
    health: Health
    job_desk: JobDesk
    labels: LabelDesk
    routing: RouterDesk
    pages: Pages
    people: PeopleDesk
    providers: ProviderDesk
    records: RecordsDesk
    removals: Removals
    rooms: Rooms
    tokens: TokenIssuer
    tools: ToolsDesk
    usage: UsageDesk
    webhooks: Webhooks
    workers: Workers


def public_routes(h: Handlers) -> list[Route[Any, Any]]:
    """The API under /v1."""
    auth, rooms, talks = h.auth, h.rooms, h.conversations
    talk = "/v1/conversations/{id}"
    return [
        Route(
            "POST",
            "/v1/token",
            auth.people,
            h.tokens.issue,
            TokenBody,
            TokenAnswer,
            201,
            scope=Scope.ROOMS_JOIN,
            costs=True,
        ),
        *h.account.routes(h.auth),
        *h.providers.routes(h.auth),
        *h.people.routes(auth),
        *h.keys.routes(h.auth),
        *h.agents.routes(h.auth),
        *h.routing.routes(h.auth),
        *h.tools.routes(h.auth),
        *h.records.routes(h.auth),
        *h.budgets.routes(h.auth),
        *h.usage.routes(h.auth),
        Route("GET", "/v1/deployment", auth.anyone, h.deployment.show, Nothing, DeploymentAnswer),
        Route("GET", "/v1/rooms", auth.team, rooms.list, PageQuery, RoomsAnswer, scope=Scope.ROOMS_READ),
        Route(
            "POST",
            "/v1/rooms",
            auth.team,
            rooms.create,
            RoomBody,
            RoomAnswer,
            201,
            scope=Scope.ROOMS_WRITE,
            is_repeatable=True,
        ),
        Route(
            "GET", "/v1/rooms/{name}", auth.people, rooms.show, Nothing, RoomNowAnswer, scope=Scope.ROOMS_READ
        ),
        Route(
            "PATCH",
            "/v1/rooms/{name}",
            auth.team,
            rooms.change,
            RoomChange,
            RoomAnswer,
            scope=Scope.ROOMS_WRITE,
        ),
        Route(
            "POST",
            "/v1/rooms/{name}/invites",
            auth.team,
            rooms.invite,
            Nothing,
            InvitationAnswer,
            201,
            scope=Scope.ROOMS_WRITE,
        ),
        Route(
            "DELETE",
            "/v1/rooms/{name}/participants/{identity}",
            auth.team_admin,
            h.removals.remove,
            Nothing,
            None,
            204,
            scope=Scope.ROOMS_WRITE,
        ),
        Route("GET", "/v1/allowed-origins", auth.admin, h.allowed_origins.show, Nothing, OriginsAnswer),
        Route(
            "PUT",
            "/v1/allowed-origins",
            auth.admin,
            h.allowed_origins.replace,
            OriginsBody,
            OriginsAnswer,
            action="change_origins",
        ),
        Route("GET", "/v1/invites/{code}", auth.anyone, rooms.invited, Nothing, InvitedAnswer),
        Route(
            "GET",
            "/v1/conversations",
            auth.people,
            talks.list,
            ConversationsQuery,
            ConversationsAnswer,
            scope=Scope.CONVERSATIONS_READ,
        ),
        Route(
            "GET", talk, auth.people, talks.show, Nothing, ConversationAnswer, scope=Scope.CONVERSATIONS_READ
        ),
        Route(
            "GET",
            f"{talk}/transcript.json",
            auth.people,
            talks.transcript,
            Nothing,
            TranscriptAnswer,
            scope=Scope.CONVERSATIONS_READ,
        ),
        Route(
            "GET",
            f"{talk}/calls",
            auth.team,
            talks.calls,
            Nothing,
            CallsAnswer,
            scope=Scope.CONVERSATIONS_READ,
        ),
    ]


def internal_routes(h: Handlers) -> list[Route[Any, Any]]:
    """What agents and their workers call."""
    job, desk, size = h.auth.job, h.job_desk, INTERNAL_BODY_BYTES
    # fmt: off
    return [
        Route("GET", "/internal/v1/context", job, desk.context, Nothing, ContextAnswer),
        Route("POST", "/internal/v1/turns", job, desk.append_turns, TurnsBody, TurnsAnswer, 200, size),
        Route("POST", "/internal/v1/model-calls", job, desk.append_calls, ModelCallsBody, None, 204, size),
        *h.allowances.routes(h.auth),
        Route("POST", "/internal/v1/search", job, desk.search, SearchBody, SearchAnswer),
        Route("POST", "/internal/v1/job/renew", job, desk.renew, Nothing, RenewAnswer),
        *h.labels.routes(h.auth),
        *h.tools.internal_routes(h.auth),
        Route("POST", "/internal/v1/workers", h.workers.reporter, h.workers.report, WorkerReport, None, 204),
    ]
    # fmt: on


def add_all(app: web.Application, h: Handlers, gate: Gate) -> None:
    public = public_routes(h)
    add_routes(app, public, gate)
    ReferenceDesk(public).add_to(app)
    add_routes(app, internal_routes(h))
    app.router.add_post("/internal/v1/livekit/webhook", h.webhooks.receive)
    app.router.add_get("/livez", h.health.alive)
    app.router.add_get("/healthz", h.health.alive)
    app.router.add_get("/readyz", h.health.ready)
    h.providers.add_pages(app)
    for path in PAGE_PATHS:
        app.router.add_get(path, h.pages.document)
    app.router.add_get("/static/{path:.+}", h.pages.asset)
