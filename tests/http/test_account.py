"""One's own account: what it says, and changing its password when somebody else might be the one who asks."""

from typing import Any

import pytest

from agent.wire import format_id
from control.audit.actions import AuditAction
from control.store.members import found_another
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.fixtures.mailbox import letter_to
from tests.http.callers import COOKIE, come_as_guest, page_of, sign_in
from tests.http.second_factors import give_app

NEW = "kettle moonlit grass"


async def change(
    control: ControlUnderTest, session: str, new: str, current: str | None = None, **options: Any
) -> Reply:
    body = {"new_password": new, "current_password": current}
    return await control.post("/v1/account/password", session, body, **options)


async def signs_in_by(control: ControlUnderTest, team: TenantSample, password: str) -> bool:
    reply = await control.post("/v1/sessions", body={"email": team.email, "password": password})
    return reply.status == 201


async def test_an_account_says_who_one_is_and_where_one_belongs(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    async with control.parts.db.person(team.user_id) as conn:
        other = await found_another(conn, "Lighthouse")

    reply = await control.get("/v1/account", session)

    assert reply.body == {
        "user": {"id": format_id("user", team.user_id), "name": "Ada", "email": team.email},
        "has_password": True,
        "tenants": [
            {"id": format_id("ten", team.id), "name": "Harbor", "role": "owner"},
            {"id": format_id("ten", other), "name": "Lighthouse", "role": "owner"},
        ],
    }


async def test_a_person_changes_their_name_and_nobody_elses(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    session = await sign_in(control, team)

    reply = await control.call("PATCH", "/v1/account", session, json={"name": "Ada L."})

    assert reply.body["user"]["name"] == "Ada L."
    assert (await control.get("/v1/sessions/current", session)).body["user"]["name"] == "Ada L."
    others = await control.get("/v1/account", await sign_in(control, other_team))
    assert others.body["user"]["name"] == "Grace"


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "a\nb"}, {"name": "Ada", "email": "x@y.example"}]
)
async def test_an_account_takes_no_name_that_is_none_and_nothing_besides(
    control: ControlUnderTest, team: TenantSample, body: dict[str, str]
) -> None:
    reply = await control.call("PATCH", "/v1/account", await sign_in(control, team), json=body)

    assert (reply.status, reply.body["code"]) == (422, "invalid_input")


async def test_a_new_password_opens_and_the_old_one_does_not(
    control: ControlUnderTest, team: TenantSample
) -> None:
    reply = await change(control, await sign_in(control, team), NEW, team.password)

    assert reply.status == 201, reply.body
    assert await signs_in_by(control, team, NEW)
    assert not await signs_in_by(control, team, team.password)


async def test_a_new_password_ends_a_thiefs_session_and_renews_ones_own(
    control: ControlUnderTest, team: TenantSample
) -> None:
    stolen = await sign_in(control, team)
    own = await sign_in(control, team)
    page = await page_of(control, own)

    body = {"new_password": NEW, "current_password": team.password}
    reply = await control.post("/v1/account/password", body=body, headers=page)

    assert reply.status == 201
    for ended in (stolen, own):
        assert_problem(await control.get("/v1/account", ended), 401, "not_authenticated")
    assert (await control.get("/v1/account", reply.cookies[COOKIE].value)).status == 200


async def test_a_thief_of_an_old_session_cannot_change_the_password(
    control: ControlUnderTest, team: TenantSample
) -> None:
    stolen = await sign_in(control, team)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update sessions set authenticated_at = now() - interval '16 minutes'")

    reply = await change(control, stolen, NEW, team.password)

    assert_problem(reply, 403, "reauthentication_required")
    assert await signs_in_by(control, team, team.password)


@pytest.mark.parametrize("current", [None, "", "wrong"])
async def test_a_thief_of_a_fresh_session_needs_the_password_to_change_it(
    control: ControlUnderTest, team: TenantSample, current: str | None
) -> None:
    stolen = await sign_in(control, team)

    reply = await change(control, stolen, NEW, current)

    assert_problem(reply, 422, "invalid_input", "current_password")
    assert await signs_in_by(control, team, team.password)


async def test_the_current_password_cannot_be_guessed_here_without_end(
    control: ControlUnderTest, team: TenantSample
) -> None:
    stolen = await sign_in(control, team)

    guesses = [await change(control, stolen, NEW, f"guess {number}") for number in range(10)]
    right = await change(control, stolen, NEW, team.password)

    assert {reply.status for reply in guesses} == {422}
    assert_problem(right, 429, "too_many")


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("kettle moonlit", id="14 characters"),
        pytest.param("passwordpassword", id="common"),
        pytest.param("HarborHarborHarbor", id="the tenant"),
        pytest.param("parley parley parley", id="the site"),
        pytest.param("x" * 1025, id="1025 characters"),
    ],
)
async def test_a_password_that_attackers_try_first_is_refused_in_words(
    control: ControlUnderTest, team: TenantSample, password: str
) -> None:
    reply = await change(control, await sign_in(control, team), password, team.password)

    assert_problem(reply, 422, "invalid_input", "new_password")
    assert await signs_in_by(control, team, team.password)


async def test_a_second_factor_allows_a_shorter_password(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await give_app(control, team)

    assert_problem(
        await change(control, session, "moonl1t", team.password), 422, "invalid_input", "new_password"
    )
    assert (await change(control, session, "moonl1t kettle", team.password)).status == 201


async def test_who_has_no_password_yet_sets_one_while_their_sign_in_is_fresh(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update users set password_hash = null")

    assert (await control.get("/v1/account", session)).body["has_password"] is False
    assert (await change(control, session, NEW)).status == 201
    assert await signs_in_by(control, team, NEW)


async def test_a_letter_tells_the_owner_and_the_trail_tells_the_tenant(
    control: ControlUnderTest, team: TenantSample
) -> None:
    reply = await change(control, await sign_in(control, team), NEW, team.password)

    async with control.parts.db.member(team.id, team.user_id) as conn:
        recorded = [row["action"] for row in await conn.fetch("select action from audit_events order by seq")]
    letter = await letter_to(control, team.email, "Your password was changed")
    assert reply.status == 201
    assert NEW not in letter.text
    assert recorded == [AuditAction.SIGNED_IN, AuditAction.PASSWORD_CHANGED]


async def test_a_refused_change_tells_nobody(control: ControlUnderTest, team: TenantSample) -> None:
    await change(control, await sign_in(control, team), "short", team.password)

    async with control.parts.db.member(team.id, team.user_id) as conn:
        assert await conn.fetchval("select count(*) from outbox where kind = 'letter'") == 0
        assert await conn.fetchval("select count(*) from audit_events") == 1


async def test_guests_and_keys_have_no_account(control: ControlUnderTest, team: TenantSample) -> None:
    for credential in (await come_as_guest(control, team, "standup"), team.api_key):
        assert_problem(await control.get("/v1/account", credential), 403, "not_allowed")
        assert_problem(await change(control, credential, NEW), 403, "not_allowed")
