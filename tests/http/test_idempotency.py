"""The same request with the same Idempotency-Key is made once, for its own caller, and no secret is kept."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import sign_in


async def test_the_same_key_gets_the_same_answer_and_nothing_is_made_twice(
    control: ControlUnderTest, team: TenantSample
) -> None:
    first, again = [
        await control.post("/v1/rooms", team.api_key, {"name": "standup"}, headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]

    assert (first.status, again.status, first.body) == (201, 201, again.body)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (await control.rows(team.id))["rooms"] == 1


async def test_a_key_that_was_used_for_another_request_is_refused(
    control: ControlUnderTest, team: TenantSample
) -> None:
    headers = {"Idempotency-Key": "k1"}
    await control.post("/v1/rooms", team.api_key, {"name": "standup"}, headers=headers)

    other = await control.post("/v1/rooms", team.api_key, {"name": "retro"}, headers=headers)

    assert_problem(other, 422, "idempotency_mismatch", "Idempotency-Key")
    assert (await control.rows(team.id))["rooms"] == 1


async def test_the_same_request_twice_at_once_is_made_once(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async def ask() -> Reply:
        return await control.post(
            "/v1/rooms", team.api_key, {"name": "standup"}, headers={"Idempotency-Key": "k1"}
        )

    replies = await asyncio.gather(*(ask() for _ in range(10)))

    assert {reply.status for reply in replies} <= {201, 409}
    assert sum(reply.status == 201 and "Idempotent-Replayed" not in reply.headers for reply in replies) == 1
    assert {reply.body["code"] for reply in replies if reply.status == 409} <= {"still_running"}


async def test_a_request_that_failed_may_be_sent_again_with_its_key(
    control: ControlUnderTest, team: TenantSample
) -> None:
    headers = {"Idempotency-Key": "k1"}
    failed = await control.post("/v1/rooms", team.api_key, {"name": "a/b"}, headers=headers)
    again = await control.post("/v1/rooms", team.api_key, {"name": "a/b"}, headers=headers)
    other = await control.post("/v1/rooms", team.api_key, {"name": "standup"}, headers=headers)

    assert (failed.status, again.status, other.status) == (422, 422, 201)


async def test_another_caller_with_the_same_key_gets_an_answer_of_their_own(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    session = await sign_in(control, team)

    replies = [
        await control.post("/v1/rooms", credential, {"name": "standup"}, headers={"Idempotency-Key": "k1"})
        for credential in (team.api_key, session, other_team.api_key)
    ]

    assert [reply.status for reply in replies] == [201, 201, 201]
    assert not any("Idempotent-Replayed" in reply.headers for reply in replies)
    assert replies[2].body["id"] != replies[0].body["id"]


async def test_a_key_is_forgotten_after_a_day(control: ControlUnderTest, team: TenantSample) -> None:
    headers = {"Idempotency-Key": "k1"}
    await control.post("/v1/rooms", team.api_key, {"name": "standup"}, headers=headers)
    async with control.parts.db.tenant(team.id) as conn:
        expires_at = await conn.fetchval("select expires_at from idempotency_keys")
        await conn.execute("update idempotency_keys set expires_at = now()")

    other = await control.post("/v1/rooms", team.api_key, {"name": "retro"}, headers=headers)

    assert 23.9 < (expires_at - datetime.now(UTC)).total_seconds() / 3600 <= 24
    assert other.status == 201


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "caf\u00e9", "a b"])
async def test_a_key_of_another_form_is_refused(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    reply = await control.post(
        "/v1/rooms", team.api_key, {"name": "standup"}, headers={"Idempotency-Key": key}
    )

    assert_problem(reply, 422, "invalid_input", "Idempotency-Key")


async def test_an_answer_with_a_secret_is_never_kept(control: ControlUnderTest, team: TenantSample) -> None:
    headers = {"Idempotency-Key": "k1"}
    await control.post("/v1/rooms", team.api_key, {"name": "standup"})
    asked: list[tuple[str, Any]] = [("/v1/rooms/standup/invites", None), ("/v1/token", {})]

    for path, body in asked:
        first, second = [await control.post(path, team.api_key, body, headers=headers) for _ in range(2)]
        assert (first.status, second.status) == (201, 201)
        assert "Idempotent-Replayed" not in second.headers

    async with control.parts.db.tenant(team.id) as conn:
        assert await conn.fetchval("select count(*) from idempotency_keys") == 0
