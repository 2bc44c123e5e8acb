"""What a tenant's routing learns: from labels to a version in a job's context."""

from control.store.labels import append_labels
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.fixtures.learning import make_labels
from tests.http.callers import sign_in
from tests.http.school import School


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
