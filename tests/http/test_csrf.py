"""Cross-site request forgery: what a cookie alone may not do, on every route that changes something.

The routes are taken from the application, so one that is added is attacked by these tests at once.
"""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from control.app import create_app
from control.csrf import SAFE_METHODS
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import COOKIE, come_as_guest, page_of, sign_in

OPEN = {
    "POST /v1/sessions": "takes a password or an invitation",
    "POST /v1/sessions/second-factor": "takes a ticket and a proof",
    "POST /v1/sessions/passkey": "takes a passkey",
    "POST /v1/sign-ups": "sends a letter",
    "POST /v1/accounts": "takes a code from a letter",
    "POST /v1/password-resets": "sends a letter",
    "POST /v1/password-resets/complete": "takes a code from a letter",
    "POST /v1/email-confirmations": "takes a code from a letter",
}
"""Routes that need no session, and what they go by instead; a page of another site is refused there too."""

NOT_FOR_PEOPLE = re.compile(r"/internal/")
"""Agents, workers and LiveKit come with tokens of their own; a cookie is nothing to these routes."""


def changing_routes(control: ControlUnderTest) -> list[tuple[str, str]]:
    """(method, path) of each route that may change something; ids in paths are made up."""
    app = create_app(control.settings, control.parts)
    found = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method not in SAFE_METHODS
    }
    return sorted(found)


def for_people(control: ControlUnderTest) -> list[tuple[str, str]]:
    return [
        (method, re.sub(r"\{[^}]*\}", "x", path))
        for method, path in changing_routes(control)
        if not NOT_FOR_PEOPLE.match(path) and f"{method} {path}" not in OPEN
    ]


async def send(control: ControlUnderTest, route: tuple[str, str], headers: Mapping[str, str]) -> Reply:
    method, path = route
    return await control.call(method, path, headers=headers, json={})


@pytest.fixture
async def page(control: ControlUnderTest, team: TenantSample) -> AsyncIterator[dict[str, str]]:
    """What Ada's page sends, and the tenant as it was before."""
    headers = await page_of(control, await sign_in(control, team))
    before = await everything(control, team)
    yield headers
    assert await everything(control, team) == before
    assert (await control.get("/v1/sessions/current", headers=headers)).status == 200


async def everything(control: ControlUnderTest, team: TenantSample) -> dict[str, Any]:
    async with control.parts.db.member(team.id, team.user_id) as conn:
        holding = await conn.fetchval("select count(*) from sessions where revoked_at is null")
        members = await conn.fetchval("select count(*) from memberships")
    return {**await control.rows(team.id), "sessions": holding, "members": members}


def without(headers: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


async def test_there_are_routes_to_attack(control: ControlUnderTest) -> None:
    found = {f"{method} {path}" for method, path in changing_routes(control)}

    assert set(OPEN) <= found
    assert "DELETE /v1/sessions/current" in found
    assert len(for_people(control)) >= 8


async def test_a_forged_request_without_the_sessions_token_changes_nothing(
    control: ControlUnderTest, page: dict[str, str]
) -> None:
    for route in for_people(control):
        assert_problem(await send(control, route, without(page, "X-CSRF-Token")), 403, "stale_page")


async def test_the_token_of_another_session_of_the_same_person_is_not_accepted(
    control: ControlUnderTest, team: TenantSample, page: dict[str, str]
) -> None:
    other = await page_of(control, await sign_in(control, team))
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute(
            "delete from sessions where id = (select id from sessions order by created_at desc limit 1)"
        )

    for route in for_people(control):
        forged = page | {"X-CSRF-Token": other["X-CSRF-Token"]}
        assert_problem(await send(control, route, forged), 403, "stale_page")


async def test_an_attackers_own_token_is_not_accepted_for_their_victims_cookie(
    control: ControlUnderTest, other_team: TenantSample, page: dict[str, str]
) -> None:
    attacker = await page_of(control, await sign_in(control, other_team))

    for route in for_people(control):
        forged = page | {"X-CSRF-Token": attacker["X-CSRF-Token"]}
        assert_problem(await send(control, route, forged), 403, "stale_page")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"Origin": "https://evil.example"}, id="another site"),
        pytest.param({"Origin": "null"}, id="a sandboxed frame"),
        pytest.param({"Origin": "http://localhost:1"}, id="another port"),
        pytest.param({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, id="contradiction"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="cross-site with our origin"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a sibling with our origin"),
    ],
)
async def test_another_sites_page_changes_nothing_even_with_the_token(
    control: ControlUnderTest, page: dict[str, str], changes: dict[str, str]
) -> None:
    for route in for_people(control):
        assert_problem(await send(control, route, page | changes), 403, "not_allowed")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_cross_site_fetch_that_hides_its_origin_changes_nothing(
    control: ControlUnderTest, page: dict[str, str], site: str
) -> None:
    for route in for_people(control):
        forged = without(page, "Origin") | {"Sec-Fetch-Site": site}
        assert_problem(await send(control, route, forged), 403, "not_allowed")


async def test_a_cookie_that_no_page_sends_changes_nothing(
    control: ControlUnderTest, page: dict[str, str]
) -> None:
    for route in for_people(control):
        assert_problem(await send(control, route, without(page, "Origin")), 403, "not_allowed")


async def test_a_cookie_is_nothing_to_the_routes_of_agents_and_livekit(
    control: ControlUnderTest, page: dict[str, str]
) -> None:
    for method, path in changing_routes(control):
        if NOT_FOR_PEOPLE.match(path):
            assert (await send(control, (method, path), page)).status == 401, path


async def test_another_site_cannot_use_a_route_that_needs_no_session(control: ControlUnderTest) -> None:
    for name in OPEN:
        method, path = name.split()
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            route = (method, re.sub(r"\{[^}]*\}", "x", path))
            assert_problem(await send(control, route, headers), 403, "not_allowed")


async def test_a_guests_cookie_is_guarded_in_the_same_way(
    control: ControlUnderTest, team: TenantSample
) -> None:
    guest = await page_of(control, await come_as_guest(control, team, "standup"))

    forged = await control.post("/v1/token", body={}, headers=without(guest, "X-CSRF-Token"))
    own = await control.post("/v1/token", body={}, headers=guest)

    assert_problem(forged, 403, "stale_page")
    assert own.status == 201


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "own"}, id="origin"),
        pytest.param({"Origin": "own", "Sec-Fetch-Site": "same-origin"}, id="both"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, id="fetch metadata"),
        pytest.param({"Sec-Fetch-Site": "none"}, id="no page at all"),
    ],
)
async def test_ones_own_page_with_the_token_is_let_through(
    control: ControlUnderTest, team: TenantSample, headers: dict[str, str]
) -> None:
    page = without(await page_of(control, await sign_in(control, team)), "Origin")
    own = {name: value.replace("own", control.settings.public_url) for name, value in headers.items()}

    assert (await control.post("/v1/token", body={}, headers=page | own)).status == 201


async def test_a_program_with_a_bearer_token_needs_no_csrf_token(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)

    assert (await control.post("/v1/rooms", session, {"name": "one"})).status == 201
    assert (await control.post("/v1/rooms", team.api_key, {"name": "two"})).status == 201


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "ä", '"'])
async def test_a_token_that_was_made_up_is_refused_without_a_fault(
    control: ControlUnderTest, page: dict[str, str], token: str
) -> None:
    reply = await control.post("/v1/rooms", body={"name": "made"}, headers=page | {"X-CSRF-Token": token})

    assert_problem(reply, 403, "stale_page")


async def test_a_form_of_another_site_is_no_json(control: ControlUnderTest, team: TenantSample) -> None:
    page = await page_of(control, await sign_in(control, team))

    reply = await control.call("POST", "/v1/rooms", headers=page, data=aiohttp.FormData({"name": "made"}))

    assert_problem(reply, 415, "unsupported_media_type")
    assert (await control.rows(team.id))["rooms"] == 0


async def test_the_token_leads_back_to_no_session(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)
    page = await page_of(control, session)
    stolen = page["X-CSRF-Token"]

    assert session not in stolen
    assert_problem(await control.get("/v1/sessions/current", stolen), 401, "not_authenticated")
    cookie = {"Cookie": f"{COOKIE}={stolen}"}
    assert_problem(await control.get("/v1/sessions/current", headers=cookie), 401, "not_authenticated")
