"""A control process from start to end: it finishes what it has begun and then goes."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from agent.settings import ControlSettings
from control.jobs import JobTokens
from control.store.db import Database
from tests.fixtures.control import ControlUnderTest, eventually
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job
from tests.http.test_internal import turn

ROOT = Path(__file__).parents[2]


def environment_of(settings: ControlSettings) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LIVEKIT_URL": settings.livekit.url,
        "LIVEKIT_API_KEY": settings.livekit.api_key,
        "LIVEKIT_API_SECRET": settings.livekit.api_secret,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PARLEY_SECRET_KEY": settings.secret_key,
        "PARLEY_PORT": str(settings.port),
    }


@asynccontextmanager
async def serving(environment: Mapping[str, str]) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "control", "serve", cwd=ROOT, env=dict(environment), stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def client_of(settings: ControlSettings) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{settings.port}") as http:

        async def is_up() -> bool:
            try:
                async with http.get("/livez") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

        await eventually(is_up, "control serves", timeout_s=30)
        yield http


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_request_that_has_begun_is_answered_before_the_process_ends(
    own_settings: ControlSettings,
    own_team: TenantSample,
    database: Database,
    owner_connection: asyncpg.Connection,
    number: signal.Signals,
) -> None:
    job = await begin_job(database, own_team)
    token, _ = JobTokens(own_settings.secret_key).issue(job)
    body = {"epoch": job.epoch, "turns": [turn("t1")]}

    async def is_waiting() -> bool:
        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
        return bool(await owner_connection.fetchval(waiting))

    async def is_closed() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", own_settings.port)
        except ConnectionError:
            # Refused, or reset: the listener was closed while we stood in its queue.
            return True
        writer.close()
        return False

    async with serving(environment_of(own_settings)) as process, client_of(own_settings) as http:
        async with database.tenant(own_team.id) as conn:
            await conn.execute("select from conversations for update")
            headers = {"Authorization": f"Bearer {token}"}
            request = asyncio.create_task(http.post("/internal/v1/turns", json=body, headers=headers))
            await eventually(is_waiting, "the turn waits for our lock")
            process.send_signal(number)
            await eventually(is_closed, "no new connections")
        answer = await request
        assert await answer.json() == {"acks": [{"client_id": "t1", "seq": 1}]}
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_a_port_that_is_taken_is_named(
    own_settings: ControlSettings, control: ControlUnderTest
) -> None:
    environment = environment_of(own_settings) | {"PARLEY_PORT": str(control.settings.port)}
    async with serving(environment) as process:
        _, errors = await asyncio.wait_for(process.communicate(), 30)

    assert process.returncode == 1
    assert f"cannot listen at 127.0.0.1:{control.settings.port}".encode() in errors
    assert b"Traceback" not in errors


async def test_a_role_that_row_level_security_does_not_bind_is_refused(
    own_settings: ControlSettings, database_owner_url: str
) -> None:
    environment = environment_of(own_settings) | {"DATABASE_URL": database_owner_url}
    async with serving(environment) as process:
        _, errors = await asyncio.wait_for(process.communicate(), 30)

    assert process.returncode == 1
    assert b"row level security would not hold" in errors
    assert b"Traceback" not in errors
