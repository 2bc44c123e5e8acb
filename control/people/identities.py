"""Which identity providers there are, and which of their accounts a person has connected."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from aiohttp import web

from agent.errors import NotAuthenticated
from agent.wire import TenantId, UserId, format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, actor_of, record
from control.auth import Member
from control.endpoints import Answer, Call, Nothing
from control.mail import letters
from control.mail.mailroom import Mailroom
from control.middleware import REQUEST_ID
from control.people.providers import IdentityProvider
from control.people.vouching import Vouched
from control.store.accounts import find_own_user
from control.store.db import Database
from control.store.identities import link_identity, list_identities, unlink_identity

IDENTITY_PREFIX: Final = "idn"


class ProviderAnswer(Answer):
    """`name` is part of `/auth/{name}/start`, `label` is for the button."""

    name: str
    label: str
    kind: str


class ProvidersAnswer(Answer):
    data: list[ProviderAnswer]
    next_cursor: str | None = None


class IdentityAnswer(Answer):
    """`provider` is null for one that this deployment no longer offers."""

    id: str
    provider: str | None
    label: str
    email: str | None
    created_at: datetime
    last_used_at: datetime | None


class IdentitiesAnswer(Answer):
    data: list[IdentityAnswer]
    next_cursor: str | None = None


class Identities:
    def __init__(self, db: Database, mailroom: Mailroom, providers: Sequence[IdentityProvider]) -> None:
        self._db = db
        self._mailroom = mailroom
        self._providers = providers
        self._by_issuer: Mapping[str, IdentityProvider] = {it.asserted_issuer: it for it in providers}

    async def providers(self, call: Call[None, Nothing]) -> ProvidersAnswer:
        """Lists the identity providers by which people may sign in here."""
        listed = [ProviderAnswer(name=it.name, label=it.label, kind=it.kind) for it in self._providers]
        return ProvidersAnswer(data=listed)

    async def list(self, call: Call[Member, Nothing]) -> IdentitiesAnswer:
        """Lists the accounts at identity providers that you have connected."""
        async with self._db.person(call.caller.user_id) as conn:
            found = await list_identities(conn)
        return IdentitiesAnswer(
            data=[
                IdentityAnswer(
                    id=format_id(IDENTITY_PREFIX, it.id),
                    provider=offered.name if (offered := self._by_issuer.get(it.issuer)) else None,
                    label=self._label(it.issuer),
                    email=it.email,
                    created_at=it.created_at,
                    last_used_at=it.last_used_at,
                )
                for it in found
            ]
        )

    async def unlink(self, call: Call[Member, Nothing]) -> web.Response:
        """Disconnects an account at an identity provider. Raises: NotFound, Conflict (the last way in)."""
        caller = call.caller
        identity_id = parse_id(IDENTITY_PREFIX, call.path("id"))
        async with self._db.member(caller.tenant_id, caller.user_id) as conn:
            issuer = await unlink_identity(conn, identity_id)
            await self._mailroom.to_person(conn, letters.identity_unlinked(caller.email, self._label(issuer)))
            await record(
                conn,
                caller.tenant_id,
                AuditEvent(
                    AuditAction.IDENTITY_UNLINKED,
                    actor_of(caller),
                    request_id=call.request[REQUEST_ID],
                    target={"identity": format_id(IDENTITY_PREFIX, identity_id)},
                ),
            )
        return web.Response(status=204)

    async def link(self, tenant_id: TenantId, user_id: UserId, vouched: Vouched, request_id: str) -> None:
        """Connects it to the person. Raises: Conflict when it is somebody's already."""
        async with self._db.member(tenant_id, user_id) as conn:
            person = await find_own_user(conn)
            if person is None:
                raise NotAuthenticated("this account is gone")
            identity_id = await link_identity(conn, vouched.issuer, vouched.subject, vouched.email)
            await self._mailroom.to_person(
                conn, letters.identity_linked(person.email, self._label(vouched.issuer))
            )
            await record(
                conn,
                tenant_id,
                AuditEvent(
                    AuditAction.IDENTITY_LINKED,
                    AuditActor("member", user_id=user_id),
                    request_id=request_id,
                    target={"identity": format_id(IDENTITY_PREFIX, identity_id)},
                ),
            )

    def _label(self, issuer: str) -> str:
        offered = self._by_issuer.get(issuer)
        return issuer if offered is None else offered.label
