"""Signing in and out: members by password, passkey or both, guests by an invitation and a name.

A wrong password and an unknown address get the same answer after the same work. A right password of somebody
who has a second factor gets a ticket, which is good for a few tries and opens nothing by itself.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Protocol, Self

from aiohttp import web
from pydantic import Field, StringConstraints, model_validator

from agent.errors import NotAuthenticated, TooMany
from agent.wire import UserId
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, actor_of, record
from control.auth import Authenticator, Guest, Member
from control.credentials import hash_token, new_token
from control.edge.addresses import limited_address
from control.edge.limits import ADDRESS_PREFIX
from control.endpoints import Body, Call, Nothing
from control.middleware import REQUEST_ID
from control.people.factors import Attempts, Proof
from control.people.passwords import MAX_PASSWORD_CHARS, PasswordHasherPool, Place
from control.people.pending import Pending, PendingKind
from control.people.refusals import Refusals
from control.people.session_answers import SessionAnswer, describe
from control.people.starting import Begun, SessionStarter, Waiting, address, user_agent
from control.store.accounts import renew_password_hash
from control.store.db import Database
from control.store.sessions import NewSession, create_guest_session, end_session
from control.store.system import Login, SessionId
from control.tokens import DisplayName

GUEST_SESSION: Final = timedelta(hours=12)
"""A day's visit: whoever comes back another day has the link, or asks for one."""
GUEST_IDLE: Final = timedelta(hours=2)
"""Guests come on devices that are often not theirs; a break in a meeting is shorter."""
SECOND_FACTOR_TRIES: Final = 5


class SignInBody(Body):
    """Either e-mail and password, or the code of a room's invitation and a name.

    `invitation`: the code of an invitation to join a tenant, which signing in accepts.
    """

    email: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=320)] | None = (
        None
    )
    password: str | None = Field(default=None, max_length=MAX_PASSWORD_CHARS)
    invite: str | None = Field(default=None, max_length=64)
    name: DisplayName | None = None
    invitation: str | None = Field(default=None, max_length=64)

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        given = {name for name, value in self if value is not None}
        if "password" in given:
            given.discard("invitation")
        if given not in ({"email", "password"}, {"invite", "name"}):
            raise ValueError("send `email` and `password`, or `invite` and `name`")
        return self


class SecondFactorBody(Body):
    ticket: str = Field(max_length=64)
    proof: Proof


class PasskeyBody(Body):
    """`ticket`: of the challenge that `credential` answers. `invitation`: as in `SignInBody`."""

    ticket: str = Field(max_length=64)
    credential: dict[str, Any]
    invitation: str | None = Field(default=None, max_length=64)


class SecondFactors(Protocol):
    async def methods(self, user_id: UserId) -> Sequence[str]: ...

    async def verify(self, user_id: UserId, proof: Proof) -> str:
        """Raises: NotAuthenticated."""

    async def sign_in_by_passkey(self, ticket: str, credential: dict[str, Any]) -> UserId:
        """Raises: NotAuthenticated."""


class Sessions:
    def __init__(
        self,
        db: Database,
        auth: Authenticator,
        attempts: Attempts,
        *,
        passwords: PasswordHasherPool,
        factors: SecondFactors,
        pending: Pending,
        starter: SessionStarter,
        refusals: Refusals,
    ) -> None:
        self._db = db
        self._auth = auth
        self._attempts = attempts
        self._passwords = passwords
        self._factors = factors
        self._pending = pending
        self._starter = starter
        self._refusals = refusals

    async def sign_in(self, call: Call[None, SignInBody]) -> web.Response:
        """Signs in by password, or as a guest by a room's invitation.

        Raises: NotAuthenticated (one message whatever was wrong), NotAllowed, TooMany, Unavailable.
        """
        body = call.input
        if body.email is not None and body.password is not None:
            return await self._sign_in_member(call.request, body.email, body.password, body.invitation)
        return await self._sign_in_guest(call.request, body.invite or "", body.name or "")

    async def second_factor(self, call: Call[None, SecondFactorBody]) -> web.Response:
        """Signs in by the second factor, after the first.

        Raises: NotAuthenticated, NotAllowed, TooMany, Unavailable.
        """
        kind, ticket = PendingKind.SECOND_FACTOR, call.input.ticket
        waiting = await self._pending.attempt(kind, ticket, Waiting, tries=SECOND_FACTOR_TRIES)
        user_id = waiting.user_id
        try:
            async with self._attempts.attempt(of_address(call.request)):
                method = await self._factors.verify(user_id, call.input.proof)
        except NotAuthenticated:
            self._refusals.note("second_factor", call.request[REQUEST_ID], user_id)
            raise
        # Of two right answers at the same moment one gets in.
        await self._pending.take(kind, ticket, Waiting)
        return await self._starter.start(
            call.request,
            user_id,
            methods=[*waiting.methods, method],
            invitation=waiting.invitation,
        )

    async def passkey(self, call: Call[None, PasskeyBody]) -> web.Response:
        """Signs in by a passkey alone: it is two factors by itself. Raises: as `second_factor`."""
        async with self._attempts.attempt(of_address(call.request)):
            user_id = await self._factors.sign_in_by_passkey(call.input.ticket, call.input.credential)
        return await self._starter.start(
            call.request, user_id, methods=["passkey"], invitation=call.input.invitation
        )

    async def current(self, call: Call[Member | Guest, Nothing]) -> SessionAnswer:
        """Tells whose session this is."""
        token = self._auth.session_token(call.request) or ""
        return describe(call.caller, self._auth.csrf_token(token))

    async def sign_out(self, call: Call[Member | Guest, Nothing]) -> web.Response:
        """Ends this session."""
        caller = call.caller
        async with (
            self._db.member(caller.tenant_id, caller.user_id)
            if isinstance(caller, Member)
            else self._db.tenant(caller.tenant_id)
        ) as conn:
            await end_session(conn, SessionId(caller.session_id))
            event = AuditEvent(AuditAction.SIGNED_OUT, actor_of(caller), request_id=call.request[REQUEST_ID])
            await record(conn, caller.tenant_id, event)
        response = web.Response(status=204)
        response.del_cookie(
            self._auth.cookie_name, path="/", secure=self._auth.cookie_is_secure, samesite="Strict"
        )
        return response

    async def _sign_in_member(
        self, request: web.Request, email: str, password: str, invitation: str | None
    ) -> web.Response:
        with self._passwords.place() as place:
            login = await self._check_password(request, place, email, password)
        await self._renew_hash(login, password)
        return await self._starter.sign_in(
            request, login.user_id, methods=["password"], invitation=invitation
        )

    async def _check_password(self, request: web.Request, place: Place, email: str, password: str) -> Login:
        """Raises: NotAuthenticated, TooMany, Unavailable."""
        async with self._attempts.attempt(of_address(request), of_email(email)):
            login = await self._db.system.find_user(email)
            known_hash = None if login is None else login.password_hash
            if not await place.matches(password, known_hash) or login is None:
                known = None if login is None else login.user_id
                self._refusals.note("password", request[REQUEST_ID], known)
                raise NotAuthenticated("this e-mail and password do not belong together")
        return login

    async def _renew_hash(self, login: Login, password: str) -> None:
        """Under today's parameters. It can wait for a moment that is less busy."""
        old_hash = login.password_hash
        if old_hash is None or not self._passwords.needs_rehash(old_hash):
            return
        try:
            new_hash = await self._passwords.hash(password)
        except TooMany:
            return
        async with self._db.person(login.user_id) as conn:
            await renew_password_hash(conn, old_hash, new_hash)

    async def _sign_in_guest(self, request: web.Request, code: str, name: str) -> web.Response:
        async with self._attempts.attempt(of_address(request)):
            found = await self._db.system.find_invitation(hash_token(code))
            if found is None:
                raise NotAuthenticated("this invitation is unknown or has expired; ask for a new link")
            token = new_token()
            new = NewSession(
                token_hash=hash_token(token),
                expires_at_utc=datetime.now(UTC) + GUEST_SESSION,
                idle_s=int(GUEST_IDLE.total_seconds()),
                methods=["invitation"],
                user_agent=user_agent(request),
                address=address(request),
            )
            async with self._db.tenant(found.tenant_id) as conn:
                session_id = await create_guest_session(conn, new, hash_token(code), name)
                event = AuditEvent(
                    AuditAction.SIGNED_IN,
                    AuditActor("guest", session_id=session_id),
                    request_id=request[REQUEST_ID],
                    details={"methods": "invitation"},
                )
                await record(conn, found.tenant_id, event)
        return await self._starter.answer(request, Begun(session_id, token))


def of_address(request: web.Request) -> str:
    """Whose failures are counted together."""
    return f"{ADDRESS_PREFIX}{limited_address(request)}"


def of_email(email: str) -> str:
    return f"email {email}"
