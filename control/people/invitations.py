"""Invitations to join a tenant: by e-mail, for a week, once, and for the invited address alone.

An invitation is of an address, not of whoever holds the link: a link that was handed on lets nobody else in.
Somebody who has an account signs in with it first; somebody who has none makes one by accepting, and needs no
other proof of the address than the link that came there.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import Field

from agent.errors import Conflict, InvalidInput, NotAuthenticated
from agent.wire import format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.record import AuditEvent, actor_of, record
from control.auth import Member
from control.credentials import hash_token, new_token
from control.edge.addresses import limited_address
from control.endpoints import Answer, Body, Call, Nothing
from control.mail import letters
from control.mail.mailroom import Mailroom
from control.mail.message import EmailAddress
from control.middleware import REQUEST_ID
from control.people.joining import Joining
from control.people.letter_limit import LetterLimit
from control.people.password_rules import check_password
from control.people.passwords import MAX_PASSWORD_CHARS, PasswordHasherPool
from control.people.roles import MemberRole, check_may_manage
from control.people.starting import SessionStarter
from control.store import member_invitations as invitations
from control.store import members
from control.store.db import Database
from control.store.member_invitations import MemberInvitation
from control.store.system import MemberInvitationFound
from control.tokens import DisplayName

INVITATION_LIFE: Final = timedelta(days=7)
INVITATION_PREFIX: Final = "minv"
MAX_PAGE: Final = 100
UNKNOWN: Final = "this invitation is unknown, has expired or was used; ask for a new one"


class InvitationsQuery(Body):
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 20
    cursor: Annotated[str, Field(max_length=400)] | None = None


class InviteBody(Body):
    email: EmailAddress
    role: MemberRole = MemberRole.MEMBER


class MemberInvitationAnswer(Answer):
    id: str
    email: str
    role: MemberRole
    created_at: datetime
    expires_at: datetime


class MemberInvitationsAnswer(Answer):
    data: list[MemberInvitationAnswer]
    next_cursor: str | None


class InvitedToJoinAnswer(Answer):
    """What an invitation is for, to whoever holds its code. `has_account`: they sign in to accept it."""

    tenant_name: str
    email: str
    role: MemberRole
    expires_at: datetime
    has_account: bool


class AcceptBody(Body):
    """`name` and `password`: of the account that somebody without one makes by accepting."""

    code: str = Field(max_length=64)
    name: DisplayName | None = None
    password: str | None = Field(default=None, max_length=MAX_PASSWORD_CHARS)


class Invitations:
    def __init__(
        self,
        db: Database,
        limit: LetterLimit,
        joining: Joining,
        *,
        mailroom: Mailroom,
        passwords: PasswordHasherPool,
        starter: SessionStarter,
        public_url: str,
    ) -> None:
        self._db = db
        self._limit = limit
        self._joining = joining
        self._mailroom = mailroom
        self._passwords = passwords
        self._starter = starter
        self._public_url = public_url

    async def list(self, call: Call[Member, InvitationsQuery]) -> MemberInvitationsAnswer:
        """Lists the invitations that can still be accepted, newest first. Raises: InvalidInput."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            page = await invitations.list_invitations(conn, call.input.limit, call.input.cursor)
        return MemberInvitationsAnswer(
            data=[_answer(item) for item in page.items], next_cursor=page.next_cursor
        )

    async def invite(self, call: Call[Member, InviteBody]) -> MemberInvitationAnswer:
        """Invites somebody by a letter.

        Only the newest link to an address holds.

        Raises: NotAllowed (a role that is not the caller's to give), Conflict (a member already), TooMany,
        Unavailable.
        """
        caller, email, role = call.caller, call.input.email, call.input.role
        check_may_manage(caller.role, role)
        await self._limit.take(email, limited_address(call.request))
        code = new_token()
        async with self._db.tenant(caller.tenant_id) as conn:
            await members.lock_members(conn)
            replaced = await invitations.pending_role(conn, email=email)
            own = await members.role_of(conn, caller.user_id)
            check_may_manage(own, role, *([] if replaced is None else [replaced]))
            if await members.is_member_address(conn, email):
                raise Conflict(f"{email!r} is a member already")
            made = await invitations.put_invitation(
                conn,
                email=email,
                role=role,
                code_hash=hash_token(code),
                created_by=caller.user_id,
                expires_at_utc=datetime.now(UTC).replace(microsecond=0) + INVITATION_LIFE,
            )
            link = f"{self._public_url}/invitation/{code}"
            letter = letters.member_invitation(email, link, caller.tenant_name, caller.name, role)
            await self._mailroom.for_tenant(conn, letter)
            await record(conn, caller.tenant_id, _event(call, AuditAction.MEMBER_INVITED, made))
        return _answer(made)

    async def revoke(self, call: Call[Member, Nothing]) -> web.Response:
        """Takes an invitation back. Raises: NotFound, NotAllowed (an owner's, for an admin)."""
        caller = call.caller
        invitation_id = parse_id(INVITATION_PREFIX, call.path("id"))
        async with self._db.tenant(caller.tenant_id) as conn:
            found = await invitations.find_invitation(conn, invitation_id)
            check_may_manage(await members.role_of(conn, caller.user_id), found.role)
            await invitations.revoke_invitation(conn, invitation_id)
            await record(conn, caller.tenant_id, _event(call, AuditAction.INVITATION_REVOKED, found))
        return web.Response(status=204)

    async def show(self, call: Call[None, Nothing]) -> InvitedToJoinAnswer:
        """Tells what an invitation to join is for. Raises: NotFound."""
        found = await self._joining.find(call.path("code"))
        login = await self._db.system.find_user(found.email)
        return InvitedToJoinAnswer(
            tenant_name=found.tenant_name,
            email=found.email,
            role=MemberRole(found.role),
            expires_at=found.expires_at_utc,
            has_account=login is not None,
        )

    async def accept(self, call: Call[Member | None, AcceptBody]) -> web.Response:
        """Joins the tenant, with an account or making one, and goes on in it.

        Raises: NotFound (the invitation), NotAllowed (signed in with another address), NotAuthenticated (the
        address has an account, which is not signed in), InvalidInput (name, password), TooMany.
        """
        caller, body = call.caller, call.input
        found = await self._joining.find(body.code)
        if caller is not None:
            tenant_id = await self._joining.join(call.request, caller.user_id, body.code)
            return await self._starter.switch(call.request, caller, tenant_id)
        if await self._db.system.find_user(found.email) is not None:
            raise NotAuthenticated(f"{found.email!r} has an account: sign in with it to accept")
        return await self._make_account(call, found)

    async def _make_account(
        self, call: Call[Member | None, AcceptBody], found: MemberInvitationFound
    ) -> web.Response:
        body = call.input
        if body.name is None:
            raise InvalidInput("say what you are called", "name")
        if body.password is None:
            raise InvalidInput("choose a password", "password")
        words = (found.email, body.name, found.tenant_name)
        check_password(body.password, words=words, has_second_factor=False)
        user_id = await self._joining.enrol(
            call.request,
            body.code,
            found,
            name=body.name,
            password_hash=await self._passwords.hash(body.password),
        )
        return await self._starter.start(
            call.request, user_id, methods=("password",), tenant_id=found.tenant_id
        )


def _event(call: Call[Member, Any], action: AuditAction, invitation: MemberInvitation) -> AuditEvent:
    return AuditEvent(
        action,
        actor_of(call.caller),
        request_id=call.request[REQUEST_ID],
        target={"invitation": format_id(INVITATION_PREFIX, invitation.id)},
        details={"role": invitation.role},
    )


def _answer(item: MemberInvitation) -> MemberInvitationAnswer:
    return MemberInvitationAnswer(
        id=format_id(INVITATION_PREFIX, item.id),
        email=item.email,
        role=MemberRole(item.role),
        created_at=item.created_at,
        expires_at=item.expires_at,
    )
