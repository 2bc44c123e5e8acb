"""How a comparison is put to a model, and how its verdict is read. What is judged is quoted, never obeyed.

The texts go in as strings of one JSON object, so that none of them can end its own quotation; which answer
stands first is decided by the turn's id, so that a liking for the first place evens out over turns and a
repeated question is the same question.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from typing import Any, Final

from livekit.agents import llm

from agent.prompts import load_prompt

QUESTION_CHARS: Final = 8_000
ANSWER_CHARS: Final = 8_000
CONTEXT_CHARS: Final = 12_000
"""More of a text than this is left out of the middle: its beginning and its end say most."""

_NUMBER: Final = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
_ASKS_FOR_A_NUMBER: Final = re.compile(
    r"\bhow (?:many|much|long|old|far|often)\b|\b(?:calculate|compute)\b"
    r"|\bwhat (?:is|are) [-\d(]|\bwhat percent",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Qualities:
    """0 to 1 each."""

    small: float
    large: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One turn, answered by both tiers. `context`: what the answers could lean on."""

    turn: str
    question: str
    context: str
    small: str
    large: str

    @property
    def small_is_first(self) -> bool:
        return hashlib.sha256(f"judge {self.turn}".encode()).digest()[0] % 2 == 0

    def put(self, images: tuple[llm.ImageContent, ...] = ()) -> llm.ChatContext:
        """The judge's context. `images`: what the question showed."""
        first, second = (self.small, self.large) if self.small_is_first else (self.large, self.small)
        quoted = {
            "question": _shorten(self.question, QUESTION_CHARS),
            "context": _shorten(self.context, CONTEXT_CHARS),
            "first": _shorten(first, ANSWER_CHARS),
            "second": _shorten(second, ANSWER_CHARS),
        }
        chat_ctx = llm.ChatContext.empty()
        chat_ctx.add_message(role="system", content=load_prompt("judge"))
        chat_ctx.add_message(role="user", content=[json.dumps(quoted, ensure_ascii=False), *images])
        return chat_ctx

    def read(self, verdict: str) -> Qualities | None:
        """What the judge said; None for anything but two numbers from 0 to 1 under their names."""
        said = _read_object(verdict)
        first, second = _quality(said.get("first")), _quality(said.get("second"))
        if first is None or second is None:
            return None
        return Qualities(first, second) if self.small_is_first else Qualities(second, first)

    def settle(self) -> Qualities | None:
        """What needs no judge: the same words, or the same number where a number was asked for.

        Nobody has looked at whether they are right, so both count as good: there is nothing to gain.
        """
        if _plain(self.small) == _plain(self.large):
            return Qualities(1.0, 1.0)
        if _ASKS_FOR_A_NUMBER.search(self.question):
            small, large = final_number(self.small), final_number(self.large)
            if small is not None and small == large:
                return Qualities(1.0, 1.0)
        return None


def final_number(answer: str) -> float | None:
    """The one number of the last sentence that has any; None when it has several, or there is none."""
    for sentence in reversed(_SENTENCE_END.split(answer)):
        found = {float(text.replace(",", "")) for text in _NUMBER.findall(sentence)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .!")


def _read_object(text: str) -> dict[str, Any]:
    """The JSON object in `text`, whatever stands around it; empty when there is none, or more than one."""
    start, end = text.find("{"), text.rfind("}")
    try:
        decoded = json.loads(text[start : end + 1]) if 0 <= start < end else {}
    except (ValueError, RecursionError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _quality(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= 1 else None


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]} […] {text[-half:]}"
