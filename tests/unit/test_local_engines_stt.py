"""The on-device recogniser hears English speech, hears nothing in silence, and stays off the event loop."""

import asyncio
import socket
import subprocess
import sys
import threading
import time
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from livekit import rtc
from livekit.agents import APIConnectionError
from livekit.agents.metrics import STTMetrics

from agent.errors import ConfigError
from agent.local.stt import LocalSTT, Recognizer, Samples, load_recognizer, to_samples


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return load_recognizer()


@pytest.fixture
async def engine(recognizer: Recognizer) -> AsyncIterator[LocalSTT]:
    engine = LocalSTT(recognizer)
    yield engine
    await engine.aclose()


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> rtc.AudioFrame:
    """A synthetic voice asks what the refund period is, at 16 kHz."""
    return speak(tmp_path_factory.mktemp("speech"), "What is the refund period?")


@pytest.fixture
def without_moonshine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setitem(sys.modules, "moonshine_voice.transcriber", None)
    return monkeypatch


async def test_speech_becomes_text(engine: LocalSTT, question: rtc.AudioFrame) -> None:
    event = await engine.recognize(question)

    assert "refund" in event.alternatives[0].text.lower()
    assert event.alternatives[0].language == "en"


async def test_speech_at_the_rate_of_a_room_becomes_text(engine: LocalSTT, question: rtc.AudioFrame) -> None:
    resampler = rtc.AudioResampler(question.sample_rate, 48_000, num_channels=1)
    frames = [*resampler.push(question), *resampler.flush()]

    event = await engine.recognize(frames)

    assert "refund" in event.alternatives[0].text.lower()


@pytest.mark.parametrize("loudness", [0, 10, 300])
@pytest.mark.parametrize("seconds", [0.5, 3.0])
async def test_silence_and_noise_become_no_text(engine: LocalSTT, loudness: int, seconds: float) -> None:
    rng = np.random.default_rng(7)
    noise = (rng.standard_normal(int(seconds * 16_000)) * loudness).astype(np.int16)

    event = await engine.recognize(rtc.AudioFrame(noise.tobytes(), 16_000, 1, noise.size))

    assert event.alternatives[0].text == ""


async def test_an_utterance_counts_its_audio_seconds(engine: LocalSTT, question: rtc.AudioFrame) -> None:
    collected: list[STTMetrics] = []
    engine.on("metrics_collected", collected.append)

    await engine.recognize(question)

    assert collected[0].audio_duration == pytest.approx(question.duration, abs=0.05)
    assert collected[0].metadata is not None
    assert (collected[0].metadata.model_provider, collected[0].metadata.model_name) == (
        "local",
        "moonshine-tiny-en",
    )


def test_a_recogniser_loads_and_hears_without_any_network(
    monkeypatch: pytest.MonkeyPatch, question: rtc.AudioFrame
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)

    recognizer = load_recognizer()

    assert "refund" in recognizer.transcribe(to_samples(question)).lower()


async def test_recognising_does_not_block_the_event_loop(engine: LocalSTT, question: rtc.AudioFrame) -> None:
    gaps = Ticker()
    ticking = asyncio.create_task(gaps.run())
    started_s = time.perf_counter()

    await engine.recognize([question] * 6)

    took_s = time.perf_counter() - started_s
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    assert gaps.count > 10
    assert gaps.longest_s < took_s / 2  # 26 of 1,173 ms on a busy machine; all of it if it blocked


async def test_a_cancelled_recognition_that_waits_is_never_run(question: rtc.AudioFrame) -> None:
    recognizer = CountingRecognizer()
    engine = LocalSTT(recognizer)
    running = asyncio.create_task(engine.recognize(question))
    waiting = asyncio.create_task(engine.recognize(question))
    await asyncio.to_thread(recognizer.started.wait, 5)

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    recognizer.go_on.set()
    await running
    await engine.recognize(question)

    assert recognizer.calls == 2
    await engine.aclose()


async def test_a_broken_recogniser_is_a_connection_error(question: rtc.AudioFrame) -> None:
    engine = LocalSTT(BrokenRecognizer())

    with pytest.raises(APIConnectionError):
        await engine.recognize(question)
    await engine.aclose()


def test_stereo_becomes_mono() -> None:
    left_right = np.array([100, 300, 100, 300], np.int16)

    samples = to_samples(rtc.AudioFrame(left_right.tobytes(), 16_000, 2, 2))

    assert samples.tolist() == [200, 200]


def test_without_any_recogniser_the_error_says_what_to_install(
    without_moonshine: pytest.MonkeyPatch,
) -> None:
    without_moonshine.setitem(sys.modules, "pocketsphinx", None)

    with pytest.raises(ConfigError, match=r"pocketsphinx.*PARLEY_STT"):
        load_recognizer()


def test_pocketsphinx_takes_over_where_moonshine_does_not_import(
    without_moonshine: pytest.MonkeyPatch,
) -> None:
    module = ModuleType("pocketsphinx")
    module.Decoder = FakeDecoder  # type: ignore[attr-defined]  # a stand-in for the wheel's own class
    without_moonshine.setitem(sys.modules, "pocketsphinx", module)

    recognizer = load_recognizer()

    assert recognizer.model == "pocketsphinx-en-us"
    assert recognizer.transcribe(np.full(1_600, 900, np.int16)) == "what is the refund period"
    assert recognizer.transcribe(np.zeros(1_600, np.int16)) == ""


def speak(folder: Path, text: str) -> rtc.AudioFrame:
    path = folder / "speech.wav"
    subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", str(path)], check=True)
    with wave.open(str(path)) as recording:
        count = recording.getnframes()
        return rtc.AudioFrame(recording.readframes(count), recording.getframerate(), 1, count)


def refuse(_: socket.socket, address: object) -> None:
    raise ConnectionRefusedError(address)


class Ticker:
    """Measures how long the event loop was kept from running something else."""

    def __init__(self) -> None:
        self.count = 0
        self.longest_s = 0.0

    async def run(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.002)
            now = time.perf_counter()
            self.count, self.longest_s, last = self.count + 1, max(self.longest_s, now - last), now


class CountingRecognizer:
    model = "counting"

    def __init__(self) -> None:
        self.calls = 0
        self.started, self.go_on = threading.Event(), threading.Event()

    def transcribe(self, samples: Samples) -> str:
        self.calls += 1
        self.started.set()
        self.go_on.wait(5)
        return "words"


class BrokenRecognizer:
    model = "broken"

    def transcribe(self, samples: Samples) -> str:
        raise RuntimeError("out of memory")


class FakeDecoder:
    """The part of pocketsphinx.Decoder that is used: it hears the question wherever there is sound."""

    def __init__(self, *, samprate: int, loglevel: str) -> None:
        assert samprate == 16_000
        self._heard = False

    def start_utt(self) -> None:
        self._heard = False

    def process_raw(self, data: bytes, *, full_utt: bool) -> None:
        self._heard = any(data)

    def end_utt(self) -> None:
        pass

    def hyp(self) -> SimpleNamespace | None:
        return SimpleNamespace(hypstr="what is the refund period") if self._heard else None
