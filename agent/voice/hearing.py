"""Who said what: one recogniser stream per person, read as one sequence of speech events.

Events carry `speaker_id`; what was finally heard is kept, in order, until the turn that it belongs to is
committed. With several people in the room each text is prefixed by the speaker's name, which is how the
model and the history tell them apart.
"""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

from livekit import rtc
from livekit.agents import stt, utils

QUEUE_EVENTS = 500
"""Bounded only as a guard: events come a few times a second. When full, the newest is dropped."""

LAST_WORDS_S = 3.0
"""How long the words of somebody who left may take to be recognised."""


@dataclasses.dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of one person's speech. `text` has no name in front."""

    identity: str
    text: str
    at_utc: datetime


HeardSink = Callable[[str, str, bool], None]
"""(identity, text so far, final)"""


class Hearing:
    """`name_of` gives the prefix for a speaker, or None when nobody needs to be told apart.

    `last_speaker`: whose words were heard last, also those that are not final; None before the first.
    """

    def __init__(
        self,
        recognizer: stt.STT[str],
        name_of: Callable[[str], str | None],
        on_text: HeardSink,
    ) -> None:
        self._recognizer = recognizer
        self._name_of = name_of
        self._on_text = on_text
        self._streams: dict[str, stt.RecognizeStream] = {}
        self._readers: dict[str, asyncio.Task[None]] = {}
        self._events: asyncio.Queue[stt.SpeechEvent] = asyncio.Queue(maxsize=QUEUE_EVENTS)
        self._heard: list[Heard] = []
        self.last_speaker: str | None = None

    def push(self, identity: str, frame: rtc.AudioFrame) -> None:
        stream = self._streams.get(identity)
        if stream is None:
            stream = self._streams[identity] = self._recognizer.stream()
            self._readers[identity] = asyncio.create_task(
                self._read(identity, stream), name=f"read {identity}"
            )
        stream.push_frame(frame)

    async def events(self) -> AsyncIterator[stt.SpeechEvent]:
        while True:
            yield await self._events.get()

    def take(self) -> list[Heard]:
        """What was finally heard since the last call, neighbouring pieces of one speaker joined."""
        heard, self._heard = self._heard, []
        joined: list[Heard] = []
        for piece in heard:
            if joined and joined[-1].identity == piece.identity:
                joined[-1] = dataclasses.replace(joined[-1], text=f"{joined[-1].text} {piece.text}")
            else:
                joined.append(piece)
        return joined

    async def forget(self, identity: str) -> None:
        """Ends the stream of someone who left, once their last words are recognised."""
        stream, reader = self._streams.pop(identity, None), self._readers.pop(identity, None)
        if stream is None or reader is None:
            return
        stream.end_input()
        await asyncio.wait([reader], timeout=LAST_WORDS_S)
        await utils.aio.cancel_and_wait(reader)
        await stream.aclose()

    async def aclose(self) -> None:
        await asyncio.gather(*(self.forget(identity) for identity in list(self._streams)))

    async def _read(self, identity: str, stream: stt.RecognizeStream) -> None:
        async for event in stream:
            if event.alternatives:
                self._note(identity, event)
                event = self._attribute(identity, event)
            if not self._events.full():
                self._events.put_nowait(event)

    def _note(self, identity: str, event: stt.SpeechEvent) -> None:
        text = event.alternatives[0].text
        self.last_speaker = identity
        if event.type is stt.SpeechEventType.FINAL_TRANSCRIPT:
            self._heard.append(Heard(identity, text, datetime.now(UTC)))
            self._on_text(identity, text, True)
        elif event.type is stt.SpeechEventType.PREFLIGHT_TRANSCRIPT:
            self._on_text(identity, text, False)

    def _attribute(self, identity: str, event: stt.SpeechEvent) -> stt.SpeechEvent:
        name = self._name_of(identity)
        named = [
            dataclasses.replace(data, speaker_id=identity, text=f"{name}: {data.text}" if name else data.text)
            for data in event.alternatives
        ]
        return dataclasses.replace(event, alternatives=named)
