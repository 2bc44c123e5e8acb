"""The doctor's look at this machine: Python, the system, the installed engines, the keys, the port."""

import asyncio
import importlib
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from agent.errors import StackError
from control.local.findings import Check, Finding, bad, note
from control.local.folder import StackFolder
from control.local.livekit_build import find_uv
from control.local.models import describe_models
from control.local.ports import require_free

NEEDED_PYTHON = (3, 11)
NEEDED_GLIBC = (2, 34)
"""Source: the platform tags of the wheels of moonshine-voice 0.1.0."""
NEEDED_DISK_GB = 2
ENGINES = {
    "moonshine_voice": "speech to text",
    "espeakng_loader": "text to speech",
    "rapidocr": "text on the screen",
    "livekit.local_inference": "voice activity, turns",
}
DEFAULT_PORT = 8080


def machine_checks(folder: StackFolder, environment: Mapping[str, str]) -> list[Check]:
    async def models() -> str:
        return "\n".join(await describe_models(environment))

    async def uv() -> str:
        return find_uv(environment)

    async def port() -> str | Finding:
        if folder.is_locked():
            return "served by the running stack"
        try:
            require_free(DEFAULT_PORT)
        except StackError as error:
            return note(f"port {DEFAULT_PORT}", str(error))
        return "free"

    return [
        Check("Python", _off_loop(_python)),
        Check("system", _off_loop(_system)),
        Check("disk", _off_loop(lambda: _disk(folder.path))),
        Check("uv", uv),
        *[Check(what, _off_loop(_engine(module))) for module, what in ENGINES.items()],
        Check("answers", models),
        Check(f"port {DEFAULT_PORT}", port),
    ]


def _off_loop(look: Callable[[], str | Finding]) -> Callable[[], "asyncio.Future[str | Finding]"]:
    return lambda: asyncio.ensure_future(asyncio.to_thread(look))


def _python() -> str | Finding:
    version = platform.python_version()
    if sys.version_info < NEEDED_PYTHON:
        return bad("Python", f"{version}: 3.11 or later is needed")
    return f"{version} ({sys.executable})"


def _system() -> str | Finding:
    words = f"{platform.system()} {platform.release()} on {platform.machine()}"
    name, version = platform.libc_ver()
    if name != "glibc":
        return words
    if tuple(int(part) for part in version.split(".")[:2]) < NEEDED_GLIBC:
        return bad("system", f"{words}, glibc {version}: local speech recognition needs 2.34 or later")
    return f"{words}, glibc {version}"


def _disk(folder: Path) -> str | Finding:
    place = next(path for path in (folder, *folder.parents) if path.exists())
    free_gb = shutil.disk_usage(place).free / 1e9
    words = f"{free_gb:.1f} GB free at {place}"
    return words if free_gb >= NEEDED_DISK_GB else bad("disk", f"{words}: {NEEDED_DISK_GB} GB are needed")


def _engine(module: str) -> Callable[[], str | Finding]:
    """Imports it: a library of the system that is missing shows only then."""

    def look() -> str | Finding:
        try:
            importlib.import_module(module)
        except (ImportError, OSError) as error:
            return bad(ENGINES[module], f"{module} cannot be loaded: {error}")
        return module

    return look
