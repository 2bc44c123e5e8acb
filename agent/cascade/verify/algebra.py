"""Puts the value that an answer finds for an unknown back into the equations that it wrote down for it.

"x + 4 + x + x/2 = 19" and "x = 10" cannot both stand. Unknowns are single letters; an equation whose unknowns
did not all get a number says nothing. Nothing is solved, and nothing is evaluated as code.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from agent.cascade.verify.equations import MARKER
from agent.cascade.verify.tokens import prose
from agent.cascade.verify.verdict import Check

_BREAK = re.compile(r"[\n;:!?]|[.,](?!\d)|\b(?:so|and|then|thus|therefore|gives|get|hence|if|with)\b")
_TAIL = re.compile(
    r"(?:(?<![A-Za-z'’])[A-Za-z](?![A-Za-z'’])|[\d.+\-*/×÷·()\s$]|(?<=\d)[A-Za-z](?![A-Za-z]))+\Z"
)
_HEAD = re.compile(
    r"(?:(?<![A-Za-z'’])[A-Za-z](?![A-Za-z'’])|[\d.+\-*/×÷·()\s$]|(?<=\d)[A-Za-z](?![A-Za-z]))+"
)
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PIECE = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]|[+\-*/×÷·()]")
_WIDEST, _MOST, _DEPTH = 160, 60, 12
_TOLERANCE = 0.02

Values = Mapping[str, float]


def check_algebra(text: str) -> Check | None:
    """Failed if an equation breaks under the values that the answer finds; None when none can be tried."""
    found = list(_equations(text))
    values, start = _assigned(found)
    tried = [held for left, right in found[start:] if (held := _holds(left, right, values)) is not None]
    if not tried:
        return None
    broken = tried.count(False)
    return Check("algebra", not broken, f"{broken} of {len(tried)} equations break" if broken else "")


def _equations(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Neighbouring sides of each chain, as pieces; at most 60 pairs."""
    count = 0
    for line in _BREAK.split(_GROUPING.sub("", prose(MARKER.sub("", text)))):
        sides = re.split(r"[=≈]", line) if "=" in line or "≈" in line else []
        if len(line) > 400 or len(sides) < 2:
            continue
        read = [_read(side, at, len(sides)) for at, side in enumerate(sides)]
        for left, right in pairwise(read):
            if left and right and count < _MOST:
                count += 1
                yield left, right


def _read(side: str, at: int, of: int) -> list[str]:
    """The pieces of a side; the first may follow prose and the last may go on in it."""
    side = side[-_WIDEST:] if at == 0 else side[:_WIDEST]
    match = _TAIL.search(side) if at == 0 else _HEAD.match(side)
    if match is None or (0 < at < of - 1 and match.end() != len(side)):
        return []
    pieces = _PIECE.findall(match.group())
    while pieces and pieces[-1] in "+-*/×÷·(":
        pieces.pop()
    return _without_article(pieces) if at == 0 else pieces


def _without_article(pieces: list[str]) -> list[str]:
    """ "so a 5 + 3": an article before a number is no unknown."""
    return pieces[1:] if len(pieces) > 1 and pieces[0] in "aAI" and pieces[1][0].isdigit() else pieces


def _assigned(found: Sequence[tuple[list[str], list[str]]]) -> tuple[dict[str, float], int]:
    """The number that each unknown got, through a chain too ("F = 88 / 3 = 29.33"), and where they begin.

    An unknown that gets another number starts anew: a second problem, or a second try.
    """
    values: dict[str, float] = {}
    letter, before, start, last = "", None, 0, 0
    for at, (left, right) in enumerate(found):
        anew = left is not before
        if anew:
            letter = left[0] if len(left) == 1 and left[0].isalpha() else ""
        number = _value(right, {})
        if letter and number is not None:
            if anew and not _near(values.get(letter, number), number):
                values, start = {}, last + 1
            values[letter], last = number, at
        before = right
    return values, start


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= _TOLERANCE * max(abs(a), abs(b), 1.0)


def _holds(left: list[str], right: list[str], values: Values) -> bool | None:
    letters = {piece for piece in left + right if piece.isalpha()} & set(values)
    assigns = len(left) == 1 and left[0].isalpha()
    if not letters or (assigns and (left[0] in right or _value(right, {}) is not None)):
        return None  # "x = 6" is where its value comes from, and "x = x + 1" is a program's
    a, b = _value(left, values), _value(right, values)
    if a is None or b is None:
        return None
    return _near(a, b)


def _value(pieces: list[str], values: Values) -> float | None:
    """The value of a whole side, or None when it is no expression or has an unknown without a number."""
    value, end = _sum(_times(pieces), 0, values, 0)
    return value if end == len(_times(pieces)) else None


def _times(pieces: list[str]) -> list[str]:
    """With "*" where a product is only written side by side, or as "3 x 4"."""
    out: list[str] = []
    for at, piece in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else ""
        if piece in "xX" and out and out[-1][-1].isdigit() and after[:1].isdigit():
            out.append("*")
            continue
        if out and (out[-1][-1].isalnum() or out[-1] == ")") and (piece.isalpha() or piece == "("):
            out.append("*")
        out.append({"×": "*", "·": "*", "÷": "/"}.get(piece, piece))
    return out


def _sum(pieces: list[str], at: int, values: Values, depth: int) -> tuple[float | None, int]:
    total, at = _product(pieces, at, values, depth)
    while total is not None and at < len(pieces) and pieces[at] in "+-":
        sign = 1 if pieces[at] == "+" else -1
        term, at = _product(pieces, at + 1, values, depth)
        total = None if term is None else total + sign * term
    return total, at


def _product(pieces: list[str], at: int, values: Values, depth: int) -> tuple[float | None, int]:
    total, at = _atom(pieces, at, values, depth)
    while total is not None and at < len(pieces) and pieces[at] in "*/":
        divides = pieces[at] == "/"
        factor, at = _atom(pieces, at + 1, values, depth)
        if factor is None or (divides and factor == 0):
            return None, at
        total = total / factor if divides else total * factor
    return total, at


def _atom(pieces: list[str], at: int, values: Values, depth: int) -> tuple[float | None, int]:
    if at >= len(pieces) or depth > _DEPTH:
        return None, at
    piece = pieces[at]
    if piece == "-":
        value, at = _atom(pieces, at + 1, values, depth + 1)
        return (None if value is None else -value), at
    if piece == "(":
        value, at = _sum(pieces, at + 1, values, depth + 1)
        return (value, at + 1) if at < len(pieces) and pieces[at] == ")" else (None, at)
    if piece[0].isdigit():
        return float(piece), at + 1
    return values.get(piece), at + 1
