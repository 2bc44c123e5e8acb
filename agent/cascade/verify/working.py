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
_MOST = 40
_SMALL = 12


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
        again = bool(steps) and steps[-1].result == step.result
        if not again or not (equation.marked or operands == steps[-1].operands):
            steps.append(step)
    return steps


def derive(steps: Sequence[Step], value: Fraction, given: Sequence[Quantity] = ()) -> Derivation:
    """Traces `value` back through the latest steps that produced it; what `given` holds is a leaf as well."""
    known = frozenset().union(*(quantity.forms for quantity in given))
    derivation = Derivation()
    pending: list[tuple[Fraction, int]] = [(value, len(steps))]
    for _ in range(_DEEP * 4):
        if not pending:
            break
        wanted, before = pending.pop()
        sources = [at for at in range(before - 1, -1, -1) if same(wanted, steps[at].result)]
        source = next((at for at in sources if at not in derivation.used), None)
        if not sources or wanted in known:
            derivation.leaves[wanted] += 1
        if source is not None:
            derivation.used.add(source)
            pending += [(operand, source) for operand in steps[source].operands]
    return derivation


def left_out(given: Sequence[Quantity], numbers: Counter[Fraction]) -> int:
    """Quantities of the question that `numbers` hold in no form; 1 and sums of others are let pass."""
    values = [quantity.value for quantity in given]
    missing = [
        quantity
        for quantity in given
        if quantity.value not in (0, 1) and not any(form in numbers for form in quantity.forms)
    ]
    return sum(not _sums_up(quantity.value, values) for quantity in missing)


def _sums_up(total: Fraction, values: Sequence[Fraction]) -> bool:
    """Whether two to six neighbours among `values` add up to `total`: "12 in all, 3 …, 5 …, 4 …"."""
    for at in range(len(values)):
        run = Fraction(0)
        for end, value in enumerate(values[at : at + 6]):
            run += value
            if end and run == total:
                return True
    return False


def from_nowhere(given: Sequence[Quantity], numbers: Counter[Fraction]) -> int:
    """Distinct values among `numbers` that neither question, common knowledge nor one step gives."""
    known = COMMON.union(*(quantity.forms for quantity in given))
    sources = sorted({quantity.value for quantity in given})[:_MOST]
    return sum(value not in known and not _one_step(value, sources) for value in numbers)


def _one_step(value: Fraction, sources: Sequence[Fraction]) -> bool:
    """Whether two numbers make `value`: "16 a day" of 80 and 5. A small one has to be a difference."""
    known = set(sources)
    if any(value + one in known for one in sources):
        return True
    if abs(value) <= _SMALL:
        return False
    return any(value - a in known or (a and (value / a in known or value * a in known)) for a in sources)


def doubled(steps: Sequence[Step], given: Sequence[Quantity]) -> int:
    """How often one step takes the same number twice that the question names only once: "2 * 2 * 3"."""
    named = Counter(quantity.value for quantity in given)
    results: set[Fraction] = set()
    found = 0
    for step in steps:
        for value, count in Counter(step.operands).items():
            again = count > max(1, named[value]) and value not in results
            found += again and "-" not in step.ops  # "100 - 0.4 * 100" takes a share of it away
        results.add(step.result)
    return found


def operations(steps: Sequence[Step], derivation: Derivation) -> int:
    """How many operators the result rests on."""
    return sum(len(steps[at].ops) for at in derivation.used)


def same(a: Fraction, b: Fraction) -> bool:
    """Equal, or equal as far as `a` is written out."""
    return a == b or (a.denominator != 1 and abs(a - b) <= abs(b) / 100)
