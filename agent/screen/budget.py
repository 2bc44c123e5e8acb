"""How many tokens a room's pictures may take a minute, so that a busy screen cannot run up a bill.

A screen in full HD is 2,691 tokens to Claude; all frames of a minute are 161,000, and a twentieth of that is
the budget. What is put off is not lost: the gate knows what the model was shown, so the next picture has all
that changed since, and the newest of it. No clock: the caller tells the time.
"""

from typing import Final

TOKENS_PER_MINUTE: Final = 8_000
THRIFT_SHARE: Final = 0.4
"""Below this share of a minute's tokens pictures are sent in less detail."""


class PictureBudget:
    """Fills up evenly, to one minute's tokens at most. Times are in seconds and never go back."""

    def __init__(self, tokens_per_minute: int = TOKENS_PER_MINUTE) -> None:
        self._most = float(tokens_per_minute)
        self._left = self._most
        self._at_s: float | None = None

    def is_spent(self, at_s: float) -> bool:
        """Whether a picture has to wait. One that begins while a token is left is sent whole."""
        self._fill(at_s)
        return self._left < 1

    def is_low(self, at_s: float) -> bool:
        self._fill(at_s)
        return self._left < THRIFT_SHARE * self._most

    def spend(self, tokens: int, at_s: float) -> None:
        self._fill(at_s)
        self._left -= tokens

    def _fill(self, at_s: float) -> None:
        if self._at_s is not None and at_s > self._at_s:
            self._left = min(self._most, self._left + (at_s - self._at_s) * self._most / 60)
        if self._at_s is None or at_s > self._at_s:
            self._at_s = at_s
