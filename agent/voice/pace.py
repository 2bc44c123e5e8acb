"""How much of an answer was heard before somebody talked over it.

Captions run ahead of the voice, so the text shown is no measure of the text heard. The voice's pace is
learned from answers that were spoken to their end, and turns seconds of playback into words.
"""

FIRST_GUESS_CHARS_PER_S = 15.0
LEAST_S = 1.0
"""Shorter playback says too little about the pace."""

WEIGHT_OF_NEWS = 0.5


class Pace:
    def __init__(self) -> None:
        self.chars_per_s = FIRST_GUESS_CHARS_PER_S

    def learn(self, text: str, played_s: float) -> None:
        """`text` took `played_s` to speak, to its end."""
        if played_s >= LEAST_S:
            self.chars_per_s += WEIGHT_OF_NEWS * (len(text) / played_s - self.chars_per_s)

    def heard(self, text: str, played_s: float) -> str:
        """The words of `text` that fit into `played_s`, and an ellipsis if any are missing."""
        reach = round(played_s * self.chars_per_s)
        if reach >= len(text):
            return text
        end = text.rfind(" ", 0, reach + 1)
        return f"{text[:end].rstrip()} …" if end > 0 else "…"
