"""The whole stack on one machine: started side by side where nothing waits, stopped in one order.

    LiveKit ──────────────────────┬─▶ worker ──┐
    Redis ────────────────────────┼─▶ control ─┴─▶ self-check ─▶ ready
    PostgreSQL ─▶ schema ─▶ demo ─┘

The order of the end is written in `stop`. A worker or control that dies is started again; without a data
service nothing is left to serve, so its end is the stack's.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from agent.errors import StackError
from control.keyring import KeyRing
from control.local.child import Child, Program
from control.local.database import LocalDatabase
from control.local.demo import Demo, seed_demo
from control.local.environment import (
    WORKER_DRAIN_S,
    ControlPlace,
    control_environment,
    service_environment,
    worker_environment,
)
from control.local.folder import StackFolder
from control.local.livekit import LocalLiveKit
from control.local.livekit_build import build_livekit_server, find_livekit_server
from control.local.pids import PidFile
from control.local.ports import LOOPBACK, free_ports, require_free
from control.local.redis import EmbeddedRedis, require_redis
from control.local.steps import Steps
from control.local.supervision import end_with, keep

READY_TIMEOUT_S = 30.0
WORKER_TIMEOUT_S = 60.0
ASK_EVERY_S = 0.1
BUILDING = "LiveKit server, built from its Go module (about 90 s, this once)"


@dataclass(frozen=True, slots=True)
class StackOptions:
    port: int
    data_dir: Path
    with_demo: bool


@asynccontextmanager
async def open_stack(
    options: StackOptions, environment: Mapping[str, str], steps: Steps, hurry: asyncio.Event
) -> AsyncIterator["LocalStack"]:
    """A started stack. Whatever happens, nothing of it runs afterwards; `hurry` makes the end abrupt.

    Raises: StackError, or another AppError of a part, in a sentence for a person.
    """
    folder = StackFolder(options.data_dir)
    folder.make()
    with folder.locked():
        pids = PidFile(folder.pids)
        leftovers = await asyncio.to_thread(pids.end_leftovers)
        if leftovers:
            steps.note(f"ended what a killed run had left: {', '.join(leftovers)}")
        require_free(options.port)
        stack = LocalStack(options, environment, folder, pids, steps, hurry)
        try:
            await stack.start()
            yield stack
        finally:
            await stack.stop()
            folder.running.unlink(missing_ok=True)


class LocalStack:
    def __init__(
        self,
        options: StackOptions,
        environment: Mapping[str, str],
        folder: StackFolder,
        pids: PidFile,
        steps: Steps,
        hurry: asyncio.Event,
    ) -> None:
        self._options = options
        self._environment = environment
        self._pids = pids
        self._steps = steps
        self._hurry = hurry
        self._secrets = folder.secrets()
        livekit_port, redis_port, database_port = free_ports(3)
        services = service_environment(environment)
        self.folder = folder
        self.url = f"http://localhost:{options.port}"
        self.control_url = f"http://{LOOPBACK}:{options.port}"
        self.demo: Demo | None = None
        self.control: Child | None = None
        self.worker: Child | None = None
        self.database = LocalDatabase(folder, environment, database_port)
        self.redis = (
            None if environment.get("REDIS_URL") else EmbeddedRedis(folder, pids, services, redis_port)
        )
        self.livekit = LocalLiveKit(
            folder,
            pids,
            services,
            port=livekit_port,
            udp_port=free_ports(1, socket.SOCK_DGRAM)[0],
            webhook_url=f"{self.control_url}/internal/v1/livekit/webhook",
        )

    @property
    def redis_url(self) -> str:
        return self.redis.url if self.redis is not None else self._environment["REDIS_URL"]

    @property
    def mail_dir(self) -> Path | None:
        """The folder that letters go to; None where the user has named a mail server."""
        if self._environment.get("PARLEY_SMTP_URL"):
            return None
        return Path(self._environment.get("PARLEY_MAIL_DIR") or self.folder.mail).absolute()

    @property
    def children(self) -> list[Child]:
        """All that were started here, in the order in which they are stopped."""
        redis = self.redis.child if self.redis is not None else None
        return [
            child for child in (self.worker, self.control, self.livekit.child, redis) if child is not None
        ]

    @property
    def pids(self) -> dict[str, list[int]]:
        """Of the stack itself too: a signal to it is a signal to all, in order."""
        running = {"stack": [os.getpid()]}
        running |= {child.name: [child.pid] for child in self.children if child.pid is not None}
        if self.database.pid is not None:
            running["postgres"] = [self.database.pid]
        return running

    def facts(self) -> dict[str, object]:
        """What `--json` prints: everything a program needs to use this stack."""
        demo = self.demo
        return {
            "url": self.url,
            "token_endpoint": f"{self.url}/v1/token",
            "livekit_url": self.livekit.access.url,
            "api_bases": [f"{self.url}/v1"],
            "api_key": demo.api_key if demo is not None else None,
            "email": demo.email if demo is not None else None,
            "password": demo.password if demo is not None else None,
            "database_url": self.database.url,
            "redis_url": self.redis_url,
            "mail_dir": None if self.mail_dir is None else str(self.mail_dir),
            "pids": self.pids,
        }

    async def start(self) -> None:
        """Returns when control answers and a worker is registered."""
        async with asyncio.TaskGroup() as group:
            livekit = group.create_task(self._start_livekit())
            redis = group.create_task(self._start_redis())
            database = group.create_task(self._start_database())
            group.create_task(self._start_worker(livekit))
            group.create_task(self._start_control(livekit, redis, database))

    async def stop(self) -> None:
        """Worker, control, LiveKit, Redis, PostgreSQL: nobody loses what it still needs to finish."""
        for child in self.children:
            await child.stop(self._hurry)
        await self.database.stop()

    async def supervise(self) -> None:
        """Runs for as long as the data services do. Raises: StackError when one of them ends."""
        services = [child for child in self.children if child not in (self.control, self.worker)]
        async with asyncio.TaskGroup() as group:
            for child in services:
                group.create_task(end_with(child))
            for kept in (self.control, self.worker):
                if kept is not None:
                    group.create_task(keep(kept, self._steps, self._hurry))
            group.create_task(self._end_with_database())

    # Starting, one part each

    async def _start_livekit(self) -> None:
        server = find_livekit_server(self._environment)
        if server is None:
            with self._steps.step(BUILDING, is_long=True):
                server = await build_livekit_server(self._environment, self.folder.log("livekit-build"))
        with self._steps.step("LiveKit"):
            await self.livekit.start(server)

    async def _start_redis(self) -> None:
        with self._steps.step("Redis"):
            if self.redis is None:
                await require_redis(self.redis_url)
            else:
                await self.redis.start()

    async def _start_database(self) -> None:
        with self._steps.step("PostgreSQL"):
            await self.database.start()
        with self._steps.step("Schema"):
            await self.database.migrate()
        if self._options.with_demo:
            with self._steps.step("Demo tenant and its help centre"):
                self.demo = await seed_demo(self.database.url, self._secrets, self._ring())

    async def _start_worker(self, livekit: "asyncio.Task[None]") -> None:
        """Begins as soon as there is a LiveKit to register with: loading its engines takes longest."""
        await livekit
        environment = worker_environment(
            self._environment, self.livekit.access, self.control_url, self.folder.path / "spool"
        )
        self.worker = self._child("worker", ["agent", "start"], environment, WORKER_DRAIN_S + 5.0)
        with self._steps.step("Agent worker"):
            await self.worker.start()
            await self.worker.wait_ready(self._worker_is_there, WORKER_TIMEOUT_S, ASK_EVERY_S)

    async def _start_control(self, *needed: "asyncio.Task[None]") -> None:
        await asyncio.gather(*needed)
        place = ControlPlace(
            host=LOOPBACK,
            port=self._options.port,
            public_url=self.url,
            mail_dir=self.folder.mail,
            secret_key=self._secrets.secret_key,
            database_url=self.database.url,
            redis_url=self.redis_url,
            demo=None if self.demo is None else (self.demo.email, self.demo.password),
        )
        environment = control_environment(self._environment, self.livekit.access, place)
        self.control = self._child("control", ["control", "serve"], environment)
        with self._steps.step("Control"):
            await self.control.start()
            await self.control.wait_ready(self._control_is_ready, READY_TIMEOUT_S, ASK_EVERY_S)

    def _ring(self) -> KeyRing:
        """The one that control will have."""
        return KeyRing.from_settings(
            self._environment.get("PARLEY_KEY_RING") or None, self._secrets.secret_key
        )

    def _child(
        self, name: str, module: list[str], environment: dict[str, str], grace_s: float = 6.0
    ) -> Child:
        command = [sys.executable, "-m", *module]
        return Child(Program(name, command, environment, self.folder.log(name), grace_s), self._pids)

    async def _control_is_ready(self) -> bool:
        status, _ = await _get(f"{self.control_url}/readyz")
        return status == 200

    async def _worker_is_there(self) -> bool:
        _, deployment = await _get(f"{self.control_url}/v1/deployment")
        return deployment.get("workers", 0) > 0

    # Running

    async def _end_with_database(self) -> None:
        await self.database.wait_for_end()
        raise StackError("postgres ended, and the stack with it: see its log, and run it again")


async def _get(url: str) -> tuple[int, dict[str, int]]:
    """(status, body); (0, {}) while nothing answers."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3.0)) as http,
            http.get(url) as answer,
        ):
            return answer.status, await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return 0, {}
