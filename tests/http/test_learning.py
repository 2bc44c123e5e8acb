"""What a tenant's routing learns: from labels to a version in a job's context, and how its targets hold."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.cascade.reading import Reading
from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import USUAL_SHARE
from agent.cascade.verify import Verdict
from agent.wire import ContextAnswer, ModelCall
from control.jobs import Job
from control.learning.learner import Learner
from control.store import conversations, rooms
from control.store.agents import AgentRef
from control.store.calls import append_calls
from control.store.labels import append_labels
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.fixtures.learning import make_labels
from tests.http.callers import begin_job, come_as_guest, job_token, sign_in, someone_elses_job
from tests.http.keys import key_with


@dataclass(frozen=True, slots=True)
class School:
    """A tenant whose jobs label turns. `learner` runs when it is told to."""

    control: ControlUnderTest
    team: TenantSample
    learner: Learner

    @property
    def scorer(self) -> Scorer:
        return self.control.parts.scorer

    async def job(self, room: str = "standup", agent: str | None = None) -> Job:
        """A new job, as a dispatch begins it."""
        db, team = self.control.parts.db, self.team
        if agent is None:
            return await begin_job(db, team, room)
        async with db.tenant(team.id) as conn:
            made = await rooms.ensure_room(conn, room)
            talk = await conversations.open_conversation(conn, made.id)
            row = await conn.fetchrow("select id, version from agents where name = $1", agent)
            assert row is not None
            epoch = await conversations.begin_epoch(conn, talk.id, AgentRef(row["id"], row["version"]))
        return Job(team.id, talk.id, epoch, room, local_engines=False)

    async def teach(self, count: int, *, seed: int = 1, knows: bool = True) -> None:
        job = await self.job("lessons")
        start_at = datetime.now(UTC) - timedelta(seconds=count)
        labels = [*make_labels(count, self.scorer, seed=seed, start=start_at, knows=knows)]
        for start in range(0, count, 50):
            await append_labels(
                self.control.parts.db,
                self.team.id,
                job.conversation_id,
                job.epoch,
                labels[start : start + 50],
            )

    async def agent(self, **policy: Any) -> None:
        reply = await self.control.post(
            "/v1/agents", await sign_in(self.control, self.team), {"name": "desk", "model_policy": policy}
        )
        assert reply.status == 201, reply.body

    async def talk(self, calls: Iterable[ModelCall], agent: str = "desk") -> None:
        """Turns of ten rooms, in their jobs."""
        every = list(calls)
        for place in range(10):
            job = await self.job(f"room-{place}", agent)
            own = every[place::10]
            for start in range(0, len(own), 100):
                await append_calls(
                    self.control.parts.db,
                    self.team.id,
                    job.conversation_id,
                    job.epoch,
                    own[start : start + 100],
                )

    async def learn(self) -> None:
        await self.learner.learn_of(self.team.id)

    async def show(self) -> dict[str, Any]:
        reply = await self.control.get("/v1/router", self.team.api_key)
        assert reply.status == 200, reply.body
        return reply.body

    async def context(self, agent: str | None = None) -> ContextAnswer:
        token = job_token(self.control, await self.job(agent=agent))
        reply = await self.control.get("/internal/v1/context", token)
        assert reply.status == 200, reply.body
        return ContextAnswer.model_validate(reply.body)

    async def activate(self, version: object) -> Any:
        session = await sign_in(self.control, self.team)
        return await self.control.post(f"/v1/router/versions/{version}/activate", session)


@pytest.fixture
async def school(control: ControlUnderTest, team: TenantSample) -> Any:
    learner = Learner(control.parts.db, control.parts.scorer)
    yield School(control, team, learner)
    await learner.aclose()


def answered(turn: int, *, score: float, strong: bool, at: datetime, cost: int | None = None) -> ModelCall:
    tier = "large" if strong else "small"
    usual = 2_000 if strong else 100
    return ModelCall.model_validate(
        {
            "client_id": f"call-{turn}-{at.timestamp()}"[:64],
            "turn_client_id": f"turn-{turn}-{at.timestamp()}"[:64],
            "kind": "talk",
            "tier": tier,
            "provider": "openai",
            "model": "gpt-6-luna",
            "outcome": "ok",
            "reason": f"{tier} first",
            "started_at": at,
            "total_ms": 800,
            "cost_usd_micros": usual if cost is None else cost,
            "baseline_usd_micros": 2_000,
            "answered": True,
            "score": score,
            "threshold": 0.5,
            "decision": {} if strong else {"verify": Reading(Verdict((), ()), score, None).said},
        }
    )


def stream(
    count: int, *, strong: float, spread: float = 1.0, ago: timedelta = timedelta()
) -> list[ModelCall]:
    """Turns of the last hour whose scores are spread evenly from 0 to `spread`; the top ones are strong."""
    start = datetime.now(UTC) - ago
    turns = []
    for place in range(count):
        # Each score once, in an order that has nothing to do with the rooms.
        score = (place * 37 % count) / count * spread
        turns.append(
            answered(
                place,
                score=score,
                strong=score >= (1 - strong) * spread,
                at=start + timedelta(microseconds=100 * place),
            )
        )
    return turns


# Labels


def label_body(scorer: Scorer, epoch: int, count: int = 1, **changes: Any) -> dict[str, Any]:
    labels = [json.loads(label.model_dump_json()) | changes for label in make_labels(count, scorer)]
    return {"epoch": epoch, "labels": labels}


async def test_a_job_brings_labels_and_each_counts_once(school: School) -> None:
    job = await school.job()
    token, body = job_token(school.control, job), label_body(school.scorer, job.epoch, 50)

    replies = [await school.control.post("/internal/v1/labels", token, body) for _ in range(2)]

    assert [reply.status for reply in replies] == [204, 204]
    assert (await school.show())["labels"] == {"usable": 50, "stale": 0, "missing": 50}


async def test_a_replaced_job_brings_no_labels(school: School) -> None:
    job = await school.job()
    token = job_token(school.control, job)
    await school.job()

    reply = await school.control.post("/internal/v1/labels", token, label_body(school.scorer, job.epoch))

    assert_problem(reply, 409, "stale_epoch")
    assert (await school.show())["labels"]["usable"] == 0


async def test_a_job_labels_its_own_conversation_alone(school: School) -> None:
    token = job_token(school.control, someone_elses_job())

    reply = await school.control.post("/internal/v1/labels", token, label_body(school.scorer, 1))

    assert_problem(reply, 404, "not_found")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quality_small": 1.5}, "labels.0.quality_small"),
        ({"quality_large": -0.1}, "labels.0.quality_large"),
        ({"before": ["one"]}, "labels.0.before.0"),
        ({"before": [0.0] * 513}, "labels.0.before"),
        ({"lane": "hear"}, "labels.0.lane"),
        ({"words": "What is the refund period?"}, "labels.0.words"),
        ({"client_id": ""}, "labels.0.client_id"),
    ],
)
async def test_what_is_no_label_is_refused(school: School, changes: dict[str, Any], field: str) -> None:
    job = await school.job()
    body = label_body(school.scorer, job.epoch, **changes)

    reply = await school.control.post("/internal/v1/labels", job_token(school.control, job), body)

    assert_problem(reply, 422, "invalid_input", field)


async def test_labels_need_a_job_token(school: School) -> None:
    reply = await school.control.post(
        "/internal/v1/labels", school.team.api_key, label_body(school.scorer, 1)
    )

    assert reply.status == 401


async def test_a_label_of_another_epoch_than_the_token_is_refused(school: School) -> None:
    job = await school.job()

    reply = await school.control.post(
        "/internal/v1/labels", job_token(school.control, job), label_body(school.scorer, job.epoch + 1)
    )

    assert_problem(reply, 422, "invalid_input", "epoch")


# Fits


async def test_below_a_hundred_labels_nothing_is_fitted_and_it_says_how_many_are_missing(
    school: School,
) -> None:
    await school.teach(99)

    await school.learn()

    told = await school.show()
    assert told["active"] is None
    assert told["labels"]["missing"] == 1
    assert "1 more label is needed" in told["says"]
    assert (await school.context()).router is None


async def test_from_a_hundred_labels_on_a_fit_is_in_use_and_in_the_context_of_the_next_job(
    school: School,
) -> None:
    await school.teach(150)

    await school.learn()

    told = await school.show()
    active = told["active"]
    assert (active["version"], active["labels"], active["learns"]) == (1, 150, True)
    assert active["quality"]["shipped"] < active["quality"]["apgr"]
    assert active["quality"]["low"] < active["quality"]["apgr"] < active["quality"]["high"]
    router = (await school.context()).router
    assert router is not None
    assert (router.version, router.labels, router.features_version) == (1, 150, school.scorer.version)
    scored = school.scorer.with_tenant(router.weights)
    assert scored.before("Order 512?") > school.scorer.before("Order 512?")
    assert router.thresholds is not None
    assert 0 < router.thresholds.voice < 1


async def test_a_fit_is_in_the_trail(school: School) -> None:
    await school.teach(150)

    await school.learn()

    reply = await school.control.get(
        "/v1/audit-events?action=router.fitted", await sign_in(school.control, school.team)
    )
    (event,) = reply.body["data"]
    assert event["details"] == {"version": 1, "labels": 150, "is_active": True}


async def test_a_fit_is_made_again_when_enough_new_labels_have_come(school: School) -> None:
    await school.teach(150)
    await school.learn()
    await school.teach(10, seed=2)
    await school.learn()
    before = (await school.show())["active"]["version"]

    await school.teach(40, seed=3)
    await school.learn()

    assert before == 1
    assert (await school.show())["active"]["version"] == 2


async def test_labels_of_other_features_are_counted_and_not_learnt_from(school: School) -> None:
    job = await school.job("lessons")
    await school.teach(99)
    old = [
        label.model_copy(update={"features_version": "0-old", "client_id": f"old-{place}"})
        for place, label in enumerate(make_labels(50, school.scorer))
    ]
    await school.teach(0)
    job = await school.job("lessons")
    await append_labels(school.control.parts.db, school.team.id, job.conversation_id, job.epoch, old)

    learnt = await school.learner.learn_of(school.team.id)

    assert (learnt.fits, learnt.stale) == (0, 50)
    assert (await school.show())["labels"] == {"usable": 99, "stale": 50, "missing": 1}


async def test_a_version_of_other_features_is_given_to_nobody(school: School) -> None:
    await school.teach(150)
    await school.learn()
    async with school.control.parts.db.tenant(school.team.id) as conn:
        await conn.execute("update routers set features_version = '0-old'")

    told = await school.show()

    assert (await school.context()).router is None
    assert "computes otherwise" in told["says"]
    assert_problem(await school.activate(1), 409, "conflict")


async def test_one_tenants_labels_teach_no_other(
    school: School, control: ControlUnderTest, other_team: TenantSample
) -> None:
    await school.teach(150)
    other = School(control, other_team, school.learner)

    await school.learn()
    await other.learn()

    assert (await other.show())["active"] is None
    assert (await other.context()).router is None


async def test_one_process_learns_at_a_time(school: School) -> None:
    async with school.control.parts.db.leading("parley learning") as leads:
        learnt = await school.learner.learn()

    assert leads
    assert learnt is None


async def test_a_tenant_that_cannot_be_learnt_from_does_not_keep_the_others(
    school: School, control: ControlUnderTest, other_team: TenantSample
) -> None:
    other = School(control, other_team, school.learner)
    job = await other.job("lessons")
    broken = [
        label.model_copy(update={"before": [*label.before, 0.0]}) for label in make_labels(120, school.scorer)
    ]
    for start in range(0, 120, 50):
        await append_labels(
            control.parts.db, other_team.id, job.conversation_id, job.epoch, broken[start : start + 50]
        )
    await school.teach(150)

    learnt = await school.learner.learn()

    assert learnt is not None
    assert learnt.fits >= 1
    assert (await school.show())["active"]["version"] == 1
    assert (await other.show())["active"] is None


# Versions


async def test_versions_are_listed_and_an_older_one_is_taken_back_and_held(school: School) -> None:
    await school.teach(150)
    await school.learn()
    await school.teach(60, seed=2)
    await school.learn()

    back = await school.activate(1)
    await school.teach(60, seed=3)
    await school.learn()

    assert (back.status, back.body["version"], back.body["is_held"]) == (200, 1, True)
    reply = await school.control.get("/v1/router/versions", school.team.api_key)
    listed = [(each["version"], each["is_active"]) for each in reply.body["data"]]
    assert listed == [(3, False), (2, False), (1, True)]
    assert "held" in (await school.show())["says"]
    router = (await school.context()).router
    assert router is not None
    assert router.version == 1


async def test_choosing_the_newest_lets_the_fits_go_on(school: School) -> None:
    await school.teach(150)
    await school.learn()
    await school.activate(0)
    newest = await school.activate(1)

    await school.teach(60, seed=2)
    await school.learn()

    assert newest.body["is_held"] is False
    assert (await school.show())["active"]["version"] == 2


async def test_version_0_is_the_scorer_as_it_ships(school: School) -> None:
    await school.teach(150)
    await school.learn()

    reply = await school.activate(0)

    assert (reply.status, reply.body["version"], reply.body["learns"]) == (200, 0, False)
    assert (await school.context()).router is None
    assert "as somebody chose" in (await school.show())["says"]


async def test_versions_come_in_pages(school: School) -> None:
    await school.teach(150)
    await school.learn()
    await school.teach(60, seed=2)
    await school.learn()

    first = await school.control.get("/v1/router/versions?limit=1", school.team.api_key)
    second = await school.control.get(
        f"/v1/router/versions?limit=1&cursor={first.body['next_cursor']}", school.team.api_key
    )

    assert [page.body["data"][0]["version"] for page in (first, second)] == [2, 1]
    assert second.body["next_cursor"] is None


@pytest.mark.parametrize("version", ["7", "0", "first", "-1", "1.5", "99999999999"])
async def test_a_version_that_there_is_not_is_not_found_and_says_what_is_missing(
    school: School, version: str
) -> None:
    reply = await school.activate(version)

    assert_problem(reply, 404, "not_found")


async def test_a_version_before_the_first_fit_says_how_many_labels_are_missing(school: School) -> None:
    await school.teach(60)

    reply = await school.activate(1)

    assert "40 more labels are needed" in reply.body["detail"]


async def test_taking_a_version_back_is_in_the_trail(school: School) -> None:
    await school.teach(150)
    await school.learn()

    await school.activate(0)

    reply = await school.control.get(
        "/v1/audit-events?action=router.activated", await sign_in(school.control, school.team)
    )
    (event,) = reply.body["data"]
    assert event["details"] == {"version": 0}
    assert event["actor"]["person"]["name"] == "Ada"


async def test_a_guest_sees_nothing_of_it_and_a_key_needs_its_scope(school: School) -> None:
    control, team = school.control, school.team
    guest = await come_as_guest(control, team, "lounge")
    reader = await key_with(control, team, ["agents:read"])

    assert (await control.get("/v1/router", guest)).status == 403
    assert (await control.get("/v1/router", reader)).status == 200
    assert_problem(await control.post("/v1/router/versions/0/activate", reader), 403, "not_allowed")


# Targets


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


# Drift


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
