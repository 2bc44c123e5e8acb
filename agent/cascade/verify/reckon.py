"""Evaluates what stands on one side of an equation, exactly, and tells whether two sides agree.

Several readings are allowed, since prose is loose: a percentage as a share or as points, a rounded result, a
change of unit ("2 * 45 cents = $0.90"), decimals with a comma. Two sides disagree only if no reading fits.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from agent.cascade.verify.tokens import Token, read_continental

Node = Token | tuple[str, "Node", "Node"]
Reading = Callable[[Token], Fraction]

_EXPONENT = 64
_FLOATS = 9
"""Digits after the point beyond which a machine's rounding, not a mistake, tells two results apart."""
_LARGEST = 10**40
_FACTORS = frozenset(
    Fraction(n)
    for n in (10, 12, 16, 24, 30, 36, 52, 60, 100, 365, 1000, 1440, 3600, 5280, 3, 4, 7, 2000, 10**6)
)
"""How many of a small unit make a large one: hours, money, lengths, weights."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equation. `ops`: its operators in reading order. `units`: words and marks at numbers."""

    node: Node
    ops: tuple[str, ...]
    numbers: tuple[Token, ...]
    units: frozenset[str]

    @property
    def value(self) -> Fraction | None:
        return evaluate(self.node, plain)


def plain(token: Token) -> Fraction:
    """As it is written, "%" aside."""
    return token.value or Fraction(0)


def _share(token: Token) -> Fraction:
    return plain(token) / 100 if token.mark == "%" else plain(token)


def _continental(token: Token) -> Fraction:
    other = read_continental(token)
    return plain(token) if other is None else other


def evaluate(node: Node, reading: Reading) -> Fraction | None:
    """The value, or None when it divides by zero or grows beyond 40 digits."""
    if isinstance(node, Token):
        return reading(node)
    op, left, right = node
    a, b = evaluate(left, reading), evaluate(right, reading)
    if a is None or b is None:
        return None
    value = _apply(op, a, b)
    too_large = value is not None and (abs(value.numerator) > _LARGEST or value.denominator > _LARGEST)
    return None if too_large else value


def _apply(op: str, a: Fraction, b: Fraction) -> Fraction | None:
    match op:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b if b else None
        case _:
            small = b.denominator == 1 and 0 <= b <= _EXPONENT and abs(a.numerator) < 10**6
            return a ** int(b) if small and a.denominator < 10**6 else None


def agree(left: Side, right: Side, near: bool) -> bool | None:
    """Whether two sides say the same; None when neither reckons or one cannot be evaluated."""
    if not left.ops and not right.ops:
        return None
    pairs = list(_readings(left, right))
    if not pairs:
        return None
    slack = _slack(left, right, near)
    return any(_close(a, b, slack, near) for a, b in pairs) or _same_by_unit(left, right, pairs, slack)


def _readings(left: Side, right: Side) -> Iterator[tuple[Fraction, Fraction]]:
    tokens = left.numbers + right.numbers
    ways: list[Reading] = [plain]
    if any(token.mark == "%" for token in tokens):
        ways.append(_share)
    if any(read_continental(token) is not None for token in tokens):
        ways.append(_continental)
    for way in ways:
        a, b = evaluate(left.node, way), evaluate(right.node, way)
        if a is not None and b is not None:
            yield a, b
            if way is _share:
                yield from _percentages(left, right, a, b)


def _percentages(left: Side, right: Side, a: Fraction, b: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """ "1 / 4 * 100 = 25%", and "50 + 20% = 60" as pocket calculators read it."""
    yield a, b * 100
    yield a * 100, b
    node = left.node
    if isinstance(node, tuple) and node[0] in "+-" and isinstance(node[2], Token) and node[2].mark == "%":
        base = evaluate(node[1], _share)
        if base is not None:
            yield base * (1 + _share(node[2]) * (1 if node[0] == "+" else -1)), b


def _slack(left: Side, right: Side, near: bool) -> Fraction:
    """A unit of the last digit of a side that is one rounded number; about 0 for whole numbers."""
    shown = [side.numbers[0].decimals for side in (left, right) if not side.ops and side.numbers]
    places = max(shown, default=0)
    if places:
        return Fraction(1, 10 ** min(places, _FLOATS))
    return Fraction(1) if near and shown else Fraction(1, 10**6)


def _close(a: Fraction, b: Fraction, slack: Fraction, near: bool) -> bool:
    gap = abs(a - b)
    return gap < slack or (near and gap * 100 <= abs(a) * 2)


def _same_by_unit(left: Side, right: Side, pairs: list[tuple[Fraction, Fraction]], slack: Fraction) -> bool:
    """The sides name different units and differ by a factor between units."""
    if left.units == right.units or not right.units:
        return False
    return any(
        _close(a * factor, b, slack, near=False) or _close(a, b * factor, slack * factor, near=False)
        for a, b in pairs
        for factor in _FACTORS
    )
