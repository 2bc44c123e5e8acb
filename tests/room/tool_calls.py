"""What became of the calls of tools in a room, and who makes them: read until it is so."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import psutil

from tests.fakes.providers import FakeProviders
from tests.fakes.script import Seen
from tests.fakes.tool_server import ToolServer
from tests.fixtures.meeting import Meeting
from tests.fixtures.stack import Stack


async def tool_calls(meeting: Meeting) -> list[dict[str, Any]]:
    """Newest first."""
    listed = await meeting._get(f"/v1/conversations?room_name={meeting.room_name}")
    answer = await meeting._get(f"/v1/conversations/{listed['data'][0]['id']}/tool-calls")
    rows: list[dict[str, Any]] = answer["data"]
    return rows


def asked_about(providers: FakeProviders, piece: str) -> list[Seen]:
    """The requests of a model whose question has it."""
    return [seen for seen in providers.requests if seen.kind == "chat" and piece in seen.question]


def answered(requests: list[Seen]) -> list[Seen]:
    """To the end: the calls of tools that belong to it are written."""
    return [seen for seen in requests if seen.end_s is not None and not seen.cancelled]


async def until(holds: Callable[[], object], what: str, timeout_s: float = 30, every_s: float = 0.05) -> None:
    """Raises: TimeoutError that names `what` did not happen."""
    deadline_s = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"{what} did not happen within {timeout_s} s")
        await asyncio.sleep(every_s)


async def wait_for_states(meeting: Meeting, *states: str) -> list[dict[str, Any]]:
    """The calls, newest first, once they are in these states. Raises: TimeoutError."""
    deadline_s = time.monotonic() + 20
    while True:
        calls = await tool_calls(meeting)
        if [call["state"] for call in calls] == list(states):
            return calls
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"calls in {states} were not there within 20 s: {calls}")
        await asyncio.sleep(0.1)


def job_that_asks(stack: Stack, server: ToolServer) -> psutil.Process:
    """The process whose connection the tool's server has."""
    port = int(server.base_url.rpartition(":")[2])
    for child in psutil.Process(stack.pid("worker")).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if any(it.raddr and it.raddr.port == port for it in child.net_connections("tcp")):
                return child
    raise AssertionError("no process of the worker asks that server")
