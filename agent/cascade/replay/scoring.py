"""The policies that a replay knows by name: how each scores a recorded turn.

A policy gives a score alone: the higher, the more a turn is worth the large model. Where its own threshold
lies is said beside the score, so that a replay can tell what it would have done, not only what it could do.
"""

from collections.abc import Callable
from dataclasses import dataclass

from agent.cascade.replay.recorded import Recorded
from agent.errors import InvalidInput

NAMES = ("default", "before", "verified", "length", "random")


@dataclass(frozen=True, slots=True)
class Scored:
    """`threshold`: from which score on the policy calls the large model; None when it has none of its own.
    `small_first`: the small model was called, and is paid, whoever answers in the end."""

    score: float
    threshold: float | None = None
    small_first: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """`says`: a sentence on how the score is made. `spend`: the tenant's target, dollars a turn."""

    name: str
    says: str
    score: Callable[[Recorded], Scored]
    spend: float | None = None


def length_policy() -> Policy:
    """The prior that is never bad, for comparison."""
    return Policy(
        "length",
        "The longer a prompt, the sooner the large model answers it (no threshold of its own).",
        lambda row: Scored(float(len(row.prompt))),
    )


def random_policy() -> Policy:
    return Policy(
        "random",
        "Every row has the same score, which is what a coin does in expectation: the diagonal.",
        lambda row: Scored(0.0),
    )


def unknown_policy(name: str) -> InvalidInput:
    return InvalidInput(f"there is no policy {name!r}: name one of {', '.join(NAMES)}, or a JSON file")
