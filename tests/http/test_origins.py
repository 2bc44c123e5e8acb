"""Pages of other origins: only those that the caller's own tenant listed, exactly, and never with cookies."""

from collections.abc import Sequence

import pytest

from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import sign_in

ORIGIN = "https://app.example.com"


async def allow(control: ControlUnderTest, team: TenantSample, *origins: str) -> Reply:
    session = await sign_in(control, team)
    return await control.call("PUT", "/v1/allowed-origins", session, json={"origins": list(origins)})


async def preflight(
    control: ControlUnderTest, origin: str, path: str = "/v1/token", method: str = "POST"
) -> Reply:
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    return await control.call("OPTIONS", path, headers=headers)


def sharing(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name.startswith("Access-Control-")}


async def test_a_listed_origin_is_answered_before_and_when_it_calls(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await allow(control, team, ORIGIN)

    asked = await preflight(control, ORIGIN)
    called = await control.post("/v1/token", team.api_key, {}, headers={"Origin": ORIGIN})

    assert (asked.status, called.status) == (204, 201)
    assert sharing(asked) == {
        "Access-Control-Allow-Origin": ORIGIN,
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, X-Request-Id",
        "Access-Control-Max-Age": "600",
        "Access-Control-Expose-Headers": (
            "Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
        ),
    }
    assert sharing(called).keys() == {"Access-Control-Allow-Origin", "Access-Control-Expose-Headers"}
    assert sharing(called)["Access-Control-Allow-Origin"] == ORIGIN
    assert (asked.headers["Vary"], called.headers["Vary"]) == ("Origin", "Origin")


async def test_a_page_may_read_why_it_was_refused(control: ControlUnderTest, team: TenantSample) -> None:
    await allow(control, team, ORIGIN)

    reply = await control.post("/v1/token", team.api_key, {"room_name": "a/b"}, headers={"Origin": ORIGIN})

    assert_problem(reply, 422, "invalid_input", "room_name")
    assert sharing(reply)["Access-Control-Allow-Origin"] == ORIGIN


TRICKS = [
    pytest.param("null", id="a sandboxed frame"),
    pytest.param("https://app.example.com.evil.example", id="as a prefix"),
    pytest.param("https://evilapp.example.com", id="as a suffix"),
    pytest.param("https://sub.app.example.com", id="a subdomain"),
    pytest.param("https://example.com", id="the domain above"),
    pytest.param("http://app.example.com", id="without TLS"),
    pytest.param("https://app.example.com:8443", id="another port"),
    pytest.param("https://app.example.com:443", id="the usual port spelled out"),
    pytest.param("https://app.example.com.", id="a dot at the end"),
    pytest.param("https://app.example.com/", id="a slash at the end"),
    pytest.param("https://APP.example.com", id="capitals"),
    pytest.param("https://user@app.example.com", id="with a user"),
    pytest.param("https://appxexample.com", id="a dot that is any character"),
    pytest.param(" https://evil.example https://app.example.com", id="a list"),
    pytest.param("*", id="a wildcard"),
    pytest.param("https://%", id="a pattern of SQL"),
    pytest.param("", id="empty"),
    pytest.param("file://", id="a file"),
]


@pytest.mark.parametrize("origin", TRICKS)
async def test_an_origin_that_only_looks_like_it_is_refused_before_anything_happens(
    control: ControlUnderTest, team: TenantSample, origin: str
) -> None:
    await allow(control, team, ORIGIN)

    asked = await preflight(control, origin)
    called = await control.post(
        "/v1/token", team.api_key, {"room_name": "standup"}, headers={"Origin": origin}
    )

    assert_problem(asked, 403, "not_allowed")
    assert_problem(called, 403, "not_allowed")
    assert (sharing(asked), sharing(called)) == ({}, {})
    assert (await control.rows(team.id))["rooms"] == 0


async def test_an_origin_of_another_tenant_gets_an_answer_to_its_preflight_and_no_more(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await allow(control, other_team, ORIGIN)

    asked = await preflight(control, ORIGIN)
    called = await control.post(
        "/v1/token", team.api_key, {"room_name": "standup"}, headers={"Origin": ORIGIN}
    )

    assert asked.status == 204
    assert_problem(called, 403, "not_allowed")
    assert sharing(called) == {}
    assert (await control.rows(team.id))["rooms"] == 0


async def test_two_origins_at_once_are_refused(control: ControlUnderTest, team: TenantSample) -> None:
    await allow(control, team, ORIGIN)
    headers = [("Authorization", f"Bearer {team.api_key}"), ("Origin", ORIGIN), ("Origin", ORIGIN)]

    async with control.http.get("/v1/rooms", headers=headers) as answer:
        assert answer.status == 403


async def test_a_listed_origin_cannot_ride_on_a_cookie(control: ControlUnderTest, team: TenantSample) -> None:
    await allow(control, team, ORIGIN)
    cookie = {"Cookie": f"parley_session={await sign_in(control, team)}"}

    for method, path in (("GET", "/v1/rooms"), ("POST", "/v1/token")):
        reply = await control.call(method, path, headers={**cookie, "Origin": ORIGIN})
        assert_problem(reply, 403, "not_allowed")
        assert sharing(reply) == {}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/account"),
        ("GET", "/v1/members"),
        ("GET", "/v1/sessions"),
        ("GET", "/v1/api-keys"),
        ("GET", "/v1/allowed-origins"),
        ("GET", "/v1/deployment"),
        ("DELETE", "/v1/sessions/current"),
    ],
)
async def test_a_listed_origin_has_no_way_to_what_is_for_our_own_pages(
    control: ControlUnderTest, team: TenantSample, method: str, path: str
) -> None:
    await allow(control, team, ORIGIN)

    asked = await preflight(control, ORIGIN, path, method)
    called = await control.call(method, path, await sign_in(control, team), headers={"Origin": ORIGIN})

    assert (asked.status in (403, 405), sharing(asked)) == (True, {})
    assert_problem(called, 403, "not_allowed")
    assert sharing(called) == {}


async def test_a_preflight_for_a_method_that_the_path_has_not_is_refused(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await allow(control, team, ORIGIN)

    assert_problem(await preflight(control, ORIGIN, method="DELETE"), 403, "not_allowed")
    assert (await preflight(control, ORIGIN, "/v1/rooms", "GET")).status == 204


async def test_our_own_pages_need_no_listing(control: ControlUnderTest, team: TenantSample) -> None:
    own = {"Origin": control.settings.public_url}

    reply = await control.get("/v1/rooms", team.api_key, headers=own)

    assert (reply.status, sharing(reply)) == (200, {})


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://*.example.com",
        "http://app.example.com",
        "https://app.example.com/",
        "https://app.example.com/path",
        "https://App.example.com",
        "https://app.example.com:443",
        "https://app.example.com:99999999",
        "https://user@app.example.com",
        "https://b\u00fccher.example",
        "https://-app.example.com",
        "https://app..example.com",
        "https://app.example.com\nhttps://evil.example",
        "javascript:alert(1)",
        "https://com",
        "",
    ],
)
async def test_what_no_browser_sends_cannot_be_listed(
    control: ControlUnderTest, team: TenantSample, origin: str
) -> None:
    assert_problem(await allow(control, team, ORIGIN, origin), 422, "invalid_input", "origins.1")
    assert await listed(control, team) == []


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example.com:8443",
        "http://localhost:3000",
        "http://[::1]:3000",
        "https://xn--bcher-kva.example",
    ],
)
async def test_every_form_that_a_browser_sends_can_be_listed(
    control: ControlUnderTest, team: TenantSample, origin: str
) -> None:
    assert (await allow(control, team, origin)).status == 200
    assert (await preflight(control, origin)).status == 204


async def test_the_list_is_replaced_as_a_whole_and_is_the_tenants_own(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await allow(control, team, ORIGIN, "https://old.example.com")

    reply = await allow(control, team, "https://new.example.com", ORIGIN, ORIGIN)

    assert reply.body == {"origins": [ORIGIN, "https://new.example.com"]}
    assert await listed(control, team) == [ORIGIN, "https://new.example.com"]
    assert await listed(control, other_team) == []
    assert_problem(await preflight(control, "https://old.example.com"), 403, "not_allowed")


async def test_a_key_cannot_list_origins_for_itself(control: ControlUnderTest, team: TenantSample) -> None:
    reply = await control.call("PUT", "/v1/allowed-origins", team.api_key, json={"origins": [ORIGIN]})

    assert_problem(reply, 403, "not_allowed")
    assert await listed(control, team) == []


async def listed(control: ControlUnderTest, team: TenantSample) -> Sequence[str]:
    reply = await control.get("/v1/allowed-origins", await sign_in(control, team))
    origins: list[str] = reply.body["origins"]
    return origins
