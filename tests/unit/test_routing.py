"""What a job routes by, from what control gave it."""

import logging

import pytest

from agent.cascade.score.scorer import TENANT_WIDTHS, Scorer
from agent.cascade.score.threshold import USUAL_SHARE, Thresholds
from agent.routing import routing_for
from agent.wire import ModelPolicy, RouterSpec, ThresholdsSpec

SHIPPED = Scorer.load()
WEIGHTS = {"before": [1.0, *[0.0] * (TENANT_WIDTHS["before"] - 1)]}
LINE = ThresholdsSpec(voice=0.7, text=0.8, after=1.01)
QUESTION = "What is the refund period?"


def spec(**changes: object) -> RouterSpec:
    told = {
        "version": 3,
        "labels": 120,
        "features_version": SHIPPED.version,
        "weights": WEIGHTS,
        "thresholds": LINE,
        **changes,
    }
    return RouterSpec.model_validate(told)


@pytest.mark.parametrize(
    ("policy", "share"),
    [
        (ModelPolicy(), USUAL_SHARE),
        (ModelPolicy(strong_share=0.4), 0.4),
        (ModelPolicy(strong_share=0.0), 0.0),
        (ModelPolicy(spend_per_turn_usd_micros=900), USUAL_SHARE),
    ],
)
def test_where_nothing_was_learnt_the_shipped_score_has_the_shipped_line_of_the_share(
    policy: ModelPolicy, share: float
) -> None:
    routing = routing_for(SHIPPED, None, policy)

    assert (routing.version, routing.scorer) == (0, SHIPPED)
    assert routing.thresholds == SHIPPED.thresholds_for(share)


def test_a_tenants_fit_goes_over_the_shipped_score_with_its_line() -> None:
    routing = routing_for(SHIPPED, spec(), ModelPolicy(strong_share=0.4))

    assert routing.version == 3
    assert routing.scorer.before(QUESTION) != SHIPPED.before(QUESTION)
    assert routing.thresholds == Thresholds(0.7, 0.8, 1.01)


def test_a_line_without_weights_goes_over_the_shipped_score() -> None:
    routing = routing_for(SHIPPED, spec(version=0, weights={}), ModelPolicy())

    assert (routing.version, routing.scorer) == (0, SHIPPED)
    assert routing.thresholds.voice == 0.7


def test_a_fit_of_another_version_is_left_aside_with_its_line() -> None:
    routing = routing_for(SHIPPED, spec(features_version="of another time"), ModelPolicy(strong_share=0.4))

    assert (routing.version, routing.scorer) == (0, SHIPPED)
    assert routing.thresholds == SHIPPED.thresholds_for(0.4)


def test_a_fit_that_the_scorer_refuses_is_left_aside_and_told_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    routing = routing_for(SHIPPED, spec(weights={"before": [1.0, 2.0]}), ModelPolicy())

    assert (routing.version, routing.scorer) == (0, SHIPPED)
    assert routing.thresholds == SHIPPED.thresholds_for(USUAL_SHARE)
    assert [record.message for record in caplog.records] == ["a tenant's fit is not of this scorer"]
