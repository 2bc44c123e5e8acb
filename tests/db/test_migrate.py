"""Migrations run once, in order, whole or not at all, and say in words what is wrong."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from agent.errors import ConfigError, DatabaseUnavailable
from control.store.migrate import MIGRATIONS, migrate, set_app_password
from tests.fixtures.database import Template, free_port, with_database, with_role

ALL = sorted(path.name for path in MIGRATIONS.glob("*.sql"))


@pytest.fixture
async def empty_database(database_server: str) -> AsyncIterator[str]:
    """As its owner."""
    name = f"parley_test_{secrets.token_hex(6)}"
    server = await asyncpg.connect(database_server)
    await server.execute(f"create database {name}")
    yield with_database(database_server, name)
    await server.execute(f"drop database {name} with (force)")
    await server.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Two small migrations that may be tampered with."""
    (tmp_path / "0001_first.sql").write_text("create table first (a int);")
    (tmp_path / "0002_second.sql").write_text("create table second (a int);")
    return tmp_path


async def tables(url: str) -> list[str]:
    conn = await asyncpg.connect(url)
    try:
        rows = await conn.fetch("select tablename from pg_tables where schemaname = 'public' order by 1")
    finally:
        await conn.close()
    return [row["tablename"] for row in rows]


async def run_program(url: str) -> tuple[int | None, str, str]:
    """Exit code, standard output and standard error of `python -m control.store.migrate`."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "control.store.migrate",
        env={**os.environ, "DATABASE_OWNER_URL": url},
        cwd=MIGRATIONS.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await program.communicate()
    return program.returncode, out.decode(), err.decode()


async def test_a_new_database_gets_all_of_them_and_a_second_run_nothing(empty_database: str) -> None:
    first = await migrate(empty_database)
    second = await migrate(empty_database)

    assert first == ALL
    assert second == []


async def test_two_runs_at_once_apply_each_of_them_once(empty_database: str) -> None:
    runs = await asyncio.gather(*(migrate(empty_database) for _ in range(3)))

    assert sorted(runs) == [[], [], ALL]


async def test_a_new_file_is_applied_and_the_old_ones_are_left_alone(
    empty_database: str, directory: Path
) -> None:
    await migrate(empty_database, directory)
    (directory / "0003_third.sql").write_text("create table third (a int);")

    assert await migrate(empty_database, directory) == ["0003_third.sql"]


async def test_a_file_that_changed_after_it_ran_is_named(empty_database: str, directory: Path) -> None:
    await migrate(empty_database, directory)
    (directory / "0001_first.sql").write_text("create table first (a bigint);")
    (directory / "0003_third.sql").write_text("create table third (a int);")

    with pytest.raises(ConfigError, match=r"0001_first\.sql"):
        await migrate(empty_database, directory)

    assert "third" not in await tables(empty_database)


async def test_a_file_that_fails_leaves_nothing_of_itself_and_all_before_it(
    empty_database: str, directory: Path
) -> None:
    (directory / "0002_second.sql").write_text("create table second (a int); select nonsense;")

    with pytest.raises(ConfigError, match=r"0002_second\.sql.*nonsense"):
        await migrate(empty_database, directory)
    (directory / "0002_second.sql").write_text("create table second (a int);")

    assert await tables(empty_database) == ["first", "schema_migrations"]
    assert await migrate(empty_database, directory) == ["0002_second.sql"]


async def test_a_database_that_is_ahead_of_the_program_is_left_alone(
    empty_database: str, directory: Path
) -> None:
    await migrate(empty_database, directory)
    (directory / "0002_second.sql").unlink()

    with pytest.raises(ConfigError, match=r"0002_second\.sql.*older"):
        await migrate(empty_database, directory)


async def test_a_file_that_comes_too_late_for_its_number_is_refused(
    empty_database: str, directory: Path
) -> None:
    await migrate(empty_database, directory)
    (directory / "0000_earlier.sql").write_text("create table earlier (a int);")

    with pytest.raises(ConfigError, match=r"0000_earlier\.sql"):
        await migrate(empty_database, directory)


@pytest.mark.parametrize("name", ["3_short.sql", "0003-dash.sql", "0003_Caps.sql", "0002_so_double.sql"])
async def test_a_name_without_a_place_in_the_order_is_refused(directory: Path, name: str) -> None:
    (directory / name).write_text("select 1;")

    with pytest.raises(ConfigError, match=name):
        await migrate("postgresql://nobody@127.0.0.1/nothing", directory)


async def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no migrations"):
        await migrate("postgresql://nobody@127.0.0.1/nothing", tmp_path)


async def test_the_applications_role_is_told_to_leave_it_to_the_owner(database_url: str) -> None:
    with pytest.raises(ConfigError, match="DATABASE_OWNER_URL"):
        await migrate(database_url)


async def test_a_wrong_password_and_a_wrong_name_are_settings_to_be_put_right(
    database_owner_url: str,
) -> None:
    for url in (
        with_role(database_owner_url, "parley_app", "wrong"),
        with_database(database_owner_url, "no_such_database"),
        "mysql://owner:secret@127.0.0.1/parley",
    ):
        with pytest.raises(ConfigError) as refused:
            await migrate(url)
        assert "secret" not in str(refused.value)


async def test_a_server_that_is_not_there_is_an_outage() -> None:
    with pytest.raises(DatabaseUnavailable):
        await migrate(f"postgresql://owner:secret@127.0.0.1:{free_port()}/parley")


async def test_the_program_says_what_it_did_and_that_there_was_nothing_to_do(empty_database: str) -> None:
    first = await run_program(empty_database)
    second = await run_program(empty_database)

    assert first == (0, f"Applied {len(ALL)}: {', '.join(ALL)}.\n", "")
    assert second == (0, "The database was up to date.\n", "")


async def test_the_program_fails_with_one_sentence(empty_database: str) -> None:
    code, out, err = await run_program(with_database(empty_database, "no_such_database"))

    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "no_such_database" in err


async def test_the_applications_address_has_the_password_that_was_set(
    database_owner_url: str, database_template: Template
) -> None:
    awkward = "p@ss/w:rd' \\?#%"
    try:
        url = await set_app_password(database_owner_url, awkward)
        conn = await asyncpg.connect(url)
        who = await conn.fetchval("select current_user")
        await conn.close()
    finally:
        await set_app_password(database_owner_url, database_template.app_password)

    assert who == "parley_app"
