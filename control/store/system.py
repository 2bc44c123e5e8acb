"""What must look across tenants: each method is one security-definer function, in one round trip.

Everything else goes through a context (`Database.tenant`, `Database.person`). A test holds the list of
these functions against the database's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType
from uuid import UUID

import asyncpg

from agent.errors import Conflict, DatabaseUnavailable
from agent.wire import TenantId, UserId
from control.store.gathering import Gathering
from control.store.pool import connection

SessionId = NewType("SessionId", UUID)
FactorId = NewType("FactorId", UUID)


@dataclass(frozen=True, slots=True)
class Login:
    """A person as sign-in needs them. `password_hash` is None when they cannot sign in by password,
    `tenant_id` and `role` when they belong to no tenant. `factors`: kinds of second factors they have.
    """

    user_id: UserId
    name: str
    email: str
    password_hash: str | None
    tenant_id: TenantId | None
    role: str | None
    factors: list[str]


@dataclass(frozen=True, slots=True)
class SessionFound:
    """A session that holds. `user_id`, `email` and `role` are None for a guest, `room_name` for a user."""

    session_id: SessionId
    kind: Literal["user", "guest"]
    user_id: UserId | None
    tenant_id: TenantId
    tenant_name: str
    name: str
    email: str | None
    role: str | None
    room_name: str | None
    methods: list[str]
    authenticated_at_utc: datetime
    created_at: datetime
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class ApiKeyFound:
    api_key_id: UUID
    tenant_id: TenantId
    name: str
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class PasskeyFound:
    """`public_key`: in COSE's form. `sign_count`: as it was at its last use."""

    user_id: UserId
    factor_id: FactorId
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class InvitationFound:
    tenant_id: TenantId
    tenant_name: str
    room_name: str
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class MemberInvitationFound:
    """An invitation that can still be accepted."""

    tenant_id: TenantId
    tenant_name: str
    email: str
    role: str
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class TenantFound:
    """`retention_days`: how long after its end a conversation is kept; None for ever."""

    id: TenantId
    name: str
    retention_days: int | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What waits to be sent. `attempts`: how often it was taken, this time included."""

    id: UUID
    payload: bytes = field(repr=False)
    attempts: int
    created_at: datetime


class System:
    """Raises everywhere: DatabaseUnavailable."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._api_keys = Gathering(self._find_api_keys)

    async def aclose(self) -> None:
        """Waits for what is being read."""
        await self._api_keys.aclose()

    async def find_user(self, email: str) -> Login | None:
        """The person and the first tenant they belong to; capitals in `email` do not matter."""
        row = await self._fetch("select * from find_user($1)", email)
        return None if row is None else Login(**row)

    async def find_identity(self, issuer: str, subject: str) -> UserId | None:
        """Whose account at a provider it is; its use is noted."""
        row = await self._fetch("select user_id from find_identity($1, $2)", issuer, subject)
        return None if row is None else UserId(row["user_id"])

    async def find_session(self, token_hash: bytes) -> SessionFound | None:
        """None when it is unknown, expired or was ended."""
        row = await self._fetch("select * from find_session($1)", token_hash)
        if row is None:
            return None
        return SessionFound(
            session_id=row["session_id"],
            kind="guest" if row["user_id"] is None else "user",
            user_id=row["user_id"],
            tenant_id=row["tenant_id"],
            tenant_name=row["tenant_name"],
            name=row["name"],
            email=row["email"],
            role=row["role"],
            room_name=row["room_name"],
            methods=row["methods"],
            authenticated_at_utc=row["authenticated_at"],
            created_at=row["created_at"],
            expires_at_utc=row["expires_at"],
        )

    async def find_api_key(self, key_hashes: Sequence[bytes]) -> ApiKeyFound | None:
        """By its digest under each pepper; None when it is unknown, expired or was revoked."""
        return await self._api_keys.get(tuple(key_hashes))

    async def find_passkey(self, credential_id: bytes) -> PasskeyFound | None:
        """By what the authenticator calls it."""
        row = await self._fetch("select * from find_passkey($1)", credential_id)
        return None if row is None else PasskeyFound(**row)

    async def find_invitation(self, code_hash: bytes) -> InvitationFound | None:
        """None when it is unknown or has expired."""
        row = await self._fetch("select * from find_invitation($1)", code_hash)
        if row is None:
            return None
        return InvitationFound(row["tenant_id"], row["tenant_name"], row["room_name"], row["expires_at"])

    async def create_tenant(
        self, name: str, owner_email: str, owner_name: str, password_hash: str | None
    ) -> tuple[TenantId, UserId]:
        """A tenant and the account of its owner. Raises: Conflict when that e-mail has an account."""
        try:
            row = await self._fetch(
                "select * from create_tenant($1, $2, $3, $4)", name, owner_email, owner_name, password_hash
            )
        except asyncpg.UniqueViolationError as error:
            raise Conflict(f"{owner_email!r} has an account already") from error
        created = _present(row)
        return TenantId(created["tenant_id"]), UserId(created["user_id"])

    async def find_member_invitation(self, code_hash: bytes) -> MemberInvitationFound | None:
        """None when it is unknown, expired or was used."""
        row = await self._fetch("select * from find_member_invitation($1)", code_hash)
        if row is None:
            return None
        return MemberInvitationFound(
            row["tenant_id"], row["tenant_name"], row["email"], row["role"], row["expires_at"]
        )

    async def find_email_token(self, token_hash: bytes, purpose: str) -> tuple[UserId, str] | None:
        """Whose link that is and where it was sent; None when it is unknown, expired, used or for another
        purpose.
        """
        row = await self._fetch("select * from find_email_token($1, $2)", token_hash, purpose)
        return None if row is None else (UserId(row["user_id"]), str(row["email"]))

    async def is_allowed_origin(self, origin: str) -> bool:
        """Whether any tenant lets pages of that origin call."""
        row = await self._fetch("select is_allowed_origin($1) as is_allowed", origin)
        return bool(_present(row)["is_allowed"])

    async def put_letter(self, payload: bytes) -> None:
        """Into the outbox, for somebody who has no account yet."""
        await self._fetch("select put_letter($1)", payload)

    async def take_outbox(self, kind: str, limit: int, lease_s: int) -> list[Parcel]:
        """What is due, in the order of writing; not due again for anybody until the lease ends."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(
                "select id, payload, attempts, created_at from take_outbox($1, $2, $3)", kind, limit, lease_s
            )
        parcels = [Parcel(row["id"], row["payload"], row["attempts"], row["created_at"]) for row in rows]
        return sorted(parcels, key=lambda parcel: parcel.created_at)

    async def settle_outbox(self, parcel_id: UUID) -> None:
        """It arrived."""
        await self._fetch("select settle_outbox($1)", parcel_id)

    async def postpone_outbox(self, parcel_id: UUID, due_at: datetime, error: str) -> None:
        """`error`: a closed word, for the operator who looks into the table."""
        await self._fetch("select postpone_outbox($1, $2, $3)", parcel_id, due_at, error)

    async def list_tenants(self) -> list[TenantFound]:
        """All of them, oldest first."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch("select tenant_id, name, retention_days from list_tenants()")
        return [TenantFound(TenantId(row["tenant_id"]), row["name"], row["retention_days"]) for row in rows]

    async def tenants_with_traces(self, identity: str) -> list[TenantId]:
        """Where somebody of that identity spoke or was, under any suffix of a tab."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch("select tenant_id from tenants_with_traces($1)", identity)
        return [TenantId(row["tenant_id"]) for row in rows]

    async def sweep_expired(self) -> int:
        """Deletes sessions, links and answers that expired long ago; how many rows went."""
        return int(_present(await self._fetch("select sweep_expired() as gone"))["gone"])

    async def sweep_budgets(self) -> int:
        """Deletes what people spent on past days, and allowances that expired; how many rows went."""
        return int(_present(await self._fetch("select sweep_budgets() as gone"))["gone"])

    async def _find_api_keys(
        self, wanted: Sequence[tuple[bytes, ...]]
    ) -> Mapping[tuple[bytes, ...], ApiKeyFound]:
        """In the order of the digests, in which each row is locked that is marked as used just now."""
        keys = sorted(wanted)
        async with connection(self._pool) as conn:
            rows = await conn.fetch(
                """
                select k.place, f.api_key_id, f.tenant_id, f.name, f.scopes
                from (
                    select t.place, array_agg(t.hash order by t.n) as hashes
                    from unnest($1::int[], $2::bytea[]) with ordinality as t (place, hash, n)
                    group by t.place
                    order by t.place
                ) k
                cross join lateral find_api_key(k.hashes) f
                """,
                [place for place, hashes in enumerate(keys) for _ in hashes],
                [key_hash for hashes in keys for key_hash in hashes],
            )
        return {
            keys[row["place"]]: ApiKeyFound(row["api_key_id"], row["tenant_id"], row["name"], row["scopes"])
            for row in rows
        }

    async def _fetch(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        async with connection(self._pool) as conn:
            return await conn.fetchrow(statement, *arguments)


def _present(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise DatabaseUnavailable("the database gave no answer")
    return row
