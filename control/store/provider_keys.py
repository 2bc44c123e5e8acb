"""What a tenant pays its own providers with: sealed keys and addresses, one row a provider."""

from dataclasses import dataclass, field
from datetime import datetime

from agent.errors import DatabaseUnavailable
from agent.wire import UserId
from control.store.db import Connection


@dataclass(frozen=True, slots=True)
class StoredProviderKey:
    """`sealed_key` is None where only an address was given; `hint`: the key's last characters."""

    provider: str
    sealed_key: bytes | None = field(repr=False)
    hint: str
    base_url: str | None
    updated_at: datetime


async def put_provider_key(
    conn: Connection,
    provider: str,
    sealed_key: bytes | None,
    hint: str,
    base_url: str | None,
    updated_by: UserId,
) -> StoredProviderKey:
    """In place of all that was there for that provider. Raises: DatabaseUnavailable."""
    row = await conn.fetchrow(
        """
        insert into provider_keys (provider, sealed_key, hint, base_url, updated_by)
        values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, provider) do update set
            sealed_key = excluded.sealed_key,
            hint = excluded.hint,
            base_url = excluded.base_url,
            updated_by = excluded.updated_by,
            updated_at = now()
        returning provider, sealed_key, hint, base_url, updated_at
        """,
        provider,
        sealed_key,
        hint,
        base_url,
        updated_by,
    )
    if row is None:
        raise DatabaseUnavailable("the database gave no answer")
    return StoredProviderKey(**row)


async def list_provider_keys(conn: Connection) -> list[StoredProviderKey]:
    rows = await conn.fetch(
        "select provider, sealed_key, hint, base_url, updated_at from provider_keys order by provider"
    )
    return [StoredProviderKey(**row) for row in rows]


async def seal_again(conn: Connection, provider: str, before: bytes, sealed_key: bytes) -> None:
    """Nothing happens when somebody has put another key meanwhile."""
    await conn.execute(
        "update provider_keys set sealed_key = $3 where provider = $1 and sealed_key = $2",
        provider,
        before,
        sealed_key,
    )


async def delete_provider_key(conn: Connection, provider: str) -> bool:
    """Whether there was one."""
    return await conn.execute("delete from provider_keys where provider = $1", provider) == "DELETE 1"
