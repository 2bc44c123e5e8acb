"""Accepting an invitation to join a tenant, however somebody proves that they are the one who is invited.

An invitation belongs to an address: it is good for the account that has the address, or for whoever proves
the address and makes the account by accepting.
"""

from uuid import uuid4

from aiohttp import web

from agent.errors import NotAllowed, NotAuthenticated, NotFound
from agent.wire import TenantId, UserId
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, record
from control.credentials import hash_token
from control.middleware import REQUEST_ID
from control.names import USER_IDENTITY_PREFIX
from control.people.vouching import Vouched
from control.store import member_invitations as invitations
from control.store import members
from control.store.accounts import find_own_user
from control.store.db import Database
from control.store.identities import link_identity
from control.store.system import MemberInvitationFound


class Joining:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, code: str) -> MemberInvitationFound:
        """Raises: NotFound."""
        found = await self._db.system.find_member_invitation(hash_token(code))
        if found is None:
            raise NotFound("this invitation is unknown, has expired or was used; ask for a new one")
        return found

    async def join(self, request: web.Request, user_id: UserId, code: str) -> TenantId:
        """With an account. Raises: NotFound; NotAllowed when another address is invited."""
        found = await self.find(code)
        async with self._db.person(user_id) as conn:
            person = await find_own_user(conn)
            if person is None:
                raise NotAuthenticated("this account is gone")
            if person.email != found.email:
                raise NotAllowed(
                    f"this invitation is for {found.email!r}: sign in with that address to accept it"
                )
            known = {it.tenant_id for it in await members.own_memberships(conn)}
            tenant_id, role = await invitations.accept_invitation(conn, hash_token(code))
            if tenant_id not in known:
                await members.enter_tenant(conn, tenant_id)
                await members.let_in_again(conn, f"{USER_IDENTITY_PREFIX}{user_id.hex}")
                await record(conn, tenant_id, _joined(request, user_id, role))
        return tenant_id

    async def enrol(
        self,
        request: web.Request,
        code: str,
        found: MemberInvitationFound,
        *,
        name: str,
        password_hash: str | None = None,
        vouched: Vouched | None = None,
    ) -> UserId:
        """A new account, by a password or by a provider that vouches for the invited address.

        Raises: NotFound, Conflict (the address has an account, or the provider's account is somebody's).
        """
        user_id = UserId(uuid4())
        async with self._db.member(found.tenant_id, user_id) as conn:
            await members.create_account(conn, email=found.email, name=name, password_hash=password_hash)
            if vouched is not None:
                await link_identity(conn, vouched.issuer, vouched.subject, vouched.email)
            _, role = await invitations.accept_invitation(conn, hash_token(code))
            await record(conn, found.tenant_id, _joined(request, user_id, role))
        return user_id


def _joined(request: web.Request, user_id: UserId, role: str) -> AuditEvent:
    return AuditEvent(
        AuditAction.MEMBER_JOINED,
        AuditActor("member", user_id=user_id),
        request_id=request[REQUEST_ID],
        details={"role": role},
    )
