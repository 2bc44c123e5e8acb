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
from control.agent_bodies import (
    AgentBody,
    AgentChange,
    AgentsAnswer,
    AgentVersionsAnswer,
    NamedAgentAnswer,
)
from control.agents import Agents
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
from control.documents import (
    DOCUMENT_BODY_BYTES,
    DocumentAnswer,
    DocumentBody,
    Documents,
    DocumentsAnswer,
)
from control.edge.gate import Gate
from control.endpoints import INTERNAL_BODY_BYTES, Nothing, Route, add_routes
from control.health import Health
from control.internal import JobDesk
from control.keys.api_keys import ApiKeyBody, ApiKeys, ApiKeysAnswer, NewApiKeyAnswer, RotationBody
from control.keys.provider_keys import (
    ProviderKeyAnswer,
    ProviderKeyBody,
    ProviderKeys,
    ProviderKeysAnswer,
)
from control.openapi import describe_api, reference
from control.pages import PAGE_PATHS, Pages
from control.people.account import Account, AccountAnswer, AccountBody, PasswordBody
from control.people.desk import PeopleDesk
from control.people.factor_removal import FactorRemoval, RemovalBody
from control.people.own_factors import (
    AppAnswer,
    AppBody,
    CodesAnswer,
    ConfirmBody,
    ConfirmedAnswer,
    FactorsAnswer,
    NewPasskeyBody,
    OptionsAnswer,
    OwnFactors,
    PasskeyAnswer,
)
from control.people.own_sessions import OwnSessions, OwnSessionsAnswer, ProofBody, SwitchBody
from control.people.passkey_challenges import ChallengeBody, PasskeyChallenges
from control.people.provider_desk import ProviderDesk
from control.people.session_answers import SecondFactorNeeded, SessionAnswer
from control.people.sessions import PasskeyBody, SecondFactorBody, Sessions, SignInBody
from control.records.desk import RecordsDesk
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
from control.tokens import TokenAnswer, TokenBody, TokenIssuer
from control.webhooks import Webhooks
from control.workers import Workers


@dataclass(frozen=True, slots=True)
class Handlers:
    allowed_origins: AllowedOrigins
    account: Account
    agents: Agents
    api_keys: ApiKeys
    auth: Authenticator
    conversations: Conversations
    deployment: Deployment
    documents: Documents
    factor_removal: FactorRemoval
    health: Health
    job_desk: JobDesk
    own_factors: OwnFactors
    own_sessions: OwnSessions
    pages: Pages
    passkey_challenges: PasskeyChallenges
    people: PeopleDesk
    provider_keys: ProviderKeys
    providers: ProviderDesk
    records: RecordsDesk
    removals: Removals
    rooms: Rooms
    sessions: Sessions
    tokens: TokenIssuer
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
        *session_routes(h),
        *factor_routes(h),
        *h.providers.routes(h.auth),
        *h.people.routes(auth),
        *key_routes(h),
        *agent_routes(h),
        *h.records.routes(h.auth),
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


def session_routes(h: Handlers) -> list[Route[Any, Any]]:
    """Signing in and out, one's sessions, and one's account."""
    auth, sessions, own, account = h.auth, h.sessions, h.own_sessions, h.account
    current, started = "/v1/sessions/current", SessionAnswer
    # fmt: off
    return [
        Route("POST", "/v1/sessions", auth.anyone, sessions.sign_in, SignInBody, started, 201,
              unfinished=SecondFactorNeeded),
        Route("POST", "/v1/sessions/second-factor", auth.anyone, sessions.second_factor, SecondFactorBody,
              started, 201),
        Route("POST", "/v1/sessions/passkey", auth.anyone, sessions.passkey, PasskeyBody, started, 201),
        Route("GET", current, auth.person, sessions.current, Nothing, SessionAnswer),
        Route("DELETE", current, auth.person, sessions.sign_out, Nothing, None, 204),
        Route("POST", f"{current}/proof", auth.member, own.prove, ProofBody, started, 201),
        Route("POST", f"{current}/tenant", auth.member, own.switch, SwitchBody, started, 201),
        Route("GET", "/v1/sessions", auth.member, own.show, Nothing, OwnSessionsAnswer),
        Route("DELETE", "/v1/sessions", auth.recent, own.revoke_others, Nothing, None, 204),
        Route("DELETE", "/v1/sessions/{id}", auth.recent, own.revoke, Nothing, None, 204),
        Route("GET", "/v1/account", auth.member, account.show, Nothing, AccountAnswer),
        Route("PATCH", "/v1/account", auth.member, account.rename, AccountBody, AccountAnswer),
        Route("POST", "/v1/account/password", auth.recent, account.change_password, PasswordBody, started,
              201, action="change password"),
    ]
    # fmt: on


def factor_routes(h: Handlers) -> list[Route[Any, Any]]:
    """One's second factors, and challenges for passkeys."""
    auth, own, removal = h.auth, h.own_factors, h.factor_removal
    factors = "/v1/account/factors"
    # fmt: off
    return [
        Route("GET", factors, auth.member, own.show, Nothing, FactorsAnswer),
        Route("POST", f"{factors}/totp", auth.recent, own.add_app, AppBody, AppAnswer, 201,
              action="change factors"),
        Route("POST", f"{factors}/totp/{{id}}/confirm", auth.recent, own.confirm_app, ConfirmBody,
              ConfirmedAnswer, action="change factors"),
        Route("POST", f"{factors}/passkey/options", auth.recent, own.passkey_options, Nothing, OptionsAnswer,
              201, action="change factors"),
        Route("POST", f"{factors}/passkey", auth.recent, own.add_passkey, NewPasskeyBody, PasskeyAnswer, 201,
              action="change factors"),
        Route("DELETE", f"{factors}/{{id}}", auth.recent, removal.remove, RemovalBody, None, 204,
              action="change factors"),
        Route("POST", "/v1/account/recovery-codes", auth.recent, own.make_codes, Nothing, CodesAnswer, 201,
              action="change factors"),
        Route("POST", "/v1/passkeys/challenges", auth.visitor, h.passkey_challenges.challenge, ChallengeBody,
              OptionsAnswer, 201),
    ]
    # fmt: on


def key_routes(h: Handlers) -> list[Route[Any, Any]]:
    """A tenant's keys, its own and those of its providers; without a scope, so that no key makes keys."""
    auth, keys, providers = h.auth, h.api_keys, h.provider_keys
    key, provider = "/v1/api-keys/{id}", "/v1/provider-keys/{provider}"
    # fmt: off
    return [
        Route("GET", "/v1/api-keys", auth.admin, keys.list, PageQuery, ApiKeysAnswer),
        Route("POST", "/v1/api-keys", auth.recent_admin, keys.create, ApiKeyBody, NewApiKeyAnswer, 201,
              action="change_keys"),
        Route("POST", f"{key}/rotation", auth.recent_admin, keys.rotate, RotationBody, NewApiKeyAnswer, 201,
              action="change_keys"),
        Route("DELETE", key, auth.admin, keys.revoke, Nothing, None, 204),
        Route("GET", "/v1/provider-keys", auth.admin, providers.show, Nothing, ProviderKeysAnswer),
        Route("PUT", provider, auth.recent_admin, providers.put, ProviderKeyBody, ProviderKeyAnswer,
              action="change_keys"),
        Route("DELETE", provider, auth.admin, providers.remove, Nothing, None, 204),
    ]
    # fmt: on


def agent_routes(h: Handlers) -> list[Route[Any, Any]]:
    """A tenant's agents, and the documents that they quote."""
    team, runs, agents, documents = h.auth.team, h.auth.team_admin, h.agents, h.documents
    read, write = Scope.AGENTS_READ, Scope.AGENTS_WRITE
    agent, versions = "/v1/agents/{name}", "/v1/agents/{name}/versions"
    # fmt: off
    return [
        Route("GET", "/v1/agents", team, agents.list, PageQuery, AgentsAnswer, scope=read),
        Route("POST", "/v1/agents", runs, agents.create, AgentBody, NamedAgentAnswer, 201, scope=write,
              is_repeatable=True),
        Route("GET", agent, team, agents.show, Nothing, NamedAgentAnswer, scope=read),
        Route("PATCH", agent, runs, agents.change, AgentChange, NamedAgentAnswer, scope=write),
        Route("DELETE", agent, runs, agents.delete, Nothing, None, 204, scope=write),
        Route("GET", versions, team, agents.versions, PageQuery, AgentVersionsAnswer, scope=read),
        Route("POST", f"{versions}/{{version}}/activation", runs, agents.activate, Nothing, NamedAgentAnswer,
              scope=write),
        Route("GET", "/v1/documents", team, documents.list, PageQuery, DocumentsAnswer,
              scope=Scope.DOCUMENTS_READ),
        Route("PUT", "/v1/documents", runs, documents.put, DocumentBody, DocumentAnswer,
              body_limit=DOCUMENT_BODY_BYTES, scope=Scope.DOCUMENTS_WRITE),
        Route("DELETE", "/v1/documents/{id}", runs, documents.remove, Nothing, None, 204,
              scope=Scope.DOCUMENTS_WRITE),
    ]
    # fmt: on


def internal_routes(h: Handlers) -> list[Route[Any, Any]]:
    """What agents and their workers call."""
    job, desk, size = h.auth.job, h.job_desk, INTERNAL_BODY_BYTES
    # fmt: off
    return [
        Route("GET", "/internal/v1/context", job, desk.context, Nothing, ContextAnswer),
        Route("POST", "/internal/v1/turns", job, desk.append_turns, TurnsBody, TurnsAnswer, 200, size),
        Route("POST", "/internal/v1/model-calls", job, desk.append_calls, ModelCallsBody, None, 204, size),
        Route("POST", "/internal/v1/search", job, desk.search, SearchBody, SearchAnswer),
        Route("POST", "/internal/v1/job/renew", job, desk.renew, Nothing, RenewAnswer),
        Route("POST", "/internal/v1/workers", h.workers.reporter, h.workers.report, WorkerReport, None, 204),
    ]
    # fmt: on


def add_all(app: web.Application, h: Handlers, gate: Gate) -> None:
    public = public_routes(h)
    add_routes(app, public, gate)
    app.router.add_get("/v1/openapi.json", reference(describe_api(public)))
    add_routes(app, internal_routes(h))
    app.router.add_post("/internal/v1/livekit/webhook", h.webhooks.receive)
    app.router.add_get("/livez", h.health.alive)
    app.router.add_get("/healthz", h.health.alive)
    app.router.add_get("/readyz", h.health.ready)
    h.providers.add_pages(app)
    for path in PAGE_PATHS:
        app.router.add_get(path, h.pages.document)
    app.router.add_get("/static/{path:.+}", h.pages.asset)
