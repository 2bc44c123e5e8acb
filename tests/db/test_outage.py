"""A database that goes away is an outage to be waited out, and the pool is whole when it is back."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from agent.errors import DatabaseUnavailable
from control.local.postgres import EmbeddedPostgres
from control.store import pool
from control.store.db import Database
from control.store.migrate import migrate, set_app_password
from tests.fixtures.database import TenantSample, free_port, running_postgres


async def test_a_connection_that_is_cut_in_a_transaction_is_an_outage_and_the_next_one_works(
    database: Database, tenant: TenantSample, owner_connection: asyncpg.Connection
) -> None:
    async def work_on_a_connection_that_is_cut() -> None:
        async with database.tenant(tenant.id) as conn:
            await owner_connection.fetchval("select pg_terminate_backend($1)", conn.get_server_pid())
            await conn.fetchval("select pg_sleep(10)")

    with pytest.raises(DatabaseUnavailable):
        await work_on_a_connection_that_is_cut()

    async with database.tenant(tenant.id) as conn:
        assert await conn.fetchval("select count(*) from tenants") == 1


async def test_a_cancelled_request_gives_its_connection_back_clean(
    database_url: str, tenant: TenantSample
) -> None:
    db = await Database.open(database_url, max_connections=1)

    async def slow() -> None:
        async with db.tenant(tenant.id) as conn:
            await conn.execute("delete from api_keys")
            await conn.execute("select pg_sleep(30)")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await slow()
    async with db.tenant(tenant.id) as conn:
        kept = await conn.fetchval("select count(*) from api_keys")
    await db.aclose()

    assert kept == 1


async def test_a_pool_without_a_free_connection_is_an_outage(
    database_url: str, tenant: TenantSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "ACQUIRE_TIMEOUT_S", 0.05)
    db = await Database.open(database_url, max_connections=1)

    async with db.tenant(tenant.id):
        with pytest.raises(DatabaseUnavailable):
            await db.ping()
        with pytest.raises(DatabaseUnavailable):
            await db.system.find_user(tenant.email)
    await db.ping()
    await db.aclose()


@pytest.fixture
async def server() -> AsyncIterator[EmbeddedPostgres]:
    async with running_postgres() as running:
        yield running


async def test_a_server_that_stops_is_an_outage_until_it_is_back(server: EmbeddedPostgres) -> None:
    port = free_port()
    await server.stop()
    await server.start(port)
    await migrate(server.owner_url)
    db = await Database.open(await set_app_password(server.owner_url, "only-for-this-test"))

    await server.stop()
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            await db.ping()
        with pytest.raises(DatabaseUnavailable):
            await db.system.find_user("ada@harbor.example")
    await server.start(port)

    await db.ping()
    assert await db.system.find_user("ada@harbor.example") is None
    await db.aclose()
