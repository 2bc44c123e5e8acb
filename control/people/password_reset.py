"""A new password for somebody who forgot theirs, by a link in a letter.

The link proves the mailbox and nothing else: it signs nobody in, and the second factor is asked for at the
next sign-in as ever. Asking has the same answer, after the same work, for every address.
"""

from aiohttp import web
from pydantic import Field

from agent.errors import NotFound
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent
from control.credentials import hash_token
from control.edge.addresses import limited_address
from control.endpoints import Body, Call
from control.mail import letters
from control.mail.mailroom import Mailroom, Order, OrderKind
from control.mail.message import EmailAddress
from control.middleware import REQUEST_ID
from control.people.letter_limit import LetterLimit
from control.people.password_rules import check_password
from control.people.passwords import MAX_PASSWORD_CHARS, PasswordHasherPool
from control.people.sign_up import Accepted
from control.people.trail import record_everywhere
from control.store.accounts import set_password
from control.store.db import Database
from control.store.email_tokens import TokenPurpose, use_token
from control.store.members import own_memberships

UNKNOWN = "this link is unknown, has expired or was used; ask for a new one"


class ResetBody(Body):
    email: EmailAddress


class NewPasswordBody(Body):
    code: str = Field(max_length=64)
    password: str = Field(max_length=MAX_PASSWORD_CHARS)


class PasswordReset:
    def __init__(
        self, db: Database, limit: LetterLimit, *, mailroom: Mailroom, passwords: PasswordHasherPool
    ) -> None:
        self._db = db
        self._limit = limit
        self._mailroom = mailroom
        self._passwords = passwords

    async def ask(self, call: Call[None, ResetBody]) -> Accepted:
        """Sends a letter with which to choose a new password. Raises: TooMany, Unavailable."""
        await self._limit.take(call.input.email, limited_address(call.request))
        await self._mailroom.order(Order(OrderKind.RESET_PASSWORD, call.input.email))
        return Accepted()

    async def complete(self, call: Call[None, NewPasswordBody]) -> web.Response:
        """Sets a new password by the link in a letter, and ends all sessions.

        A password that may not be chosen leaves the link as it is.

        Raises: NotFound (the link), InvalidInput (the password), TooMany.
        """
        purpose, token_hash = TokenPurpose.RESET_PASSWORD, hash_token(call.input.code)
        found = await self._db.system.find_email_token(token_hash, purpose)
        login = None if found is None else await self._db.system.find_user(found[1])
        if found is None or login is None or login.user_id != found[0]:
            raise NotFound(UNKNOWN)
        user_id = login.user_id
        async with self._db.person(user_id) as conn:
            tenants = [membership.tenant_name for membership in await own_memberships(conn)]
        check_password(
            call.input.password,
            words=(login.email, login.name, *tenants),
            has_second_factor=bool(login.factors),
        )
        password_hash = await self._passwords.hash(call.input.password)
        async with self._db.person(user_id) as conn:
            if await use_token(conn, purpose, token_hash) is None:
                raise NotFound(UNKNOWN)
            await set_password(conn, password_hash)
            await self._mailroom.to_person(conn, letters.password_changed(login.email))
            event = AuditEvent(
                AuditAction.PASSWORD_RESET,
                AuditActor("anyone"),
                request_id=call.request[REQUEST_ID],
                subject_user_id=user_id,
            )
            await record_everywhere(conn, event)
        return web.Response(status=204)
