"""People who may come in: users and their memberships."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import asyncpg

from agent.errors import Conflict, NotFound
from agent.wire import TenantId, UserId
from control.store.db import Connection, Database


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    email: str
    name: str
    created_at: datetime


async def create_user(
    db: Database,
    tenant_id: TenantId,
    *,
    email: str,
    name: str,
    password_hash: str | None,
    role: str = "member",
) -> UserId:
    """A person with an account of their own, as a member of the tenant.

    Raises: Conflict when that e-mail has an account, NotFound when there is no such tenant.
    """
    user_id = UserId(uuid4())
    try:
        # The account is the person's row and the membership the tenant's, so both contexts are needed.
        async with db.tenant(tenant_id) as conn:
            await conn.execute("select set_config('app.user_id', $1, true)", str(user_id))
            await conn.execute(
                """
                insert into users (id, email, name, password_hash, email_verified_at)
                values ($1, lower($2), $3, $4, now())
                """,
                user_id,
                email,
                name,
                password_hash,
            )
            await conn.execute("insert into memberships (user_id, role) values ($1, $2)", user_id, role)
    except asyncpg.UniqueViolationError as error:
        raise Conflict(f"{email!r} has an account already") from error
    except asyncpg.ForeignKeyViolationError as error:
        raise NotFound(f"no tenant {tenant_id}") from error
    return user_id


async def find_own_user(conn: Connection) -> User | None:
    """The person of the context (`Database.person`)."""
    row = await conn.fetchrow("select id, email, name, created_at from users")
    return None if row is None else User(**row)


async def set_name(conn: Connection, name: str) -> None:
    """Of the person of the context."""
    await conn.execute("update users set name = $1, updated_at = now()", name)


async def renew_password_hash(conn: Connection, old_hash: str, new_hash: str) -> None:
    """The same password under other parameters; nothing happens when it was changed in the meantime."""
    await conn.execute("update users set password_hash = $2 where password_hash = $1", old_hash, new_hash)


async def set_password(conn: Connection, password_hash: str) -> None:
    """Of the person of the context; their sessions end, and links to another password stop working."""
    await conn.execute("update users set password_hash = $1, updated_at = now()", password_hash)
    await conn.execute(
        "update email_tokens set used_at = now() where purpose = 'reset_password' and used_at is null"
    )
    await conn.execute(
        "update sessions set revoked_at = now() where user_id is not null and revoked_at is null"
    )


async def set_email(conn: Connection, email: str) -> None:
    """Of the person of the context, who proved that it is theirs. Raises: Conflict when it has an account."""
    try:
        await conn.execute(
            "update users set email = lower($1), email_verified_at = now(), updated_at = now()", email
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict(f"{email!r} has an account already") from error
