"""Sessions: a person's are their own (`Database.person`), a guest's belong to the tenant (`Database.tenant`).

Starting one for a person needs both contexts (`Database.member`), since a session is in one tenant. Which
session a token opens is found in `control/store/system.py`, before any context is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from agent.errors import NotAllowed, NotAuthenticated, NotFound
from agent.wire import TenantId
from control.store.db import Connection
from control.store.system import SessionId


@dataclass(frozen=True, slots=True)
class NewSession:
    """`authenticated_at_utc` None: now. `user_agent` and `address`: for the list of one's sessions."""

    token_hash: bytes
    expires_at_utc: datetime
    idle_s: int
    methods: Sequence[str]
    authenticated_at_utc: datetime | None = None
    user_agent: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: SessionId
    tenant_id: TenantId
    tenant_name: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    methods: list[str]
    user_agent: str | None
    address: str | None


async def lock_person(conn: Connection) -> None:
    """Until the transaction ends no session of theirs begins or is revoked elsewhere, so that none slips
    through between two.
    """
    await conn.execute("select from users for no key update")


async def create_session(conn: Connection, new: NewSession) -> SessionId:
    """Of the person in the tenant of the contexts. Raises: NotAllowed when they do not belong to it."""
    try:
        session_id: SessionId = await conn.fetchval(
            """
            insert into sessions
                (tenant_id, user_id, token_hash, expires_at, idle_s, methods, authenticated_at, user_agent,
                 address)
            values (
                nullif(current_setting('app.tenant_id', true), '')::uuid,
                nullif(current_setting('app.user_id', true), '')::uuid,
                $1, $2, $3, $4, coalesce($5, now()), $6, $7
            )
            returning id
            """,
            new.token_hash,
            new.expires_at_utc,
            new.idle_s,
            list(new.methods),
            new.authenticated_at_utc,
            new.user_agent,
            new.address,
        )
    except asyncpg.ForeignKeyViolationError as error:
        raise NotAllowed("you do not belong to this tenant") from error
    return session_id


async def create_guest_session(conn: Connection, new: NewSession, code_hash: bytes, name: str) -> SessionId:
    """In the tenant's context. Raises: NotAuthenticated when the invitation is unknown or has expired."""
    session_id: SessionId | None = await conn.fetchval(
        """
        insert into sessions
            (tenant_id, invitation_id, guest_name, token_hash, expires_at, idle_s, methods, user_agent,
             address)
        select i.tenant_id, i.id, $2, $3, $4, $5, $6, $7, $8
        from invitations i
        where i.code_hash = $1 and i.expires_at > now()
        returning id
        """,
        code_hash,
        name,
        new.token_hash,
        new.expires_at_utc,
        new.idle_s,
        list(new.methods),
        new.user_agent,
        new.address,
    )
    if session_id is None:
        raise NotAuthenticated("this invitation is unknown or has expired; ask for a new link")
    return session_id


async def list_sessions(conn: Connection, limit: int) -> list[SessionRow]:
    """Those that hold, in whichever tenant, newest first."""
    rows = await conn.fetch(
        """
        select s.id, m.tenant_id, m.tenant_name, s.created_at, s.last_seen_at, s.expires_at, s.methods,
            s.user_agent, s.address
        from sessions s
        join own_memberships() m on m.tenant_id = s.tenant_id
        where s.user_id is not null and s.revoked_at is null and s.expires_at > now()
            and s.last_seen_at > now() - make_interval(secs => s.idle_s)
        order by s.created_at desc, s.id desc
        limit $1
        """,
        limit,
    )
    return [SessionRow(**row) for row in rows]


async def end_session_of(conn: Connection, token_hashes: Sequence[bytes]) -> None:
    """Whichever of them are the person's own; another's stay as they are."""
    await conn.execute(
        """
        update sessions set revoked_at = now()
        where token_hash = any ($1) and user_id is not null and revoked_at is null
        """,
        list(token_hashes),
    )


async def end_session(conn: Connection, session_id: SessionId) -> bool:
    """Whether it held until now."""
    found = await conn.fetchval(
        "update sessions set revoked_at = now() where id = $1 and revoked_at is null returning id", session_id
    )
    return found is not None


async def revoke_session(conn: Connection, session_id: SessionId) -> None:
    """Raises: NotFound when the person has no such session that holds."""
    found = await conn.fetchval(
        """
        update sessions set revoked_at = now()
        where id = $1 and user_id is not null and revoked_at is null and expires_at > now()
        returning id
        """,
        session_id,
    )
    if found is None:
        raise NotFound("you have no such session")


async def revoke_other_sessions(conn: Connection, kept: SessionId) -> int:
    """In every tenant. How many there were."""
    rows = await conn.fetch(
        """
        update sessions set revoked_at = now()
        where id <> $1 and user_id is not null and revoked_at is null and expires_at > now()
        returning id
        """,
        kept,
    )
    return len(rows)
