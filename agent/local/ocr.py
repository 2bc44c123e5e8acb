"""The worker's side of text recognition: starts the process that reads screens, and asks it.

Measured on two cores, PP-OCRv6 small, one thread: see `ocr_engine`. The process is started again when it
dies. Nothing leaves the machine: the models come with the wheel, and the only socket is a Unix one in a
folder that no other user can enter.
"""

import asyncio
import contextlib
import json
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import uuid
from pathlib import Path

from agent.errors import InvalidInput, Unavailable
from agent.local.ocr_process import FOLDER_PREFIX, HEADER, MAX_IMAGE_BYTES, REFUSED
from agent.local.screen_lines import Box, Line

logger = logging.getLogger(__name__)

DEFAULT_TIMEOUT_S = 12.0
READING_SHARE = 0.8
"""The share of a timeout that reading may take: what was read by then is better than nothing."""

RETRY_S = 0.05
RESTART_PAUSE_S = 1.0
STOP_S = 3.0
ROOT = Path(__file__).resolve().parents[2]


class ScreenReader:
    """One asker: a picture that waits is replaced by its next. Holds no connection and no event loop."""

    def __init__(self, socket_path: Path) -> None:
        self._socket_path = socket_path
        self._asker = uuid.uuid4().bytes

    async def read(self, jpeg: bytes, timeout_s: float = DEFAULT_TIMEOUT_S) -> list[Line]:
        """The lines of text in reading order; on a full screen, those that could be read in time.

        Cancelling it makes the process stop reading for it. Raises: InvalidInput when `jpeg` is no picture
        or too large; Unavailable when there is no answer in time, or a newer picture took its place.
        """
        if len(jpeg) > MAX_IMAGE_BYTES:
            raise InvalidInput(f"a picture of {len(jpeg)} bytes is too large: {MAX_IMAGE_BYTES} at most")
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._ask(
                    HEADER.pack(self._asker, timeout_s * READING_SHARE, len(jpeg)) + jpeg
                )
        except TimeoutError as error:
            raise Unavailable(f"text recognition did not answer in {timeout_s:g} s") from error
        fields = json.loads(answer)
        if "error" in fields:
            failure = InvalidInput if fields["error"] == REFUSED else Unavailable
            raise failure(f"text recognition: {fields['detail']}")
        return [
            Line(text, Box(left, top, width, height), confidence)
            for text, left, top, width, height, confidence in fields["lines"]
        ]

    async def _ask(self, request: bytes) -> bytes:
        """Keeps trying while the process starts. Raises: Unavailable when the process dies meanwhile."""
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(self._socket_path)
                break
            except OSError:
                await asyncio.sleep(RETRY_S)
        try:
            writer.write(request)
            answer = b"".join([piece async for piece in reader])
        except OSError as error:
            raise Unavailable("text recognition broke off") from error
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        if not answer.endswith(b"\n"):
            raise Unavailable("text recognition broke off")
        return answer


class OcrProcess:
    """The running process. A thread starts it again when it dies; `stop` ends both."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
        self.socket_path = self._folder / "ocr.sock"
        self._stopping = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep_running, name="keep ocr running", daemon=True)
        self._keeper.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """Ends the process within STOP_S and removes the socket. May be called twice."""
        self._stopping.set()
        _end(self._process)
        self._keeper.join(STOP_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> subprocess.Popen[bytes]:
        self.socket_path.unlink(missing_ok=True)
        command = [sys.executable, "-m", "agent.local.ocr_process", "--socket", str(self.socket_path)]
        return subprocess.Popen(  # noqa: S603 - a program of our own
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT
        )

    def _keep_running(self) -> None:
        while True:
            self._process.wait()
            if self._stopping.wait(RESTART_PAUSE_S):
                return
            logger.warning("text recognition died and is started again")
            _close(self._process)
            self._process = self._start()
            if self._stopping.is_set():
                _end(self._process)


def start_ocr_process() -> OcrProcess:
    """Returns at once; the first picture waits for the process, and for its models (about 2 s)."""
    return OcrProcess()


def _end(process: subprocess.Popen[bytes]) -> None:
    _close(process)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _close(process: subprocess.Popen[bytes]) -> None:
    """Ends the standard input that the process lives by."""
    if process.stdin is not None:
        process.stdin.close()
