"""What a person does about their sessions: see and end them, prove themselves again, change the tenant."""

from datetime import datetime
from typing import Final, Self

from aiohttp import web
from pydantic import Field, model_validator

from agent.errors import Conflict, InvalidInput, NotAllowed, NotAuthenticated
from agent.wire import TENANT_PREFIX, TenantId, format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import Member
from control.endpoints import Answer, Body, Call, Nothing
from control.middleware import REQUEST_ID
from control.people.factors import Attempts, Proof
from control.people.passwords import MAX_PASSWORD_CHARS, PasswordHasherPool
from control.people.refusals import Refusals
from control.people.session_answers import TenantAnswer
from control.people.sessions import SecondFactors, of_address, of_email
from control.people.starting import SessionStarter
from control.store.db import Database
from control.store.sessions import (
    SessionRow,
    list_sessions,
    lock_person,
    revoke_other_sessions,
    revoke_session,
)
from control.store.system import SessionId

SESSION_PREFIX: Final = "sess"
MAX_LISTED: Final = 100


class OwnSession(Answer):
    """`user_agent` and `address`: as they were when it began; whoever signed in chose the former."""

    id: str
    is_current: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    methods: list[str]
    user_agent: str | None
    address: str | None
    tenant: TenantAnswer


class OwnSessionsAnswer(Answer):
    """Newest first; the 100 newest."""

    data: list[OwnSession]


class ProofBody(Body):
    """The password, and a proof of a second factor by whoever has one; a passkey is enough by itself."""

    password: str | None = Field(default=None, max_length=MAX_PASSWORD_CHARS)
    proof: Proof | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.password is None and self.proof is None:
            raise ValueError("send `password`, `proof`, or both")
        return self


class SwitchBody(Body):
    tenant_id: str = Field(max_length=64)


class OwnSessions:
    def __init__(
        self,
        db: Database,
        attempts: Attempts,
        *,
        passwords: PasswordHasherPool,
        factors: SecondFactors,
        starter: SessionStarter,
        refusals: Refusals,
    ) -> None:
        self._db = db
        self._attempts = attempts
        self._passwords = passwords
        self._factors = factors
        self._starter = starter
        self._refusals = refusals

    async def show(self, call: Call[Member, Nothing]) -> OwnSessionsAnswer:
        """Lists your sessions, this one marked."""
        async with self._db.person(call.caller.user_id) as conn:
            rows = await list_sessions(conn, MAX_LISTED)
        return OwnSessionsAnswer(data=[_describe(row, call.caller) for row in rows])

    async def revoke(self, call: Call[Member, Nothing]) -> web.Response:
        """Ends one of your sessions. Raises: NotFound, InvalidInput."""
        session_id = SessionId(parse_id(SESSION_PREFIX, call.path("id")))
        async with self._db.member(call.caller.tenant_id, call.caller.user_id) as conn:
            await lock_person(conn)
            await revoke_session(conn, session_id)
            target = {"session": format_id(SESSION_PREFIX, session_id)}
            await record_call(conn, call, AuditAction.SESSION_REVOKED, target)
        return web.Response(status=204)

    async def revoke_others(self, call: Call[Member, Nothing]) -> web.Response:
        """Ends all your sessions but this one."""
        async with self._db.member(call.caller.tenant_id, call.caller.user_id) as conn:
            await lock_person(conn)
            count = await revoke_other_sessions(conn, SessionId(call.caller.session_id))
            await record_call(conn, call, AuditAction.SESSION_REVOKED, {}, {"count": count})
        return web.Response(status=204)

    async def prove(self, call: Call[Member, ProofBody]) -> web.Response:
        """Proves once more who you are, for what is delicate.

        Raises: NotAuthenticated; InvalidInput for what is missing; NotAllowed, TooMany, Unavailable.
        """
        caller = call.caller
        try:
            async with self._attempts.attempt(of_address(call.request), of_email(caller.email)):
                methods = await self._check(caller, call.input)
        except NotAuthenticated:
            self._refusals.note("proof", call.request[REQUEST_ID], caller.user_id)
            raise
        return await self._starter.prove_again(call.request, caller, methods)

    async def switch(self, call: Call[Member, SwitchBody]) -> web.Response:
        """Goes on in another tenant of yours.

        Raises: InvalidInput; NotAllowed (a tenant of others); Conflict (the present one).
        """
        tenant_id = TenantId(parse_id(TENANT_PREFIX, call.input.tenant_id))
        if tenant_id == call.caller.tenant_id:
            raise Conflict("you are in this tenant already")
        return await self._starter.switch(call.request, call.caller, tenant_id)

    async def _check(self, caller: Member, body: ProofBody) -> list[str]:
        """By what the person proved themselves, in this order, so that a code is not used up in vain."""
        if body.proof is not None and body.proof.method == "passkey" and body.password is None:
            return [await self._factors.verify(caller.user_id, body.proof)]
        login = await self._db.system.find_user(caller.email)
        if login is None or login.user_id != caller.user_id:
            raise NotAuthenticated("your address was changed at this moment; sign in again")
        methods: list[str] = []
        if login.password_hash is None and not login.factors:
            raise NotAllowed("you have neither a password nor a second factor: sign in by your provider")
        if login.password_hash is not None and body.password is None:
            raise InvalidInput("your password is needed as well", "password")
        if login.factors and body.proof is None:
            raise InvalidInput("a proof of your second factor is needed as well", "proof")
        if body.password is not None:
            if not await self._passwords.matches(body.password, login.password_hash):
                raise NotAuthenticated("this is not your password")
            methods.append("password")
        if body.proof is not None:
            methods.append(await self._factors.verify(caller.user_id, body.proof))
        return methods


def _describe(row: SessionRow, caller: Member) -> OwnSession:
    return OwnSession(
        id=format_id(SESSION_PREFIX, row.id),
        is_current=row.id == caller.session_id,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        methods=row.methods,
        user_agent=row.user_agent,
        address=row.address,
        tenant=TenantAnswer(id=format_id(TENANT_PREFIX, row.tenant_id), name=row.tenant_name),
    )
