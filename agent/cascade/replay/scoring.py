"""The policies that a replay knows by name: how each scores a recorded turn.

A policy gives a score: the higher, the more a turn is worth the large model. What its own thresholds would do
is said beside it, so that a replay can tell what it would have done and not only what it could do.
"""

from collections.abc import Callable
from dataclasses import dataclass

from agent.cascade.decide import Decision
from agent.cascade.reading import HARD
from agent.cascade.replay.recorded import Recorded
from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import Thresholds
from agent.cascade.verify import Answer, Basis, Verdict, verify
from agent.errors import InvalidInput

NAMES = ("default", "before", "verified", "length", "random")
CERTAIN = 1.0
"""Added to the score where a check leaves no doubt that the answer is weak: such rows come first."""


@dataclass(frozen=True, slots=True)
class Scored:
    """`small_first`: the small model is asked before the score is known, and is paid whoever answers.

    `goes_large`: what the policy's own thresholds say, None where it has none; `unread`: the large model is
    asked at once by them, and the small one never.
    """

    score: float
    small_first: bool = False
    goes_large: bool | None = None
    unread: bool = False


Scoring = Callable[[Recorded, Decision], Scored]


@dataclass(frozen=True, slots=True)
class Policy:
    """`says`: a sentence on how the score is made. `scorer`: what decides before a call, None for those that
    score by themselves. `spend_usd`: the tenant's target for a turn."""

    name: str
    says: str
    score: Scoring
    scorer: Scorer | None = None
    thresholds: Thresholds | None = None
    spend_usd: float | None = None


def length_policy() -> Policy:
    """The prior that is never bad, for comparison."""
    return Policy(
        "length",
        "The longer a prompt, the sooner the large model answers it (no threshold of its own).",
        lambda row, _: Scored(float(len(row.prompt))),
    )


def random_policy() -> Policy:
    return Policy(
        "random",
        "Every row has the same score, which is what a coin does in expectation: the diagonal.",
        lambda row, _: Scored(0.0),
    )


def verified_policy() -> Policy:
    return Policy(
        "verified",
        "The more checks the small answer fails, the sooner the large model answers; nothing is fitted.",
        _by_checks,
    )


def before_policy(scorer: Scorer, thresholds: Thresholds) -> Policy:
    def score(row: Recorded, decision: Decision) -> Scored:
        likely = _before(decision)
        goes_large = likely >= thresholds.voice
        return Scored(likely, goes_large=goes_large, unread=goes_large)

    return Policy(
        "before",
        "P(the large model does better), from the prompt alone, before any call.",
        score,
        scorer,
        thresholds,
    )


def default_policy(
    scorer: Scorer, thresholds: Thresholds, *, name: str = "default", spend_usd: float | None = None
) -> Policy:
    """What ships; a tenant's differs by its scorer and thresholds."""

    def score(row: Recorded, decision: Decision) -> Scored:
        likely = _before(decision)
        if row.weak_response is None:
            # No answer to read: the whole share is spent before the call, as for a voice.
            goes_large = likely >= thresholds.voice
            return Scored(likely, goes_large=goes_large, unread=goes_large)
        at_once = likely >= thresholds.text
        verdict = _verdict(row, row.weak_response)
        read = scorer.after(row.prompt, row.weak_response, verdict)
        is_weak = any(check.name in HARD for check in verdict.failed)
        return Scored(
            read + (CERTAIN if is_weak else 0.0),
            small_first=True,
            goes_large=at_once or is_weak or read >= thresholds.after,
            unread=at_once,
        )

    return Policy(
        name,
        "P(the large model does better), with the small model's answer read and verified where one is "
        "recorded, from the prompt alone elsewhere.",
        score,
        scorer,
        thresholds,
        spend_usd,
    )


def unknown_policy(name: str) -> InvalidInput:
    return InvalidInput(f"there is no policy {name!r}: name one of {', '.join(NAMES)}, or a JSON file")


def _before(decision: Decision) -> float:
    """0 where there was no choice to score; such rows are placed by the decision itself."""
    return decision.score or 0.0


def _by_checks(row: Recorded, _: Decision) -> Scored:
    if row.weak_response is None:
        raise InvalidInput(f"policy verified reads answers, and row {row.id!r} has no weak_response")
    failed = _verdict(row, row.weak_response).failed
    return Scored(float(len(failed)), small_first=True, goes_large=bool(failed))


def _verdict(row: Recorded, answer: str) -> Verdict:
    return verify(Answer(answer), Basis(question=row.prompt, context=row.context, passages=row.passages))
