"""Captions of both sides on `lk.transcription`, in the form that LiveKit's own interfaces read.

The framework's transcript output knows one linked participant; a room has several, so captions are
published here. The agent's text goes out as it is generated, not paced to its voice. People's words go
out under their own identity with the track they were heard on, first as a guess, then as final text.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from livekit import rtc
from livekit.agents import utils
from livekit.agents.types import (
    ATTRIBUTE_TRANSCRIPTION_FINAL,
    ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID,
    ATTRIBUTE_TRANSCRIPTION_TRACK_ID,
    TOPIC_TRANSCRIPTION,
)
from livekit.agents.voice import io

logger = logging.getLogger(__name__)

SPEAKER_ATTRIBUTE = "parley.speaker"
SPEAKER_NAME_ATTRIBUTE = "parley.speaker_name"


class AgentCaptions(io.TextOutput):
    """The session's text output. `before_text` is awaited before each piece is shown."""

    def __init__(self, room: rtc.Room, before_text: Callable[[str], Awaitable[None]]) -> None:
        super().__init__(label="captions", next_in_chain=None)
        self._room = room
        self._before_text = before_text
        self._writer: rtc.TextStreamWriter | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def capture_text(self, text: str) -> None:
        if not text:
            return
        await self._before_text(text)
        if not self._room.isconnected():
            return
        if self._writer is None:
            self._writer = await self._open()
        await self._writer.write(text)

    def flush(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            task = asyncio.create_task(self._close(writer), name="close captions")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        self.flush()
        await asyncio.gather(*self._closing, return_exceptions=True)

    async def _open(self) -> rtc.TextStreamWriter:
        attributes = {
            ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID: utils.shortuuid("SG_"),
            ATTRIBUTE_TRANSCRIPTION_FINAL: "false",
        }
        track = microphone_of(self._room.local_participant)
        if track is not None:
            attributes[ATTRIBUTE_TRANSCRIPTION_TRACK_ID] = track
        return await self._room.local_participant.stream_text(
            topic=TOPIC_TRANSCRIPTION, attributes=attributes
        )

    async def _close(self, writer: rtc.TextStreamWriter) -> None:
        try:
            await writer.aclose(attributes={ATTRIBUTE_TRANSCRIPTION_FINAL: "true"})
        except (rtc.ConnectError, RuntimeError):
            logger.info("the room closed before a caption ended")


class HumanCaptions:
    """Publishes what people said. Each utterance is one segment: guesses are replaced by the final text."""

    def __init__(self, room: rtc.Room) -> None:
        self._room = room
        self._segments: dict[str, str] = {}

    async def publish(self, identity: str, text: str, *, final: bool) -> None:
        participant = self._room.remote_participants.get(identity)
        if participant is None or not self._room.isconnected():
            return
        segment = self._segments.setdefault(identity, utils.shortuuid("SG_"))
        if final:
            del self._segments[identity]
        attributes = {
            ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID: segment,
            ATTRIBUTE_TRANSCRIPTION_FINAL: "true" if final else "false",
            SPEAKER_ATTRIBUTE: identity,
            SPEAKER_NAME_ATTRIBUTE: participant.name or identity,
        }
        track = microphone_of(participant)
        if track is not None:
            attributes[ATTRIBUTE_TRANSCRIPTION_TRACK_ID] = track
        writer = await self._room.local_participant.stream_text(
            topic=TOPIC_TRANSCRIPTION, attributes=attributes, sender_identity=identity
        )
        await writer.write(text)
        await writer.aclose()


def microphone_of(participant: rtc.Participant) -> str | None:
    """The sid of the participant's microphone track, or None."""
    for publication in participant.track_publications.values():
        if publication.source == rtc.TrackSource.SOURCE_MICROPHONE:
            return publication.sid
    return None
