"""What a question asks for, and whether the conclusion names it: a unit, a difference, a total, a share.

English cues only; in other languages nothing is found and all of it is 0.
"""

import re
from collections.abc import Sequence

from agent.cascade.verify.quantities import Quantity
from agent.cascade.verify.working import Step

_ASKS = re.compile(r"(?i)[^.?!\n]{0,400}\?")
_DIFFERENCE = re.compile(
    r"(?i)\bhow (?:many|much) "
    r"(?:more|fewer|less|longer|farther|further|older|younger|taller|heavier|faster)\b"
    r"|\bdifference\b"
    r"|\b(?:are|is|were|does|do|did|has|have|will)\b.{0,60}\b(?:left|remain\w*|change|unused|save)\b"
)
_TOTAL = re.compile(r"(?i)\b(?:total|altogether|in all|combined|together|sum)\b")
_AVERAGE = re.compile(r"(?i)\b(?:what|find|calculate)\b.{0,60}\baverage\b")
_RELATION = re.compile(
    r"(?i)\b(?:more|less|fewer|older|younger|taller|shorter|twice|half|double|triple|times (?:as|the|more))\b"
)
_WORD = re.compile(r"[^\W\d_]{4,40}")
_STEM = 4
_NUMBER = re.compile(
    r"(?i)\bhow (?:many|much|long|old|far|tall|big|large|heavy|fast|often)\b"
    r"|\bhow \w{3,12} (?:is|are|was|will)\b"
    r"|\b(?:calculate|compute|percent(?:age)?|average|total|sum|difference|ratio|fraction)\b"
    r"|\bwhat(?:'s| is| are| was| will| were) .{0,60}"
    r"\b(?:number|cost|price|amount|age|area|volume|speed|profit|rate)\b"
    r"|\b(?:wie ?viele?|wie (?:lange|alt|weit)|combien|cuánt[oa]s?|quant[oiae]s?|hoeveel|ile|сколько|kaç)\b"
)


def wants_number(question: str) -> bool:
    """Whether it asks for a quantity."""
    return _NUMBER.search(question[-600:]) is not None


def asking(question: str) -> str:
    """The question's last sentence that ends in a question mark, else its last sentence."""
    found = _ASKS.findall(question[-2_000:])
    if found:
        return str(found[-1]).strip()
    return re.split(r"(?<=[.!?])\s+", question[-400:].strip())[-1]


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


def operations_needed(question: str, given: Sequence[Quantity]) -> int:
    """The fewest operations that join all quantities.

    One more where what a comparison defines is then summed or compared: "6 more than …, how many in all?".
    """
    ask = asking(question)
    told = question[: max(0, len(question) - len(ask))]
    again = _RELATION.search(told) is not None and (_TOTAL.search(ask) or _DIFFERENCE.search(ask)) is not None
    return sum(one.value not in (0, 1) for one in given) - 1 + again


def unmentioned(question: str, answer: str) -> float:
    """The share of the question's longer words whose beginning stands nowhere in the answer, 0 to 1."""
    words = {word[:_STEM] for word in _WORD.findall(question.lower())}
    said = {word[:_STEM] for word in _WORD.findall(answer.lower())}
    return len(words - said) / len(words) if words else 0.0
