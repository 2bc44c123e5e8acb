"""A child process of the stack: its log, its readiness, its end.

Each child leads a session of its own, so that Ctrl-C at the terminal reaches only the stack, which then
stops its children one by one. Whatever a child has started goes with it.
"""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import StackError
from control.local.pids import PidFile, descendants, kill_all
from control.local.waiting import POLL_S, until

LAST_LINES = 6
LAST_BYTES = 8_000
MAX_LOG_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Program:
    """How to run one part of the stack. `grace_s`: how long it may take to end after SIGTERM."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(repr=False)
    log_path: Path
    grace_s: float = 5.0


class Child:
    def __init__(self, program: Program, pids: PidFile) -> None:
        self._program = program
        self._pids = pids
        self._process: Process | None = None

    @property
    def name(self) -> str:
        return self._program.name

    @property
    def log_path(self) -> Path:
        return self._program.log_path

    @property
    def pid(self) -> int | None:
        """None when it was not started or has ended."""
        if self._process is None or self._process.returncode is not None:
            return None
        return self._process.pid

    async def start(self) -> None:
        """Raises: StackError when the program cannot be run at all."""
        program = self._program
        _rotate(program.log_path)
        with program.log_path.open("ab") as log:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *program.command,
                    stdin=DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=dict(program.environment),
                    start_new_session=True,
                )
            except OSError as error:
                raise StackError(
                    f"{program.name} cannot be started: {program.command[0]!r} ({error.strerror})"
                ) from error
        self._pids.record(program.name, self._process.pid)

    async def wait_ready(
        self, is_ready: Callable[[], Awaitable[bool]], timeout_s: float, poll_s: float = POLL_S
    ) -> None:
        """Returns when `is_ready` says so.

        Raises: StackError with the last lines of the log when the child ends before, or takes too long.
        """

        async def ready_or_dead() -> bool:
            if await is_ready():
                return True
            if self.pid is None:
                raise StackError(self.obituary())
            return False

        try:
            await until(ready_or_dead, timeout_s, poll_s)
        except TimeoutError as error:
            raise StackError(f"{self.name} was not ready after {timeout_s:.0f} s{self._tail()}") from error

    async def wait(self) -> int:
        """The exit code, once it has ended. Negative: the signal that ended it."""
        if self._process is None:
            raise StackError(f"{self.name} was not started")
        return await self._process.wait()

    async def stop(self, hurry: asyncio.Event) -> None:
        """Ends it and all below it: SIGTERM, and SIGKILL after its grace or when told to hurry."""
        process = self._process
        if process is None:
            return
        family = descendants(process.pid)
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            await _either(process.wait(), hurry.wait(), timeout_s=self._program.grace_s)
        family += descendants(process.pid)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await asyncio.to_thread(kill_all, family)
        self._pids.forget(self.name)

    def obituary(self) -> str:
        """What its end looked like, for a person."""
        code = None if self._process is None else self._process.returncode
        how = "ended" if code is None else f"ended with exit code {code}"
        if code is not None and code < 0:
            how = f"was ended by {signal.Signals(-code).name}"
        return f"{self.name} {how}{self._tail()}"

    def _tail(self) -> str:
        return f" (log: {self.log_path})\n{last_lines(self.log_path)}".rstrip()


def last_lines(path: Path) -> str:
    """The last few lines of a log, indented; empty when there are none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LAST_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line[:300]}" for line in lines[-LAST_LINES:])


def _rotate(path: Path) -> None:
    """Keeps a log from growing for ever: one older file beside it."""
    if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))


async def _either(*awaitables: Awaitable[object], timeout_s: float) -> None:
    """Returns when the first of them is done, or after the time."""
    tasks = [asyncio.ensure_future(item) for item in awaitables]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
