"""The process that reads screens: its text, its queue, what it refuses, and that it ends with its worker.

The process under test refuses every socket that is not a Unix one and notes each attempt.
"""

import asyncio
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from agent.errors import InvalidInput, Unavailable
from agent.local.ocr import OcrProcess, ScreenReader, start_ocr_process
from agent.local.ocr_process import MAX_IMAGE_BYTES, MAX_WAITING, Desk, Request, serve
from agent.local.screen_lines import Box, Line

PATIENT_S = 60.0
ROOT = Path(__file__).resolve().parents[2]

REFUSE_NETWORK = """
import os, socket
plain = socket.socket.connect
def connect(self, address):
    if self.family != socket.AF_UNIX:
        with open(os.environ["ATTEMPTS"], "a") as notes:
            notes.write(repr(address))
        raise ConnectionRefusedError(address)
    return plain(self, address)
socket.socket.connect = connect
"""


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the process notes each connection that it tried to make."""
    return tmp_path_factory.mktemp("network") / "attempts"


@pytest.fixture(scope="module")
def process(attempts: Path) -> Iterator[OcrProcess]:
    (attempts.parent / "sitecustomize.py").write_text(REFUSE_NETWORK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(attempts.parent))
        patch.setenv("ATTEMPTS", str(attempts))
        process = start_ocr_process()
    yield process
    process.stop()


@pytest.fixture
def reader(process: OcrProcess) -> ScreenReader:
    return ScreenReader(process.socket_path)


async def test_text_is_read_in_reading_order_without_any_network(
    reader: ScreenReader, attempts: Path
) -> None:
    picture = draw(
        (60, 40, "Order 4711"),
        (60, 120, "The payment was refused."),
        (60, 160, "Code: ERR_CARD_EXPIRED"),
        (620, 120, "Help"),
    )

    lines = await reader.read(picture, PATIENT_S)

    assert [line.text for line in lines] == [
        "Order 4711",
        "The payment was refused.",
        "Code: ERR_CARD_EXPIRED",
        "Help",
    ]
    assert abs(lines[1].box.left - 60) < 12
    assert abs(lines[1].box.top - 120) < 12
    assert os.listdir(attempts.parent) == ["sitecustomize.py"]  # no note of an attempt


async def test_places_are_those_of_the_picture_that_was_sent(reader: ScreenReader) -> None:
    (line,) = await reader.read(draw((3000, 1500, "Bottom right"), size=(3840, 2160), letters=64), PATIENT_S)

    assert line.text == "Bottom right"
    assert abs(line.box.left - 3000) < 40
    assert abs(line.box.top - 1500) < 40


async def test_a_picture_without_text_has_no_lines(reader: ScreenReader) -> None:
    assert await reader.read(draw(), PATIENT_S) == []


async def test_a_decompression_bomb_is_refused_before_it_is_decoded(reader: ScreenReader) -> None:
    bomb = encode(Image.new("1", (10_000, 10_000)), "PNG")

    with pytest.raises(InvalidInput, match="10000 × 10000"):
        await reader.read(bomb, PATIENT_S)
    assert len(bomb) < 100_000


@pytest.mark.parametrize("junk", [b"", b"nonsense", b"\xff\xd8\xff\xe0 not a JPEG"])
async def test_what_is_no_picture_is_refused(reader: ScreenReader, junk: bytes) -> None:
    with pytest.raises(InvalidInput, match="no JPEG"):
        await reader.read(junk, PATIENT_S)


async def test_a_truncated_picture_is_refused(reader: ScreenReader) -> None:
    with pytest.raises(InvalidInput, match="no JPEG"):
        await reader.read(draw((60, 40, "Half of it"))[:3000], PATIENT_S)


async def test_too_many_bytes_are_not_even_sent(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="too large"):
        await ScreenReader(tmp_path / "nobody.sock").read(bytes(MAX_IMAGE_BYTES + 1))


async def test_without_a_process_reading_is_unavailable_in_time(tmp_path: Path) -> None:
    started_s = time.monotonic()

    with pytest.raises(Unavailable, match=r"0\.2 s"):
        await ScreenReader(tmp_path / "nobody.sock").read(b"picture", timeout_s=0.2)
    assert time.monotonic() - started_s < 5


async def test_one_picture_is_read_at_a_time(tmp_path: Path) -> None:
    recogniser = SlowRecogniser()
    async with serving(tmp_path, recogniser) as socket_path:
        readings = [asyncio.create_task(ScreenReader(socket_path).read(b"p")) for _ in range(3)]
        for _ in readings:
            await recogniser.wait_until_busy()
            recogniser.finish_one()

        await asyncio.gather(*readings)

    assert recogniser.most_at_once == 1
    assert len(recogniser.pictures) == 3


async def test_a_newer_picture_replaces_the_one_that_waits() -> None:
    recogniser = SlowRecogniser()
    desk = Desk(recogniser.read)
    running = asyncio.create_task(desk.run())
    current, older, newer = request(b"a", b"1"), request(b"b", b"2"), request(b"b", b"3")
    desk.submit(current)
    await recogniser.wait_until_busy()

    desk.submit(older)
    desk.submit(newer)
    recogniser.finish_one()
    recogniser.finish_one()

    assert "newer" in await older.answer
    assert await current.answer == await newer.answer == '{"lines": []}'
    assert recogniser.pictures == [b"1", b"3"]
    running.cancel()


async def test_a_cancelled_reading_is_abandoned(tmp_path: Path) -> None:
    recogniser = SlowRecogniser()
    async with serving(tmp_path, recogniser) as socket_path:
        reading = asyncio.create_task(ScreenReader(socket_path).read(b"p"))
        await recogniser.wait_until_busy()
        assert recogniser.is_abandoned is not None

        reading.cancel()

        await until(recogniser.is_abandoned)
        recogniser.finish_one()


async def test_the_queue_is_bounded(tmp_path: Path) -> None:
    recogniser = SlowRecogniser()
    async with serving(tmp_path, recogniser) as socket_path:
        readings = [asyncio.create_task(ScreenReader(socket_path).read(b"p")) for _ in range(MAX_WAITING + 5)]

        done, _ = await asyncio.wait(readings, return_when=asyncio.FIRST_EXCEPTION, timeout=10)
        for reading in readings:
            reading.cancel()
        results = await asyncio.gather(*readings, return_exceptions=True)
        recogniser.finish_one()

    assert done
    assert any(isinstance(result, Unavailable) and "wait already" in str(result) for result in results)


async def test_a_recogniser_that_fails_leaves_the_next_picture_readable(tmp_path: Path) -> None:
    async with serving(tmp_path, FailsOnce()) as socket_path:
        reader = ScreenReader(socket_path)

        with pytest.raises(Unavailable, match="failed"):
            await reader.read(b"p")
        assert [line.text for line in await reader.read(b"p")] == ["fine"]


async def test_reading_is_given_less_time_than_the_answer(tmp_path: Path) -> None:
    recogniser = SlowRecogniser()
    recogniser.finish_one()
    async with serving(tmp_path, recogniser) as socket_path:
        await ScreenReader(socket_path).read(b"p", timeout_s=10)

    assert 0 < recogniser.deadline_s - time.monotonic() < 9


async def test_a_process_that_died_is_started_again() -> None:
    process = start_ocr_process()
    killed = process.pid
    os.kill(killed, signal.SIGKILL)

    with pytest.raises(InvalidInput):
        await ScreenReader(process.socket_path).read(b"nonsense", PATIENT_S)

    assert process.pid != killed
    process.stop()


async def test_stopping_ends_the_process_and_leaves_nothing() -> None:
    process = start_ocr_process()
    with pytest.raises(InvalidInput):
        await ScreenReader(process.socket_path).read(b"nonsense", PATIENT_S)

    process.stop()
    process.stop()

    assert not process.socket_path.parent.exists()
    assert not is_running(process.pid)


async def test_the_process_ends_with_its_worker() -> None:
    program = (
        "import time\n"
        "from agent.local.ocr import start_ocr_process\n"
        "process = start_ocr_process()\n"
        "print(process.pid, process.socket_path, flush=True)\n"
        "time.sleep(60)"
    )
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert worker.stdout is not None
    pid, path = (await worker.stdout.readline()).decode().split()
    with pytest.raises(InvalidInput):
        await ScreenReader(Path(path)).read(b"nonsense", PATIENT_S)

    worker.kill()
    await worker.communicate()

    await until(lambda: not is_running(int(pid)))
    await until(lambda: not Path(path).parent.exists())


def draw(*texts: tuple[int, int, str], size: tuple[int, int] = (800, 240), letters: int = 20) -> bytes:
    """A JPEG with each text at (left, top), in the font that Pillow carries."""
    picture = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(letters)
    for left, top, text in texts:
        pen.text((left, top), text, font=font, fill="black")
    return encode(picture, "JPEG")


def encode(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def request(asker: bytes, image: bytes) -> Request:
    return Request(asker, image, time.monotonic() + PATIENT_S, asyncio.get_running_loop().create_future())


@asynccontextmanager
async def serving(folder: Path, recogniser: "SlowRecogniser | FailsOnce") -> AsyncIterator[Path]:
    """The process's own server, in this process, with another recogniser behind it."""
    socket_path = folder / "ocr.sock"
    server = asyncio.create_task(serve(socket_path, recogniser.read))
    yield socket_path
    server.cancel()
    await asyncio.gather(server, return_exceptions=True)


class SlowRecogniser:
    """Reads nothing, and each picture only when told to finish."""

    def __init__(self) -> None:
        self.pictures: list[bytes] = []
        self.most_at_once = 0
        self.deadline_s = 0.0
        self.is_abandoned: Callable[[], bool] | None = None
        self._at_once = 0
        self._busy = threading.Semaphore(0)
        self._finish = threading.Semaphore(0)

    def read(self, image: bytes, deadline_s: float, is_abandoned: Callable[[], bool]) -> list[Line]:
        self.pictures.append(image)
        self.deadline_s, self.is_abandoned = deadline_s, is_abandoned
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        self._busy.release()
        self._finish.acquire(timeout=20)
        self._at_once -= 1
        return []

    async def wait_until_busy(self) -> None:
        assert await asyncio.to_thread(self._busy.acquire, timeout=10)

    def finish_one(self) -> None:
        self._finish.release()


class FailsOnce:
    def __init__(self) -> None:
        self._failed = False

    def read(self, image: bytes, deadline_s: float, is_abandoned: Callable[[], bool]) -> list[Line]:
        if not self._failed:
            self._failed = True
            raise MemoryError
        return [Line("fine", Box(0, 0, 10, 10), 1.0)]


async def until(condition: Callable[[], bool]) -> None:
    """Waits for the condition, for 20 s at most."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - other processes and threads set no event
            await asyncio.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether the process exists and is no zombie that init has yet to collect."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")
