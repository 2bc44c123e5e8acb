"""How much of a small model's answer is read before any of it goes out.

First until it is clear that the model does not hand the turn up; then, until its first sentence is whole, or
all of it where the caller wants that. A tool call is held until the answer ends. Bounded in characters here
and in time by the stream. No verdict is made here, only what there is to judge.
"""

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import Final, Literal

from livekit.agents import llm

MAX_CHARS: Final = 300
"""A sentence that is longer goes out in pieces."""

HOLD_S: Final[dict[str, float]] = {"voice": 0.6, "text": 2.0}
"""By delivery, from the first token on: how long a sentence may take. Speech needs its first sentence whole
before it can be spoken, so holding it adds nothing until then."""

SENTENCE_END: Final = re.compile(r"[.!?…。！？][\"'”’)\]]*\s|\n")
"""A full stop within 3.14 or at the end of what has come so far may not be one."""

ABBREVIATED: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|[A-Z]|\d+)\.\s$")
MIN_SENTENCE_CHARS: Final = 8

Until = Literal["nothing", "sentence", "answer"]


class Step(Enum):
    """PASS: it may go out. WAIT: more has to come. HAND_UP: the model wants a larger one. SENTENCE: the first
    sentence is there, or as much of it as is waited for."""

    PASS = auto()
    WAIT = auto()
    HAND_UP = auto()
    SENTENCE = auto()


class Held:
    """The chunks that nobody has seen yet, in order."""

    def __init__(self, until: Until, hand_up: Callable[[str], bool | None]) -> None:
        """`hand_up`: of the text so far; None while that cannot be told."""
        self._until = until
        self._hand_up = hand_up
        self._is_marker_open = until != "nothing"
        self._is_late = False
        self._has_tool_call = False
        self.chunks: list[llm.ChatChunk] = []
        self.text = ""
        self.is_released = until == "nothing"

    def add(self, chunk: llm.ChatChunk) -> Step:
        if self.is_released:
            return Step.PASS
        self.chunks.append(chunk)
        delta = chunk.delta
        if delta is None:
            return Step.WAIT
        self._has_tool_call = self._has_tool_call or bool(delta.tool_calls)
        if not delta.content:
            return Step.WAIT
        self.text += delta.content
        return self._step()

    def expire(self) -> Step:
        """The time is up: what is there goes out, as soon as it is clear that it is no hand-up."""
        if self.is_released:
            return Step.PASS
        self._is_late = True
        return self._step()

    def release(self) -> list[llm.ChatChunk]:
        """All that was held; from now on nothing is."""
        chunks, self.chunks, self.is_released = self.chunks, [], True
        return chunks

    def _step(self) -> Step:
        if self._is_marker_open:
            decided = self._hand_up(self.text)
            if decided:
                return Step.HAND_UP
            if decided is None:
                return Step.WAIT
            self._is_marker_open = False
        if self._until == "answer" or self._has_tool_call or not self.text.strip():
            return Step.WAIT
        return Step.SENTENCE if self._is_late or self._has_sentence() else Step.WAIT

    def _has_sentence(self) -> bool:
        if len(self.text) >= MAX_CHARS:
            return True
        return any(
            end.end() >= MIN_SENTENCE_CHARS and not ABBREVIATED.search(self.text[: end.end()])
            for end in SENTENCE_END.finditer(self.text)
        )
