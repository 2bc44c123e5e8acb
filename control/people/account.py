"""A person's own account: who they are, where they belong, and their password."""

from collections.abc import Sequence

from aiohttp import web
from pydantic import Field

from agent.errors import InvalidInput, NotAuthenticated
from agent.wire import TENANT_PREFIX, format_id
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, record
from control.auth import Member
from control.endpoints import Answer, Body, Call, Nothing
from control.mail import letters
from control.mail.mailroom import Mailroom
from control.middleware import REQUEST_ID
from control.people.factors import Attempts
from control.people.password_rules import check_password
from control.people.passwords import MAX_PASSWORD_CHARS, PasswordHasherPool
from control.people.session_answers import UserAnswer
from control.people.sessions import of_email
from control.people.starting import Proved, SessionStarter
from control.store.accounts import set_name, set_password
from control.store.db import Database
from control.store.members import Membership, own_memberships
from control.store.system import Login
from control.tokens import DisplayName, own_identity


class OwnTenant(Answer):
    id: str
    name: str
    role: str


class AccountAnswer(Answer):
    """`tenants`: what was joined first comes first."""

    user: UserAnswer
    has_password: bool
    tenants: list[OwnTenant]


class AccountBody(Body):
    name: DisplayName


class PasswordBody(Body):
    """`current_password` is needed by whoever has one."""

    new_password: str = Field(max_length=MAX_PASSWORD_CHARS)
    current_password: str | None = Field(default=None, max_length=MAX_PASSWORD_CHARS)


class Account:
    def __init__(
        self,
        db: Database,
        attempts: Attempts,
        *,
        passwords: PasswordHasherPool,
        starter: SessionStarter,
        mailroom: Mailroom,
    ) -> None:
        self._db = db
        self._attempts = attempts
        self._passwords = passwords
        self._starter = starter
        self._mailroom = mailroom

    async def show(self, call: Call[Member, Nothing]) -> AccountAnswer:
        """Tells about your account and your tenants."""
        return await self._describe(call.caller, call.caller.name)

    async def rename(self, call: Call[Member, AccountBody]) -> AccountAnswer:
        """Changes what you are called."""
        async with self._db.person(call.caller.user_id) as conn:
            await set_name(conn, call.input.name)
        return await self._describe(call.caller, call.input.name)

    async def change_password(self, call: Call[Member, PasswordBody]) -> web.Response:
        """Sets or changes your password; all other sessions end.

        Raises: InvalidInput for a wrong password or one that may not be chosen; TooMany, Unavailable.
        """
        caller, body = call.caller, call.input
        login = await self._login(caller)
        await self._check_current(login, body.current_password)
        async with self._db.person(caller.user_id) as conn:
            tenants = await own_memberships(conn)
        check_password(
            body.new_password,
            words=_words(caller, tenants),
            has_second_factor=bool(login.factors),
            field="new_password",
        )
        new_hash = await self._passwords.hash(body.new_password)
        async with self._db.member(caller.tenant_id, caller.user_id) as conn:
            await set_password(conn, new_hash)
            proved = Proved(caller.methods, caller.authenticated_at_utc, caller.expires_at_utc)
            begun = await self._starter.begin(conn, call.request, proved)
            await self._mailroom.to_person(conn, letters.password_changed(caller.email))
            event = AuditEvent(
                AuditAction.PASSWORD_CHANGED,
                AuditActor("member", user_id=caller.user_id, session_id=begun.id),
                request_id=call.request[REQUEST_ID],
            )
            await record(conn, caller.tenant_id, event)
        return await self._starter.answer(call.request, begun)

    async def _login(self, caller: Member) -> Login:
        login = await self._db.system.find_user(caller.email)
        if login is None or login.user_id != caller.user_id:
            raise NotAuthenticated("your address was changed at this moment; sign in again")
        return login

    async def _check_current(self, login: Login, password: str | None) -> None:
        """Not 401: the session holds, and a page should not take it for over."""
        if login.password_hash is None:
            return
        if password is None:
            raise InvalidInput("your current password is needed", "current_password")
        try:
            async with self._attempts.attempt(of_email(login.email)):
                if not await self._passwords.matches(password, login.password_hash):
                    raise NotAuthenticated("this is not your password")
        except NotAuthenticated as error:
            raise InvalidInput(str(error), "current_password") from None

    async def _describe(self, caller: Member, name: str) -> AccountAnswer:
        login = await self._login(caller)
        async with self._db.person(caller.user_id) as conn:
            tenants = await own_memberships(conn)
        return AccountAnswer(
            user=UserAnswer(id=own_identity(caller), name=name, email=caller.email),
            has_password=login.password_hash is not None,
            tenants=[
                OwnTenant(id=format_id(TENANT_PREFIX, item.tenant_id), name=item.tenant_name, role=item.role)
                for item in tenants
            ],
        )


def _words(caller: Member, tenants: Sequence[Membership]) -> list[str]:
    return [caller.email, caller.name, *(item.tenant_name for item in tenants)]
