"""Who belongs to a tenant and in which role, and how a person founds one or comes into one.

In the tenant's context (`Database.tenant`), or in both (`Database.member`) where it says so. Whoever changes
roles or memberships locks the tenant's row first, so that two changes cannot each rely on what the other
is about to remove.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from agent.errors import Conflict, NotFound
from agent.wire import TenantId, UserId
from control.store.db import Connection
from control.store.pages import Page, Place, cut_page, parse_cursor


@dataclass(frozen=True, slots=True)
class MemberRow:
    user_id: UserId
    name: str
    email: str
    role: str
    has_second_factor: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """A tenant of the person of the context."""

    tenant_id: TenantId
    tenant_name: str
    role: str
    created_at: datetime


async def list_members(conn: Connection, limit: int, before: str | None) -> Page[MemberRow]:
    """Who joined last comes first. Raises: InvalidInput for a bad cursor."""
    place = parse_cursor(before)
    rows = await conn.fetch(
        """
        select user_id, name, email, role, has_second_factor, created_at
        from tenant_members()
        where $1::timestamptz is null or (created_at, user_id) < ($1, $2::uuid)
        order by created_at desc, user_id desc
        limit $3
        """,
        place and place.at,
        place and place.id,
        limit + 1,
    )
    members = [MemberRow(**row) for row in rows]
    return cut_page(members, limit, lambda member: Place(member.created_at, member.user_id))


async def find_member(conn: Connection, user_id: UserId) -> MemberRow:
    """Raises: NotFound."""
    row = await conn.fetchrow("select * from tenant_members() where user_id = $1", user_id)
    if row is None:
        raise NotFound("no such member in this tenant")
    return MemberRow(**row)


async def is_member_address(conn: Connection, email: str) -> bool:
    found: bool = await conn.fetchval(
        "select exists (select from tenant_members() where email = lower($1))", email
    )
    return found


async def lock_members(conn: Connection) -> None:
    """Until the transaction ends nobody else changes who belongs here. Raises: NotFound (no such tenant)."""
    if await conn.fetchval("select id from tenants for update") is None:
        raise NotFound("this tenant does not exist")


async def role_of(conn: Connection, user_id: UserId) -> str | None:
    """None for somebody who does not belong here."""
    role: str | None = await conn.fetchval("select role from memberships where user_id = $1", user_id)
    return role


async def has_owner_besides(conn: Connection, user_id: UserId) -> bool:
    found: bool = await conn.fetchval(
        "select exists (select from memberships where role = 'owner' and user_id <> $1)", user_id
    )
    return found


async def set_role(conn: Connection, user_id: UserId, role: str) -> None:
    await conn.execute("update memberships set role = $2 where user_id = $1", user_id, role)


async def remove_member(conn: Connection, user_id: UserId) -> None:
    """Their sessions in this tenant go with the membership."""
    await conn.execute("delete from memberships where user_id = $1", user_id)


async def end_sessions_here(conn: Connection) -> None:
    """Those of the person of the context in the tenant of the context."""
    await conn.execute(
        """
        update sessions set revoked_at = now()
        where revoked_at is null
            and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
            and user_id = nullif(current_setting('app.user_id', true), '')::uuid
        """
    )


async def let_in_again(conn: Connection, identity: str) -> None:
    """Whoever belongs here again is not kept out of its rooms for having left."""
    await conn.execute("delete from removals where identity = $1 and room_id is null", identity)


async def found(
    conn: Connection, tenant_name: str, *, email: str, name: str, password_hash: str | None
) -> None:
    """A tenant and the account of its owner, whose address was proved. In both contexts, of ids that are new.

    Raises: Conflict when that e-mail has an account.
    """
    await conn.execute(
        """
        insert into tenants (id, name)
        values (nullif(current_setting('app.tenant_id', true), '')::uuid, $1)
        """,
        tenant_name,
    )
    await create_account(conn, email=email, name=name, password_hash=password_hash)
    await conn.execute(
        """
        insert into memberships (user_id, role)
        values (nullif(current_setting('app.user_id', true), '')::uuid, 'owner')
        """
    )


async def create_account(conn: Connection, *, email: str, name: str, password_hash: str | None) -> None:
    """Of the person of the context, whose id is new and whose address was proved.

    Raises: Conflict when that e-mail has an account.
    """
    try:
        await conn.execute(
            """
            insert into users (id, email, name, password_hash, email_verified_at)
            values (nullif(current_setting('app.user_id', true), '')::uuid, lower($1), $2, $3, now())
            """,
            email,
            name,
            password_hash,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict(f"{email!r} has an account already; sign in") from error


async def found_another(conn: Connection, tenant_name: str) -> TenantId:
    """One more tenant of the person of the context, who owns it."""
    tenant_id: TenantId = await conn.fetchval("select found_tenant($1)", tenant_name)
    return tenant_id


async def own_memberships(conn: Connection) -> Sequence[Membership]:
    """Of the person of the context; what they joined first comes first."""
    rows = await conn.fetch("select tenant_id, tenant_name, role, created_at from own_memberships()")
    return [Membership(**row) for row in rows]


async def enter_tenant(conn: Connection, tenant_id: TenantId) -> None:
    """From here on the context is also that tenant's, in place of any other's."""
    await conn.execute("select set_config('app.tenant_id', $1, true)", str(tenant_id))


async def enter_person(conn: Connection, user_id: UserId) -> None:
    """From here on the context is also that person's, in place of any other's."""
    await conn.execute("select set_config('app.user_id', $1, true)", str(user_id))
