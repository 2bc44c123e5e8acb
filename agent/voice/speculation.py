"""A streaming recogniser out of a batch one, which guesses before the speaker is known to be done.

When the sound falls below a small share of the utterance's own peak for 60 ms, what was heard so far is
recognised at once and sent as PREFLIGHT, which starts the reply while the speaker may still go on. Voice
activity then confirms the end (250 ms) and the same words become FINAL: committing the turn stays with
the session's own end-of-turn model, so nobody is cut off earlier. Speech that resumes makes the guess
stale. It costs two to three recogniser calls a turn and saves about 280 ms of waiting.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from livekit import rtc
from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    APIConnectOptions,
    APIError,
    LanguageCode,
    stt,
    utils,
    vad,
)
from livekit.agents.types import NOT_GIVEN, NotGivenOr

logger = logging.getLogger(__name__)

Event = stt.SpeechEventType

NO_RETRY = APIConnectOptions(max_retry=0)

GUESS_AFTER_S = 0.06
LEAD_S = 0.25
"""Audio kept from before the speech that voice activity found; recognisers make words of longer silence."""

HISTORY_S = 3.0
"""Audio kept while nobody speaks: on a busy machine voice activity lags behind, as its times tell."""

QUIET_SHARE = 0.06
PEAK_DECAY_PER_S = 0.1
TRUST_GUESS_S = 0.6
"""A guess older than this at the end of speech may lack a softly spoken tail: recognise again."""

STALE = "…"
"""An interim text that equals no transcript, so that the session drops a reply to a stale guess."""


class SpeculativeSTT(stt.STT[str]):
    """`detector` must end speech after .25 s of silence or more: the end-of-turn model takes no less.

    `lost` is called when an utterance could not be recognised even after the recogniser's retries.
    """

    def __init__(self, recognizer: stt.STT[str], detector: vad.VAD, lost: Callable[[], None]) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=True))
        self.recognizer = recognizer
        self.detector = detector
        self.lost = lost

    @property
    def model(self) -> str:
        return self.recognizer.model

    @property
    def provider(self) -> str:
        return self.recognizer.provider

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        return await self.recognizer.recognize(buffer, language=language, conn_options=conn_options)

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> "SpeculativeStream":
        return SpeculativeStream(self, conn_options)


@dataclass(slots=True)
class _Utterance:
    """What one person has been saying. Times are seconds of audio since the stream began.

    `peak` is an RMS in 16-bit units; `heard_s` the end of the last frame.
    """

    frames: list[rtc.AudioFrame] = field(default_factory=list)
    heard_s: float = 0.0
    speaking: bool = False
    peak: float = 0.0
    quiet_s: float = 0.0
    guess: asyncio.Task[str | None] | None = None
    announced: bool = False

    def add(self, frame: rtc.AudioFrame) -> None:
        self.frames.append(frame)
        self.heard_s += frame.duration
        if self.speaking:
            self._listen(frame)
        elif len(self.frames) * frame.duration > HISTORY_S:
            del self.frames[0]

    def begin(self, since_s: float) -> None:
        """Speech was found; what was heard before `since_s` is no part of it."""
        self.speaking, self.peak, self.quiet_s = True, 0.0, 0.0
        _, self.frames = self._split(since_s)

    def take(self, until_s: float) -> list[rtc.AudioFrame]:
        """The utterance; what was heard after `until_s` stays for the next."""
        self.speaking = False
        taken, self.frames = self._split(until_s)
        return taken

    def _split(self, at_s: float) -> tuple[list[rtc.AudioFrame], list[rtc.AudioFrame]]:
        begin_s = self.heard_s - sum(frame.duration for frame in self.frames)
        for place, frame in enumerate(self.frames):
            if begin_s >= at_s:
                return self.frames[:place], self.frames[place:]
            begin_s += frame.duration
        return self.frames, []

    def _listen(self, frame: rtc.AudioFrame) -> None:
        samples = np.frombuffer(frame.data, np.int16).astype(np.float32)
        loudness = float(np.sqrt(np.mean(samples * samples))) if samples.size else 0.0
        self.peak = max(self.peak * (1 - PEAK_DECAY_PER_S * frame.duration), loudness)
        self.quiet_s = self.quiet_s + frame.duration if loudness <= QUIET_SHARE * self.peak else 0.0


class SpeculativeStream(stt.RecognizeStream):
    def __init__(self, owner: SpeculativeSTT, conn_options: APIConnectOptions) -> None:
        super().__init__(stt=owner, conn_options=conn_options)
        self._owner = owner
        self._utterance = _Utterance()
        self._finishing: set[asyncio.Task[None]] = set()

    async def _run(self) -> None:
        activity = self._owner.detector.stream()
        tasks = [
            asyncio.create_task(self._feed(activity), name="speculation feed"),
            asyncio.create_task(self._follow(activity), name="speculation follow"),
        ]
        try:
            await asyncio.gather(*tasks)
            await asyncio.gather(*self._finishing)
        finally:
            self._discard_guess()
            await utils.aio.cancel_and_wait(*tasks, *self._finishing)
            await activity.aclose()

    async def _feed(self, activity: vad.VADStream) -> None:
        async for item in self._input_ch:
            if not isinstance(item, rtc.AudioFrame):
                continue
            self._utterance.add(item)
            activity.push_frame(item)
            if not self._utterance.speaking:
                continue
            if self._utterance.quiet_s == 0.0:
                self._discard_guess()
            elif self._utterance.quiet_s >= GUESS_AFTER_S and self._utterance.guess is None:
                self._utterance.guess = asyncio.create_task(self._guess(list(self._utterance.frames)))
        activity.end_input()

    async def _follow(self, activity: vad.VADStream) -> None:
        async for event in activity:
            if event.type == vad.VADEventType.START_OF_SPEECH:
                self._discard_guess()
                self._utterance.begin(event.timestamp - event.speech_duration - LEAD_S)
                self._event_ch.send_nowait(stt.SpeechEvent(type=Event.START_OF_SPEECH))
            elif event.type == vad.VADEventType.END_OF_SPEECH and self._utterance.speaking:
                self._end_utterance(event.timestamp)

    def _end_utterance(self, at_s: float) -> None:
        utterance = self._utterance
        guess = utterance.guess
        if guess is not None and utterance.quiet_s > TRUST_GUESS_S:
            self._discard_guess()
            guess = None
        utterance.guess, utterance.announced = None, False
        self._event_ch.send_nowait(stt.SpeechEvent(type=Event.END_OF_SPEECH))
        task = asyncio.create_task(self._finish(utterance.take(at_s), guess))
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)

    async def _finish(self, frames: list[rtc.AudioFrame], guess: asyncio.Task[str | None] | None) -> None:
        text = await guess if guess is not None else None
        if text is None:
            try:
                text = await self._recognize(frames, self._conn_options)
            except APIError as error:
                logger.warning("an utterance was lost", extra={"error": type(error).__name__})
                self._owner.lost()
                return
        if text:
            self._send(Event.FINAL_TRANSCRIPT, text)

    async def _guess(self, frames: list[rtc.AudioFrame]) -> str | None:
        """What was said so far; None when the recogniser failed, which the end of speech tries again."""
        try:
            text = await self._recognize(frames, NO_RETRY)
        except APIError:
            return None
        if text and self._utterance.guess is asyncio.current_task():
            self._utterance.announced = True
            self._send(Event.PREFLIGHT_TRANSCRIPT, text)
        return text

    def _discard_guess(self) -> None:
        guess, self._utterance.guess = self._utterance.guess, None
        if guess is None:
            return
        guess.cancel()
        if self._utterance.announced:
            self._utterance.announced = False
            self._send(Event.INTERIM_TRANSCRIPT, STALE)

    async def _recognize(self, frames: list[rtc.AudioFrame], options: APIConnectOptions) -> str:
        event = await self._owner.recognizer.recognize(frames, conn_options=options)
        return event.alternatives[0].text.strip() if event.alternatives else ""

    def _send(self, kind: stt.SpeechEventType, text: str) -> None:
        data = stt.SpeechData(language=LanguageCode("en"), text=text, confidence=1.0)
        self._event_ch.send_nowait(stt.SpeechEvent(type=kind, alternatives=[data]))
