"""How an answer gets from the question's quantities to its result: its steps and the derivation of the end.

Nothing is solved here. The steps that the answer shows are put together to a tree, and the tree is compared
with what the question gives: a quantity that the result does not rest on, a number from nowhere, a step that
leads nowhere are what wrong answers have in common. Without equations there are no steps, and all is 0.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from agent.cascade.verify.equations import Equation
from agent.cascade.verify.quantities import Quantity
from agent.cascade.verify.reckon import plain

COMMON = frozenset(map(Fraction, (0, 1, 2, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000)))
"""Numbers that need no source: halves and doubles, and how many of a unit make the next."""

_DEEP = 40


@dataclass(frozen=True, slots=True)
class Step:
    """One computation: the numbers that go in, the operators between them, what comes out."""

    operands: tuple[Fraction, ...]
    ops: tuple[str, ...]
    result: Fraction


@dataclass(slots=True)
class Derivation:
    """What the result rests on. `leaves`: values that no earlier step produced. `used`: steps on the way."""

    leaves: Counter[Fraction] = field(default_factory=Counter)
    used: set[int] = field(default_factory=set)


def steps_of(found: Sequence[Equation]) -> list[Step]:
    """The steps in reading order; an equation and its calculator's mark are one."""
    steps: list[Step] = []
    for equation in found:
        working = [side for side in equation.sides if side.ops]
        if not working or equation.result is None:
            continue
        operands = tuple(plain(token) for token in working[0].numbers)
        step = Step(operands, working[0].ops, equation.result)
        if not any(
            sorted(step.operands) == sorted(one.operands) and step.result == one.result for one in steps[-3:]
        ):
            steps.append(step)
    return steps


def derive(steps: Sequence[Step], value: Fraction) -> Derivation:
    """Traces `value` back through the latest steps that produced it."""
    derivation = Derivation()
    pending: list[tuple[Fraction, int]] = [(value, len(steps))]
    for _ in range(_DEEP * 4):
        if not pending:
            break
        wanted, before = pending.pop()
        source = next((at for at in range(before - 1, -1, -1) if steps[at].result == wanted), None)
        if source is None:
            derivation.leaves[wanted] += 1
        elif source not in derivation.used:
            derivation.used.add(source)
            pending += [(operand, source) for operand in steps[source].operands]
    return derivation


def left_out(given: Sequence[Quantity], numbers: Counter[Fraction]) -> int:
    """Quantities of the question, as often as it names them, that `numbers` hold in no form."""
    rest = Counter(numbers)
    missing = 0
    for quantity in given:
        form = next((one for one in quantity.forms if rest[one] > 0), None)
        if form is None:
            missing += not any(one in numbers for one in quantity.forms)
        else:
            rest[form] -= 1
    return missing


def from_nowhere(given: Sequence[Quantity], numbers: Counter[Fraction]) -> int:
    """Distinct values among `numbers` that neither the question nor common knowledge gives."""
    known = COMMON.union(*(quantity.forms for quantity in given)) if given else COMMON
    return sum(value not in known for value in numbers)


def overused(given: Sequence[Quantity], numbers: Counter[Fraction]) -> int:
    """How often quantities of the question stand in `numbers` beyond how often the question names them."""
    named = Counter(form for quantity in given for form in quantity.forms)
    return sum(
        max(0, count - named[value]) for value, count in numbers.items() if value in named and value > 2
    )


def dead_ends(steps: Sequence[Step], derivation: Derivation) -> int:
    """Steps whose result the end does not rest on."""
    return len(steps) - len(derivation.used)
