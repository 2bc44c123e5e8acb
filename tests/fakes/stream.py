"""The shared mechanics of a faked answer: pacing, faults, and noting what happened to the request."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web
from pydantic import JsonValue

from tests.fakes.script import FaultKind, Latencies, Seen

CUT_AFTER_PIECES = 3
RETRY_AFTER_S = 7


class Cut(Exception):
    """Breaks the connection where it is raised."""


@contextmanager
def watched(request: web.Request, seen: Seen) -> Iterator[None]:
    """Notes the end of a request, breaks the connection on `Cut`; a client that hung up has cancelled."""
    try:
        yield
    except (asyncio.CancelledError, ConnectionResetError):
        seen.cancelled = True
        raise
    except Cut:
        if request.transport is not None:
            request.transport.abort()
    finally:
        seen.end_s = time.monotonic()


def broken() -> web.Response:
    """For a handler to return when its connection is gone; nobody receives it."""
    return web.Response()


async def until(at_s: float) -> None:
    """Waits until that monotonic time."""
    await asyncio.sleep(max(at_s - time.monotonic(), 0.0))


async def hang() -> None:
    """Answers nothing until the client gives up."""
    await asyncio.Event().wait()


async def paced(
    pieces: list[str], seen: Seen, latencies: Latencies, fault: FaultKind | None
) -> AsyncIterator[str]:
    """`pieces` at their times, counted from the arrival of the request."""
    for place, piece in enumerate(pieces):
        if fault == "cut" and place == CUT_AFTER_PIECES:
            raise Cut
        await until(seen.at_s + latencies.first_token_s + latencies.token_s * place)
        yield piece
        seen.first_s = seen.first_s or time.monotonic()


class EventStream:
    """A server-sent event stream as an answer."""

    def __init__(self) -> None:
        self.response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})

    async def open(self, request: web.Request) -> None:
        await self.response.prepare(request)

    async def send(self, data: JsonValue, event: str | None = None) -> None:
        head = f"event: {event}\n" if event else ""
        await self.send_raw(f"{head}data: {json.dumps(data)}\n\n")

    async def send_raw(self, text: str) -> None:
        await self.response.write(text.encode())


def refusal(fault: FaultKind | None, body: Callable[[int, str], dict[str, JsonValue]]) -> web.Response | None:
    """The error answer of a fault that has one; `body` writes it in the provider's own form."""
    match fault:
        case "unauthorized":
            return web.json_response(body(401, "invalid key"), status=401)
        case "rate_limited":
            headers = {"Retry-After": str(RETRY_AFTER_S)}
            return web.json_response(body(429, "slow down"), status=429, headers=headers)
        case "server_error":
            return web.json_response(body(500, "it broke"), status=500)
        case _:
            return None
