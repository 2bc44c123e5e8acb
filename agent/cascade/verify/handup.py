"""The small model's own word that a turn is beyond it: a marker as the first thing it writes.

The instruction that teaches it the marker is `prompts/handup.md`. Read incrementally, so that a stream is
held back for no longer than it takes to tell: one character that differs decides.
"""

HAND_UP_MARKER = "<<HANDUP>>"
"""Unlikely in any answer, without letters outside ASCII, and short enough for a few tokens."""

_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u0000"))
_LEAD = 64
"""Characters of white space before the marker after which it is an answer like any other."""


def hand_up(text: str) -> bool | None:
    """Whether `text`, the beginning of a stream, hands the turn up; None while it may still do either."""
    head = text[: _LEAD + len(HAND_UP_MARKER)].translate(_UNSEEN).lstrip()
    if head.startswith(HAND_UP_MARKER):
        return True
    if len(text) <= _LEAD and HAND_UP_MARKER.startswith(head):
        return None
    return False
