"""What a person feels: how soon the agent answers, and how soon it stops when talked over."""

import asyncio
import time
from dataclasses import dataclass, field

import numpy as np

from tests.bench.subjects import Subject
from tests.fixtures.meeting import said
from tests.fixtures.participant import Participant
from tests.fixtures.speech import silence

QUESTION = "What is the refund period?"
STORY = "Please tell me the whole story."
STORY_TEXT = " ".join(f"This is sentence number {n} of a rather long story." for n in range(1, 16))
INTERJECTION = "Stop, I have another question for you."
PAUSED = ("I would like to know", 0.6, "what the refund period is.")
SILENT_S = 0.5
EARLY_S, LATE_S = 0.8, 4.0


@dataclass(slots=True)
class Times:
    """Milliseconds of one subject, by measure; `cut_offs` counts answers that began within a sentence."""

    samples: dict[str, list[float]] = field(default_factory=dict)
    cut_offs: int = 0
    pauses: int = 0

    def add(self, measure: str, seconds: float) -> None:
        self.samples.setdefault(measure, []).append(seconds * 1000)


async def measure_once(subject: Subject, times: Times, provider_first_token_s: float) -> None:
    """One room for the answers and the late barge-in, one for the barge-in into the agent's first words."""
    async with await subject.join() as person:
        await _ready(subject, person)
        ended_s = await person.say(said(QUESTION))
        times.add("voice", await person.audible_after(ended_s) - ended_s)
        await person.wait_until_quiet()
        sent_s = await person.type(QUESTION)
        times.add("text", await _first_caption_s(person, sent_s) - sent_s - provider_first_token_s)
        await person.audible_after(sent_s)
        await person.wait_until_quiet()
        await _pause_within_a_sentence(person, times)
        sent_s = await person.type(STORY)
        times.add("barge_in_late", await _silence_after_talking(person, sent_s, LATE_S))
    async with await subject.join() as person:
        since_s = time.monotonic()
        if not subject.greets:
            await _ready(subject, person)
            since_s = await person.type(STORY)
        times.add("barge_in_early", await _silence_after_talking(person, since_s, EARLY_S))


async def _ready(subject: Subject, person: Participant) -> None:
    if subject.greets:
        await person.wait_until_greeted()
    await person.wait(lambda: person.agent_state() == "listening", "a listening agent", 60)
    await asyncio.sleep(1.0)  # let the microphone's silence reach a steady state, for both alike


async def _first_caption_s(person: Participant, after_s: float) -> float:
    await person.wait(lambda: person.agent_text(after_s) != "", "the agent's text")
    agent = person.agent
    assert agent is not None
    return next(
        caption.at_s
        for caption in person.captions
        if caption.identity == agent.identity and caption.at_s > after_s and caption.text
    )


async def _pause_within_a_sentence(person: Participant, times: Times) -> None:
    first, pause_s, second = PAUSED
    began_s = time.monotonic()
    ended_s = await person.say(np.concatenate([said(first), silence(pause_s, 48_000), said(second)]))
    times.pauses += 1
    times.cut_offs += any(began_s < moment < ended_s for moment in person.audible_s)
    await person.audible_after(ended_s)
    await person.wait_until_quiet()


async def _silence_after_talking(person: Participant, since_s: float, after_s: float) -> float:
    """Talks `after_s` into the agent's speech; how long until the agent is silent, from the first sound."""
    began_s = await person.audible_after(since_s, 60)
    await asyncio.sleep(max(0.0, began_s + after_s - time.monotonic()))
    await person.say(said(INTERJECTION))
    onset_s = person.speech_began_s
    last_s = onset_s
    for moment in [moment for moment in person.audible_s if moment >= onset_s]:
        if moment - last_s > SILENT_S:
            break
        last_s = moment
    return last_s - onset_s
