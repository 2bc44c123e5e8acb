"""A tenant's labels in a replay: what its score learns from them, and which rows may no longer judge it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from agent.cascade.replay.recorded import MOST, Recorded
from agent.cascade.score.learn import MIN_LABELS, Labelled, TenantFit, fit_tenant
from agent.cascade.score.question import HEAD_CHARS, TAIL_CHARS, read
from agent.cascade.score.scorer import Scorer
from agent.cascade.verify import Answer, Basis, verify
from agent.cascade.verify.frame import question_of

SCALES = (1.0, 10.0, MOST)


@dataclass(frozen=True, slots=True)
class Learnt:
    """`scorer`: the tenant's, or the shipped one below `MIN_LABELS`. `count`: labels that were read.
    `questions`: theirs, as `_asked` gives them."""

    scorer: Scorer
    count: int
    questions: frozenset[str]
    notes: tuple[str, ...]

    def knows(self, row: Recorded) -> bool:
        """Whether something was learnt from its question; ids of two files may be alike by chance."""
        return _asked(row.prompt) in self.questions


def learn(rows: Iterable[Recorded], base: Scorer, path: Path) -> Learnt:
    """Fits a tenant's score over the shipped one. Raises: InvalidInput, from the rows."""
    labels = list(rows)
    best = max((max(row.weak, row.strong) for row in labels), default=1.0)
    scale = next(scale for scale in SCALES if best <= scale)
    fit = fit_tenant([_labelled(row, base, scale) for row in labels], base)
    return Learnt(
        scorer=base if fit is None else _taught(base, fit),
        count=len(labels),
        questions=frozenset(_asked(row.prompt) for row in labels),
        notes=(_said(fit, len(labels), path),),
    )


def _taught(base: Scorer, fit: TenantFit) -> Scorer:
    """With thresholds at the places where the labels' own scores lie."""
    weights = replace(base.weights, quantiles=fit.quantiles)
    return Scorer.of(weights).with_tenant(fit.weights)


def _said(fit: TenantFit | None, count: int, path: Path) -> str:
    if fit is None:
        return f"{path} has {count} labels; below {MIN_LABELS} nothing is learnt from them."
    if not fit.weights and fit.apgr_cv is None:
        return (
            "The shipped score stays. Too few labels are new to it, or the large model is no better on them: "
            "there is nothing to learn."
        )
    if not fit.weights:
        return "The shipped score orders these labels as well as one that learns from them: it stays."
    judged = fit.apgr_cv
    reached = (
        "" if judged is None else f": APGR {judged.apgr:.3f} in cross-validation, {judged.base:.3f} without"
    )
    return f"The score learnt from the labels{reached}."


def _asked(prompt: str) -> str:
    """The same for a question in another form: framed, after examples, its options lettered anew."""
    asked = question_of(prompt)
    is_whole = len(asked) <= HEAD_CHARS + TAIL_CHARS
    told = read(prompt).text if is_whole else asked
    return "".join(told.casefold().split())


def _labelled(row: Recorded, scorer: Scorer, scale: float) -> Labelled:
    after: tuple[float, ...] = ()
    if row.weak_response is not None:
        basis = Basis(question=row.prompt, context=row.context, passages=row.passages)
        verdict = verify(Answer(row.weak_response), basis)
        after = scorer.features_after(row.prompt, row.weak_response, verdict)
    return Labelled(scorer.features_before(row.prompt), after, row.weak / scale, row.strong / scale)
