"""An answer in numbers, for the score that is taken after the call: what was found, and how it was reached.

Each is 0 where it does not apply, and none knows a benchmark, a model or its format. Counts are cut and
damped, so that one strange answer cannot outweigh the rest.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.cascade.verify import asked, working
from agent.cascade.verify.equations import Equation
from agent.cascade.verify.final import Final, final_answer
from agent.cascade.verify.quantities import Quantity, quantities
from agent.cascade.verify.verdict import Check
from agent.cascade.verify.working import Step

ANSWER_FEATURES = (
    "failed_checks",
    "cut_off",
    "arithmetic_wrong",
    "algebra_wrong",
    "no_result",
    "result_not_whole",
    "result_not_positive",
    "result_given",
    "result_not_last",
    "left_out",
    "from_nowhere",
    "doubled",
    "dead_ends",
    "broken_steps",
    "negative_steps",
    "too_few_operations",
    "misses_operation",
    "assumes",
    "corrects_itself",
    "unknowns",
    "hedges",
    "no_steps",
    "few_steps",
    "short",
    "unmentioned",
    "comparisons",
    "question_words",
)

_MOST_GIVEN = 20
"""More quantities make a page that is asked about, not a sum."""

_WORDS_A_STEP, _USUAL_WORDS, _USUALLY_UNMENTIONED = 11, 45, 0.5
"""What is usual where something is reckoned, so that 0 is neither good nor bad."""

_ASSUMES = re.compile(
    r"(?i)\b(?:assum\w+|approximat\w+|closest|inconsisten\w+|roughly|nearest|rounded?|rounding)\b"
)
_CORRECTS = re.compile(
    r"(?i)\b(?:however|wait|actually|correction|mistake|let me re\w+|but since|cannot be|"
    r"can't (?:have|be|buy)|impossible|not possible|negative)\b"
)
_UNKNOWN = re.compile(
    r"(?i)\b(?:let(?:'s)? (?:\w+ ){0,4}?(?:be|as|denote|call|say)|denote|\d?[xyn] [=+\-] |equation)"
)
_COMPARES = re.compile(r"(?i)\b(?:more|less|fewer|older|younger|times|twice|half|than)\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the features are taken from, read once."""

    question: str
    text: str
    equations: Sequence[Equation]
    hedge_count: int

    def values(self, checks: Sequence[Check]) -> tuple[float, ...]:
        """In the order of `ANSWER_FEATURES`."""
        given = quantities(self.question)
        measured = self._of_checks(checks) | self._of_manner()
        if (
            self.text
            and 1 < len(given) <= _MOST_GIVEN
            and (self.equations or asked.wants_number(self.question))
        ):
            measured |= self._of_question() | self._of_result(given)
        return tuple(float(measured.get(name, 0.0)) for name in ANSWER_FEATURES)

    def _of_checks(self, checks: Sequence[Check]) -> dict[str, float]:
        failed = {check.name for check in checks if not check.passed}
        wrong = sum(one.holds is False for one in self.equations)
        return {
            "failed_checks": len(failed - {"arithmetic", "algebra", "cut_off"}),
            "cut_off": "cut_off" in failed,
            "arithmetic_wrong": wrong > 0,
            "algebra_wrong": "algebra" in failed,
        }

    def _of_question(self) -> dict[str, float]:
        words = len(self.question.split())
        return {
            "comparisons": _damped(len(_COMPARES.findall(self.question))),
            "question_words": _beyond(words, _USUAL_WORDS),
            "short": _beyond(words, len(self.text.split())),
            "unmentioned": asked.unmentioned(self.question, self.text) - _USUALLY_UNMENTIONED,
        }

    def _of_manner(self) -> dict[str, float]:
        return {
            "assumes": _damped(len(_ASSUMES.findall(self.text))),
            "corrects_itself": _damped(len(_CORRECTS.findall(self.text))),
            "unknowns": _UNKNOWN.search(self.text) is not None,
            "hedges": _damped(self.hedge_count),
        }

    def _of_result(self, given: Sequence[Quantity]) -> dict[str, float]:
        """Only where a question gives quantities to reckon with."""
        result = final_answer(self.text)
        steps = working.steps_of(self.equations)
        measured: dict[str, float] = {"no_steps": not steps}
        measured["few_steps"] = _beyond(len(self.question.split()), _WORDS_A_STEP * (1 + len(steps)))
        if result is None:
            return measured | {"no_result": 1.0}
        measured["misses_operation"] = asked.misses_operation(asked.asking(self.question), steps)
        measured |= _of_value(result, given)
        needed = asked.operations_needed(self.question, given)
        return measured | (_of_steps(steps, result.value, given, needed) if steps else {})


def _of_value(result: Final, given: Sequence[Quantity]) -> dict[str, float]:
    return {
        "result_not_whole": result.value.denominator != 1,
        "result_not_positive": result.value <= 0,
        "result_given": any(result.value == one.value for one in given),
    }


def _of_steps(
    steps: Sequence[Step], value: Fraction, given: Sequence[Quantity], needed: int
) -> dict[str, float]:
    derivation = working.derive(steps, value, given)
    results = {step.result for step in steps}
    fresh = Counter(one for step in steps for one in step.operands if one not in results)
    return {
        "result_not_last": not working.same(value, steps[-1].result),
        "left_out": _damped(working.left_out(given, derivation.leaves)),
        "from_nowhere": _damped(working.from_nowhere(given, fresh)),
        "doubled": _damped(working.doubled(steps, given)),
        "dead_ends": _damped(len(steps) - len(derivation.used)),
        "broken_steps": _damped(sum(step.result.denominator != 1 for step in steps)),
        "negative_steps": any(step.result < 0 for step in steps),
        "too_few_operations": _damped(max(0, needed - working.operations(steps, derivation))),
    }


def _beyond(count: float, usual: float) -> float:
    """How much `count` is beyond `usual`: a logarithm from -1.5 to 1.5, as a pasted page is no hard sum."""
    return max(-1.5, min(1.5, math.log((1 + count) / (1 + usual))))


def _damped(count: int) -> float:
    """0, 1, 1.6, 2 …: the first counts most; at most 3."""
    return min(3.0, math.log2(1 + count))
