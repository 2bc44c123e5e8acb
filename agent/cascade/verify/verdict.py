"""What is checked of a small model's answer, and what came of it: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """`tool_calls`: (name, arguments as the model wrote them, JSON). `finish_reason`: the provider's word."""

    text: str
    tool_calls: tuple[tuple[str, str], ...] = ()
    finish_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer may lean on.

    `context`: everything the model was given besides the question, passages included. `passages`: numbered
    from 1 as the prompt quotes them. `language`: BCP 47, None takes the question's. `tools`: the JSON Schema
    of the arguments by the name of the tool.
    """

    question: str
    context: str = ""
    passages: tuple[str, ...] = ()
    language: str | None = None
    schema: Mapping[str, Any] | None = None
    tools: Mapping[str, Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check that applied; `detail` names what failed, without quoting the answer at length."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`features`: float, in the order of `verify.ANSWER_FEATURES`; what does not apply is 0."""

    checks: tuple[Check, ...]
    features: tuple[float, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)
