"""What a running job may spend, over the real address, with the real client."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.cascade.money.allowance import Allowance
from agent.cascade.money.budget import BudgetState
from agent.control_client import ControlClient
from agent.errors import BudgetSpent
from control.jobs import Job
from control.store import calls
from control.store.budgets import Cap, Scope, replace_caps, spent_by_tenant
from tests.db.samples import a_call
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.fixtures.purse import this_month, today
from tests.fixtures.waiting import until
from tests.http.callers import begin_job, job_token

PATH = "/internal/v1/allowance"


def line(**changes: Any) -> dict[str, Any]:
    return {"scope": "tenant", "period_start": this_month().isoformat(), "need_usd_micros": 100, **changes}


async def set_caps(control: ControlUnderTest, team: TenantSample, **caps: int) -> None:
    async with control.parts.db.tenant(team.id) as conn:
        given: dict[Scope, int] = caps  # type: ignore[assignment] # names of scopes
        await replace_caps(conn, [Cap(scope, micros, 80) for scope, micros in given.items()])


async def ask(control: ControlUnderTest, job: Job, *lines: dict[str, Any], **changes: Any) -> Any:
    body = {"epoch": job.epoch, "lines": list(lines), **changes}
    return await control.post(PATH, job_token(control, job), body)


async def test_without_a_budget_nothing_is_limited(control: ControlUnderTest, team: TenantSample) -> None:
    job = await begin_job(control.parts.db, team)

    reply = await ask(control, job, line(), {"scope": "conversation"})

    assert reply.status == 200
    assert (reply.body["turn_cap_usd_micros"], reply.body["limited"], reply.body["grants"]) == (None, [], [])


async def test_what_is_granted_names_the_cap_and_when_it_begins_anew(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await set_caps(control, team, tenant=10_000, user=5_000, turn=700)
    job = await begin_job(control.parts.db, team)
    user = line(scope="user", speaker="user_ada", period_start=today().isoformat())

    reply = await ask(control, job, line(), user, {"scope": "conversation"})

    assert reply.body["turn_cap_usd_micros"] == 700
    assert reply.body["limited"] == ["tenant", "user"]
    tenant, person = reply.body["grants"]
    next_month = (this_month() + timedelta(days=32)).replace(day=1)
    assert (tenant["granted_usd_micros"], tenant["cap_usd_micros"], tenant["state"]) == (100, 10_000, "open")
    assert tenant["resets_at"] == f"{next_month.isoformat()}T00:00:00Z"
    assert person["speaker"] == "user_ada"
    assert person["resets_at"] == f"{(today() + timedelta(days=1)).isoformat()}T00:00:00Z"


@pytest.mark.parametrize(
    ("lines_of_now", "field"),
    [
        (lambda: [line(period_start=(this_month() + timedelta(days=1)).isoformat())], "lines.0.period_start"),
        (lambda: [line(period_start="2020-01-01")], "lines.0.period_start"),
        (lambda: [line(period_start=None)], "lines.0.period_start"),
        (
            lambda: [{"scope": "conversation", "period_start": this_month().isoformat()}],
            "lines.0.period_start",
        ),
        (lambda: [line(), line(speaker="user_ada")], "lines.1.speaker"),
        (lambda: [line(scope="user", period_start=today().isoformat())], "lines.0.speaker"),
        (lambda: [line(), line()], "lines.1"),
        (lambda: [line(scope="turn")], "lines.0.scope"),
        (lambda: [line(settled_usd_micros=-1)], "lines.0.settled_usd_micros"),
        (
            lambda: [line(), line(scope="conversation", period_start=None, kept_usd_micros=2**63 - 1)],
            "lines.1.kept_usd_micros",
        ),
    ],
)
async def test_a_line_that_makes_no_sense_is_refused_by_name(
    control: ControlUnderTest,
    team: TenantSample,
    lines_of_now: Callable[[], list[dict[str, Any]]],
    field: str,
) -> None:
    await set_caps(control, team, tenant=10_000)
    job = await begin_job(control.parts.db, team)

    assert_problem(await ask(control, job, *lines_of_now()), 422, "invalid_input", field)


async def test_a_job_of_an_earlier_epoch_can_only_give_back(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await set_caps(control, team, tenant=1_000)
    job = await begin_job(control.parts.db, team)
    await ask(control, job, line(need_usd_micros=900))
    current = await begin_job(control.parts.db, team)

    refused = await ask(control, job, line(need_usd_micros=950))
    closed = await ask(control, job, line(settled_usd_micros=50), is_closing=True)
    granted = await ask(control, current, line(need_usd_micros=2_000))

    assert_problem(refused, 409, "stale_epoch")
    assert closed.body["grants"][0]["granted_usd_micros"] == 50
    assert granted.body["grants"][0]["granted_usd_micros"] == 950


async def test_1000_turns_of_eight_rooms_at_once_stop_at_the_cap_exactly(
    control: ControlUnderTest, team: TenantSample
) -> None:
    """Each settles what it reserved and reports it to the ledger, as rooms do."""
    cap, chance = 400_000, random.Random(5)  # noqa: S311 - repeatable on purpose
    await set_caps(control, team, tenant=cap)
    jobs = [await begin_job(control.parts.db, team, f"room-{number}") for number in range(8)]
    clients = [
        ControlClient(f"http://127.0.0.1:{control.settings.port}", job_token(control, job)) for job in jobs
    ]
    purses = [Allowance(client, job.epoch) for client, job in zip(clients, jobs, strict=True)]
    await asyncio.gather(*(purse.start() for purse in purses))
    paid: list[int] = []
    under_way: dict[int, int] = {}
    most_at_once: list[int] = []

    async def turn(number: int) -> None:
        purse, job = purses[number % 8], jobs[number % 8]
        reserved = chance.randint(300, 900)
        for _ in range(200):
            try:
                hold = purse.reserve(reserved, speaker=None, turn=f"turn {number}")
            except BudgetSpent:
                await asyncio.sleep(chance.random() * 0.1)
                continue
            under_way[number] = reserved
            most_at_once.append(sum(paid) + sum(under_way.values()))
            await asyncio.sleep(chance.random() * 0.05)
            del under_way[number]
            cost = chance.randint(reserved // 2, reserved)
            purse.settle(hold, cost)
            paid.append(cost)
            call = a_call(f"call {number}", cost).model_copy(update={"started_at": datetime.now(UTC)})
            await calls.append_calls(control.parts.db, job.tenant_id, job.conversation_id, job.epoch, [call])
            return

    await asyncio.gather(*(turn(number) for number in range(1_000)))
    await asyncio.gather(*(purse.aclose() for purse in purses))
    await asyncio.gather(*(client.aclose() for client in clients))
    async with control.parts.db.tenant(team.id) as conn:
        after = await spent_by_tenant(conn)

    assert max(most_at_once) <= cap
    assert (after.spent_usd_micros, after.held_usd_micros) == (sum(paid), 0)
    assert sum(paid) > cap * 0.8


async def test_a_room_hears_of_thrift_and_of_the_end(control: ControlUnderTest, team: TenantSample) -> None:
    await set_caps(control, team, tenant=100_000)
    job = await begin_job(control.parts.db, team)
    heard: list[BudgetState] = []
    client = ControlClient(f"http://127.0.0.1:{control.settings.port}", job_token(control, job))
    purse = Allowance(client, job.epoch, announce=heard.append, renew_s=0.05)
    await purse.start()

    for name, cost in (("a", 85_000), ("b", 15_000)):
        call = a_call(name, cost).model_copy(update={"started_at": datetime.now(UTC), "kind": "tts"})
        await calls.append_calls(control.parts.db, team.id, job.conversation_id, job.epoch, [call])
        await until(lambda: len(heard) == (1 if name == "a" else 2))  # noqa: B023 - awaited at once
    with pytest.raises(BudgetSpent, match=r"this month's budget, \$0\.10, is spent; it begins anew at"):
        purse.reserve(1, speaker=None, turn=None)
    await purse.aclose()
    await client.aclose()

    assert heard == [BudgetState.THRIFT, BudgetState.STOP]


async def test_the_next_job_of_a_conversation_hears_what_was_spent_in_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await set_caps(control, team, conversation=1_000)
    job = await begin_job(control.parts.db, team)
    await calls.append_calls(
        control.parts.db, job.tenant_id, job.conversation_id, job.epoch, [a_call("call", 900)]
    )

    reply = await ask(control, job, {"scope": "conversation", "need_usd_micros": 500})

    (granted,) = reply.body["grants"]
    assert (granted["spent_usd_micros"], granted["state"]) == (900, "thrift")
    assert granted["granted_usd_micros"] <= 100
