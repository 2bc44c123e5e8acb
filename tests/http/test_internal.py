"""What an agent's job may do: its own conversation, its own epoch, and nothing else."""

import asyncio
import base64
import dataclasses
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import jwt
import pytest

from agent.wire import ConversationId, format_id
from control.jobs import Job
from control.store import conversations, documents
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job, job_token, someone_elses_job
from tests.http.workers import REPORT, report_worker, worker_token

ROUTES = [
    ("GET", "/internal/v1/context"),
    ("POST", "/internal/v1/turns"),
    ("POST", "/internal/v1/model-calls"),
    ("POST", "/internal/v1/allowance"),
    ("POST", "/internal/v1/search"),
    ("GET", "/internal/v1/tools"),
    ("POST", "/internal/v1/tool-calls"),
    ("POST", "/internal/v1/tool-calls/outcomes"),
    ("POST", "/internal/v1/tool-calls/told"),
    ("POST", "/internal/v1/job/renew"),
]
TAKES_MONEY_SPENT = "/internal/v1/model-calls"
"""What a job that was replaced has paid for is stored all the same."""


def turn(client_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "role": "user",
        "channel": "voice",
        "speaker": {"identity": "user_1", "name": "Ada"},
        "text": "What is the refund period?",
        "state": "complete",
        "at": "2026-11-24T10:00:00Z",
        "metrics": {"stt_ms": 120},
        **changes,
    }


def model_call(client_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "turn_client_id": "turn-1",
        "kind": "talk",
        "tier": "small",
        "provider": "openai",
        "model": "gpt-6-luna",
        "outcome": "ok",
        "reason": "small first",
        "started_at": "2026-11-24T10:00:00Z",
        "first_token_ms": 210,
        "total_ms": 800,
        "input_tokens": 1200,
        "output_tokens": 60,
        "price_date": "2026-11-01",
        "cost_usd_micros": 150,
        "baseline_usd_micros": 3000,
        **changes,
    }


def tool_claim(epoch: int) -> dict[str, Any]:
    return {
        "epoch": epoch,
        "claim": "claim-1",
        "turn": "turn-1",
        "tool": "book",
        "function": "book",
        "speaker": "user_1",
        "arguments": "{}",
    }


def body_for(path: str, job: Job) -> dict[str, Any] | None:
    bodies: dict[str, dict[str, Any]] = {
        "/internal/v1/turns": {"epoch": job.epoch, "turns": [turn("t1")]},
        "/internal/v1/model-calls": {"epoch": job.epoch, "calls": [model_call("c1")]},
        "/internal/v1/allowance": {"epoch": job.epoch, "lines": []},
        "/internal/v1/search": {"query": "refund"},
        "/internal/v1/tool-calls": tool_claim(job.epoch),
        "/internal/v1/tool-calls/outcomes": {
            "epoch": job.epoch,
            "claim": "claim-1",
            "key": "0" * 64,
            "state": "done",
            "latency_ms": 1,
        },
        "/internal/v1/tool-calls/told": {"epoch": job.epoch, "keys": ["0" * 64]},
    }
    return bodies.get(path)


async def send_turns(control: ControlUnderTest, job: Job, *turns: dict[str, Any]) -> Any:
    return await control.post(
        "/internal/v1/turns", job_token(control, job), {"epoch": job.epoch, "turns": list(turns)}
    )


async def test_turns_that_were_written_are_read_in_their_order(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)
    agent = {"identity": "agent_1", "name": "Parley"}

    first = await send_turns(
        control, job, turn("t1"), turn("t2", role="agent", speaker=agent, text="30 days.")
    )
    second = await send_turns(control, job, turn("t3", channel="text", text="Thanks"))

    assert first.body == {"acks": [{"client_id": "t1", "seq": 1}, {"client_id": "t2", "seq": 2}]}
    assert second.body == {"acks": [{"client_id": "t3", "seq": 3}]}
    context = await control.get("/internal/v1/context", job_token(control, job))
    assert context.body["conversation"] == format_id("conv", job.conversation_id)
    assert context.body["tenant"] == format_id("ten", team.id)
    assert (context.body["room_name"], context.body["epoch"]) == ("standup", 1)
    assert [(item["seq"], item["text"]) for item in context.body["turns"]] == [
        (1, "What is the refund period?"),
        (2, "30 days."),
        (3, "Thanks"),
    ]
    assert context.body["turns"][1]["speaker"] == agent


async def test_writing_a_turn_again_keeps_its_place_and_updates_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)
    await send_turns(control, job, turn("t1", state="streaming", text="What is"), turn("t2"))

    again = await send_turns(control, job, turn("t1", state="complete", text="What is it?"))
    late = await send_turns(control, job, turn("t1", state="streaming", text="What"))

    assert again.body == late.body == {"acks": [{"client_id": "t1", "seq": 1}]}
    context = await control.get("/internal/v1/context", job_token(control, job))
    assert [(item["seq"], item["text"], item["state"]) for item in context.body["turns"]] == [
        (1, "What is it?", "complete"),
        (2, "What is the refund period?", "complete"),
    ]


async def test_turns_written_at_the_same_time_leave_no_gap(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)

    replies = await asyncio.gather(*(send_turns(control, job, turn(f"t{n}")) for n in range(20)))

    assert sorted(reply.body["acks"][0]["seq"] for reply in replies) == list(range(1, 21))


async def test_a_job_of_an_earlier_epoch_is_told_so_and_stores_nothing_but_what_it_paid_for(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)
    await begin_job(control.parts.db, team)
    token = job_token(control, job)

    for method, path in ROUTES:
        reply = await control.call(method, path, token, json=body_for(path, job))
        if path == TAKES_MONEY_SPENT:
            assert reply.status == 204
        else:
            assert_problem(reply, 409, "stale_epoch")
    stored = await control.rows(team.id)
    assert (stored["turns"], stored["model_calls"]) == (0, 1)


@pytest.mark.parametrize("epoch", [0, 2, 99])
async def test_a_job_cannot_write_in_the_name_of_another_epoch(
    control: ControlUnderTest, team: TenantSample, epoch: int
) -> None:
    token = job_token(control, await begin_job(control.parts.db, team))

    turns = await control.post("/internal/v1/turns", token, {"epoch": epoch, "turns": [turn("t1")]})
    calls = await control.post(
        "/internal/v1/model-calls", token, {"epoch": epoch, "calls": [model_call("c1")]}
    )

    assert_problem(turns, 422, "invalid_input", "epoch")
    assert_problem(calls, 422, "invalid_input", "epoch")
    stored = await control.rows(team.id)
    assert (stored["turns"], stored["model_calls"]) == (0, 0)


async def test_a_job_reaches_no_conversation_of_another_tenant(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    theirs = await begin_job(control.parts.db, other_team)
    mixed = dataclasses.replace(theirs, tenant_id=team.id)
    before = await control.rows(other_team.id)

    for method, path in ROUTES:
        reply = await control.call(method, path, job_token(control, mixed), json=body_for(path, mixed))
        assert_problem(reply, 404, "not_found")
    assert await control.rows(other_team.id) == before


async def test_a_job_of_a_conversation_that_is_gone_finds_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)
    async with control.parts.db.tenant(team.id) as conn:
        await conversations.delete_conversation(conn, job.conversation_id)

    assert_problem(await send_turns(control, job, turn("t1")), 404, "not_found")
    nobody = job_token(control, someone_elses_job())
    assert_problem(await control.get("/internal/v1/context", nobody), 404, "not_found")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_the_internal_api_takes_job_tokens_only(
    control: ControlUnderTest, team: TenantSample, method: str, path: str
) -> None:
    job = await begin_job(control.parts.db, team)
    body = body_for(path, job)
    token = job_token(control, job)
    claims = jwt.decode(token, options={"verify_signature": False})
    expired = jwt.encode({**claims, "exp": 1}, control.settings.secret_key, algorithm="HS256")
    forged = jwt.encode(claims, "another-secret-of-more-than-32-characters", algorithm="HS256")
    livekit = jwt.encode(claims, control.settings.livekit.api_secret, algorithm="HS256")
    head, _, signature = token.split(".")
    elsewhere = {**claims, "cid": format_id("conv", ConversationId(uuid4()))}
    payload = base64.urlsafe_b64encode(json.dumps(elsewhere).encode()).rstrip(b"=").decode()
    swapped = f"{head}.{payload}.{signature}"

    for credential in (None, team.api_key, expired, forged, livekit, swapped, worker_token(control)):
        reply = await control.call(method, path, credential, json=body)
        assert_problem(reply, 401, "not_authenticated")
    stored = await control.rows(team.id)
    assert (stored["turns"], stored["model_calls"]) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "system"}, "turns.0.role"),
        ({"channel": "telepathy"}, "turns.0.channel"),
        ({"state": "done"}, "turns.0.state"),
        ({"text": None}, "turns.0.text"),
        ({"text": "x" * 32_001}, "turns.0.text"),
        ({"client_id": ""}, "turns.0.client_id"),
        ({"at": "yesterday"}, "turns.0.at"),
        ({"seq": 7}, "turns.0.seq"),
        ({"speaker": {"identity": "a"}}, "turns.0.speaker.name"),
        ({"metrics": [1]}, "turns.0.metrics"),
    ],
)
async def test_a_turn_that_breaks_a_rule_takes_the_whole_batch_with_it(
    control: ControlUnderTest, team: TenantSample, changes: dict[str, Any], field: str
) -> None:
    job = await begin_job(control.parts.db, team)

    reply = await send_turns(control, job, {**turn("t1"), **changes}, turn("t2"))

    assert_problem(reply, 422, "invalid_input", field)
    assert (await control.rows(team.id))["turns"] == 0


@pytest.mark.parametrize("turns", [[], [turn(f"t{n}") for n in range(101)], None, "x"])
async def test_a_batch_has_1_to_100_turns(control: ControlUnderTest, team: TenantSample, turns: Any) -> None:
    job = await begin_job(control.parts.db, team)

    reply = await control.post(
        "/internal/v1/turns", job_token(control, job), {"epoch": job.epoch, "turns": turns}
    )

    assert_problem(reply, 422, "invalid_input", "turns")
    assert (await control.rows(team.id))["turns"] == 0


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
async def test_a_metric_that_is_no_number_is_refused(
    control: ControlUnderTest, team: TenantSample, number: str
) -> None:
    job = await begin_job(control.parts.db, team)
    written = (
        f'{{"epoch": {job.epoch}, "turns": [{{"client_id": "t1", "role": "user", "channel": "voice", '
        '"speaker": {"identity": "a", "name": "A"}, "text": "x", "state": "complete", '
        f'"at": "2026-11-24T10:00:00Z", "metrics": {{"x": {number}}}}}]}}'
    )

    reply = await control.call(
        "POST",
        "/internal/v1/turns",
        job_token(control, job),
        data=written,
        headers={"Content-Type": "application/json"},
    )

    assert_problem(reply, 422, "invalid_input", "turns.0.metrics.x")
    assert (await control.rows(team.id))["turns"] == 0


async def test_a_long_batch_of_long_turns_is_taken(control: ControlUnderTest, team: TenantSample) -> None:
    job = await begin_job(control.parts.db, team)

    reply = await send_turns(control, job, *(turn(f"t{n}", text="x" * 30_000) for n in range(30)))

    assert len(reply.body["acks"]) == 30


async def test_model_calls_are_counted_once_however_often_they_are_sent(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)
    body = {"epoch": job.epoch, "calls": [model_call("c1"), model_call("c2", cost_usd_micros=None)]}

    replies = [
        await control.post("/internal/v1/model-calls", job_token(control, job), body) for _ in range(2)
    ]

    assert [reply.status for reply in replies] == [204, 204]
    ledger = await control.get(
        f"/v1/conversations/{format_id('conv', job.conversation_id)}/calls", team.api_key
    )
    assert [(row["client_id"], row["cost_usd_micros"]) for row in ledger.body["data"]] == [
        ("c1", 150),
        ("c2", None),
    ]


async def test_a_model_call_of_negative_cost_is_refused(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)
    body = {"epoch": job.epoch, "calls": [model_call("c1", cost_usd_micros=-1)]}

    reply = await control.post("/internal/v1/model-calls", job_token(control, job), body)

    assert_problem(reply, 422, "invalid_input", "calls.0.cost_usd_micros")
    assert (await control.rows(team.id))["model_calls"] == 0


async def test_a_search_finds_the_tenants_own_documents_only(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    for sample, text in ((team, "Refunds are paid within 30 days."), (other_team, "Refunds are never paid.")):
        async with control.parts.db.tenant(sample.id) as conn:
            await documents.put_document(conn, "Refunds", text)
    token = job_token(control, await begin_job(control.parts.db, team))

    reply = await control.post("/internal/v1/search", token, {"query": "What is the refund period?"})

    assert [passage["text"] for passage in reply.body["passages"]] == ["Refunds are paid within 30 days."]


@pytest.mark.parametrize("query", ["", "'; drop table turns; --", "& | ! ( :*", "\x00", "the"])
async def test_a_search_for_nothing_in_particular_finds_nothing(
    control: ControlUnderTest, team: TenantSample, query: str
) -> None:
    token = job_token(control, await begin_job(control.parts.db, team))

    reply = await control.post("/internal/v1/search", token, {"query": query})

    assert (reply.status, reply.body) == (200, {"passages": []})


async def test_a_job_token_is_renewed_for_as_long_as_its_epoch_lasts(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)

    reply = await control.post("/internal/v1/job/renew", job_token(control, job))

    assert control.parts.jobs.verify(reply.body["job_token"]) == job
    assert datetime.fromisoformat(reply.body["expires_at"]) > datetime.now(UTC)


async def test_a_worker_that_reports_is_counted(control: ControlUnderTest) -> None:
    assert (await report_worker(control)).status == 204
    await report_worker(control, worker_id="worker-2")
    await report_worker(control, worker_id="worker-2")

    deployment = await control.get("/v1/deployment")

    assert (deployment.body["workers"], deployment.body["profile"]) == (2, "local")


async def test_a_worker_that_fell_silent_is_forgotten(control: ControlUnderTest) -> None:
    await report_worker(control)

    life_s = await control.parts.redis.ttl("parley:worker:worker-1")
    await control.parts.redis.delete("parley:worker:worker-1")  # what Redis does by itself after that time

    assert 0 < life_s <= 15
    assert (await control.get("/v1/deployment")).body["workers"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"aud": None}, id="a LiveKit token"),
        pytest.param({"aud": "parley-job"}, id="for jobs"),
        pytest.param({"iss": "someone"}, id="another key"),
        pytest.param({"exp": None}, id="without an end"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"exp": 4102444800}, id="good for decades"),
    ],
)
async def test_a_report_that_is_not_signed_for_this_is_refused(
    control: ControlUnderTest, changes: dict[str, Any]
) -> None:
    reply = await control.post("/internal/v1/workers", worker_token(control, **changes), REPORT)

    assert_problem(reply, 401, "not_authenticated")
    assert (await control.get("/v1/deployment")).body["workers"] == 0


async def test_a_report_of_the_wrong_shape_is_refused(control: ControlUnderTest) -> None:
    assert_problem(await report_worker(control, slots=-1), 422, "invalid_input", "slots")
    assert_problem(await report_worker(control, worker_id=""), 422, "invalid_input", "worker_id")
    assert_problem(await report_worker(control, secret="x"), 422, "invalid_input", "secret")
    assert (await control.get("/v1/deployment")).body["workers"] == 0
