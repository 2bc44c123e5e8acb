"""Two people with a scripted batch recogniser behind the real voice-activity model."""

import asyncio

from livekit.agents import inference

from agent.voice.hearing import Hearing
from agent.voice.speculation import SpeculativeSTT
from tests.fixtures.speech import frames, silence, spoken
from tests.unit.test_speculation import ScriptedRecognizer

QUESTION = spoken("What is the refund period?")


def hearing(noted: list[tuple[str, bool]]) -> Hearing:
    detector = inference.VAD(model="silero", min_silence_duration=0.25)
    return Hearing(
        SpeculativeSTT(ScriptedRecognizer(), detector, lambda: None),
        {"user_1": "Ann", "user_2": None}.get,
        lambda identity, _, final: noted.append((identity, final)),
    )


async def speak(heard: Hearing, identity: str, trailing_s: float) -> None:
    for piece in (silence(0.5), QUESTION, silence(trailing_s)):
        for frame in frames(piece):
            heard.push(identity, frame)
            await asyncio.sleep(0.001)


async def test_each_persons_words_are_kept_and_captioned_under_their_own_identity() -> None:
    noted: list[tuple[str, bool]] = []
    heard = hearing(noted)
    await asyncio.gather(speak(heard, "user_1", 1.0), speak(heard, "user_2", 1.0))
    await heard.aclose()
    assert {piece.identity for piece in heard.take()} == {"user_1", "user_2"}
    assert {identity for identity, final in noted if final} == {"user_1", "user_2"}


async def test_the_session_reads_words_with_the_name_of_those_who_need_one() -> None:
    heard = hearing([])
    await speak(heard, "user_1", 1.0)
    events = heard.events()
    texts: set[str] = set()
    async with asyncio.timeout(10):
        while not any(text.startswith("Ann: heard") for text in texts):
            event = await anext(events)
            texts |= {data.text for data in event.alternatives}
    await heard.aclose()


async def test_the_last_words_of_somebody_who_leaves_at_once_are_kept() -> None:
    heard = hearing([])
    await speak(heard, "user_1", 0.6)
    await heard.forget("user_1")
    assert [piece.identity for piece in heard.take()] == ["user_1"]


async def test_what_was_taken_is_not_taken_again() -> None:
    heard = hearing([])
    await speak(heard, "user_2", 1.0)
    await heard.forget("user_2")
    assert len(heard.take()) == 1
    assert heard.take() == []
