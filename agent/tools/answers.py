"""The answers that are being given: how often each has made the same call, and which results it speaks of.

A result was told when the answer that speaks of it was given to the end. Until then a call stands for the
same one of the next turn.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from livekit.agents.voice import SpeechHandle

MAX_KEYS: Final = 64
"""Of one answer, as many as control takes at once."""


@dataclass(slots=True)
class _Answer:
    turn: str
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    keys: list[str] = field(default_factory=list)
    is_silent: bool = False


class Answers:
    """`told` is called with the keys of calls whose results were told."""

    def __init__(self, told: Callable[[list[str]], object]) -> None:
        self._told = told
        self._answers: dict[str, _Answer] = {}

    def place(self, speech: SpeechHandle, turn: str, function: str, arguments: str) -> int:
        """Which of the same calls in this answer it is. A retried answer counts anew."""
        places = self._of(speech, turn).places
        places[function, arguments] += 1
        return places[function, arguments] - 1

    def expect(self, speech: SpeechHandle, turn: str, keys: list[str]) -> None:
        """The answer is going to speak of these calls."""
        self._of(speech, turn).keys += keys

    def silence(self, turn: str) -> None:
        """No model came to speak of that turn's results."""
        for answer in self._answers.values():
            answer.is_silent |= answer.turn == turn

    def _of(self, speech: SpeechHandle, turn: str) -> _Answer:
        if speech.id not in self._answers:
            self._answers[speech.id] = _Answer(turn)
            speech.add_done_callback(self._end)
        return self._answers[speech.id]

    def _end(self, speech: SpeechHandle) -> None:
        answer = self._answers.pop(speech.id)
        if answer.keys and not speech.interrupted and not answer.is_silent:
            self._told(answer.keys[-MAX_KEYS:])
