"""The number that an answer ends on, wherever it stands: after a mark, in a box, after "is", or last."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.cascade.verify.equations import MARKER
from agent.cascade.verify.tokens import Token, prose, tokenize

_MARKED = re.compile(
    r"(?i)####[ \t]*([^\n]{0,40}\d[^\n]{0,80})|\\boxed\{([^{}\n]{1,80})\}"
    r"|\b(?:final answer|the answer|answer)\b(?: is)?\s{0,3}[:=]?\s{0,3}([^\n.]{0,80}\d[^\n]{0,80})"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Final:
    """`marked`: the answer itself says that this is the result. `sentence`: the concluding one, in words."""

    value: Fraction
    marked: bool
    sentence: str


def final_answer(text: str) -> Final | None:
    """None when the answer holds no number at the end."""
    text = MARKER.sub("", text)
    marked = next(reversed(list(_MARKED.finditer(text))), None)
    conclusion = _conclusion(text if marked is None or not marked.group(1) else text[: marked.start()])
    if marked is not None:
        inside = next(group for group in marked.groups() if group)
        number = _first_number(inside) if marked.group(1) else _result_in(inside)
        if number is not None:
            return Final(number, True, conclusion)
    number = _result_in(conclusion)
    return None if number is None else Final(number, False, conclusion)


def _conclusion(text: str) -> str:
    """The last sentence that holds a number."""
    for sentence in reversed(_SENTENCE.split(text[-1_500:])):
        if re.search(r"\d", sentence):
            return sentence.strip()
    return ""


def _numbers(text: str) -> list[Fraction]:
    """With their sign: a minus after no number."""
    tokens = tokenize(prose(text))
    return [
        -token.value if _is_negative(tokens, at) else token.value
        for at, token in enumerate(tokens)
        if token.kind == "number" and token.value is not None
    ]


def _is_negative(tokens: Sequence[Token], at: int) -> bool:
    signed = at > 0 and tokens[at - 1].text == "-" and tokens[at - 1].kind == "operator"
    return signed and (at == 1 or tokens[at - 2].kind not in ("number", "close"))


def _first_number(text: str) -> Fraction | None:
    return next(iter(_numbers(text)), None)


def _result_in(sentence: str) -> Fraction | None:
    """The number after the last equals sign, else the last one."""
    after = sentence.rsplit("=", 1)[-1] if "=" in sentence else ""
    first = _first_number(after) if after else None
    numbers = _numbers(sentence) if first is None else []
    return numbers[-1] if numbers else first
