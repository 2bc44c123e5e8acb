"""Signing in and out: members by e-mail and password, guests by an invitation and a name.

A browser gets its session as a cookie only, which no script of a page can read; the token itself is
given in the body to programs (they send no `Origin`), which use it as a bearer token.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Self

from aiohttp import web
from pydantic import Field, StringConstraints, model_validator

from agent.errors import NotAllowed, NotAuthenticated
from agent.wire import TENANT_PREFIX, format_id
from control.auth import Authenticator, Guest, Member
from control.credentials import hash_token, new_token
from control.endpoints import Answer, Body, Call, Nothing, json_answer
from control.passwords import MAX_PASSWORD_CHARS, PasswordChecker
from control.store.db import Database
from control.throttle import Throttle
from control.tokens import DisplayName, own_identity

MEMBER_SESSION: Final = timedelta(days=7)
GUEST_SESSION: Final = timedelta(hours=12)


class SignInBody(Body):
    """Either e-mail and password, or invitation and name."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=320)] | None = (
        None
    )
    password: str | None = Field(default=None, max_length=MAX_PASSWORD_CHARS)
    invite: str | None = Field(default=None, max_length=64)
    name: DisplayName | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        given = {name for name, value in self if value is not None}
        if given not in ({"email", "password"}, {"invite", "name"}):
            raise ValueError("send `email` and `password`, or `invite` and `name`")
        return self


class UserAnswer(Answer):
    id: str
    name: str
    email: str


class GuestAnswer(Answer):
    id: str
    name: str
    room_name: str


class TenantAnswer(Answer):
    id: str
    name: str


class SessionAnswer(Answer):
    """`user` or `guest` is set; `id` is the identity in rooms. `session_token` only when just signed in."""

    user: UserAnswer | None = None
    guest: GuestAnswer | None = None
    tenant: TenantAnswer
    expires_at: datetime
    session_token: str | None = None


class Sessions:
    def __init__(
        self, db: Database, auth: Authenticator, passwords: PasswordChecker, throttle: Throttle
    ) -> None:
        self._db = db
        self._auth = auth
        self._passwords = passwords
        self._throttle = throttle

    async def sign_in(self, call: Call[None, SignInBody]) -> web.Response:
        """Raises: NotAuthenticated (one message whatever was wrong), TooMany, Unavailable."""
        body = call.input
        address = f"address {call.request.remote}"
        if body.email is not None and body.password is not None:
            async with self._throttle.attempt(address, f"email {body.email}"):
                token = await self._sign_in_member(body.email, body.password)
        else:
            async with self._throttle.attempt(address):
                token = await self._sign_in_guest(body.invite or "", body.name or "")
        return self._with_cookie(call.request, await self._auth.by_session(token), token)

    async def current(self, call: Call[Member | Guest, Nothing]) -> SessionAnswer:
        return describe(call.caller)

    async def sign_out(self, call: Call[Member | Guest, Nothing]) -> web.Response:
        token = self._auth.session_token(call.request)
        if token is not None:
            await self._db.system.end_session(hash_token(token))
        response = web.Response(status=204)
        response.del_cookie(
            self._auth.cookie_name, path="/", secure=self._auth.cookie_is_secure, samesite="Strict"
        )
        return response

    async def _sign_in_member(self, email: str, password: str) -> str:
        login = await self._db.system.find_user(email)
        known_hash = None if login is None else login.password_hash
        if not await self._passwords.matches(password, known_hash) or login is None:
            raise NotAuthenticated("this e-mail and password do not belong together")
        if login.tenant_id is None:
            raise NotAllowed("you belong to no tenant; ask someone of yours for an invitation")
        token = new_token()
        await self._db.system.create_session(
            hash_token(token), login.user_id, login.tenant_id, datetime.now(UTC) + MEMBER_SESSION
        )
        return token

    async def _sign_in_guest(self, code: str, name: str) -> str:
        token = new_token()
        await self._db.system.create_guest_session(
            hash_token(token), hash_token(code), name, datetime.now(UTC) + GUEST_SESSION
        )
        return token

    def _with_cookie(self, request: web.Request, person: Member | Guest, token: str) -> web.Response:
        is_browser = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
        response = json_answer(describe(person, None if is_browser else token), status=201)
        response.set_cookie(
            self._auth.cookie_name,
            token,
            path="/",
            max_age=int((person.expires_at_utc - datetime.now(UTC)).total_seconds()),
            secure=self._auth.cookie_is_secure,
            httponly=True,
            samesite="Strict",
        )
        return response


def describe(person: Member | Guest, session_token: str | None = None) -> SessionAnswer:
    tenant = TenantAnswer(id=format_id(TENANT_PREFIX, person.tenant_id), name=person.tenant_name)
    user, guest = None, None
    match person:
        case Member():
            user = UserAnswer(id=own_identity(person), name=person.name, email=person.email)
        case Guest():
            guest = GuestAnswer(id=own_identity(person), name=person.name, room_name=person.room_name)
    return SessionAnswer(
        user=user, guest=guest, tenant=tenant, expires_at=person.expires_at_utc, session_token=session_token
    )
