"""Who may connect, and what an owner needs who is no superuser.

These tests make roles, which belong to a whole server, so they have one of their own.
"""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from agent.errors import ConfigError, DatabaseUnavailable
from control.local.postgres import EmbeddedPostgres
from control.store.db import Database
from control.store.migrate import migrate, set_app_password
from tests.fixtures.database import (
    free_port,
    make_tenant,
    running_postgres,
    with_database,
    with_role,
)

PASSWORD = "only-for-this-test"


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[EmbeddedPostgres]:
    async with running_postgres() as running:
        yield running


@pytest.fixture(scope="module")
async def superuser(server: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(server.owner_url)
    yield conn
    await conn.close()


@pytest.fixture(scope="module")
async def owner_url(server: EmbeddedPostgres, superuser: asyncpg.Connection) -> str:
    """A migrated database whose owner may make roles and is no superuser; it made Parley's roles."""
    await superuser.execute(f"create role plain_owner login createrole password '{PASSWORD}'")
    await superuser.execute("create database plain owner plain_owner")
    url = with_database(with_role(server.owner_url, "plain_owner", PASSWORD), "plain")
    await migrate(url)
    return url


@pytest.fixture(scope="module")
async def app_url(owner_url: str) -> str:
    return await set_app_password(owner_url, PASSWORD)


async def test_an_owner_without_superuser_makes_a_database_that_works(app_url: str) -> None:
    db = await Database.open(app_url)
    tenant = await make_tenant(db, "Harbor", "ada@harbor.example", "Ada")
    login = await db.system.find_user(tenant.email)
    await db.aclose()

    assert login is not None
    assert login.user_id == tenant.user_id


async def test_the_owner_is_bound_as_well(owner_url: str, app_url: str) -> None:
    db = await Database.open(app_url)
    await make_tenant(db, "Lighthouse", "grace@lighthouse.example", "Grace")
    await db.aclose()

    owner = await asyncpg.connect(owner_url)
    seen = await owner.fetchval("select (select count(*) from tenants) + (select count(*) from users)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute("set role parley_lookup")
    await owner.close()

    assert seen == 0


async def test_roles_that_an_administrator_made_serve_an_owner_who_may_not_make_any(
    server: EmbeddedPostgres, superuser: asyncpg.Connection, app_url: str
) -> None:
    await superuser.execute(f"create role weak_owner login password '{PASSWORD}'")
    await superuser.execute("create database weak owner weak_owner")
    url = with_database(with_role(server.owner_url, "weak_owner", PASSWORD), "weak")

    with pytest.raises(ConfigError, match=r"0007_lookups\.sql.*parley_lookup"):
        await migrate(url)
    await superuser.execute("grant parley_lookup to weak_owner")
    assert (await migrate(url))[0] == "0007_lookups.sql"

    db = await Database.open(with_database(app_url, "weak"))
    await make_tenant(db, "Harbor", "ada@harbor.example", "Ada")
    await db.aclose()


@pytest.mark.parametrize(
    ("role", "grants", "reason"),
    [
        ("a_superuser", "alter role a_superuser superuser", "is a superuser"),
        ("a_bypasser", "alter role a_bypasser bypassrls", "BYPASSRLS"),
        ("a_deputy", "create role exempt bypassrls; grant exempt to a_deputy", "BYPASSRLS"),
        ("an_heir", "grant plain_owner to an_heir", "owns tables"),
        ("a_looker", "grant parley_lookup to a_looker", "parley_lookup"),
    ],
)
async def test_a_role_that_row_level_security_would_not_hold_is_refused(
    superuser: asyncpg.Connection, app_url: str, role: str, grants: str, reason: str
) -> None:
    await superuser.execute(f"create role {role} login in role parley_app password '{PASSWORD}'")
    await superuser.execute(grants)

    with pytest.raises(ConfigError, match=reason) as refused:
        await Database.open(with_role(app_url, role, PASSWORD))

    assert repr(role) in str(refused.value)
    assert "connect as parley_app" in str(refused.value)


async def test_the_owner_itself_is_refused(owner_url: str) -> None:
    with pytest.raises(ConfigError, match="'plain_owner' in DATABASE_URL owns tables"):
        await Database.open(owner_url)


async def test_a_database_without_tables_says_how_to_get_them(
    superuser: asyncpg.Connection, app_url: str
) -> None:
    await superuser.execute("create database bare")

    with pytest.raises(ConfigError, match=r"python -m control\.store\.migrate"):
        await Database.open(with_database(app_url, "bare"))


async def test_a_wrong_address_is_told_from_an_outage(app_url: str) -> None:
    for wrong in (
        with_role(app_url, "parley_app", "wrong"),
        with_database(app_url, "no_such_database"),
        "redis://127.0.0.1/0",
    ):
        with pytest.raises(ConfigError):
            await Database.open(wrong)
    with pytest.raises(DatabaseUnavailable):
        await Database.open(f"postgresql://parley_app:x@127.0.0.1:{free_port()}/plain")
