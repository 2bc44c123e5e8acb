"""The only way to a connection, and with it the context that row level security reads.

A connection exists inside `async with db.tenant(id)` or `db.person(id)`: a transaction whose context ends
with it. What must look across tenants is in `db.system`. Do nothing else that is slow in there: the
transaction holds a connection, and another service's timeout would be taken for the database's.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import asyncpg

from agent.errors import ConfigError, DatabaseUnavailable
from agent.wire import TenantId, UserId
from control.store.pool import Connection, connection, open_pool, outages
from control.store.system import System

__all__ = ["Connection", "Database"]


class Database:
    def __init__(self, pool: asyncpg.Pool, *, sends_audit: bool = False) -> None:
        self._pool = pool
        self._sends_audit = "on" if sends_audit else "off"
        self.system = System(pool)

    @classmethod
    async def open(cls, url: str, *, max_connections: int = 10, sends_audit: bool = False) -> Self:
        """A pool of connections as an unprivileged role. `sends_audit`: audit events go to a sink as well.

        Raises: ConfigError when the URL is wrong, the database is not migrated, or row level security would
        not bind the role; DatabaseUnavailable when there is no answer.
        """
        pool = await open_pool(url, max_connections)
        try:
            with outages():
                await _check_role(pool)
                await _check_schema(pool)
        except BaseException:
            pool.terminate()
            raise
        return cls(pool, sends_audit=sends_audit)

    async def aclose(self) -> None:
        """Waits for the transactions that are under way."""
        await self.system.aclose()
        await self._pool.close()

    async def ping(self) -> None:
        """Raises: DatabaseUnavailable."""
        async with connection(self._pool) as conn:
            await conn.fetchval("select 1")

    @asynccontextmanager
    async def tenant(self, tenant_id: TenantId) -> AsyncIterator[Connection]:
        """A transaction in which that tenant's rows exist, and no other's. Raises: DatabaseUnavailable."""
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(
                "select set_config('app.tenant_id', $1, true), set_config('app.sends_audit', $2, true)",
                str(tenant_id),
                self._sends_audit,
            )
            yield conn

    async def fetch_row(self, statement: str, *arguments: object) -> asyncpg.Record:
        """The one row of a statement that sets its own context: one round trip in place of four.

        For what is asked often and alone. It begins
        `with context as materialized (select set_config('app.tenant_id', $1, true) as tenant)`. The policies
        read the context when a table is first looked at, so that has to come afterwards: in a subselect that
        is `cross join lateral` with `context` and ends in `offset 0`, without which PostgreSQL may turn the
        join around; rows to insert are selected from such a join. A statement that gets this wrong finds no
        rows, or is refused. Raises: DatabaseUnavailable.
        """
        async with connection(self._pool) as conn:
            row = await conn.fetchrow(statement, *arguments)
        if row is None:
            raise DatabaseUnavailable("the database gave no answer")
        return row

    @asynccontextmanager
    async def person(self, user_id: UserId) -> AsyncIterator[Connection]:
        """A transaction in which a person's own rows exist. Raises: DatabaseUnavailable."""
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(
                "select set_config('app.user_id', $1, true), set_config('app.sends_audit', $2, true)",
                str(user_id),
                self._sends_audit,
            )
            yield conn

    @asynccontextmanager
    async def member(self, tenant_id: TenantId, user_id: UserId) -> AsyncIterator[Connection]:
        """A transaction with both contexts: what a person does to their own rows in sight of a tenant.

        Raises: DatabaseUnavailable.
        """
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(
                """
                select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true),
                    set_config('app.sends_audit', $3, true)
                """,
                str(tenant_id),
                str(user_id),
                self._sends_audit,
            )
            yield conn

    @asynccontextmanager
    async def snapshot(self, tenant_id: TenantId) -> AsyncIterator[Connection]:
        """As `tenant`, to read only: everything as it was at one moment, however long the reading takes.

        Raises: DatabaseUnavailable.
        """
        async with (
            connection(self._pool) as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            await conn.execute("select set_config('app.tenant_id', $1, true)", str(tenant_id))
            yield conn

    @asynccontextmanager
    async def leading(self, task: str) -> AsyncIterator[bool]:
        """Whether nobody else is at that task, until the block ends. It holds a connection for so long.

        Raises: DatabaseUnavailable.
        """
        async with connection(self._pool) as conn, conn.transaction():
            # Of the transaction, like all that is ever set on a connection of the pool.
            yield await conn.fetchval("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", task)


async def _check_role(pool: asyncpg.Pool) -> None:
    """Raises: ConfigError for a role that may pass by row level security, or switch it off."""
    found = await pool.fetchrow(
        """
        select
            r.rolname as name,
            r.rolsuper as is_superuser,
            exists (
                select from pg_roles p where p.rolbypassrls and pg_has_role(r.oid, p.oid, 'member')
            ) as bypasses,
            exists (
                select from pg_class c
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                    and pg_has_role(r.oid, c.relowner, 'member')
            ) as owns,
            exists (
                select from pg_roles p
                where p.rolname = 'parley_lookup' and pg_has_role(r.oid, p.oid, 'member')
            ) as looks_across
        from pg_roles r
        where r.rolname = current_user
        """
    )
    if found is None:
        raise ConfigError("PostgreSQL does not say who is connected")
    powers = {
        "is a superuser": found["is_superuser"],
        "has BYPASSRLS, or is a member of a role that has it": found["bypasses"],
        "owns tables of Parley's, or is a member of the role that does": found["owns"],
        "is a member of parley_lookup": found["looks_across"],
    }
    for power, has in powers.items():
        if has:
            raise ConfigError(
                f"the role {found['name']!r} in DATABASE_URL {power}, so row level security would not hold "
                "it: connect as parley_app, and keep the owner's URL in DATABASE_OWNER_URL for migrations"
            )


async def _check_schema(pool: asyncpg.Pool) -> None:
    if await pool.fetchval("select to_regclass('public.tenants') is null"):
        raise ConfigError(
            "the database has no tables of Parley's yet: run `python -m control.store.migrate` with the "
            "owner's URL in DATABASE_OWNER_URL"
        )
