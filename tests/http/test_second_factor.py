"""Signing in with a second factor, and what is tried to get past it with a password alone."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from control.people.sessions import SECOND_FACTOR_TRIES
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import COOKIE
from tests.http.second_factors import (
    WRONG_PROOF,
    answer_challenge,
    give_app,
    give_passkey,
    give_recovery_codes,
    ticket_for,
)


async def finish(control: ControlUnderTest, ticket: str, proof: Mapping[str, Any]) -> Reply:
    return await control.post("/v1/sessions/second-factor", body={"ticket": ticket, "proof": proof})


async def sessions_of(control: ControlUnderTest, team: TenantSample) -> int:
    async with control.parts.db.person(team.user_id) as conn:
        return int(await conn.fetchval("select count(*) from sessions"))


async def test_a_right_password_alone_opens_nothing_where_there_is_a_second_factor(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await give_app(control, team)

    reply = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})

    assert reply.status == 202
    assert set(reply.body) == {"second_factor"}
    assert reply.body["second_factor"]["methods"] == ["totp"]
    assert "Set-Cookie" not in reply.headers
    assert await sessions_of(control, team) == 0


async def test_password_and_code_open_a_session_that_says_so(
    control: ControlUnderTest, team: TenantSample
) -> None:
    app = await give_app(control, team)

    reply = await finish(control, await ticket_for(control, team), app.proof())

    assert reply.status == 201
    assert reply.body["methods"] == ["password", "totp"]
    assert reply.cookies[COOKIE].value == reply.body["session_token"]
    current = await control.get("/v1/sessions/current", reply.body["session_token"])
    assert current.body["user"]["email"] == team.email


async def test_a_recovery_code_is_a_second_factor_once(control: ControlUnderTest, team: TenantSample) -> None:
    await give_app(control, team)
    codes = await give_recovery_codes(control, team)
    proof = {"method": "recovery_code", "code": codes[0]}

    first = await finish(control, await ticket_for(control, team), proof)
    again = await finish(control, await ticket_for(control, team), proof)

    assert first.body["methods"] == ["password", "recovery_code"]
    assert_problem(again, 401, "not_authenticated")


async def test_a_passkey_is_a_second_factor(control: ControlUnderTest, team: TenantSample) -> None:
    authenticator = await give_passkey(control, team)
    ticket = await ticket_for(control, team)

    proof = {"method": "passkey", **await answer_challenge(control, authenticator, team)}
    reply = await finish(control, ticket, proof)

    assert reply.status == 201, reply.body
    assert reply.body["methods"] == ["password", "passkey"]


async def test_a_ticket_is_no_session_token(control: ControlUnderTest, team: TenantSample) -> None:
    await give_app(control, team)
    ticket = await ticket_for(control, team)

    assert_problem(await control.get("/v1/sessions/current", ticket), 401, "not_authenticated")
    cookie = {"Cookie": f"{COOKIE}={ticket}"}
    assert_problem(await control.get("/v1/sessions/current", headers=cookie), 401, "not_authenticated")


async def test_a_ticket_that_was_used_opens_nothing_again(
    control: ControlUnderTest, team: TenantSample
) -> None:
    app = await give_app(control, team)
    ticket = await ticket_for(control, team)
    assert (await finish(control, ticket, app.proof())).status == 201

    assert_problem(await finish(control, ticket, app.proof(1)), 401, "not_authenticated")
    assert await sessions_of(control, team) == 1


@pytest.mark.parametrize("ticket", ["", "x", "x" * 43, "x" * 64])
async def test_a_ticket_that_was_made_up_opens_nothing(control: ControlUnderTest, ticket: str) -> None:
    assert_problem(await finish(control, ticket, WRONG_PROOF), 401, "not_authenticated")


async def test_the_ticket_of_one_persons_password_is_not_redeemed_by_anothers_code(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await give_app(control, team)
    attackers = await give_app(control, other_team)

    reply = await finish(control, await ticket_for(control, team), attackers.proof())

    assert_problem(reply, 401, "not_authenticated")
    assert await sessions_of(control, team) == 0


async def test_guessing_codes_ends_the_ticket_even_for_the_right_one(
    control: ControlUnderTest, team: TenantSample
) -> None:
    app = await give_app(control, team)
    ticket = await ticket_for(control, team)

    wrong = [await finish(control, ticket, WRONG_PROOF) for _ in range(SECOND_FACTOR_TRIES)]
    right = await finish(control, ticket, app.proof())

    assert {reply.status for reply in wrong} == {401}
    assert_problem(right, 401, "not_authenticated")
    assert await sessions_of(control, team) == 0


async def test_parallel_guesses_get_no_more_tries_than_one_after_the_other(
    control: ControlUnderTest, team: TenantSample
) -> None:
    app = await give_app(control, team)
    ticket = await ticket_for(control, team)

    await asyncio.gather(*(finish(control, ticket, WRONG_PROOF) for _ in range(12)))
    right = await finish(control, ticket, app.proof())

    assert_problem(right, 401, "not_authenticated")
    async with control.parts.db.person(team.user_id) as conn:
        failures = await conn.fetchval("select failures from mfa_factors")
    assert failures == SECOND_FACTOR_TRIES


async def test_two_right_answers_at_the_same_moment_open_one_session(
    control: ControlUnderTest, team: TenantSample
) -> None:
    app = await give_app(control, team)
    codes = await give_recovery_codes(control, team)
    ticket = await ticket_for(control, team)

    replies = await asyncio.gather(
        finish(control, ticket, app.proof()),
        finish(control, ticket, {"method": "recovery_code", "code": codes[0]}),
    )

    assert sorted(reply.status for reply in replies) == [201, 401]
    assert await sessions_of(control, team) == 1


async def test_a_new_ticket_after_each_five_guesses_is_put_off_all_the_same(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await give_app(control, team)
    tickets = [await ticket_for(control, team) for _ in range(3)]

    statuses = [
        (await finish(control, ticket, WRONG_PROOF)).status
        for ticket in tickets
        for _ in range(SECOND_FACTOR_TRIES)
    ]

    assert statuses == [401] * 10 + [429] * 5


async def test_a_wrong_password_gives_no_ticket(control: ControlUnderTest, team: TenantSample) -> None:
    await give_app(control, team)

    reply = await control.post("/v1/sessions", body={"email": team.email, "password": "wrong"})

    assert_problem(reply, 401, "not_authenticated")


async def test_who_was_removed_in_between_is_not_let_in(
    control: ControlUnderTest, team: TenantSample
) -> None:
    app = await give_app(control, team)
    ticket = await ticket_for(control, team)
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("delete from memberships where user_id = $1", team.user_id)

    assert_problem(await finish(control, ticket, app.proof()), 403, "not_allowed")
    assert await sessions_of(control, team) == 0


async def test_a_passkey_signs_in_without_a_password(control: ControlUnderTest, team: TenantSample) -> None:
    authenticator = await give_passkey(control, team)

    reply = await control.post(
        "/v1/sessions/passkey", body=await answer_challenge(control, authenticator, None)
    )

    assert reply.status == 201, reply.body
    assert reply.body["methods"] == ["passkey"]
    assert reply.body["user"]["email"] == team.email


async def test_a_passkeys_answer_that_was_overheard_opens_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    answer = await answer_challenge(control, await give_passkey(control, team), None)
    assert (await control.post("/v1/sessions/passkey", body=answer)).status == 201

    assert_problem(await control.post("/v1/sessions/passkey", body=answer), 401, "not_authenticated")
    assert await sessions_of(control, team) == 1


async def test_without_redis_no_second_factor_is_asked_for_and_nobody_gets_in(
    control: ControlUnderTest, control_without_redis: ControlUnderTest
) -> None:
    reply = await finish(control_without_redis, "x" * 43, WRONG_PROOF)

    assert_problem(reply, 503, "unavailable")
