"""What a question asks for, and whether the conclusion names it: a unit, a difference, a total, a share.

English cues only; in other languages nothing is found and all of it is 0.
"""

import re
from collections.abc import Sequence

from agent.cascade.verify.working import Step

_ASKS = re.compile(r"(?i)[^.?!\n]{0,400}\?")
_THING = re.compile(
    r"(?i)\bhow (?:many|much)(?: more| fewer| less| total| additional| of the| of)*\s+"
    r"((?:[a-z\-]+\s+){0,2}?[a-z\-]{3,})\b"
    r"(?=\s+(?:did|do|does|is|are|was|were|will|would|has|have|had|can|could|should|must|in|of|left|remain|she|he|"
    r"they|it|to|per|more|from|at|on|for|that|if|\w+ (?:have|has|need|get))|\s*[?,])"
)
_DIFFERENCE = re.compile(
    r"(?i)\bhow (?:many|much) "
    r"(?:more|fewer|less|longer|farther|further|older|younger|taller|heavier|faster)\b"
    r"|\bdifference\b"
    r"|\b(?:are|is|were|does|do|did|has|have|will)\b.{0,60}\b(?:left|remain\w*|change|unused|save)\b"
)
_TOTAL = re.compile(r"(?i)\b(?:total|altogether|in all|combined|sum)\b")
_AVERAGE = re.compile(r"(?i)\b(?:average|mean)\b")
_PERCENT = re.compile(r"(?i)\b(?:percent(?:age)?|%)")
_COUNTED = re.compile(
    r"(?i)\bhow many\b(?! (?:hours|miles|pounds|kilometers|feet|inches|meters|liters|ounces|cups))"
)
_TIME = re.compile(r"(?i)\b(?:an? )?(week|year|hour|day|dozen|month|minute|foot|feet|decade|weekend)s?\b")


def asking(question: str) -> str:
    """The question's last sentence that ends in a question mark, else its last 200 characters."""
    found = _ASKS.findall(question[-2_000:])
    return (found[-1] if found else question[-200:]).strip()


def thing_asked(ask: str) -> str | None:
    """The noun after "how many" or "how much"."""
    match = _THING.search(ask)
    return match.group(1).split()[-1].lower() if match else None


def misses_thing(ask: str, conclusion: str) -> bool:
    """The conclusion does not name what was counted."""
    thing = thing_asked(ask)
    if thing is None or not conclusion:
        return False
    return _stem(thing) not in conclusion.lower()


def _stem(word: str) -> str:
    for ending in ("ies", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word


def misses_operation(ask: str, steps: Sequence[Step]) -> bool:
    """The last step is not of the kind that was asked for: no difference, no total, no mean."""
    if not steps:
        return False
    last = steps[-1].ops
    if _DIFFERENCE.search(ask):
        return "-" not in last
    if _AVERAGE.search(ask):
        return "/" not in last
    return bool(_TOTAL.search(ask)) and not {"+", "*"} & set(last)


def counts_things(ask: str) -> bool:
    """Whether only a whole number can answer it."""
    return _COUNTED.search(ask) is not None


def wants_difference(ask: str) -> bool:
    return _DIFFERENCE.search(ask) is not None
