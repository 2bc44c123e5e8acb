"""The shared mechanics of a faked answer: pacing, faults, and noting what happened to the request."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from aiohttp import web
from pydantic import JsonValue

from tests.fakes.script import Fault, FaultKind, Latencies, Seen

IN_THE_MIDDLE: frozenset[FaultKind] = frozenset(
    {"stall", "cut", "stop_short", "garbage_later", "error_event", "filtered_later"}
)
CUT_DELAY_S = 0.02
NO_TEXT = b"\xff\xfe\x00\x80\xc3\x28" * 50
"""What no decoder of UTF-8 takes."""


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
    pieces: list[str], seen: Seen, latencies: Latencies, fault: Fault | None
) -> AsyncIterator[str]:
    """`pieces` at their times, counted from the arrival of the request; no more than the fault lets through.

    Raises: Cut. A stall never ends.
    """
    kind = kind_of(fault)
    if fault is not None and kind in IN_THE_MIDDLE:
        pieces = pieces[: fault.after_pieces]
    for place, piece in enumerate(pieces):
        await until(seen.at_s + latencies.first_token_s + latencies.token_s * place)
        yield piece
        seen.first_s = seen.first_s or time.monotonic()
    if kind == "stall":
        await hang()
    if kind == "cut":
        # Long enough for a client to have read what came before.
        await asyncio.sleep(CUT_DELAY_S)
        raise Cut


def kind_of(fault: Fault | None) -> FaultKind | None:
    return None if fault is None else fault.fault


class EventStream:
    """A server-sent event stream as an answer."""

    def __init__(self) -> None:
        self.response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})

    async def open(self, request: web.Request) -> None:
        await self.response.prepare(request)

    async def send(self, data: JsonValue, event: str | None = None) -> None:
        head = f"event: {event}\n" if event else ""
        await self.send_raw(f"{head}data: {json.dumps(data)}\n\n")

    async def send_raw(self, text: str | bytes) -> None:
        await self.response.write(text.encode() if isinstance(text, str) else text)

    async def open_faulty(self, request: web.Request, kind: FaultKind | None, garbage: str) -> bool:
        """Whether that was all of the answer: it is not going to be one. Never returns from a silence."""
        if kind == "hang":
            await hang()
        await self.open(request)
        if kind == "silent":
            await self.send_raw("\n\n")
            await hang()
        if kind in ("garbage", "bytes"):
            await self.send_raw(garbage if kind == "garbage" else NO_TEXT + b"\n\n")
            return True
        return False


def refusal(fault: Fault | None, body: Callable[[int, str], dict[str, JsonValue]]) -> web.Response | None:
    """The error answer of a fault that has one in common; `body` writes it in the provider's own form."""
    match kind_of(fault):
        case "unauthorized":
            return web.json_response(body(401, "invalid key"), status=401)
        case "forbidden":
            return web.json_response(body(403, "this key may not use this model"), status=403)
        case "rate_limited":
            wait_s = fault.retry_after_s if fault is not None else None
            headers = {} if wait_s is None else {"Retry-After": f"{wait_s:g}"}
            return web.json_response(body(429, "slow down"), status=429, headers=headers)
        case "server_error":
            return web.json_response(body(500, "it broke"), status=500)
        case _:
            return None
