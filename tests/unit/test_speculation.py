"""The real voice-activity model on flite's speech, faster than real time; the recogniser is scripted."""

import asyncio

from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    APIConnectionError,
    APIConnectOptions,
    LanguageCode,
    inference,
    stt,
    utils,
)
from livekit.agents.types import NOT_GIVEN, NotGivenOr

from agent.voice.speculation import STALE, SpeculativeStream, SpeculativeSTT
from tests.fixtures.speech import Samples, frames, silence, spoken

Kind = stt.SpeechEventType


class ScriptedRecognizer(stt.STT[str]):
    """Answers each call with the length of the audio in tenths of a second, or fails `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self.calls = 0
        self.failures = failures

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        self.calls += 1
        if self.calls <= self.failures:
            raise APIConnectionError
        text = f"heard {utils.merge_frames(buffer).duration:.1f} s"
        data = stt.SpeechData(language=LanguageCode("en"), text=text)
        return stt.SpeechEvent(type=Kind.FINAL_TRANSCRIPT, alternatives=[data])


def listener(recognizer: ScriptedRecognizer, lost: list[str]) -> SpeculativeStream:
    detector = inference.VAD(model="silero", min_silence_duration=0.25)
    return SpeculativeSTT(recognizer, detector, lambda: lost.append("lost")).stream()


async def hear(stream: SpeculativeStream, *pieces: Samples) -> list[tuple[Kind, str]]:
    """Feeds in a tenth of real time, so that guesses can run between frames."""
    for piece in pieces:
        for frame in frames(piece):
            stream.push_frame(frame)
            await asyncio.sleep(0.001)
    stream.end_input()
    async with asyncio.timeout(20):
        return [
            (event.type, event.alternatives[0].text if event.alternatives else "") async for event in stream
        ]


async def test_a_guess_comes_before_the_final_words_and_says_the_same() -> None:
    recognizer, lost = ScriptedRecognizer(), list[str]()
    events = await hear(
        listener(recognizer, lost), silence(0.5), spoken("What is the refund period?"), silence(1)
    )
    transcripts = [
        event for event in events if event[0] in {Kind.PREFLIGHT_TRANSCRIPT, Kind.FINAL_TRANSCRIPT}
    ]
    assert [kind for kind, _ in transcripts[-2:]] == [Kind.PREFLIGHT_TRANSCRIPT, Kind.FINAL_TRANSCRIPT]
    assert transcripts[-2][1] == transcripts[-1][1]


async def test_speech_that_resumes_makes_the_guess_stale_and_the_final_words_cover_all_of_it() -> None:
    recognizer, lost = ScriptedRecognizer(), list[str]()
    first, second = spoken("I would like to know"), spoken("when the office is open")
    events = await hear(listener(recognizer, lost), silence(0.5), first, silence(0.15), second, silence(1))
    kinds = [kind for kind, _ in events]
    assert (Kind.INTERIM_TRANSCRIPT, STALE) in events
    assert kinds.count(Kind.FINAL_TRANSCRIPT) == 1
    heard_s = float(events[-1][1].split()[1]) if events[-1][0] is Kind.FINAL_TRANSCRIPT else 0.0
    assert heard_s > (len(first) + len(second)) / 24_000


async def test_silence_costs_no_recognition() -> None:
    recognizer, lost = ScriptedRecognizer(), list[str]()
    assert await hear(listener(recognizer, lost), silence(3)) == []
    assert recognizer.calls == 0


async def test_a_guess_that_fails_is_tried_again_at_the_end_of_speech() -> None:
    recognizer, lost = ScriptedRecognizer(failures=1), list[str]()
    events = await hear(listener(recognizer, lost), silence(0.5), spoken("Good morning"), silence(1))
    assert events[-1][0] is Kind.FINAL_TRANSCRIPT
    assert lost == []


async def test_words_that_cannot_be_recognised_are_reported_as_lost() -> None:
    recognizer, lost = ScriptedRecognizer(failures=1000), list[str]()
    await hear(listener(recognizer, lost), silence(0.5), spoken("Good morning"), silence(1))
    assert lost == ["lost"]
