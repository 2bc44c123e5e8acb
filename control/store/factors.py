"""A person's second factors and recovery codes, in the person's context (`Database.person`, `.member`).

What is used once (a time step, a counter, a code) is used up by one conditional statement, so that of two
uses at the same moment one finds nothing left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import asyncpg

from agent.errors import Conflict
from control.store.db import Connection
from control.store.system import FactorId


class FactorKind(StrEnum):
    TOTP = "totp"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True)
class Factor:
    """One that was confirmed, or a TOTP factor whose first code is still awaited."""

    id: FactorId
    kind: FactorKind
    name: str
    created_at: datetime
    confirmed_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seed:
    """`failures`: wrong codes since the last right one."""

    factor_id: FactorId
    sealed: bytes = field(repr=False)
    failures: int


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    name: str
    seed: Seed


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How a person signs in besides by a passkey."""

    password_hash: str | None = field(repr=False)
    has_identity: bool


@dataclass(frozen=True, slots=True)
class Credential:
    """What a browser needs to ask an authenticator for a passkey."""

    id: bytes
    transports: list[str]


async def lock_factors(conn: Connection) -> None:
    """Until the transaction ends nobody else changes the factors of this person."""
    await conn.execute("select id from users for update")


async def list_factors(conn: Connection) -> list[Factor]:
    """The oldest first, unconfirmed ones included."""
    rows = await conn.fetch(
        """
        select id, kind, name, created_at, confirmed_at, last_used_at
        from mfa_factors order by created_at, id
        """
    )
    return [Factor(**{**row, "kind": FactorKind(row["kind"])}) for row in rows]


async def delete_factor(conn: Connection, factor_id: FactorId) -> None:
    """Nothing happens when there is no such factor."""
    await conn.execute("delete from mfa_factors where id = $1", factor_id)


async def put_totp(conn: Connection, factor_id: FactorId, name: str, sealed_seed: bytes) -> None:
    """Unconfirmed, in place of what was left unconfirmed before."""
    await conn.execute("delete from mfa_factors where kind = 'totp' and confirmed_at is null")
    await conn.execute(
        "insert into mfa_factors (id, kind, name, sealed_seed) values ($1, 'totp', $2, $3)",
        factor_id,
        name,
        sealed_seed,
    )


async def confirmed_seeds(conn: Connection) -> list[Seed]:
    rows = await conn.fetch(
        """
        select id, sealed_seed, failures from mfa_factors
        where kind = 'totp' and confirmed_at is not null order by created_at, id
        """
    )
    return [Seed(row["id"], row["sealed_seed"], row["failures"]) for row in rows]


async def find_unconfirmed(conn: Connection, factor_id: FactorId) -> Unconfirmed | None:
    """The TOTP factor whose first code is awaited."""
    row = await conn.fetchrow(
        """
        select id, name, sealed_seed, failures from mfa_factors
        where kind = 'totp' and confirmed_at is null and id = $1
        """,
        factor_id,
    )
    if row is None:
        return None
    return Unconfirmed(row["name"], Seed(row["id"], row["sealed_seed"], row["failures"]))


async def accept_step(conn: Connection, factor_id: FactorId, step: int) -> bool:
    """Whether that time step was not used before; it is now, and the factor is confirmed."""
    found = await conn.fetchval(
        """
        update mfa_factors
        set last_step = $2, failures = 0, last_used_at = now(), confirmed_at = coalesce(confirmed_at, now())
        where id = $1 and kind = 'totp' and (last_step is null or last_step < $2)
        returning id
        """,
        factor_id,
        step,
    )
    return found is not None


async def count_wrong_code(conn: Connection) -> None:
    """Against each confirmed TOTP factor: nobody can tell for which one it was meant."""
    await conn.execute(
        "update mfa_factors set failures = failures + 1 where kind = 'totp' and confirmed_at is not null"
    )


async def reseal(conn: Connection, seed: Seed, sealed: bytes) -> None:
    """Nothing happens when somebody else did it in the meantime."""
    await conn.execute(
        "update mfa_factors set sealed_seed = $3 where id = $1 and sealed_seed = $2",
        seed.factor_id,
        seed.sealed,
        sealed,
    )


async def put_passkey(
    conn: Connection,
    factor_id: FactorId,
    name: str,
    credential: Credential,
    public_key: bytes,
    sign_count: int,
) -> None:
    """Confirmed at once: registering it proved that the person has it. Raises: Conflict."""
    try:
        await conn.execute(
            """
            insert into mfa_factors
                (id, kind, name, credential_id, public_key, sign_count, transports, confirmed_at)
            values ($1, 'passkey', $2, $3, $4, $5, $6, now())
            """,
            factor_id,
            name,
            credential.id,
            public_key,
            sign_count,
            credential.transports,
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this passkey is registered already") from error


async def list_credentials(conn: Connection) -> list[Credential]:
    rows = await conn.fetch(
        """
        select credential_id, transports from mfa_factors
        where kind = 'passkey' and confirmed_at is not null order by created_at, id
        """
    )
    return [Credential(row["credential_id"], row["transports"]) for row in rows]


async def advance_sign_count(conn: Connection, factor_id: FactorId, sign_count: int) -> bool:
    """Whether the count went on; authenticators without a counter always say 0."""
    found = await conn.fetchval(
        """
        update mfa_factors set sign_count = $2, last_used_at = now()
        where id = $1 and kind = 'passkey' and (sign_count < $2 or (sign_count = 0 and $2 = 0))
        returning id
        """,
        factor_id,
        sign_count,
    )
    return found is not None


async def replace_recovery_codes(conn: Connection, code_hashes: Sequence[bytes]) -> None:
    """The former ones are worth nothing from now on."""
    await conn.execute("delete from recovery_codes")
    await conn.execute(
        "insert into recovery_codes (code_hash) select code_hash from unnest($1::bytea[]) as c (code_hash)",
        list(code_hashes),
    )


async def use_recovery_code(conn: Connection, code_hashes: Sequence[bytes]) -> bool:
    """`code_hashes`: of one code, under each key. Whether it was one of the person's and unused."""
    found = await conn.fetchval(
        """
        update recovery_codes set used_at = now()
        where code_hash = any ($1) and used_at is null
        returning code_hash
        """,
        list(code_hashes),
    )
    return found is not None


async def count_recovery_codes(conn: Connection) -> int:
    """Those that are unused."""
    return int(await conn.fetchval("select count(*) from recovery_codes where used_at is null"))


async def delete_recovery_codes(conn: Connection) -> None:
    """With the last factor that they stand in for."""
    await conn.execute("delete from recovery_codes")


async def other_ways_in(conn: Connection) -> WaysIn:
    row = await conn.fetchrow(
        "select password_hash, exists (select from identities) as has_identity from users"
    )
    return WaysIn(None, False) if row is None else WaysIn(row["password_hash"], row["has_identity"])
