"""When the agent answers and when it holds its tongue. Pure: no room, no clock of its own.

Alone with one person it answers every turn. With several it answers when it is named, or within a few
seconds of its own last answer, because then the talk is still with it. Muted, it answers nobody.
Recognisers mishear names, so near misses count where a name is usually spoken: at either end of a turn.
"""

import difflib
import re

FOLLOW_UP_S = 8.0
LIKENESS = 0.8
"""Between `parley` and `parlay` difflib gives .83, `barley` .83, `party` .73."""

OPENING_WORDS = 3
CLOSING_WORDS = 2


class Manners:
    def __init__(self, agent_name: str) -> None:
        self._name = _words(agent_name)
        self._answered_at_s: float | None = None
        self.muted = False

    def answered(self, now_s: float) -> None:
        """The agent stopped speaking at `now_s` (monotonic)."""
        self._answered_at_s = now_s

    def should_answer(self, text: str, *, humans: int, now_s: float) -> bool:
        """`humans`: how many people are in the room, the speaker included."""
        if self.muted:
            return False
        if humans <= 1 or self.is_named(text):
            return True
        return self._answered_at_s is not None and now_s - self._answered_at_s <= FOLLOW_UP_S

    def is_named(self, text: str) -> bool:
        """A name of several words is meant when they stand side by side."""
        if not self._name:
            return False
        words, length, name = _words(text), len(self._name), " ".join(self._name)
        runs = [" ".join(words[start : start + length]) for start in range(len(words) - length + 1)]
        if name in runs:
            return True
        ends = runs[:OPENING_WORDS] + runs[-CLOSING_WORDS:]
        return any(difflib.SequenceMatcher(None, name, run).ratio() >= LIKENESS for run in ends)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())
