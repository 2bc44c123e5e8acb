"""What becomes of sessions: fixation, theft, idle and absolute ends, revoking, proving again, switching."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from agent.wire import TenantId, format_id
from control.audit.actions import AuditAction
from control.people.sessions import GUEST_IDLE, GUEST_SESSION
from control.people.starting import MEMBER_IDLE, MEMBER_SESSION
from control.store.members import found_another
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem, eventually
from tests.fixtures.database import TenantSample
from tests.http.callers import COOKIE, come_as_guest, page_of, sign_in
from tests.http.second_factors import WRONG_PROOF, answer_challenge, give_app, give_passkey

STALE = "now() - interval '16 minutes'"


async def alter(control: ControlUnderTest, team: TenantSample, change: str) -> None:
    """What time would have done to all sessions of that person."""
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute(f"update sessions set {change}")  # noqa: S608 - words of this file


async def holds(control: ControlUnderTest, session: str) -> bool:
    return (await control.get("/v1/sessions/current", session)).status == 200


async def own_sessions(control: ControlUnderTest, session: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = (await control.get("/v1/sessions", session)).body["data"]
    return data


async def prove(control: ControlUnderTest, session: str, body: dict[str, Any]) -> Reply:
    return await control.post("/v1/sessions/current/proof", session, body)


async def actions(control: ControlUnderTest, tenant_id: TenantId) -> list[str]:
    async with control.parts.db.tenant(tenant_id) as conn:
        rows = await conn.fetch("select action from audit_events order by seq")
    return [row["action"] for row in rows]


async def second_tenant(control: ControlUnderTest, team: TenantSample) -> TenantId:
    async with control.parts.db.person(team.user_id) as conn:
        return await found_another(conn, "Lighthouse")


async def test_a_session_planted_before_sign_in_is_not_the_one_after_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    planted = "x" * 43
    reply = await control.post(
        "/v1/sessions",
        body={"email": team.email, "password": team.password},
        headers={"Cookie": f"{COOKIE}={planted}", "Origin": control.settings.public_url},
    )

    assert reply.cookies[COOKIE].value != planted
    assert not await holds(control, planted)


async def test_signing_in_again_ends_the_session_that_the_browser_had(
    control: ControlUnderTest, team: TenantSample
) -> None:
    fixed = await sign_in(control, team)
    elsewhere = await sign_in(control, team)
    reply = await control.post(
        "/v1/sessions",
        body={"email": team.email, "password": team.password},
        headers={"Cookie": f"{COOKIE}={fixed}", "Origin": control.settings.public_url},
    )

    assert reply.status == 201
    assert not await holds(control, fixed)
    assert await holds(control, elsewhere)


async def test_signing_in_over_somebody_elses_cookie_does_not_sign_them_out(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    victims = await sign_in(control, other_team)
    reply = await control.post(
        "/v1/sessions",
        body={"email": team.email, "password": team.password},
        headers={"Cookie": f"{COOKIE}={victims}", "Origin": control.settings.public_url},
    )

    assert reply.body["user"]["email"] == team.email
    assert await holds(control, victims)


async def test_a_cookie_stolen_before_sign_out_opens_nothing_after_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    stolen = await sign_in(control, team)
    page = await page_of(control, stolen)

    reply = await control.call("DELETE", "/v1/sessions/current", headers=page)

    assert reply.status == 204
    assert reply.cookies[COOKIE].value == ""
    assert not await holds(control, stolen)
    assert_problem(
        await control.post("/v1/rooms", body={"name": "x"}, headers=page), 401, "not_authenticated"
    )


async def test_a_session_left_alone_ends_before_its_absolute_time(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)

    await alter(control, team, "last_seen_at = now() - interval '11 hours 59 minutes'")
    assert await holds(control, session)
    await alter(control, team, "last_seen_at = now() - interval '12 hours'")
    assert not await holds(control, session)
    assert not await holds(control, session)  # being asked for did not wake it


async def test_use_keeps_a_session_awake(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)
    await alter(control, team, "last_seen_at = now() - interval '11 hours'")

    assert await holds(control, session)

    (shown,) = await own_sessions(control, session)
    assert datetime.fromisoformat(shown["last_seen_at"]) > datetime.fromisoformat(shown["created_at"])


async def test_a_session_in_constant_use_ends_after_its_absolute_time(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    (shown,) = await own_sessions(control, session)
    lasts = datetime.fromisoformat(shown["expires_at"]) - datetime.fromisoformat(shown["created_at"])

    await alter(control, team, "expires_at = now(), last_seen_at = now()")

    assert abs(lasts - MEMBER_SESSION) < timedelta(minutes=1)
    assert not await holds(control, session)


async def test_a_guests_session_ends_sooner(control: ControlUnderTest, team: TenantSample) -> None:
    guest = await come_as_guest(control, team, "standup")
    async with control.parts.db.tenant(team.id) as conn:
        idle_s = await conn.fetchval("select idle_s from sessions")
        lasts = await conn.fetchval("select expires_at - created_at from sessions")
        await conn.execute("update sessions set last_seen_at = now() - make_interval(secs => idle_s)")

    assert idle_s == GUEST_IDLE.total_seconds() < MEMBER_IDLE.total_seconds()
    assert abs(lasts - GUEST_SESSION) < timedelta(minutes=1)
    assert not await holds(control, guest)


async def test_a_session_token_in_the_address_is_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)

    for name in ("session_token", "token", "access_token", COOKIE, "Authorization"):
        reply = await control.get(f"/v1/sessions?{name}={session}")
        assert_problem(reply, 401, "not_authenticated")


async def test_a_cookie_beside_somebody_elses_bearer_token_adds_nothing(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    page = await page_of(control, await sign_in(control, team))
    bearer = await sign_in(control, other_team)

    current = await control.get("/v1/sessions/current", bearer, headers=page)
    made = await control.post("/v1/rooms", bearer, {"name": "made"}, headers=page)

    assert current.body["user"]["email"] == other_team.email
    assert made.status == 201
    assert (await control.rows(team.id))["rooms"] == 0
    assert (await control.rows(other_team.id))["rooms"] == 1


async def test_a_bearer_token_that_ended_does_not_fall_back_to_the_cookie(
    control: ControlUnderTest, team: TenantSample
) -> None:
    page = await page_of(control, await sign_in(control, team))

    assert_problem(await control.get("/v1/sessions", "x" * 43, headers=page), 401, "not_authenticated")


async def test_a_person_recognises_their_sessions(control: ControlUnderTest, team: TenantSample) -> None:
    body = {"email": team.email, "password": team.password}
    await control.post("/v1/sessions", body=body, headers={"User-Agent": "Old\u202ePhone " + "x" * 500})
    session = await sign_in(control, team)

    here, phone = await own_sessions(control, session)

    assert (here["is_current"], phone["is_current"]) == (True, False)
    assert here["methods"] == ["password"]
    assert here["address"] == "127.0.0.1"
    assert here["tenant"] == {"id": format_id("ten", team.id), "name": team.name}
    assert phone["user_agent"].startswith("OldPhone x")
    assert len(phone["user_agent"]) == 400
    assert session not in str(here)


async def test_nobody_sees_or_ends_the_sessions_of_others(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    victims = await sign_in(control, other_team)
    (theirs,) = await own_sessions(control, victims)
    session = await sign_in(control, team)

    assert [item["is_current"] for item in await own_sessions(control, session)] == [True]
    reply = await control.call("DELETE", f"/v1/sessions/{theirs['id']}", session)
    assert_problem(reply, 404, "not_found")
    assert (await control.call("DELETE", "/v1/sessions", session)).status == 204
    assert await holds(control, victims)


async def test_a_stolen_session_is_ended_from_another_device(
    control: ControlUnderTest, team: TenantSample
) -> None:
    stolen = await sign_in(control, team)
    session = await sign_in(control, team)
    _, theft = await own_sessions(control, session)

    reply = await control.call("DELETE", f"/v1/sessions/{theft['id']}", session)

    assert reply.status == 204
    assert not await holds(control, stolen)
    assert await holds(control, session)
    again = await control.call("DELETE", f"/v1/sessions/{theft['id']}", session)
    assert_problem(again, 404, "not_found")


async def test_all_other_sessions_end_at_once(control: ControlUnderTest, team: TenantSample) -> None:
    others = [await sign_in(control, team) for _ in range(3)]
    session = await sign_in(control, team)

    assert (await control.call("DELETE", "/v1/sessions", session)).status == 204

    assert not any([await holds(control, other) for other in others])
    assert await holds(control, session)


@pytest.mark.parametrize(
    "session_id", ["x", "sess_", "sess_" + "0" * 31, "user_" + "0" * 32, "sess_" + "g" * 32]
)
async def test_what_is_no_session_id_ends_nothing(
    control: ControlUnderTest, team: TenantSample, session_id: str
) -> None:
    session = await sign_in(control, team)

    reply = await control.call("DELETE", f"/v1/sessions/{session_id}", session)

    assert_problem(reply, 422, "invalid_input")


@pytest.mark.parametrize("path", ["/v1/sessions", f"/v1/sessions/sess_{uuid4().hex}"])
async def test_a_thief_of_an_old_session_cannot_end_the_owners_sessions(
    control: ControlUnderTest, team: TenantSample, path: str
) -> None:
    stolen = await sign_in(control, team)
    await alter(control, team, f"authenticated_at = {STALE}")

    assert_problem(await control.call("DELETE", path, stolen), 403, "reauthentication_required")


async def test_proving_oneself_again_gives_a_new_session_and_ends_the_old(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await alter(control, team, f"authenticated_at = {STALE}")
    page = await page_of(control, session)

    reply = await control.post("/v1/sessions/current/proof", body={"password": team.password}, headers=page)

    assert reply.status == 201, reply.body
    fresh = reply.cookies[COOKIE].value
    assert fresh != session
    assert reply.body["csrf_token"] != page["X-CSRF-Token"]
    assert not await holds(control, session)
    assert (await control.call("DELETE", "/v1/sessions", fresh)).status == 204


@pytest.mark.parametrize("password", ["wrong", ""])
async def test_a_thief_of_a_session_cannot_prove_to_be_its_owner(
    control: ControlUnderTest, team: TenantSample, password: str
) -> None:
    stolen = await sign_in(control, team)
    await alter(control, team, f"authenticated_at = {STALE}")

    assert_problem(await prove(control, stolen, {"password": password}), 401, "not_authenticated")
    assert_problem(await control.call("DELETE", "/v1/sessions", stolen), 403, "reauthentication_required")


async def test_a_thief_of_a_session_cannot_guess_the_password_without_end(
    control: ControlUnderTest, team: TenantSample
) -> None:
    stolen = await sign_in(control, team)

    guesses = [await prove(control, stolen, {"password": f"guess {number}"}) for number in range(10)]
    right = await prove(control, stolen, {"password": team.password})

    assert {reply.status for reply in guesses} == {401}
    assert_problem(right, 429, "too_many")


async def test_the_password_alone_does_not_prove_somebody_who_has_a_second_factor(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    app = await give_app(control, team)

    alone = await prove(control, session, {"password": team.password})
    code_alone = await prove(control, session, {"proof": app.proof()})
    wrong = await prove(control, session, {"password": team.password, "proof": WRONG_PROOF})
    both = await prove(control, session, {"password": team.password, "proof": app.proof()})

    assert_problem(alone, 422, "invalid_input", "proof")
    assert_problem(code_alone, 422, "invalid_input", "password")
    assert_problem(wrong, 401, "not_authenticated")
    assert both.status == 201
    assert both.body["methods"] == ["password", "totp"]


async def test_a_passkey_proves_its_owner_by_itself(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)
    authenticator = await give_passkey(control, team)

    proof = {"method": "passkey", **await answer_challenge(control, authenticator, team)}
    reply = await prove(control, session, {"proof": proof})

    assert reply.status == 201
    assert reply.body["methods"] == ["password", "passkey"]


async def test_a_thief_does_not_prove_to_be_the_owner_by_a_passkey_of_their_own(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    stolen = await sign_in(control, team)
    thiefs = await give_passkey(control, other_team)

    for whose in (other_team, None):
        proof = {"method": "passkey", **await answer_challenge(control, thiefs, whose)}
        assert_problem(await prove(control, stolen, {"proof": proof}), 401, "not_authenticated")


async def test_who_has_nothing_to_prove_themselves_by_is_told_to_sign_in_again(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update users set password_hash = null")

    assert_problem(await prove(control, session, {"password": "anything"}), 403, "not_allowed")


@pytest.mark.parametrize(
    "body", [{}, {"password": None}, {"proof": {"method": "totp"}}, {"password": "x" * 1025}]
)
async def test_a_proof_that_is_none_is_refused(
    control: ControlUnderTest, team: TenantSample, body: dict[str, Any]
) -> None:
    reply = await prove(control, await sign_in(control, team), body)

    assert (reply.status, reply.body["code"]) == (422, "invalid_input")


async def test_switching_the_tenant_gives_a_new_session_there(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    other = await second_tenant(control, team)

    reply = await control.post("/v1/sessions/current/tenant", session, {"tenant_id": format_id("ten", other)})

    assert reply.status == 201, reply.body
    assert reply.body["tenant"] == {"id": format_id("ten", other), "name": "Lighthouse"}
    assert reply.body["role"] == "owner"
    assert not await holds(control, session)
    assert await holds(control, reply.body["session_token"])


async def test_switching_to_and_fro_prolongs_nothing_and_proves_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await alter(control, team, f"authenticated_at = {STALE}, expires_at = now() + interval '1 hour'")
    other = await second_tenant(control, team)
    (before,) = await own_sessions(control, session)

    switched = await control.post(
        "/v1/sessions/current/tenant", session, {"tenant_id": format_id("ten", other)}
    )

    assert switched.body["expires_at"] == before["expires_at"]
    revoke = await control.call("DELETE", "/v1/sessions", switched.body["session_token"])
    assert_problem(revoke, 403, "reauthentication_required")


async def test_a_thief_who_switches_while_being_shut_out_does_not_slip_through(
    control: ControlUnderTest, team: TenantSample
) -> None:
    other = await second_tenant(control, team)
    body = {"tenant_id": format_id("ten", other)}
    for _ in range(10):
        stolen = await sign_in(control, team)
        own = await sign_in(control, team)

        switched, ended = await asyncio.gather(
            control.post("/v1/sessions/current/tenant", stolen, body),
            control.call("DELETE", "/v1/sessions", own),
        )

        assert ended.status == 204
        assert switched.status in (201, 401)
        assert [item["is_current"] for item in await own_sessions(control, own)] == [True]


async def test_switching_to_where_one_is_gives_no_new_session(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)

    reply = await control.post(
        "/v1/sessions/current/tenant", session, {"tenant_id": format_id("ten", team.id)}
    )

    assert_problem(reply, 409, "conflict")
    assert await holds(control, session)


async def test_nobody_switches_into_a_tenant_they_do_not_belong_to(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    session = await sign_in(control, team)

    answers = []
    for tenant_id in (other_team.id, uuid4()):
        reply = await control.post(
            "/v1/sessions/current/tenant", session, {"tenant_id": format_id("ten", tenant_id)}
        )
        assert_problem(reply, 403, "not_allowed")
        answers.append(reply.body["detail"])

    assert answers[0] == answers[1]
    assert await holds(control, session)


async def test_who_was_removed_from_a_tenant_has_no_session_left_in_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("delete from memberships where user_id = $1", team.user_id)

    assert not await holds(control, session)
    reply = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    assert_problem(reply, 403, "not_allowed")
    assert "invitation" in reply.body["detail"]


async def test_guests_and_keys_have_no_part_in_members_sessions(
    control: ControlUnderTest, team: TenantSample
) -> None:
    guest = await come_as_guest(control, team, "standup")

    for credential in (guest, team.api_key):
        assert_problem(await control.get("/v1/sessions", credential), 403, "not_allowed")
        assert_problem(await control.call("DELETE", "/v1/sessions", credential), 403, "not_allowed")
        assert_problem(await prove(control, credential, {"password": "x"}), 403, "not_allowed")


async def test_the_trail_tells_what_became_of_sessions(control: ControlUnderTest, team: TenantSample) -> None:
    stolen = await sign_in(control, team)
    session = await sign_in(control, team)
    _, theft = await own_sessions(control, session)
    await control.call("DELETE", f"/v1/sessions/{theft['id']}", session)
    proved = await prove(control, session, {"password": team.password})
    await control.call("DELETE", "/v1/sessions/current", proved.body["session_token"])
    await control.post("/v1/sessions", body={"email": team.email, "password": "wrong"})
    wanted = [
        AuditAction.SIGNED_IN,
        AuditAction.SIGNED_IN,
        AuditAction.SESSION_REVOKED,
        AuditAction.REAUTHENTICATED,
        AuditAction.SIGNED_OUT,
        AuditAction.SIGN_IN_FAILED,
    ]

    async def is_told() -> bool:
        return await actions(control, team.id) == wanted

    await eventually(is_told, "the whole trail")
    async with control.parts.db.tenant(team.id) as conn:
        lines = str(await conn.fetch("select line from audit_events"))
    assert all(secret not in lines for secret in (stolen, session, team.email, team.user_name, "wrong"))


async def test_sign_ins_at_the_same_moment_all_get_a_session_of_their_own(
    control: ControlUnderTest, team: TenantSample
) -> None:
    tokens = await asyncio.gather(*(sign_in(control, team) for _ in range(8)))

    assert len(set(tokens)) == 8
    assert len(await own_sessions(control, tokens[0])) == 8
    assert await actions(control, team.id) == [AuditAction.SIGNED_IN] * 8
