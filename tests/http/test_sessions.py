"""Signing in and out, what a browser's cookie may do, and how often one may try."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.settings import ControlSettings
from agent.wire import format_id
from tests.fixtures.control import ControlUnderTest, assert_problem, running_control
from tests.fixtures.database import TenantSample
from tests.http.callers import COOKIE, come_as_guest, invite, sign_in


async def sessions_of(control: ControlUnderTest, team: TenantSample) -> int:
    async with control.parts.db.person(team.user_id) as conn:
        return int(await conn.fetchval("select count(*) from sessions"))


async def test_a_member_signs_in_and_is_told_who_they_are(
    control: ControlUnderTest, team: TenantSample
) -> None:
    reply = await control.post(
        "/v1/sessions", body={"email": f"  {team.email.upper()} ", "password": team.password}
    )

    assert reply.status == 201
    assert reply.body["user"] == {"id": format_id("user", team.user_id), "name": "Ada", "email": team.email}
    assert reply.body["guest"] is None
    assert reply.body["tenant"] == {"id": format_id("ten", team.id), "name": "Harbor"}
    assert datetime.fromisoformat(reply.body["expires_at"]) > datetime.now(UTC)
    current = await control.get("/v1/sessions/current", reply.body["session_token"])
    assert current.body == {**reply.body, "session_token": None}


async def test_a_session_token_is_stored_as_a_digest_only(
    control: ControlUnderTest, team: TenantSample
) -> None:
    token = await sign_in(control, team)

    async with control.parts.db.person(team.user_id) as conn:
        (row,) = await conn.fetch("select * from sessions")

    assert len(row["token_hash"]) == 32
    assert token not in str(dict(row))


async def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(
    control: ControlUnderTest, team: TenantSample
) -> None:
    reply = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})

    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


async def test_a_browser_gets_its_session_as_a_cookie_only(
    control: ControlUnderTest, team: TenantSample
) -> None:
    reply = await control.post(
        "/v1/sessions",
        body={"email": team.email, "password": team.password},
        headers={"Origin": control.settings.public_url},
    )

    assert reply.status == 201
    assert reply.body["session_token"] is None
    assert reply.cookies[COOKIE].value


async def test_a_session_ends_when_its_owner_signs_out(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)

    reply = await control.call("DELETE", "/v1/sessions/current", session)

    assert reply.status == 204
    assert_problem(await control.get("/v1/sessions/current", session), 401, "not_authenticated")
    assert_problem(await control.post("/v1/token", session, {}), 401, "not_authenticated")


async def test_a_session_that_has_expired_opens_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update sessions set expires_at = now() - interval '1 second'")

    assert_problem(await control.get("/v1/sessions/current", session), 401, "not_authenticated")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"password": "wrong"}, id="wrong password"),
        pytest.param({"password": ""}, id="no password"),
        pytest.param({"email": "nobody@nowhere.example"}, id="unknown e-mail"),
    ],
)
async def test_a_failed_sign_in_does_not_say_what_was_wrong(
    control: ControlUnderTest, team: TenantSample, changes: dict[str, str]
) -> None:
    reply = await control.post(
        "/v1/sessions", body={"email": team.email, "password": team.password, **changes}
    )

    assert_problem(reply, 401, "not_authenticated")
    assert reply.body["detail"] == "this e-mail and password do not belong together"
    assert "Set-Cookie" not in reply.headers
    assert await sessions_of(control, team) == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, None),
        ({"email": "a@b.example"}, None),
        ({"email": "a@b.example", "password": "x", "invite": "y", "name": "z"}, None),
        ({"email": "a@b.example", "password": "x", "name": "z"}, None),
        ({"invite": "x" * 43}, None),
        ({"email": 7, "password": "x"}, "email"),
        ({"email": "a@b.example", "password": "x" * 1025}, "password"),
        ({"invite": "x" * 43, "name": ""}, "name"),
        ({"invite": "x" * 43, "name": "a\nb"}, "name"),
        ({"email": "a@b.example", "password": "x", "admin": True}, "admin"),
    ],
)
async def test_a_sign_in_that_is_neither_of_the_two_ways_is_refused(
    control: ControlUnderTest, body: dict[str, Any], field: str | None
) -> None:
    assert_problem(await control.post("/v1/sessions", body=body), 422, "invalid_input", field)


async def test_an_eleventh_failure_within_a_minute_is_put_off(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    wrong = {"email": team.email, "password": "wrong"}
    replies = [await control.post("/v1/sessions", body=wrong) for _ in range(10)]

    right = {"email": team.email, "password": team.password}
    reply = await control.post("/v1/sessions", body=right)

    assert {reply.status for reply in replies} == {401}
    assert_problem(reply, 429, "too_many")
    assert 1 <= int(reply.headers["Retry-After"]) <= 60
    assert await sessions_of(control, team) == 0
    # From the same address it makes no difference whose account is tried.
    someone_else = {"email": other_team.email, "password": other_team.password}
    assert_problem(await control.post("/v1/sessions", body=someone_else), 429, "too_many")


async def test_signing_in_often_is_no_failure(control: ControlUnderTest, team: TenantSample) -> None:
    for _ in range(12):
        await sign_in(control, team)

    assert await sessions_of(control, team) == 12


async def test_a_guest_signs_in_with_an_invitation_and_a_name(
    control: ControlUnderTest, team: TenantSample
) -> None:
    code = await invite(control, team, "standup")

    reply = await control.post("/v1/sessions", body={"invite": code, "name": "Grace Hopper"})

    assert reply.status == 201
    assert reply.body["user"] is None
    assert reply.body["guest"]["name"] == "Grace Hopper"
    assert reply.body["guest"]["room_name"] == "standup"
    assert reply.body["tenant"]["name"] == "Harbor"
    current = await control.get("/v1/sessions/current", reply.body["session_token"])
    assert current.body["guest"] == reply.body["guest"]


async def test_an_unknown_invitation_lets_nobody_in(control: ControlUnderTest) -> None:
    reply = await control.post("/v1/sessions", body={"invite": "x" * 43, "name": "Grace"})

    assert_problem(reply, 401, "not_authenticated")
    assert "Set-Cookie" not in reply.headers


async def test_an_invitation_that_has_expired_lets_nobody_in(
    control: ControlUnderTest, team: TenantSample
) -> None:
    code = await invite(control, team, "standup")
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update invitations set expires_at = now() - interval '1 second'")

    reply = await control.post("/v1/sessions", body={"invite": code, "name": "Grace"})

    assert_problem(reply, 401, "not_authenticated")
    async with control.parts.db.tenant(team.id) as conn:
        assert await conn.fetchval("select count(*) from sessions") == 0


async def test_an_api_key_has_no_session(control: ControlUnderTest, team: TenantSample) -> None:
    assert_problem(await control.get("/v1/sessions/current", team.api_key), 403, "not_allowed")


async def test_a_guest_who_signs_out_is_out(control: ControlUnderTest, team: TenantSample) -> None:
    guest = await come_as_guest(control, team, "standup")

    assert (await control.call("DELETE", "/v1/sessions/current", guest)).status == 204
    assert_problem(await control.post("/v1/token", guest, {}), 401, "not_authenticated")


async def test_signing_in_is_closed_while_its_limits_cannot_be_checked(
    control_without_redis: ControlUnderTest, own_team: TenantSample
) -> None:
    reply = await control_without_redis.post(
        "/v1/sessions", body={"email": own_team.email, "password": own_team.password}
    )

    assert_problem(reply, 503, "unavailable")
    assert await sessions_of(control_without_redis, own_team) == 0


async def test_over_tls_the_cookie_is_bound_to_this_host(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    settings = dataclasses.replace(own_settings, public_url="https://parley.example")
    body = {"email": own_team.email, "password": own_team.password}
    async with running_control(settings) as control:
        own = {"Origin": "https://parley.example"}
        signed_in = await control.post("/v1/sessions", body=body, headers=own)
        cookie = {"Cookie": f"__Host-parley_session={signed_in.cookies['__Host-parley_session'].value}"}
        own["X-CSRF-Token"] = signed_in.body["csrf_token"]
        allowed = await control.post("/v1/rooms", body={"name": "one"}, headers=cookie | own)
        foreign = own | {"Origin": "https://parley.example.evil.example"}
        refused = await control.post("/v1/rooms", body={"name": "two"}, headers=cookie | foreign)

    attributes = set(signed_in.headers["Set-Cookie"].split("; "))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= attributes
    assert not [attribute for attribute in attributes if attribute.startswith("Domain")]
    assert signed_in.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert allowed.status == 201
    assert_problem(refused, 403, "not_allowed")


@pytest.mark.parametrize("value", ["", "x", "x" * 43, "\xff" * 43, "x" * 5000, '"x"'])
async def test_a_cookie_that_is_no_session_is_none(control: ControlUnderTest, value: str) -> None:
    reply = await control.get("/v1/sessions/current", headers={"Cookie": f"{COOKIE}={value}"})

    assert_problem(reply, 401, "not_authenticated")


async def test_another_site_cannot_sign_a_browser_in(control: ControlUnderTest, team: TenantSample) -> None:
    reply = await control.post(
        "/v1/sessions",
        body={"email": team.email, "password": team.password},
        headers={"Origin": "https://evil.example"},
    )

    assert_problem(reply, 403, "not_allowed")
    assert "Set-Cookie" not in reply.headers
    assert await sessions_of(control, team) == 0
