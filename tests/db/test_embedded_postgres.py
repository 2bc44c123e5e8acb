"""The server of one's own survives what happens to the process that started it."""

import asyncio
import os
import signal
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from agent.errors import StackError
from control.local.postgres import EmbeddedPostgres
from tests.fixtures.database import free_port


@pytest.fixture
def folder() -> Iterator[Path]:
    """As the stack's may be: nobody but its owner can enter it."""
    with tempfile.TemporaryDirectory(prefix="parley-test-") as made:
        yield Path(made)


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """Not started yet; stopped in the end."""
    made = embedded(folder)
    yield made
    await made.stop()


def embedded(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "postgres", folder / "logs" / "postgres.log", durable=False)


async def ask(url: str, question: str) -> object:
    conn = await asyncpg.connect(url)
    try:
        return await conn.fetchval(question)
    finally:
        await conn.close()


async def test_data_is_there_again_after_a_stop_and_at_another_port(server: EmbeddedPostgres) -> None:
    await server.start(free_port())
    await ask(server.owner_url, "create table kept as select 42 as answer")
    await server.stop()
    stopped_pid = server.pid

    await server.start(free_port())

    assert stopped_pid is None
    assert await ask(server.owner_url, "select answer from kept") == 42


async def test_nobody_gets_in_without_the_password(server: EmbeddedPostgres) -> None:
    await server.start(free_port())

    without = server.owner_url.replace(server.owner_url.split(":")[2].split("@")[0], "guess")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(without)


async def test_it_listens_on_loopback_only(server: EmbeddedPostgres) -> None:
    await server.start(free_port())

    addresses = {
        connection.laddr.ip
        for connection in psutil.Process(server.pid).net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


async def test_its_files_are_closed_to_everybody_else_and_it_does_not_run_as_root(
    server: EmbeddedPostgres, folder: Path
) -> None:
    await server.start(free_port())

    modes = {stat.S_IMODE((folder / "postgres" / name).stat().st_mode) for name in (".", "cluster")}
    assert modes == {0o700}
    assert psutil.Process(server.pid).uids().real != 0


async def test_the_keys_in_our_environment_are_not_in_its_own(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")

    await server.start(free_port())

    assert "OPENAI_API_KEY" not in psutil.Process(server.pid).environ()


async def test_a_server_that_a_killed_parent_left_is_ended_and_its_data_kept(
    server: EmbeddedPostgres, folder: Path
) -> None:
    await server.start(free_port())
    await ask(server.owner_url, "create table kept as select 42 as answer")
    left_running = server.pid
    heir = embedded(folder)

    await heir.start(free_port())
    answer = await ask(heir.owner_url, "select answer from kept")
    await heir.stop()

    assert answer == 42
    assert left_running is not None
    assert not psutil.pid_exists(left_running) or psutil.Process(left_running).status() == "zombie"


async def test_a_server_that_was_killed_itself_starts_again(server: EmbeddedPostgres, folder: Path) -> None:
    await server.start(free_port())
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    heir = embedded(folder)

    await heir.start(free_port())
    answer = await ask(heir.owner_url, "select 1")
    await heir.stop()

    assert answer == 1


async def test_a_record_that_names_another_program_by_chance_blocks_nothing(
    server: EmbeddedPostgres, folder: Path
) -> None:
    await server.start(free_port())
    await server.stop()
    record = folder / "postgres" / "cluster" / "postmaster.pid"
    # Process 1 is always there, and is no PostgreSQL.
    record.write_text(f"1\n{record.parent}\n0\n5432\n\n127.0.0.1\n0 0\nready\n")

    await server.start(free_port())

    assert await ask(server.owner_url, "select 1") == 1


async def test_a_cluster_that_was_cut_short_is_made_anew(server: EmbeddedPostgres, folder: Path) -> None:
    half_made = folder / "postgres" / "cluster.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("16\n")

    await server.start(free_port())

    assert await ask(server.owner_url, "select 1") == 1
    assert not half_made.exists()


async def test_a_port_in_use_is_said_so_and_nothing_is_left_running(
    server: EmbeddedPostgres, folder: Path
) -> None:
    port = free_port()
    await server.start(port)
    second = embedded(folder / "second")

    with pytest.raises(StackError, match="Address already in use"):
        await second.start(port)

    assert second.pid is None


async def test_a_start_that_is_cancelled_leaves_nothing_running(
    server: EmbeddedPostgres, folder: Path
) -> None:
    await server.start(free_port())
    await server.stop()

    starting = asyncio.create_task(server.start(free_port()))
    async with asyncio.timeout(10):
        while server.pid is None:  # noqa: ASYNC110 - what is waited for is a process, not a task
            await asyncio.sleep(0)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting

    assert server.pid is None
    assert not (folder / "postgres" / "cluster" / "postmaster.pid").exists()


async def test_the_address_is_unknown_before_the_start(server: EmbeddedPostgres) -> None:
    with pytest.raises(StackError):
        _ = server.owner_url
