"""Turns of a conversation, as they are written and as they are read back."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue

from agent.wire.shapes import Integer, Moment, Wire


class Role(StrEnum):
    USER = "user"
    AGENT = "agent"


class Channel(StrEnum):
    """How a turn came in or went out. `lk.chat` in a room is `text`; REST and WebSocket are `chat`."""

    VOICE = "voice"
    TEXT = "text"
    SCREEN = "screen"
    CHAT = "chat"
    WIDGET = "widget"


class TurnState(StrEnum):
    STREAMING = "streaming"
    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Speaker(Wire):
    """`identity` is LiveKit's participant identity; `name` is what people see."""

    identity: str = Field(max_length=256)
    name: str = Field(max_length=200)


class TurnWrite(Wire):
    """One turn as its writer knows it now.

    Writing the same `client_id` again updates text, state and metrics and keeps the `seq`; a turn that
    has left `streaming` keeps its final state.
    """

    client_id: str = Field(min_length=1, max_length=64)
    role: Role
    channel: Channel
    speaker: Speaker
    text: str = Field(max_length=32_000)
    state: TurnState
    at: Moment
    metrics: dict[str, JsonValue] = Field(default_factory=dict)


class TurnsBody(Wire):
    """POST /internal/v1/turns"""

    epoch: Integer
    turns: Annotated[list[TurnWrite], Field(min_length=1, max_length=100)]


class TurnAck(Wire):
    """`seq` counts from 1 in a conversation, without gaps; holding it means the turn is stored."""

    client_id: str
    seq: int


class TurnsAnswer(Wire):
    acks: list[TurnAck]


class PastTurn(Wire):
    seq: int
    role: Role
    channel: Channel
    speaker: Speaker
    text: str
    state: TurnState
    at: datetime
