"""A tenant's own score: better where its labels say so, the shipped one where they do not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.cascade.score import Scorer
from agent.cascade.score import after as after_answer
from agent.cascade.score import before as before_call
from agent.cascade.score.learn import MIN_LABELS, Labelled, fit_tenant
from agent.cascade.score.weights import fingerprint
from agent.errors import InvalidInput

SCORER = Scorer.load()
TOPICS = ("the launch", "our budget", "the contract", "the roadmap", "hiring", "the outage")
HARD = ("Explain step by step why {} slipped, compare both plans and recommend one.", 1.0)
EASY = ("Please repeat what was said about {}.", 0.0)


def labels(count: int, helps: Callable[[int, float], float]) -> list[Labelled]:
    """Half of the questions need thought. `helps`: quality of the large model by number and need."""
    made = []
    for number in range(count):
        text, needs = (HARD, EASY)[number % 2]
        question = f"{text.format(TOPICS[number % 6])} It is item {number}."
        made.append(Labelled(SCORER.features_before(question), (), 0.5, helps(number, needs)))
    return made


def backwards(_: int, needs: float) -> float:
    return 0.5 + 0.4 * (1 - needs)


def by_chance(number: int, _: float) -> float:
    return (0.4, 0.5, 1.0)[number // 2 * 7919 % 101 % 3]


def test_below_a_hundred_labels_nothing_is_learnt() -> None:
    assert fit_tenant(labels(MIN_LABELS - 1, backwards), SCORER) is None
    assert fit_tenant(labels(MIN_LABELS, backwards), SCORER) is not None


def test_a_tenant_whose_large_model_helps_elsewhere_gets_another_order() -> None:
    fit = fit_tenant(labels(200, backwards), SCORER)
    assert fit is not None
    assert fit.apgr_cv is not None
    assert fit.apgr_cv.apgr > fit.apgr_cv.base + 0.2
    tenant = SCORER.with_tenant(fit.weights)
    hard, easy = (text.format("the merger") for text, _ in (HARD, EASY))
    assert SCORER.before(hard) > SCORER.before(easy)
    assert tenant.before(hard) < tenant.before(easy)
    assert 0 < tenant.before("") < 1


def test_where_labels_tell_nothing_the_shipped_score_stays() -> None:
    fit = fit_tenant(labels(150, by_chance), SCORER)
    assert fit is not None
    assert fit.weights == {}
    assert fit.apgr_cv is not None
    assert fit.apgr_cv.apgr == fit.apgr_cv.base


def test_where_the_large_model_is_never_better_the_shipped_score_stays() -> None:
    fit = fit_tenant(labels(150, lambda *_: 0.5), SCORER)
    assert fit is not None
    assert fit.weights == {}
    assert fit.apgr_cv is None


def test_the_order_of_labels_changes_nothing() -> None:
    made = labels(150, backwards)
    assert fit_tenant(made, SCORER) == fit_tenant(made[::-1], SCORER)


def test_ten_thousand_labels_of_two_questions_are_fitted() -> None:
    hard, easy = (label.before for label in labels(2, backwards))
    made = [Labelled((hard, easy)[n % 2], (), 0.5, backwards(n, float(n % 2 == 0))) for n in range(10_000)]

    fit = fit_tenant(made, SCORER)

    assert fit is not None
    assert fit.n == 10_000
    assert fit.apgr_cv is not None
    assert fit.apgr_cv.apgr > fit.apgr_cv.base


def test_an_earlier_fit_changes_nothing() -> None:
    made = labels(150, backwards)
    fit = fit_tenant(made, SCORER)
    assert fit is not None
    assert fit_tenant(made, SCORER.with_tenant(fit.weights)) == fit


def test_quantiles_rise_and_are_of_the_score_in_use() -> None:
    fit = fit_tenant(labels(150, backwards), SCORER)
    assert fit is not None
    assert list(fit.quantiles["before"]) == sorted(fit.quantiles["before"])
    assert len(fit.quantiles["before"]) == 101
    assert fit.quantiles["after"] == ()


def test_the_answers_features_are_learnt_from_where_enough_labels_have_them() -> None:
    width = len(after_answer.FEATURES)
    made = [
        Labelled(
            label.before, (*[0.0] * (width - 2), float(number % 5 > 0), 0.2), 0.5, 0.5 + (number % 5 == 0) / 2
        )
        for number, label in enumerate(labels(200, backwards))
    ]
    fit = fit_tenant(made, SCORER)
    assert fit is not None
    assert len(fit.weights["after"]) == width + 2
    assert len(fit.quantiles["after"]) == 101


def test_labels_that_the_shipped_weights_know_teach_nothing() -> None:
    made = labels(150, backwards)
    seen = frozenset(fingerprint(label.before) for label in made)
    knowing = Scorer.of(replace(SCORER.weights, seen=seen))
    fit = fit_tenant(made, knowing)
    assert fit is not None
    assert fit.weights == {}
    assert fit.n == 150


@pytest.mark.parametrize("name", ["before", "after"])
def test_features_of_another_version_are_refused(name: str) -> None:
    odd = {"before": [0.0] * len(before_call.FEATURES), "after": [], name: [0.0, 1.0]}
    made = [Labelled(tuple(odd["before"]), tuple(odd["after"]), 0.0, 1.0)] * MIN_LABELS
    with pytest.raises(InvalidInput, match=f"2 features {name} the answer"):
        fit_tenant(made, SCORER)
