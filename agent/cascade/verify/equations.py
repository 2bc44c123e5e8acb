"""Finds the equations that stand in a text and recomputes them: "a op b = c", chains, shares and units.

What is reckoned in another base or ring is left out. An equation without an operator ("1 hour = 60 minutes")
is a conversion and not looked at.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from agent.cascade.verify.expressions import Reader
from agent.cascade.verify.reckon import Side, agree, plain
from agent.cascade.verify.tokens import prose, tokenize

MARKER = re.compile(r"<<([^<>\n]{1,200})>>")
"""A calculator's mark inside a sentence: `= $<<4*5=20>>20`."""

_MOST = 200
_NEAR = re.compile(r"(?i)[≈≅]|\b(?:approx|about|around|round|nearest|roughly|remainder|left over|rest)|~")
_OTHER = re.compile(r"(?i)\b(?:binary|hex|hexadecimal|octal|base|mod|modulo|boolean|string|riddle|joke)\b")


@dataclass(frozen=True, slots=True)
class Equation:
    """`result`: what the last side says. `holds`: whether each side equals the next, None when no two
    neighbours can be compared. `at`: character where it starts. `marked`: stood in a calculator's mark.
    """

    sides: tuple[Side, ...]
    result: Fraction | None
    holds: bool | None
    at: int
    marked: bool = False


def equations(text: str) -> list[Equation]:
    """The equations of `text` in reading order, those inside calculator marks too, at most 200."""
    text = prose(text)
    found = [
        replace(one, at=match.start(), marked=True)
        for match in MARKER.finditer(text)
        for one in _scan(match.group(1))
    ]
    found += _scan(MARKER.sub(lambda match: " " * len(match.group()), text))
    return sorted(found[:_MOST], key=lambda one: one.at)


def _scan(text: str) -> Iterator[Equation]:
    for sides, at in Reader(tokenize(text)).chains():
        if _OTHER.search(text, max(0, at - 80), at + 120):
            continue
        near = _NEAR.search(text, max(0, at - 40), at + 160) is not None
        yield Equation(tuple(sides), sides[-1].value, _hold(sides, near), at)


def _hold(sides: Sequence[Side], near: bool) -> bool | None:
    """A count may stand before its sum: "14 slices = 10 + 7 + 14 = 31"."""
    if len(sides) > 2 and not sides[0].ops and agree(sides[1], sides[2], near):
        sides = sides[1:]
    told: list[bool] = []
    for left, right in pairwise(sides):
        held = agree(left, right, near)
        if held is not None:
            told.append(held or _runs_on(left, right))
    return all(told) if told else None


def _runs_on(left: Side, right: Side) -> bool:
    """ "3 + 5 = 8 * 2 = 16": loosely written, but each result is right and taken further."""
    return bool(left.ops and right.ops) and plain(right.numbers[0]) == left.value
