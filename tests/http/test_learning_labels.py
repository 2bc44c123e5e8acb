"""What a job tells of turns that both tiers answered."""

import json
from typing import Any

import pytest

from agent.cascade.score.scorer import Scorer
from tests.fixtures.control import assert_problem
from tests.fixtures.learning import make_labels
from tests.http.callers import job_token, someone_elses_job
from tests.http.school import School


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
