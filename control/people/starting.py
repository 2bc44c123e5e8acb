"""Starting a session for somebody who has proved who they are, by whichever way they came.

Every way in ends here, so that there is one place which gives a session a new id, ends the one that the same
person had before on this device, writes the audit event in the same transaction, and sets the cookie. A
browser gets the token as a cookie only, which no script of a page can read; a program, which names no page
that it comes from, is given it in the body.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from aiohttp import web
from pydantic import BaseModel

from agent.errors import NotAllowed, NotAuthenticated
from agent.wire import TenantId, UserId
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, record
from control.auth import Authenticator, Guest, Member, bearer_token
from control.credentials import hash_token, new_token
from control.edge.addresses import client_address
from control.endpoints import json_answer
from control.middleware import REQUEST_ID
from control.people.joining import Joining
from control.people.pending import SIGN_IN_S, Pending, PendingKind
from control.people.session_answers import SecondFactorAnswer, SecondFactorNeeded, describe
from control.store.db import Connection, Database
from control.store.members import own_memberships
from control.store.sessions import NewSession, create_session, end_session, end_session_of, lock_person
from control.store.system import SessionId

MEMBER_SESSION: Final = timedelta(days=7)
"""Once a week everybody signs in again, however busy the session: no copied cookie lasts longer."""
MEMBER_IDLE: Final = timedelta(hours=12)
"""A night away ends a session, a working day with meetings elsewhere does not."""

MAX_USER_AGENT_CHARS: Final = 400
MAX_ADDRESS_CHARS: Final = 64


class Methods(Protocol):
    """By which second factors a person can prove themselves."""

    async def methods(self, user_id: UserId) -> Sequence[str]: ...


class Waiting(BaseModel):
    """A sign-in whose first factor was right. `invitation`: the code of one that it is to accept."""

    user_id: UserId
    methods: list[str]
    invitation: str | None = None


@dataclass(frozen=True, slots=True)
class Proved:
    """What a new session rests on. `at_utc` None: just now; `expires_at_utc` None: the full time from now."""

    methods: Sequence[str]
    at_utc: datetime | None = None
    expires_at_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session and the token that opens it."""

    id: SessionId
    token: str = field(repr=False)


class SessionStarter:
    def __init__(
        self,
        db: Database,
        auth: Authenticator,
        factors: Methods,
        pending: Pending,
        joining: Joining,
    ) -> None:
        self._db = db
        self._joining = joining
        self._auth = auth
        self._factors = factors
        self._pending = pending

    async def sign_in(
        self,
        request: web.Request,
        user_id: UserId,
        *,
        methods: Sequence[str],
        invitation: str | None = None,
    ) -> web.Response:
        """After a first factor: a session, or a ticket for the second factor of somebody who has one.

        Raises: as `start`; Unavailable.
        """
        ticket = await self.second_factor_ticket(user_id, methods=methods, invitation=invitation)
        if ticket is not None:
            return json_answer(SecondFactorNeeded(second_factor=ticket), status=202)
        return await self.start(request, user_id, methods=methods, invitation=invitation)

    async def second_factor_ticket(
        self, user_id: UserId, *, methods: Sequence[str], invitation: str | None = None
    ) -> SecondFactorAnswer | None:
        """For the second factor; None for somebody who has none. Raises: Unavailable."""
        offered = await self._factors.methods(user_id)
        if not offered:
            return None
        waiting = Waiting(user_id=user_id, methods=list(methods), invitation=invitation)
        expires_at = datetime.now(UTC) + timedelta(seconds=SIGN_IN_S)
        ticket = await self._pending.put(PendingKind.SECOND_FACTOR, waiting)
        return SecondFactorAnswer(ticket=ticket, methods=list(offered), expires_at=expires_at)

    async def start(
        self,
        request: web.Request,
        user_id: UserId,
        *,
        methods: Sequence[str],
        tenant_id: TenantId | None = None,
        invitation: str | None = None,
    ) -> web.Response:
        """A session of somebody who proved themselves by `methods`; in the tenant joined first by default.

        `invitation`: accepted first, and its tenant is where the session is. Raises: NotAllowed when they are
        in no tenant, or not in that one; as `Joining.join`.
        """
        if invitation is not None:
            tenant_id = await self._joining.join(request, user_id, invitation)
        chosen = tenant_id or await self._first_tenant(user_id)
        return await self._begin(request, chosen, user_id, Proved(methods), AuditAction.SIGNED_IN)

    async def prove_again(self, request: web.Request, member: Member, methods: Sequence[str]) -> web.Response:
        """A new session in place of the present one, with the full time before it."""
        proved = Proved([*dict.fromkeys([*member.methods, *methods])])
        action = AuditAction.REAUTHENTICATED
        return await self._begin(request, member.tenant_id, member.user_id, proved, action)

    async def switch(self, request: web.Request, member: Member, tenant_id: TenantId) -> web.Response:
        """Into another tenant of theirs; or a new session in the same one, whose present one ended because
        their role there has changed.

        It proves nothing again: what is delicate asks as soon as it would have, and the session ends when it
        would have. Raises: NotAllowed when they are not in that tenant; NotAuthenticated when the present
        session was ended elsewhere at this moment.
        """
        proved = Proved(member.methods, member.authenticated_at_utc, member.expires_at_utc)
        is_other = tenant_id != member.tenant_id
        async with self._db.member(tenant_id, member.user_id) as conn:
            await lock_person(conn)
            if is_other and not await end_session(conn, SessionId(member.session_id)):
                raise NotAuthenticated("this session is unknown or has ended; sign in again")
            begun = await self.begin(conn, request, proved)
            if is_other:
                event = _event(request, AuditAction.TENANT_SWITCHED, member.user_id, begun, proved)
                await record(conn, tenant_id, event)
        return await self.answer(request, begun)

    async def begin(self, conn: Connection, request: web.Request, proved: Proved) -> Begun:
        """A new session, in both contexts; the present one of the same person ends.

        For who does more in the same transaction; `answer` hands it out after that. Raises: NotAllowed.
        """
        token = new_token()
        await lock_person(conn)
        await end_session_of(conn, self._present(request))
        new = NewSession(
            token_hash=hash_token(token),
            expires_at_utc=proved.expires_at_utc or datetime.now(UTC) + MEMBER_SESSION,
            idle_s=int(MEMBER_IDLE.total_seconds()),
            methods=proved.methods,
            authenticated_at_utc=proved.at_utc,
            user_agent=user_agent(request),
            address=address(request),
        )
        return Begun(await create_session(conn, new), token)

    async def answer(self, request: web.Request, begun: Begun) -> web.Response:
        """The session that has just begun, with its cookie. Raises: NotAuthenticated (it has ended again)."""
        person = await self._auth.by_session(begun.token)
        is_browser = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
        shown = None if is_browser else begun.token
        response = json_answer(describe(person, self._auth.csrf_token(begun.token), shown), status=201)
        self.set_cookie(response, person, begun)
        return response

    def set_cookie(self, response: web.StreamResponse, person: Member | Guest, begun: Begun) -> None:
        response.set_cookie(
            self._auth.cookie_name,
            begun.token,
            path="/",
            max_age=int((person.expires_at_utc - datetime.now(UTC)).total_seconds()),
            secure=self._auth.cookie_is_secure,
            httponly=True,
            samesite="Strict",
        )

    async def _begin(
        self,
        request: web.Request,
        tenant_id: TenantId,
        user_id: UserId,
        proved: Proved,
        action: AuditAction,
    ) -> web.Response:
        async with self._db.member(tenant_id, user_id) as conn:
            begun = await self.begin(conn, request, proved)
            await record(conn, tenant_id, _event(request, action, user_id, begun, proved))
        return await self.answer(request, begun)

    async def _first_tenant(self, user_id: UserId) -> TenantId:
        async with self._db.person(user_id) as conn:
            memberships = await own_memberships(conn)
        if not memberships:
            raise NotAllowed("you belong to no tenant; ask someone of yours for an invitation")
        return memberships[0].tenant_id

    def _present(self, request: web.Request) -> list[bytes]:
        """Digests of whatever session the request came with."""
        tokens = (bearer_token(request), request.cookies.get(self._auth.cookie_name))
        return [hash_token(token) for token in tokens if token is not None]


def _event(
    request: web.Request, action: AuditAction, user_id: UserId, begun: Begun, proved: Proved
) -> AuditEvent:
    return AuditEvent(
        action,
        AuditActor("member", user_id=user_id, session_id=begun.id),
        request_id=request[REQUEST_ID],
        details={"methods": " ".join(proved.methods)},
    )


def user_agent(request: web.Request) -> str | None:
    """What the device says of itself, as far as it can be shown."""
    told = request.headers.get("User-Agent", "")
    return "".join(char for char in told if char.isprintable())[:MAX_USER_AGENT_CHARS] or None


def address(request: web.Request) -> str | None:
    return client_address(request)[:MAX_ADDRESS_CHARS] or None
