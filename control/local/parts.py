"""The doctor's look at the parts: those of a running stack, else each is started for a moment elsewhere."""

import asyncio
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from agent.errors import StackError
from control.local.environment import LiveKitAccess, service_environment
from control.local.findings import Check, Finding, note
from control.local.folder import StackFolder
from control.local.livekit import API_KEY, LocalLiveKit
from control.local.livekit_build import VERSION, find_livekit_server, find_uv, server_version
from control.local.loopback import measure_loopback
from control.local.pids import PidFile
from control.local.ports import free_ports
from control.local.postgres import EmbeddedPostgres
from control.local.redis import EmbeddedRedis, find_redis_server, require_redis


def running_checks(folder: StackFolder) -> list[Check]:
    """Of the stack that uses `folder` now."""

    async def control(path: str) -> str:
        return await _ask(folder, path)

    async def loopback() -> str:
        secret = folder.secrets().livekit_secret
        access = LiveKitAccess(_facts(folder)["livekit_url"], API_KEY, secret)
        return f"sound comes back in {await measure_loopback(access)} ms"

    return [
        Check("control lives", lambda: control("/livez")),
        Check("control is ready", lambda: control("/readyz")),
        Check("workers", lambda: control("/v1/deployment")),
        Check("WebRTC loopback", loopback),
    ]


def resting_checks(environment: Mapping[str, str]) -> list[Check]:
    """Of the parts that a run would start here, or be given."""

    async def livekit() -> str | Finding:
        server = find_livekit_server(environment)
        if server is None:
            find_uv(environment)
            return note("LiveKit", f"not built yet: `make run` builds {VERSION} once, in about 90 s")
        async with _livekit_for_a_moment(server, environment) as access:
            heard_ms = await measure_loopback(access)
        version = ".".join(str(part) for part in server_version(server))
        return f"{version} ({server}), sound comes back in {heard_ms} ms"

    async def postgres() -> str:
        if environment.get("DATABASE_URL") or environment.get("DATABASE_OWNER_URL"):
            return "the one that DATABASE_URL names"
        with tempfile.TemporaryDirectory() as place:
            server = EmbeddedPostgres(Path(place) / "postgres", Path(place) / "log", durable=False)
            try:
                await server.start(free_ports(1)[0])
            finally:
                await server.stop()
        return "an embedded one starts and stops"

    async def redis() -> str:
        given = environment.get("REDIS_URL")
        if given:
            await require_redis(given)
            return "the one that REDIS_URL names answers"
        with tempfile.TemporaryDirectory() as place:
            folder, pids = _folder_for_a_moment(place)
            server = EmbeddedRedis(folder, pids, service_environment(environment), free_ports(1)[0])
            try:
                await server.start()
            finally:
                await server.child.stop(asyncio.Event())
        return f"{find_redis_server()} starts and stops"

    return [Check("LiveKit", livekit), Check("PostgreSQL", postgres), Check("Redis", redis)]


@asynccontextmanager
async def _livekit_for_a_moment(server: Path, environment: Mapping[str, str]) -> AsyncIterator[LiveKitAccess]:
    with tempfile.TemporaryDirectory() as place:
        folder, pids = _folder_for_a_moment(place)
        livekit = LocalLiveKit(
            folder,
            pids,
            service_environment(environment),
            port=free_ports(1)[0],
            udp_port=free_ports(1, socket.SOCK_DGRAM)[0],
            webhook_url=None,
        )
        try:
            await livekit.start(server)
            yield livekit.access
        finally:
            if livekit.child is not None:
                await livekit.child.stop(asyncio.Event())


def _folder_for_a_moment(place: str) -> tuple[StackFolder, PidFile]:
    folder = StackFolder(Path(place))
    folder.make()
    return folder, PidFile(folder.pids)


async def _ask(folder: StackFolder, path: str) -> str:
    """What control says there, as words. Raises: StackError when it is not well."""
    url = _facts(folder)["url"] + path
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http,
            http.get(url) as answer,
        ):
            body = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise StackError(f"{url} does not answer: see {folder.log('control')}") from error
    words = ", ".join(f"{name} {value}" for name, value in body.items() if name != "demo")
    if answer.status != 200:
        raise StackError(words)
    return words


def _facts(folder: StackFolder) -> dict[str, str]:
    """Raises: StackError while the stack is still starting."""
    try:
        facts: dict[str, str] = json.loads(folder.running.read_text())
    except FileNotFoundError as error:
        raise StackError("the stack is starting: ask again when it is up") from error
    return facts
