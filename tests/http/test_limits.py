"""Limits against a real Redis: exact under concurrency, all or nothing, and honest while Redis is away."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from agent.errors import NotAuthenticated, Unavailable
from agent.wire import ModelCall
from control.edge.limits import LimitReached, Limits
from control.edge.rates import RATES, Rate, Rates, Tier
from control.store import calls
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job, sign_in
from tests.http.limited import beside
from tests.http.test_internal import model_call

TEN: Rates = {tier: Rate(10, 600, "ten, and one more a minute") for tier in Tier}


@pytest.fixture
async def limits(control: ControlUnderTest) -> AsyncIterator[Limits]:
    made = Limits(control.parts.redis, control.parts.db, TEN)
    yield made
    await made.aclose()


async def admitted(limits: Limits, *subjects: tuple[Tier, str]) -> bool:
    try:
        await limits.admit([limits.ask(tier, subject) for tier, subject in subjects])
    except LimitReached:
        return False
    return True


async def set_budget(control: ControlUnderTest, team: TenantSample, cap_usd_micros: int) -> None:
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute(
            "insert into budgets (scope, period, cap_usd_micros) values ('tenant', 'month', $1)",
            cap_usd_micros,
        )


async def spend(control: ControlUnderTest, team: TenantSample, usd_micros: int, days_ago: int = 0) -> None:
    job = await begin_job(control.parts.db, team)
    started_at = datetime.now(UTC) - timedelta(days=days_ago)
    call = ModelCall.model_validate(model_call("c1", cost_usd_micros=usd_micros, started_at=started_at))
    await calls.append_calls(control.parts.db, team.id, job.conversation_id, job.epoch, [call])


async def test_200_at_once_get_exactly_the_ten_that_there_are(limits: Limits) -> None:
    verdicts = await asyncio.gather(*(admitted(limits, (Tier.PRINCIPAL, "ada")) for _ in range(200)))

    assert sum(verdicts) == 10


async def test_200_at_once_on_two_nodes_get_exactly_ten_between_them(
    control: ControlUnderTest, limits: Limits
) -> None:
    other = Limits(control.parts.redis, control.parts.db, TEN)

    verdicts = await asyncio.gather(
        *(admitted(node, (Tier.PRINCIPAL, "ada")) for node in (limits, other) for _ in range(100))
    )
    await other.aclose()

    assert sum(verdicts) == 10


async def test_200_attempts_at_once_make_ten_tries(limits: Limits) -> None:
    tries = 0

    async def guess() -> None:
        nonlocal tries
        async with limits.attempt("email ada@harbor.example"):
            tries += 1
            raise NotAuthenticated("no")

    outcomes = await asyncio.gather(*(guess() for _ in range(200)), return_exceptions=True)

    assert tries == 10
    assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 190


async def test_a_success_costs_no_attempt(limits: Limits) -> None:
    for _ in range(30):
        async with limits.attempt("email ada@harbor.example"):
            pass

    assert await admitted(limits, (Tier.CREDENTIAL, "email ada@harbor.example"))


async def test_an_account_has_a_daily_end_to_guessing_and_an_address_has_not(
    control: ControlUnderTest,
) -> None:
    rates = {**RATES, Tier.CREDENTIAL: Rate(1000, 60, "out of the way")}
    patient = Limits(control.parts.redis, control.parts.db, rates)

    async def guess(subject: str) -> bool:
        try:
            async with patient.attempt(subject):
                raise NotAuthenticated("no")
        except LimitReached:
            return False
        except NotAuthenticated:
            return True

    of_account = [await guess("email ada@harbor.example") for _ in range(101)]
    of_address = [await guess("address 192.0.2.7") for _ in range(101)]
    await patient.aclose()

    assert (sum(of_account), sum(of_address)) == (100, 101)


async def test_one_empty_bucket_leaves_the_others_as_full_as_they_were(limits: Limits) -> None:
    while await admitted(limits, (Tier.TENANT, "harbor")):
        pass
    both = [(Tier.PRINCIPAL, "ada"), (Tier.TENANT, "harbor")]

    refusals = [await admitted(limits, *both) for _ in range(20)]

    assert not any(refusals)
    assert sum([await admitted(limits, (Tier.PRINCIPAL, "ada")) for _ in range(20)]) == 10


async def test_the_wait_that_is_told_is_the_wait_that_it_takes(control: ControlUnderTest) -> None:
    quick = Limits(
        control.parts.redis, control.parts.db, {**TEN, Tier.PRINCIPAL: Rate(2, 1, "half a second")}
    )
    ask = quick.ask(Tier.PRINCIPAL, "ada")
    await quick.admit([ask])
    (last,) = await quick.admit([ask])
    with pytest.raises(LimitReached) as refused:
        await quick.admit([ask])

    await asyncio.sleep(refused.value.retry_after_s)
    (after,) = await quick.admit([ask])
    await quick.aclose()

    assert (last.remaining, after.remaining) == (0, 0)
    assert 0.3 < refused.value.retry_after_s <= 0.5


async def test_redis_is_told_neither_addresses_nor_accounts(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await sign_in(control, team)
    wrong = {"email": team.email, "password": "not the right one"}
    await control.post("/v1/sessions", body=wrong)

    found = [key async for key in control.parts.redis.scan_iter("*")]

    assert len(found) >= 3
    held = " ".join(found)
    for secret in ("127.0.0.1", team.email, team.email.split("@")[0], team.id.hex, team.user_id.hex):
        assert secret not in held


async def test_every_answer_says_what_is_left(control: ControlUnderTest, team: TenantSample) -> None:
    rates = {**RATES, Tier.PRINCIPAL: Rate(10, 600, "one a minute")}
    async with beside(control, rates=rates) as slow:
        answers = [await slow.get("/v1/rooms", team.api_key) for _ in range(2)]

    policies = [
        f'"{tier}";q={rates[tier].quota};w={rates[tier].window_s}'
        for tier in (Tier.ADDRESS, Tier.PRINCIPAL, Tier.TENANT)
    ]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {", ".join(policies)}
    assert [answer.headers["RateLimit"] for answer in answers] == [
        '"principal";r=9;t=60',
        '"principal";r=8;t=120',
    ]
    assert "Retry-After" not in answers[0].headers


@pytest.mark.parametrize(
    "path", ["/", "/v1/deployment", "/v1/openapi.json", "/nothing", "/v1/nothing", "/static/x"]
)
async def test_every_public_address_counts(control: ControlUnderTest, path: str) -> None:
    assert (await control.get(path)).headers["RateLimit"].startswith('"address";r=599')


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz", "/internal/v1/context"])
async def test_what_watches_and_serves_this_process_is_not_counted(
    control: ControlUnderTest, path: str
) -> None:
    assert "RateLimit" not in (await control.get(path)).headers


async def test_the_openings_of_one_address_come_to_an_end_whoever_it_says_it_is(
    control: ControlUnderTest, team: TenantSample
) -> None:
    rates = {**RATES, Tier.ADDRESS: Rate(5, 300, "five")}
    async with beside(control, rates=rates) as few:
        made_up = [await few.get("/v1/rooms", f"guess-{n}") for n in range(5)]
        spoofed = await few.get("/v1/rooms", team.api_key, headers={"X-Forwarded-For": "198.51.100.1"})

    assert [reply.status for reply in made_up] == [401] * 5
    assert_problem(spoofed, 429, "too_many")
    assert 1 <= int(spoofed.headers["Retry-After"]) <= 60
    assert spoofed.headers["RateLimit"].startswith('"address";r=0;')


async def test_a_key_that_is_used_up_leaves_another_key_of_the_tenant_alone(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async with beside(control, rates={**RATES, Tier.PRINCIPAL: Rate(3, 300, "three")}) as few:
        session = await sign_in(few, team)
        used = [(await few.get("/v1/rooms", team.api_key)).status for _ in range(4)]
        reply = await few.get("/v1/rooms", session)

    assert (used, reply.status) == ([200, 200, 200, 429], 200)


async def test_a_tenant_that_is_used_up_leaves_another_tenant_alone(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    async with beside(control, rates={**RATES, Tier.TENANT: Rate(3, 300, "three")}) as few:
        used = [(await few.get("/v1/rooms", team.api_key)).status for _ in range(4)]
        reply = await few.get("/v1/rooms", other_team.api_key)

    assert (used, reply.status) == ([200, 200, 200, 429], 200)


async def test_a_delicate_action_is_counted_for_a_person_in_all_their_sessions(
    control: ControlUnderTest, team: TenantSample
) -> None:
    body = {"origins": ["https://app.example.com"]}
    async with beside(control, rates={**RATES, Tier.ACTION: Rate(3, 300, "three")}) as few:
        sessions = [await sign_in(few, team) for _ in range(4)]
        replies = [await few.call("PUT", "/v1/allowed-origins", session, json=body) for session in sessions]
        read = await few.get("/v1/allowed-origins", sessions[0])

    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert replies[3].headers["RateLimit"].startswith('"action";r=0;')
    assert read.status == 200


async def test_nothing_that_costs_is_begun_once_the_budget_is_spent(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await set_budget(control, team, 1000)
    before = await control.post("/v1/token", team.api_key, {"room_name": "standup"})
    await spend(control, team, 1000)
    await control.parts.redis.flushdb()

    after = await control.post("/v1/token", team.api_key, {"room_name": "standup"})

    assert before.status == 201
    assert_problem(after, 429, "budget_spent")
    assert "budget is spent" in after.body["detail"]
    assert 1 <= int(after.headers["Retry-After"]) <= 31 * 86_400
    assert (await control.get("/v1/rooms", team.api_key)).status == 200
    assert (await control.post("/v1/token", other_team.api_key)).status == 201


async def test_no_agent_is_sent_once_the_budget_is_spent(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await set_budget(control, team, 1000)
    await spend(control, team, 1001)
    await control.parts.media.ensure_room(f"{team.id.hex}_standup")

    sent = await control.parts.dispatcher.attend(f"{team.id.hex}_standup", human_joined=True)

    assert not sent


async def test_what_was_spent_in_another_month_counts_for_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await set_budget(control, team, 1000)
    await spend(control, team, 5000, days_ago=32)

    assert (await control.post("/v1/token", team.api_key)).status == 201


async def test_without_redis_credentials_and_delicate_actions_are_closed(
    control_without_redis: ControlUnderTest, own_team: TenantSample
) -> None:
    limits = Limits(control_without_redis.parts.redis, control_without_redis.parts.db)

    with pytest.raises(Unavailable):
        async with limits.attempt("email ada@harbor.example"):
            pytest.fail("nothing may be tried")
    with pytest.raises(Unavailable):
        await limits.admit([limits.ask(Tier.ADDRESS, "192.0.2.7"), limits.ask(Tier.ACTION, "ada x")])
    await limits.aclose()


async def test_without_redis_postgresql_says_what_may_be_spent(
    control_without_redis: ControlUnderTest, own_team: TenantSample
) -> None:
    await set_budget(control_without_redis, own_team, 1000)
    before = await control_without_redis.post("/v1/token", own_team.api_key)
    await spend(control_without_redis, own_team, 1000)

    after = await control_without_redis.post("/v1/token", own_team.api_key)

    assert before.status == 201
    assert_problem(after, 429, "budget_spent")


async def test_without_redis_the_rest_has_smaller_quotas_and_one_line_of_log(
    control_without_redis: ControlUnderTest, own_team: TenantSample, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    replies = [
        await control_without_redis.get("/v1/rooms", own_team.api_key)
        for _ in range(RATES[Tier.PRINCIPAL].reduced().quota + 10)
    ]

    statuses = [reply.status for reply in replies]
    quota = RATES[Tier.PRINCIPAL].reduced().quota
    assert statuses[:quota] == [200] * quota
    assert 429 in statuses
    assert (
        f'"principal";q={quota};w={RATES[Tier.PRINCIPAL].window_s}' in replies[0].headers["RateLimit-Policy"]
    )
    lines = [record for record in caplog.records if record.message == "limits are counted without redis"]
    assert len(lines) == 1


async def test_a_waiting_ask_is_let_go_when_the_process_ends(control: ControlUnderTest) -> None:
    ending = Limits(control.parts.redis, control.parts.db, TEN)
    asking = asyncio.create_task(admitted(ending, (Tier.ADDRESS, "192.0.2.7")))
    await asyncio.sleep(0)
    await ending.aclose()

    with pytest.raises(asyncio.CancelledError):
        await asking
