"""Recomputes what the answer reckons: the check worth more than any score taken before the call."""

from collections.abc import Sequence

from agent.cascade.verify.equations import Equation
from agent.cascade.verify.verdict import Check


def check_arithmetic(found: Sequence[Equation]) -> Check | None:
    """Passed if every equation that can be recomputed holds; None when there is none."""
    told = [one.holds for one in found]
    wrong = told.count(False)
    if not wrong and True not in told:
        return None
    detail = f"{wrong} of {len(told)} equations do not hold" if wrong else ""
    return Check("arithmetic", not wrong, detail)
