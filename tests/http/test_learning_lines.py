"""An agent's line between the tiers: it holds what was asked of it, and strays are told once."""

import logging
from datetime import timedelta

import pytest

from agent.cascade.score.threshold import USUAL_SHARE
from tests.fixtures.learning import make_labels
from tests.http.callers import sign_in
from tests.http.school import School, stream


async def test_an_agents_line_holds_its_share_on_its_own_turns(school: School) -> None:
    await school.agent(strong_share=0.2)
    await school.talk(stream(400, strong=0.5))

    await school.learn()

    (desk,) = (await school.show())["agents"]
    assert (desk["name"], desk["target"], desk["source"]) == (
        "desk",
        {"kind": "share", "value": 0.2},
        "turns",
    )
    router = (await school.context("desk")).router
    assert router is not None
    assert (router.version, router.weights) == (0, {})
    assert router.thresholds is not None
    assert router.thresholds.model_dump() == desk["thresholds"]
    # The scores of these turns are spread evenly.
    assert router.thresholds.voice == pytest.approx(0.8, abs=0.01)


async def test_an_agents_line_holds_its_spend_on_its_own_turns(school: School) -> None:
    await school.agent(spend_per_turn_usd_micros=480)
    await school.talk(stream(400, strong=0.2))

    await school.learn()

    (desk,) = (await school.show())["agents"]
    assert desk["observed"]["spend_per_turn_usd_micros"] == pytest.approx(480, abs=15)
    # 100 for a small answer, 2,000 for a large one: 480 is a share of a fifth.
    assert desk["thresholds"]["voice"] == pytest.approx(0.8, abs=0.02)


async def test_before_there_are_turns_enough_the_line_is_the_shipped_one(school: School) -> None:
    await school.agent(strong_share=0.2)
    await school.talk(stream(150, strong=0.2))

    await school.learn()

    (desk,) = (await school.show())["agents"]
    assert desk["source"] == "shipped"
    assert desk["thresholds"]["voice"] == school.scorer.thresholds_for(0.2).voice
    assert desk["observed"]["turns"] == 150
    assert (await school.context("desk")).router is None


async def test_with_a_fit_and_no_turns_the_line_is_drawn_from_the_labels(school: School) -> None:
    await school.agent(strong_share=0.3)
    await school.teach(150)

    await school.learn()

    (desk,) = (await school.show())["agents"]
    assert desk["source"] == "labels"
    router = (await school.context("desk")).router
    assert router is not None
    assert router.thresholds is not None
    assert router.thresholds.voice == desk["thresholds"]["voice"]


async def test_an_agent_without_a_target_has_the_usual_share_of_the_fits_own_scores(school: School) -> None:
    await school.agent()
    await school.teach(150)

    await school.learn()

    router = (await school.context("desk")).router
    assert router is not None
    assert router.thresholds is not None
    scored = school.scorer.with_tenant(router.weights)
    scores = [scored.before_of(label.before) for label in make_labels(500, school.scorer, seed=9)]
    above = sum(score >= router.thresholds.voice for score in scores) / len(scores)
    assert above == pytest.approx(USUAL_SHARE, abs=0.1)


async def test_a_target_that_was_changed_is_not_held_by_the_former_line(school: School) -> None:
    await school.agent(strong_share=0.2)
    await school.talk(stream(400, strong=0.2))
    await school.learn()

    session = await sign_in(school.control, school.team)
    await school.control.call(
        "PATCH", "/v1/agents/desk", session, json={"model_policy": {"strong_share": 0.6}}
    )

    (desk,) = (await school.show())["agents"]
    assert desk["source"] == "shipped"
    await school.learn()
    (desk,) = (await school.show())["agents"]
    assert desk["source"] == "turns"
    assert desk["thresholds"]["voice"] == pytest.approx(0.4, abs=0.02)


async def test_a_target_that_was_given_up_has_no_line(school: School) -> None:
    await school.agent(strong_share=0.2)
    await school.talk(stream(400, strong=0.2))
    await school.learn()
    session = await sign_in(school.control, school.team)
    await school.control.call("PATCH", "/v1/agents/desk", session, json={"model_policy": {}})

    await school.learn()

    (desk,) = (await school.show())["agents"]
    assert (desk["target"], desk["source"]) == (None, "shipped")


async def test_a_share_off_its_target_raises_an_alarm_once(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    await school.agent(strong_share=0.2)
    await school.talk(stream(500, strong=0.5))
    caplog.set_level(logging.WARNING, "control.learning.learner")

    await school.learn()
    await school.learn()

    (desk,) = (await school.show())["agents"]
    assert desk["observed"]["alarms"] == ["share"]
    assert desk["observed"]["strong_share"] == pytest.approx(0.5, abs=0.01)
    assert desk["observed"]["chance"] < 0.001
    warnings = [each for each in caplog.records if each.message == "routing strays from its target"]
    assert [vars(each)["alarms"] for each in warnings] == [["share"]]


async def test_a_share_on_its_target_raises_none(school: School) -> None:
    await school.agent(strong_share=0.2)
    await school.talk(stream(500, strong=0.2))

    (desk,) = (await school.show())["agents"]

    assert desk["observed"]["alarms"] == []
    assert desk["observed"]["chance"] > 0.1


async def test_scores_that_moved_raise_an_alarm(school: School) -> None:
    await school.agent(strong_share=0.2)
    await school.talk(stream(500, strong=0.2, spread=0.5, ago=timedelta(minutes=1)))
    await school.talk(stream(500, strong=0.2))

    (desk,) = (await school.show())["agents"]

    assert desk["observed"]["alarms"] == ["scores"]
    assert desk["observed"]["scores_distance"] == pytest.approx(0.5, abs=0.02)
