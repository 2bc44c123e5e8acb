"""Brings a PostgreSQL 15 or newer up to date: each file in `migrations/`, once, in the order of their names.

`python -m control.store.migrate` runs as the owner (DATABASE_OWNER_URL, else DATABASE_URL) and says in
words what it did. Files only ever move forward and are never edited once they ran somewhere: a checksum
holds that. A library was decided against: this is all there is to do, and plain SQL stays plain.
"""

import asyncio
import hashlib
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from agent.errors import AppError, ConfigError, DatabaseUnavailable
from agent.settings import load_database_owner_url

MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"
APP_ROLE: Final = "parley_app"
OLDEST_SERVER: Final = 150_000
LOCK: Final = 0x7061726C6579  # "parley"; of one database, so that several may be migrated side by side
CONNECT_TIMEOUT_S: Final = 10.0

_FILE_NAME = re.compile(r"[0-9]{4}_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    name: str
    sql: str
    checksum: str


async def migrate(owner_url: str, directory: Path = MIGRATIONS) -> list[str]:
    """The names of the files that were applied now; none when the database was up to date.

    A second run at the same time waits for the first. What was applied before an error stays applied.
    Raises: ConfigError, DatabaseUnavailable.
    """
    migrations = read_migrations(directory)
    conn = await _connect(owner_url)
    try:
        await _check_server(conn)
        # Of the session rather than of a transaction: every file has a transaction of its own.
        await conn.execute("select pg_advisory_lock($1)", LOCK, timeout=None)
        pending = await _find_pending(conn, migrations)
        for migration in pending:
            await _apply(conn, migration)
        return [migration.name for migration in pending]
    finally:
        await conn.close()


async def set_app_password(owner_url: str, password: str) -> str:
    """Sets the password of `parley_app` and answers with the URL that has it, for DATABASE_URL.

    Raises: ConfigError, DatabaseUnavailable.
    """
    conn = await _connect(owner_url)
    try:
        async with conn.transaction():
            # A utility statement takes no parameters; through a setting the password stays out of the text.
            await conn.execute("select set_config('parley.password', $1, true)", password)
            await conn.execute(
                """
                do $$ begin
                    execute format('alter role parley_app password %L', current_setting('parley.password'));
                end $$
                """
            )
    except asyncpg.InsufficientPrivilegeError as error:
        raise ConfigError(f"the owner may not set the password of {APP_ROLE}: {_reason(error)}") from error
    except asyncpg.UndefinedObjectError as error:
        raise ConfigError(f"there is no role {APP_ROLE} yet: migrate first") from error
    finally:
        await conn.close()
    parts = urlsplit(owner_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP_ROLE}:{quote(password, safe='')}@{place}"))


def read_migrations(directory: Path) -> list[Migration]:
    """In the order of their numbers. Raises: ConfigError for a name that has no place in that order."""
    paths = sorted(path for path in directory.glob("*.sql"))
    if not paths:
        raise ConfigError(f"there are no migrations in {str(directory)!r}")
    numbers: set[str] = set()
    for path in paths:
        number = path.name[:4]
        if not _FILE_NAME.fullmatch(path.name) or number in numbers:
            raise ConfigError(
                f"{path.name!r} is not named like 0001_what_it_adds.sql with a number of its own"
            )
        numbers.add(number)
    return [_read(path) for path in paths]


def _read(path: Path) -> Migration:
    content = path.read_bytes()
    return Migration(path.name, content.decode(), hashlib.sha256(content).hexdigest())


async def _connect(owner_url: str) -> asyncpg.Connection:
    try:
        return await asyncpg.connect(
            owner_url,
            timeout=CONNECT_TIMEOUT_S,
            server_settings={"application_name": "parley migrate", "search_path": "public"},
        )
    except asyncpg.ClientConfigurationError as error:
        raise ConfigError(
            "the owner's URL is not of the form postgresql://USER:PASSWORD@HOST/NAME"
        ) from error
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        raise ConfigError(f"PostgreSQL refuses the owner's URL: {_reason(error)}") from error
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(f"cannot connect to the database: {_reason(error)}") from error


async def _check_server(conn: asyncpg.Connection) -> None:
    version = await conn.fetchval("select current_setting('server_version_num')::int")
    if version < OLDEST_SERVER:
        raise ConfigError(f"the server is PostgreSQL {version // 10_000}; Parley needs 15 or newer")


async def _find_pending(conn: asyncpg.Connection, migrations: Sequence[Migration]) -> list[Migration]:
    applied = await _read_applied(conn)
    known = {migration.name: migration for migration in migrations}
    for name, checksum in applied.items():
        if name not in known:
            raise ConfigError(
                f"{name!r} was applied to this database, but is not here: this program is older"
            )
        if known[name].checksum != checksum:
            raise ConfigError(f"{name!r} was changed after it was applied: restore it, and add a new file")
    pending = [migration for migration in migrations if migration.name not in applied]
    newest = max(applied, default="")
    for migration in pending:
        if migration.name < newest:
            raise ConfigError(
                f"{migration.name!r} comes before {newest!r}, which was applied: number it anew"
            )
    return pending


async def _read_applied(conn: asyncpg.Connection) -> dict[str, str]:
    try:
        await conn.execute(
            """
            create table if not exists schema_migrations (
                name text primary key,
                checksum text not null,
                applied_at timestamptz not null default now()
            )
            """
        )
        rows = await conn.fetch("select name, checksum from schema_migrations order by name")
    except asyncpg.InsufficientPrivilegeError as error:
        raise ConfigError(
            f"this role may not migrate ({_reason(error)}): set DATABASE_OWNER_URL to the database's owner"
        ) from error
    return {row["name"]: row["checksum"] for row in rows}


async def _apply(conn: asyncpg.Connection, migration: Migration) -> None:
    try:
        async with conn.transaction():
            await conn.execute(migration.sql)
            await conn.execute(
                "insert into schema_migrations (name, checksum) values ($1, $2)",
                migration.name,
                migration.checksum,
            )
    except asyncpg.InsufficientPrivilegeError as error:
        raise ConfigError(
            f"{migration.name!r} was not applied ({_reason(error)}): it takes the database's owner with "
            "CREATEROLE, or as a member of parley_lookup where an administrator made the roles"
        ) from error
    except asyncpg.PostgresError as error:
        raise ConfigError(f"{migration.name!r} was not applied: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Its first line: PostgreSQL's details and hints follow in lines of their own."""
    return (str(error) or type(error).__name__).partition("\n")[0]


def main() -> int:
    """The exit code."""
    try:
        applied = asyncio.run(migrate(load_database_owner_url()))
    except AppError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if applied:
        sys.stdout.write(f"Applied {len(applied)}: {', '.join(applied)}.\n")
    else:
        sys.stdout.write("The database was up to date.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
