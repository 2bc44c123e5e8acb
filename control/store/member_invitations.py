"""Invitations by e-mail to join a tenant, in the tenant's context.

Asking an address again replaces the invitation that it had.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agent.errors import NotFound
from agent.wire import TenantId, UserId
from control.store.db import Connection
from control.store.pages import Page, Place, cut_page, parse_cursor


@dataclass(frozen=True, slots=True)
class MemberInvitation:
    id: UUID
    email: str
    role: str
    created_at: datetime
    expires_at: datetime


async def put_invitation(
    conn: Connection,
    *,
    email: str,
    role: str,
    code_hash: bytes,
    created_by: UserId | None,
    expires_at_utc: datetime,
) -> MemberInvitation:
    """From now on only this code holds for that address."""
    rows = await conn.fetch(
        """
        insert into member_invitations (email, role, code_hash, created_by, expires_at)
        values (lower($1), $2, $3, $4, $5)
        on conflict (tenant_id, email) do update
        set id = gen_random_uuid(), role = excluded.role, code_hash = excluded.code_hash,
            created_by = excluded.created_by, created_at = now(), expires_at = excluded.expires_at,
            accepted_at = null
        returning id, email, role, created_at, expires_at
        """,
        email,
        role,
        code_hash,
        created_by,
        expires_at_utc,
    )
    return MemberInvitation(**rows[0])


async def list_invitations(conn: Connection, limit: int, before: str | None) -> Page[MemberInvitation]:
    """Those that can still be accepted, newest first. Raises: InvalidInput for a bad cursor."""
    place = parse_cursor(before)
    rows = await conn.fetch(
        """
        select id, email, role, created_at, expires_at
        from member_invitations
        where accepted_at is null and expires_at > now()
            and ($1::timestamptz is null or (created_at, id) < ($1, $2::uuid))
        order by created_at desc, id desc
        limit $3
        """,
        place and place.at,
        place and place.id,
        limit + 1,
    )
    found = [MemberInvitation(**row) for row in rows]
    return cut_page(found, limit, lambda item: Place(item.created_at, item.id))


async def pending_role(conn: Connection, *, email: str) -> str | None:
    """The role that this address is invited to at present; None when it is not."""
    role: str | None = await conn.fetchval(
        """
        select role from member_invitations
        where email = lower($1) and accepted_at is null and expires_at > now()
        """,
        email,
    )
    return role


async def find_invitation(conn: Connection, invitation_id: UUID) -> MemberInvitation:
    """One that can still be accepted; nobody else changes it until the transaction ends. Raises: NotFound."""
    row = await conn.fetchrow(
        """
        select id, email, role, created_at, expires_at
        from member_invitations
        where id = $1 and accepted_at is null and expires_at > now()
        for update
        """,
        invitation_id,
    )
    if row is None:
        raise NotFound("no such invitation in this tenant")
    return MemberInvitation(**row)


async def revoke_invitation(conn: Connection, invitation_id: UUID) -> None:
    await conn.execute("delete from member_invitations where id = $1", invitation_id)


async def accept_invitation(conn: Connection, code_hash: bytes) -> tuple[TenantId, str]:
    """The person of the context joins; who belongs there already keeps their role. An invitation works once.

    Raises: NotFound when it is unknown, has expired or was used.
    """
    row = await conn.fetchrow("select * from accept_member_invitation($1)", code_hash)
    if row is None:
        raise NotFound("this invitation is unknown, has expired or was used; ask for a new one")
    return TenantId(row["tenant_id"]), str(row["role"])
