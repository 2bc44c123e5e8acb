"""A fit is taken where it is no worse than what is used, on labels that neither has seen."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from agent.cascade.score.learn import MIN_LABELS
from agent.cascade.score.scorer import TENANT_WIDTHS, Scorer
from agent.errors import InvalidInput
from agent.wire import LabelWrite
from control.learning.delivery import line_of_quantiles
from control.learning.fitting import Proposal, propose
from control.store.labels import StoredLabel
from control.store.routers import Fit, Router
from tests.fixtures.learning import START, make_labels

SCORER = Scorer.load()


def stored(labels: Sequence[LabelWrite]) -> list[StoredLabel]:
    return [
        StoredLabel(
            each.lane, tuple(each.before), tuple(each.after), each.quality_small, each.quality_large, each.at
        )
        for each in labels
    ]


def taught(count: int, *, seed: int = 1, knows: bool = True) -> list[StoredLabel]:
    return stored(list(make_labels(count, SCORER, seed=seed, knows=knows)))


def proposed(labels: list[StoredLabel], active: Router | None = None) -> Proposal:
    proposal = propose(labels, SCORER, active)
    assert proposal is not None
    return proposal


def in_use(fit: Fit, at: datetime = START) -> Router:
    return Router(1, fit, at, at, is_active=True, is_held=False)


def test_below_a_hundred_labels_there_is_no_fit() -> None:
    assert propose(taught(MIN_LABELS - 1), SCORER, None) is None
    assert propose(taught(MIN_LABELS), SCORER, None) is not None


def test_what_the_shipped_score_does_not_know_is_learnt() -> None:
    proposal = proposed(taught(300))

    quality = proposal.fit.quality
    assert quality is not None
    assert quality.base is not None
    assert quality.apgr > quality.base + 0.1
    assert proposal.fit.weights != {}
    assert proposal.is_taken


def test_the_interval_holds_what_was_reached() -> None:
    quality = proposed(taught(300)).fit.quality

    assert quality is not None
    assert quality.low is not None
    assert quality.high is not None
    assert quality.low < quality.apgr < quality.high


def test_where_there_is_nothing_to_learn_the_shipped_score_stays_with_lines_of_the_tenants_own() -> None:
    proposal = proposed(taught(300, knows=False))

    assert proposal.fit.weights == {}
    assert proposal.is_taken
    line = line_of_quantiles(proposal.fit.quantiles, 0.2)
    assert line is not None
    assert 0 < line.voice < 1


def test_where_the_large_model_is_no_better_nothing_is_taken() -> None:
    labels = [dataclasses.replace(label, quality_large=label.quality_small) for label in taught(200)]

    proposal = proposed(labels)

    assert (proposal.challenger, proposal.incumbent) == (None, None)
    assert not proposal.is_taken


def test_a_fit_that_is_worse_than_the_version_in_use_is_not_taken() -> None:
    """The version in use knows the rule; the labels that came after it are too few to find it again."""
    known = proposed(taught(1_000)).fit
    noise = taught(150, seed=3, knows=False)
    later = [dataclasses.replace(each, at=START + timedelta(days=1)) for each in taught(60, seed=2)]

    proposal = proposed(noise + later, in_use(known, START + timedelta(hours=1)))

    assert proposal.challenger is not None
    assert proposal.incumbent is not None
    assert proposal.challenger < proposal.incumbent
    assert not proposal.is_taken


def test_a_version_that_is_wrong_by_now_is_replaced() -> None:
    first = proposed(taught(300)).fit
    turned = {
        name: [weights[0], -weights[1], *(-each for each in weights[2:])]
        for name, weights in first.weights.items()
    }
    wrong = dataclasses.replace(first, weights=turned)

    assert proposed(taught(300, seed=2), in_use(wrong, START - timedelta(days=1))).is_taken


def test_a_version_of_other_features_is_nothing_to_compare_with() -> None:
    fit = dataclasses.replace(proposed(taught(300)).fit, features_version="of another time")

    proposal = proposed(taught(300, seed=2), in_use(fit))

    assert proposal.fit.quality is not None
    assert proposal.incumbent == proposal.fit.quality.base


def test_a_fit_is_the_same_each_time() -> None:
    assert proposed(taught(150)).fit == proposed(taught(150)).fit


def test_a_fit_is_what_the_scorer_takes() -> None:
    fit = proposed(taught(300)).fit

    assert {name: len(weights) for name, weights in fit.weights.items()}.items() <= TENANT_WIDTHS.items()
    scored = SCORER.with_tenant(fit.weights)
    assert scored.before("Order 512?") != SCORER.before("Order 512?")


def test_labels_of_another_length_are_refused_in_words() -> None:
    labels = [dataclasses.replace(label, before=(*label.before, 0.0)) for label in taught(120)]

    with pytest.raises(InvalidInput, match="features before the answer"):
        propose(labels, SCORER, None)
