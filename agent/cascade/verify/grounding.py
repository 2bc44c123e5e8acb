"""Whether the numbers of an answer stand in what it was given, or follow from that in one operation.

Only an answer from passages is held to it: without any, a number may be knowledge ("born in 1879").
"""

from collections.abc import Sequence
from fractions import Fraction

from agent.cascade.verify.equations import Equation
from agent.cascade.verify.quantities import quantities
from agent.cascade.verify.tokens import clip, prose, tokenize
from agent.cascade.verify.verdict import Basis, Check

_SMALL = 12
"""Whole numbers up to here count things in the answer itself: "there are three steps"."""

_COUNTS = range(2, _SMALL + 1)
"""How many of something may be paid or spent: a visit and three hours of it."""

_MOST = 60
_SOURCE = 40_000


def check_grounding(text: str, basis: Basis, found: Sequence[Equation]) -> Check | None:
    """Passed if each number of the answer is grounded; None without passages or numbers."""
    if not basis.passages:
        return None
    said = sorted(_said(text))[:_MOST]
    if not said:
        return None
    given = _given(basis)
    given |= {one.result for one in found if one.holds and one.result is not None}
    loose = [value for value in said if value not in given]
    strange = sum(not _follows(value, given) for value in loose)
    return Check(
        "grounding", not strange, f"{strange} numbers stand nowhere in what was given" if strange else ""
    )


def _said(text: str) -> set[Fraction]:
    """The answer's numbers but small counts and citations."""
    tokens = tokenize(prose(text))
    said = set()
    for at, token in enumerate(tokens):
        cited = at > 0 and tokens[at - 1].text == "["
        if token.kind == "number" and token.value is not None and not cited:
            small = token.decimals == 0 and token.value <= _SMALL and not token.mark
            said |= set() if small else {token.value}
    return said


def _given(basis: Basis) -> set[Fraction]:
    source = "\n".join((basis.question, *basis.passages, basis.context))[:_SOURCE]
    values = {token.value for token in tokenize(source) if token.value is not None}
    return values | {one.value for one in quantities(clip(basis.question))} | _scaled(source)


def _scaled(source: str) -> set[Fraction]:
    """ "3 million" may be repeated as 3,000,000."""
    return {one.value for one in quantities(source) if one.value >= 1000}


def _follows(value: Fraction, given: set[Fraction]) -> bool:
    """Whether two given numbers make `value`: sum, difference, product, quotient or percentage, rounded."""
    wanted = float(value)
    known = sorted(map(float, given))[:_MOST]
    keys = {round(one, 6) for one in known}
    places = 0 if value.denominator == 1 else 2
    for a in known:
        if not keys.isdisjoint((round(wanted - a, 6), round(a - wanted, 6), round(wanted + a, 6))):
            return True
        if a and (round(wanted / a, 6) in keys or wanted / a in _COUNTS):
            return True
        if any(round((wanted - a) / count, 6) in keys for count in _COUNTS):
            return True
        if any(b and wanted in (round(a / b, places), round(a / b * 100, places)) for b in known):
            return True
    return False
