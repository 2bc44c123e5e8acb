"""The program that reads screens: `python -m agent.local.ocr_process --socket PATH`, one per worker.

Text recognition takes seconds of CPU and 300 MB, so all jobs of a worker share this process, which reads one
frame at a time. A connection carries one request: HEADER (who asks, how many seconds it may take, how many
bytes follow) and the picture; the answer is one line of JSON, `{"lines": [[text, left, top, width, height,
confidence], …]}` in reading order, or `{"error": code, "detail": words}`. Waiting is bounded: a newer frame
takes the place of an older one of the same asker, and beyond MAX_WAITING askers are refused. The models are
loaded with the first frame and stay. The process ends when its standard input does, hence with its parent.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import struct
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from agent.errors import InvalidInput
from agent.local.screen_lines import Line
from agent.logs import set_up_logging

logger = logging.getLogger(__name__)

FOLDER_PREFIX = "parley-ocr-"
HEADER = struct.Struct("<16sfI")
MAX_IMAGE_BYTES = 16_000_000
MAX_WAITING = 32
NICENESS = 5
RECEIVE_TIMEOUT_S = 10.0

REFUSED, REPLACED, BUSY, FAILED = "refused", "replaced", "busy", "failed"

Read = Callable[[bytes, float, Callable[[], bool]], list[Line]]
"""(picture, deadline, is_abandoned) → lines; see `OcrEngine.read`."""


@dataclass(slots=True)
class Request:
    """`abandoned`: nobody waits for the answer any more."""

    asker: bytes
    image: bytes
    deadline_s: float
    answer: asyncio.Future[str]
    abandoned: Event = field(default_factory=Event)

    def finish(self, answer: str) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)


class Desk:
    """One frame is being read; at most one waits for each asker, first come first served."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._waiting: dict[bytes, Request] = {}
        self._arrived = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ocr")

    def submit(self, request: Request) -> None:
        older = self._waiting.get(request.asker)
        if older is not None:
            older.finish(_error(REPLACED, "a newer picture took its place"))
        elif len(self._waiting) >= MAX_WAITING:
            request.finish(_error(BUSY, f"{MAX_WAITING} pictures wait already"))
            return
        self._waiting[request.asker] = request  # an older one's place in the queue is kept
        self._arrived.set()

    async def run(self) -> None:
        while True:
            await self._arrived.wait()
            request = self._waiting.pop(next(iter(self._waiting)))
            if not self._waiting:
                self._arrived.clear()
            if not request.abandoned.is_set():
                await self._serve(request)

    async def _serve(self, request: Request) -> None:
        loop = asyncio.get_running_loop()
        arguments = request.image, request.deadline_s, request.abandoned.is_set
        try:
            lines = await loop.run_in_executor(self._thread, self._read, *arguments)
        except InvalidInput as error:
            request.finish(_error(REFUSED, str(error)))
        except Exception as error:  # the boundary of one request: the next picture may be fine
            logger.exception("a picture could not be read", extra={"error": type(error).__name__})
            request.finish(_error(FAILED, "text recognition failed"))
        else:
            request.finish(json.dumps({"lines": [_pack(line) for line in lines]}))


class LazyEngine:
    """Loads the models with the first picture. Called in the desk's one thread only."""

    def __init__(self) -> None:
        self._read: Read | None = None

    def read(self, image: bytes, deadline_s: float, is_abandoned: Callable[[], bool]) -> list[Line]:
        if self._read is None:
            from agent.local.ocr_engine import OcrEngine

            self._read = OcrEngine().read
        return self._read(image, deadline_s, is_abandoned)


async def serve(socket_path: Path, read: Read) -> None:
    """Serves until cancelled; removes the socket."""
    desk = Desk(read)
    server = await asyncio.start_unix_server(lambda r, w: _converse(desk, r, w), socket_path)
    try:
        async with server:
            await desk.run()
    finally:
        socket_path.unlink(missing_ok=True)  # noqa: ASYNC240 - one quick system call, at the end


async def _converse(desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
        async with asyncio.timeout(RECEIVE_TIMEOUT_S):
            asker, budget_s, size = HEADER.unpack(await reader.readexactly(HEADER.size))
            image = await reader.readexactly(size) if size <= MAX_IMAGE_BYTES else None
        if image is None:
            answer = _error(REFUSED, f"a picture of {size} bytes is too large: {MAX_IMAGE_BYTES} at most")
        else:
            answer = await _await_answer(desk, reader, asker, image, budget_s)
        writer.write(answer.encode() + b"\n")
        await writer.drain()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _await_answer(
    desk: Desk, reader: asyncio.StreamReader, asker: bytes, image: bytes, budget_s: float
) -> str:
    """The answer; a request whose connection ends before is abandoned."""
    loop = asyncio.get_running_loop()
    request = Request(asker, image, time.monotonic() + budget_s, loop.create_future())
    leaving = asyncio.create_task(reader.read(1), name="await hang-up")
    desk.submit(request)
    try:
        waits: set[asyncio.Future[Any]] = {request.answer, leaving}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not request.answer.done():
            raise ConnectionResetError
        return request.answer.result()
    finally:
        request.abandoned.set()
        leaving.cancel()


def _pack(line: Line) -> list[str | int | float]:
    box = line.box
    return [line.text, box.left, box.top, box.width, box.height, round(line.confidence, 3)]


def _error(code: str, detail: str) -> str:
    return json.dumps({"error": code, "detail": detail})


async def run(socket_path: Path) -> None:
    """Serves until standard input ends, then ends the process at once, whatever the thread is doing."""
    serving = asyncio.create_task(serve(socket_path, LazyEngine().read), name="serve")
    orphaned = asyncio.create_task(_await_end_of_input(), name="await parent's end")
    await asyncio.wait({serving, orphaned}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        await serving
    _clear_away(socket_path)
    os._exit(0)


def _clear_away(socket_path: Path) -> None:
    """Removes the socket and the folder that was made for it: a worker that was killed cannot."""
    socket_path.unlink(missing_ok=True)
    if socket_path.parent.name.startswith(FOLDER_PREFIX):
        with contextlib.suppress(OSError):
            socket_path.parent.rmdir()


async def _await_end_of_input() -> None:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while await reader.read(1024):
        pass


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m agent.local.ocr_process", description=__doc__)
    arguments.add_argument("--socket", type=Path, required=True, help="the Unix socket to serve on")
    # Ctrl-C reaches the whole process group; the worker decides when reading ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logging("INFO")
    os.nice(NICENESS)
    asyncio.run(run(arguments.parse_args().socket))


if __name__ == "__main__":
    main()
