"""From what happens in a room to turns in the transcript.

Every turn goes through the recorder; the futures it gives back are the acknowledgements that an answer
waits for before any of it is heard or shown. An agent's turn is written as streaming while it is spoken,
once per sentence, and closed when its voice ends.
"""

import asyncio
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from pydantic import JsonValue

from agent.wire import Channel, Role, Speaker, TurnState, TurnWrite

SENTENCE_END = re.compile(r"[.!?…:]\s")


class TurnWriter(Protocol):
    def write_turn(self, turn: TurnWrite) -> "asyncio.Future[None]": ...


def new_turn_id() -> str:
    return uuid.uuid4().hex


@dataclass(slots=True)
class _Reply:
    """An agent's turn that is still being spoken."""

    client_id: str
    channel: Channel
    at_utc: datetime
    text: str = ""
    written_chars: int = 0


class TurnLog:
    def __init__(self, writer: TurnWriter, agent: Speaker) -> None:
        self._writer = writer
        self._agent = agent
        self._replies: dict[str, _Reply] = {}
        self._unacknowledged: set[asyncio.Future[None]] = set()

    def record_user(
        self,
        client_id: str,
        speaker: Speaker,
        channel: Channel,
        text: str,
        at_utc: datetime,
        metrics: Mapping[str, JsonValue],
    ) -> None:
        acknowledged = self._writer.write_turn(
            TurnWrite(
                client_id=client_id,
                role=Role.USER,
                channel=channel,
                speaker=speaker,
                text=text,
                state=TurnState.COMPLETE,
                at=at_utc,
                metrics=dict(metrics),
            )
        )
        self._unacknowledged.add(acknowledged)
        acknowledged.add_done_callback(self._unacknowledged.discard)

    async def acknowledged(self) -> None:
        """Returns once every user turn so far is stored. Raises: StaleEpoch when another job took over."""
        for waiting in list(self._unacknowledged):
            await asyncio.shield(waiting)

    def extend_reply(self, reply_id: str, channel: Channel, delta: str) -> bool:
        """Adds spoken text; `reply_id` is the session's id of the speech. Whether this opened the turn."""
        reply = self._replies.get(reply_id)
        is_new = reply is None
        if reply is None:
            reply = self._replies[reply_id] = _Reply(new_turn_id(), channel, datetime.now(UTC))
        reply.text += delta
        fresh = reply.text[reply.written_chars :]
        if reply.written_chars == 0 or SENTENCE_END.search(fresh):
            reply.written_chars = len(reply.text)
            self._write(reply, TurnState.STREAMING, {})
        return is_new

    @property
    def oldest_reply(self) -> str | None:
        """The id of the speech that has been open for the longest."""
        return next(iter(self._replies), None)

    def end_reply(
        self, reply_id: str, state: TurnState, metrics: Mapping[str, JsonValue], text: str | None = None
    ) -> None:
        """Closes the turn; `text` replaces what was collected, for example after an interruption."""
        reply = self._replies.pop(reply_id, None)
        if reply is None:
            return
        if text is not None:
            reply.text = text
        self._write(reply, state, metrics)

    def end_all(self) -> None:
        """Closes what is still open when the job ends."""
        for reply_id in list(self._replies):
            self.end_reply(reply_id, TurnState.INTERRUPTED, {})

    def _write(self, reply: _Reply, state: TurnState, metrics: Mapping[str, JsonValue]) -> None:
        self._writer.write_turn(
            TurnWrite(
                client_id=reply.client_id,
                role=Role.AGENT,
                channel=reply.channel,
                speaker=self._agent,
                text=reply.text.strip(),
                state=state,
                at=reply.at_utc,
                metrics=dict(metrics),
            )
        )
