"""A tenant's budgets, as its admins set and read them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent.wire import format_id
from control.store import calls
from tests.db.samples import a_call
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.fixtures.purse import this_month
from tests.http.callers import begin_job, job_token, page_of, sign_in
from tests.http.keys import key_with

CAP = {"cap_usd_micros": 1_000_000}


async def put(control: ControlUnderTest, team: TenantSample, body: dict[str, Any]) -> Reply:
    session = await sign_in(control, team)
    return await control.call("PUT", "/v1/budgets", session, json=body)


async def spend(control: ControlUnderTest, team: TenantSample, usd_micros: int, speaker: str) -> str:
    """The conversation's id."""
    job = await begin_job(control.parts.db, team)
    call = a_call(f"call of {speaker}", usd_micros).model_copy(
        update={"started_at": datetime.now(UTC), "speaker_identity": speaker}
    )
    await calls.append_calls(control.parts.db, team.id, job.conversation_id, job.epoch, [call])
    return format_id("conv", job.conversation_id)


async def test_budgets_that_are_set_are_read_with_what_is_left(
    control: ControlUnderTest, team: TenantSample
) -> None:
    conversation = await spend(control, team, 850_000, "user_ada")
    body = {
        "tenant_month": {**CAP, "thrift_percent": 90},
        "user_day": CAP,
        "conversation": {"cap_usd_micros": 850_000},
        "turn": {"cap_usd_micros": 5_000},
    }

    written = await put(control, team, body)
    read = await control.get("/v1/budgets", await key_with(control, team, ["usage:read"]))

    assert (written.status, read.status) == (200, 200)
    assert read.body == written.body
    tenant, user, talk, turn = read.body["data"]
    assert (tenant["spent_usd_micros"], tenant["left_usd_micros"], tenant["state"]) == (
        850_000,
        150_000,
        "open",
    )
    assert tenant["said"] == "This month may cost $1.00. $0.85 is spent."
    near = {"spent_usd_micros": 850_000, "left_usd_micros": 150_000, "state": "thrift"}
    assert user["near"] == [{"who": "user_ada", **near}]
    assert talk["near"][0]["who"] == conversation
    assert (talk["near"][0]["state"], talk["resets_at"]) == ("stop", None)
    assert (turn["cap_usd_micros"], turn["spent_usd_micros"], turn["said"]) == (
        5_000,
        None,
        "One turn may cost $0.005.",
    )


async def test_what_running_conversations_hold_is_said(control: ControlUnderTest, team: TenantSample) -> None:
    await put(control, team, {"tenant_month": CAP})
    job = await begin_job(control.parts.db, team)
    line = {"scope": "tenant", "period_start": this_month().isoformat(), "need_usd_micros": 80_000}
    await control.post(
        "/internal/v1/allowance", job_token(control, job), {"epoch": job.epoch, "lines": [line]}
    )

    (budget,) = (await control.get("/v1/budgets", await key_with(control, team, ["usage:read"]))).body["data"]

    assert (budget["held_usd_micros"], budget["left_usd_micros"]) == (80_000, 1_000_000)
    assert budget["said"] == (
        "This month may cost $1.00. $0.00 is spent. Running conversations hold $0.08 of what is left."
    )


async def test_what_is_left_out_has_no_cap_any_more(control: ControlUnderTest, team: TenantSample) -> None:
    await put(control, team, {"tenant_month": CAP, "turn": CAP})

    reply = await put(control, team, {"turn": CAP, "tenant_month": None})

    assert [budget["scope"] for budget in reply.body["data"]] == ["turn"]
    assert (await put(control, team, {})).body == {"data": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tenant_month": {"cap_usd_micros": -1}}, "tenant_month.cap_usd_micros"),
        ({"tenant_month": {"cap_usd_micros": 10**13}}, "tenant_month.cap_usd_micros"),
        ({"tenant_month": {}}, "tenant_month.cap_usd_micros"),
        ({"user_day": {**CAP, "thrift_percent": 0}}, "user_day.thrift_percent"),
        ({"user_day": {**CAP, "thrift_percent": 101}}, "user_day.thrift_percent"),
        ({"user_month": CAP}, "user_month"),
        ({"turn": 5}, "turn"),
    ],
)
async def test_a_budget_that_makes_no_sense_is_refused_by_name(
    control: ControlUnderTest, team: TenantSample, body: dict[str, Any], field: str
) -> None:
    assert_problem(await put(control, team, body), 422, "invalid_input", field)


async def test_only_admins_set_budgets_and_no_key_does(control: ControlUnderTest, team: TenantSample) -> None:
    key = await key_with(control, team)
    async with control.parts.db.member(team.id, team.user_id) as conn:
        await conn.execute("update memberships set role = 'member'")
    session = await sign_in(control, team)

    by_key = await control.call("PUT", "/v1/budgets", key, json={})
    by_member = await control.call("PUT", "/v1/budgets", session, json={})
    read_by_member = await control.get("/v1/budgets", session)

    assert_problem(by_key, 403, "not_allowed")
    assert_problem(by_member, 403, "not_allowed")
    assert_problem(read_by_member, 403, "not_allowed")


async def test_a_change_of_budgets_is_recorded_with_its_amounts(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    headers = await page_of(control, session)

    await control.call("PUT", "/v1/budgets", json={"tenant_month": CAP}, headers=headers)

    events = await control.get("/v1/audit-events?action=budgets.changed", session)
    (event,) = events.body["data"]
    assert event["details"] == {"tenant_usd_micros": 1_000_000}


async def test_a_spent_month_closes_the_door_and_a_raised_one_opens_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await spend(control, team, 1_000_000, "user_ada")
    await put(control, team, {"tenant_month": CAP})

    closed = await control.post("/v1/token", team.api_key, {"room_name": "standup"})
    await put(control, team, {"tenant_month": {"cap_usd_micros": 2_000_000}})
    await control.parts.redis.flushdb()
    opened = await control.post("/v1/token", team.api_key, {"room_name": "standup"})

    assert_problem(closed, 429, "budget_spent")
    assert opened.status == 201
