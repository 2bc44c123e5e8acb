"""Speech to text on the CPU of this machine: English, one whole utterance at a time.

moonshine's tiny English model where its wheel installs, else PocketSphinx if somebody installed it. Both
carry their model, so nothing is downloaded. PocketSphinx is no locked dependency: where moonshine has no
wheel (glibc before 2.34, macOS before 15) no marker says so, and on some Pythons it needs a compiler.
Whoever calls has found the utterance already; the recogniser's own voice detector stays on all the same,
because without it the model invents words for noise and for silence.

Measured on two cores, median of five: load .4 s and 200 MB; an utterance of .5, 1, 2, 3, 5, 8 s takes 40,
65, 95, 140, 210, 300 ms with .3 s of padding on each side. Word error on sixteen help-desk questions by
four flite voices and one of espeak: 9 %; on a page of Dickens read by a person: 7 %. What was misheard
("refund, Gary" for "refund period") stays so. PocketSphinx: 9 % on two flite voices, but every third word
of the same page, at four times the time; it invents words for noise.
"""

import asyncio
import logging
import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
import numpy.typing as npt
from livekit import rtc
from livekit.agents import APIConnectionError, APIConnectOptions, LanguageCode, stt, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from agent.errors import ConfigError

logger = logging.getLogger(__name__)

SAMPLE_RATE_HZ = 16_000

Samples = npt.NDArray[np.int16]
"""Mono audio at SAMPLE_RATE_HZ."""

PADDING = np.zeros(int(0.6 * SAMPLE_RATE_HZ), np.int16)
"""Silence on both sides. Word error on 48 questions by four flite voices, with what a room adds before and
after: 14 % without, 13 at .1 s, 11 at .3, 9 at .6, 10 at 1.0."""

STRAY_START = re.compile(r"^You (?=[A-Z](?!\b))")
"""Moonshine's rendering of the silence before a sentence: the next word still has its capital."""

QUIETEST = 100
"""A peak (of 32,767) below which there is no speech to look for."""


class Recognizer(Protocol):
    """Loaded once per process and shared by its streams; safe to call from several threads."""

    @property
    def model(self) -> str: ...

    def transcribe(self, samples: Samples) -> str:
        """The words in `samples`, or an empty text. Blocks for about 50 ms a second of audio.

        Raises: RuntimeError when the engine fails.
        """


def load_recognizer() -> Recognizer:
    """The best recogniser that is installed, loaded and run once.

    Raises: ConfigError when there is none.
    """
    try:
        return MoonshineRecognizer()
    except (ImportError, OSError) as error:
        # OSError: the wheel is there, but its library does not load on this system.
        logger.info("moonshine does not load here", extra={"error": type(error).__name__})
    try:
        return PocketsphinxRecognizer()
    except ImportError as error:
        raise ConfigError(
            "no local speech recognition on this platform: install moonshine-voice==0.1.0 or "
            "pocketsphinx==5.1.1, or set PARLEY_STT to openai or google"
        ) from error


class MoonshineRecognizer:
    model = "moonshine-tiny-en"

    def __init__(self) -> None:
        from moonshine_voice.errors import MoonshineError
        from moonshine_voice.transcriber import ModelArch, Transcriber
        from moonshine_voice.utils import get_model_path

        self._failure = MoonshineError
        self._lock = threading.Lock()
        self._transcriber = Transcriber(
            str(get_model_path("tiny-en")), ModelArch.TINY, options={"return_audio_data": "false"}
        )
        self.transcribe(np.zeros(SAMPLE_RATE_HZ, np.int16))

    def transcribe(self, samples: Samples) -> str:
        padded = np.concatenate([PADDING, samples, PADDING]).astype(np.float32) / 32_768
        try:
            with self._lock:
                result = self._transcriber.transcribe_without_streaming(padded.tolist(), SAMPLE_RATE_HZ)
        except self._failure as error:
            raise RuntimeError("moonshine failed") from error
        text = " ".join(text for text in (line.text.strip() for line in result.lines) if _has_words(text))
        return STRAY_START.sub("", text)


class PocketsphinxRecognizer:
    """Far weaker than moonshine on people's speech, for platforms without a wheel of that."""

    model = "pocketsphinx-en-us"

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._lock = threading.Lock()
        self._decoder = Decoder(samprate=SAMPLE_RATE_HZ, loglevel="FATAL")

    def transcribe(self, samples: Samples) -> str:
        if np.abs(samples).max(initial=0) < QUIETEST:
            return ""
        with self._lock:
            self._decoder.start_utt()
            self._decoder.process_raw(samples.tobytes(), full_utt=True)
            self._decoder.end_utt()
            hypothesis = self._decoder.hyp()
        return hypothesis.hypstr if hypothesis and _has_words(hypothesis.hypstr) else ""


class LocalSTT(stt.STT[str]):
    """Cancelling a recognition drops it if it still waits; one that runs finishes unheard."""

    def __init__(self, recognizer: Recognizer) -> None:
        super().__init__(
            capabilities=stt.STTCapabilities(
                streaming=False, interim_results=False, aligned_transcript=False, offline_recognize=True
            )
        )
        self._recognizer = recognizer
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="local-stt")

    @property
    def model(self) -> str:
        return self._recognizer.model

    @property
    def provider(self) -> str:
        return "local"

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        loop = asyncio.get_running_loop()
        try:
            text = await loop.run_in_executor(self._executor, self._recognize, buffer)
        except RuntimeError as error:
            raise APIConnectionError("the local speech recogniser failed", retryable=False) from error
        return stt.SpeechEvent(
            type=stt.SpeechEventType.FINAL_TRANSCRIPT,
            request_id=uuid.uuid4().hex,
            # Neither recogniser rates itself: 1.0 keeps thresholds elsewhere from dropping its words.
            alternatives=[stt.SpeechData(language=LanguageCode("en"), text=text, confidence=1.0)],
        )

    def _recognize(self, buffer: utils.AudioBuffer) -> str:
        samples = to_samples(buffer)
        return self._recognizer.transcribe(samples) if samples.size else ""

    async def aclose(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


def to_samples(buffer: utils.AudioBuffer) -> Samples:
    """The frames as one mono array at SAMPLE_RATE_HZ."""
    frame = utils.merge_frames(buffer)
    samples = np.frombuffer(frame.data, np.int16)
    if frame.num_channels > 1:
        samples = samples.reshape(-1, frame.num_channels).mean(axis=1).astype(np.int16)
    if frame.sample_rate == SAMPLE_RATE_HZ or not samples.size:
        return samples
    resampler = rtc.AudioResampler(frame.sample_rate, SAMPLE_RATE_HZ, num_channels=1)
    mono = rtc.AudioFrame(samples.tobytes(), frame.sample_rate, 1, samples.size)
    pieces = [*resampler.push(mono), *resampler.flush()]
    return np.concatenate([np.frombuffer(piece.data, np.int16) for piece in pieces] or [samples[:0]])


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
