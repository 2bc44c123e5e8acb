"""What holds for every request: bodies, sizes, methods, ids, headers, and a log without secrets."""

import logging
from typing import Any

import aiohttp
import jwt
import pytest

from control.middleware import REQUEST_ID
from control.store.conversations import Conversation
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import COOKIE, come_as_guest, invite, sign_in

POSTS = ["/v1/token", "/v1/sessions", "/v1/rooms"]
JSON = {"Content-Type": "application/json"}


async def send_raw(control: ControlUnderTest, path: str, auth: str | None, raw: bytes, **headers: str) -> Any:
    return await control.call("POST", path, auth, data=raw, headers={**JSON, **headers})


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"name": "a",}', id="trailing comma"),
        pytest.param(b"{'name': 'a'}", id="single quotes"),
        pytest.param(b'{"name": "\xff"}', id="not UTF-8"),
        pytest.param(b'{"name": "\\ud800"}', id="half a surrogate pair"),
        pytest.param(b"[" * 30_000, id="deeply nested"),
        pytest.param(b"name=a", id="a form"),
    ],
)
async def test_malformed_json_is_refused_as_such(
    control: ControlUnderTest, team: TenantSample, path: str, raw: bytes
) -> None:
    assert_problem(await send_raw(control, path, team.api_key, raw), 400, "malformed")
    assert (await control.rows(team.id))["rooms"] == 0


@pytest.mark.parametrize("raw", [b"[]", b'"lounge"', b"7", b"null", b"true"])
async def test_a_body_that_is_no_object_is_refused(
    control: ControlUnderTest, team: TenantSample, raw: bytes
) -> None:
    for path in POSTS:
        assert_problem(await send_raw(control, path, team.api_key, raw), 422, "invalid_input")
    assert (await control.rows(team.id))["rooms"] == 0


@pytest.mark.parametrize("path", POSTS)
async def test_an_oversized_body_is_refused(control: ControlUnderTest, team: TenantSample, path: str) -> None:
    raw = b'{"room_name": "standup", "name": "standup", "padding": "' + b"x" * 64 * 1024 + b'"}'

    assert_problem(await send_raw(control, path, team.api_key, raw), 413, "too_large")
    assert (await control.rows(team.id))["rooms"] == 0


async def test_an_oversized_body_of_unknown_length_is_refused_too(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async def pieces() -> Any:
        for _ in range(80):
            yield b"x" * 1024

    reply = await control.call("POST", "/v1/rooms", team.api_key, data=pieces(), headers=JSON)

    assert_problem(reply, 413, "too_large")


async def test_who_is_calling_is_asked_before_what(control: ControlUnderTest) -> None:
    assert_problem(await send_raw(control, "/v1/rooms", None, b"{"), 401, "not_authenticated")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
async def test_a_body_that_is_not_called_json_is_refused(
    control: ControlUnderTest, team: TenantSample, content_type: str
) -> None:
    reply = await control.call(
        "POST", "/v1/rooms", team.api_key, data=b'{"name": "a"}', headers={"Content-Type": content_type}
    )

    assert_problem(reply, 415, "unsupported_media_type")
    assert (await control.rows(team.id))["rooms"] == 0


async def test_a_nul_character_is_gone_before_it_reaches_the_database(
    control: ControlUnderTest, team: TenantSample
) -> None:
    nul = await control.post("/v1/token", team.api_key, {"participant_name": "a\x00b"})
    spelled_out = await control.post("/v1/token", team.api_key, {"participant_name": "a\\u0000b"})

    names = [
        jwt.decode(reply.body["participant_token"], options={"verify_signature": False})["name"]
        for reply in (nul, spelled_out)
    ]
    assert names == ["ab", "a\\u0000b"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/v1/conversations", 405, "method_not_allowed"),
        ("PUT", "/v1/token", 405, "method_not_allowed"),
        ("TRACE", "/", 405, "method_not_allowed"),
    ],
)
async def test_an_address_that_is_not_served_answers_with_a_problem(
    control: ControlUnderTest, method: str, path: str, status: int, code: str
) -> None:
    reply = await control.call(method, path)

    assert_problem(reply, status, code)
    assert ("Allow" in reply.headers) is (status == 405)


async def test_a_request_keeps_the_id_it_came_with(control: ControlUnderTest) -> None:
    reply = await control.get("/livez", headers={"X-Request-Id": "trace-0123456789"})

    assert reply.headers["X-Request-Id"] == "trace-0123456789"


@pytest.mark.parametrize("offered", ["short", "x" * 65, "with space 123", "semi;colon;123"])
async def test_an_id_of_another_form_is_replaced(control: ControlUnderTest, offered: str) -> None:
    reply = await control.get("/livez", headers={"X-Request-Id": offered})

    assert reply.headers["X-Request-Id"] != offered
    assert len(reply.headers["X-Request-Id"]) == 32


@pytest.mark.parametrize("path", ["/livez", "/v1/deployment", "/v1/nothing", "/v1/rooms"])
async def test_every_answer_carries_the_security_headers(control: ControlUnderTest, path: str) -> None:
    headers = (await control.get(path)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] == "parley"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Strict-Transport-Security" not in headers


async def test_no_other_site_is_given_leave_to_call(control: ControlUnderTest) -> None:
    preflight = await control.call(
        "OPTIONS",
        "/v1/token",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )

    assert_problem(preflight, 403, "not_allowed")
    assert not [name for name in preflight.headers if name.lower().startswith("access-control-")]


async def test_every_request_is_one_line_of_log_without_its_secrets(
    control: ControlUnderTest, team: TenantSample, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    code = await invite(control, team, "standup")
    session = await sign_in(control, team)
    await control.post("/v1/token", session, {"participant_metadata": "canary-metadata"})
    await control.get(f"/v1/invites/{code}")
    await control.get("/v1/rooms?limit=7&cursor=canary-cursor", team.api_key)
    await control.post("/v1/sessions", body={"email": team.email, "password": "canary-password"})
    reply = await control.get("/v1/rooms/standup", team.api_key)

    written = [record.__dict__ for record in caplog.records if record.name == "control.middleware"]
    lines = [line for line in written if "webhook" not in line["route"]]  # LiveKit's come when they come
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/v1/rooms", 201),
        ("POST", "/v1/rooms/{name}/invites", 201),
        ("POST", "/v1/sessions", 201),
        ("POST", "/v1/token", 201),
        ("GET", "/v1/invites/{code}", 200),
        ("GET", "/v1/rooms", 422),
        ("POST", "/v1/sessions", 401),
        ("GET", "/v1/rooms/{name}", 200),
    ]
    assert lines[-1]["request_id"] == reply.headers["X-Request-Id"]
    assert lines[-1]["tenant"] == f"ten_{team.id.hex}"
    assert lines[-1]["ms"] >= 0
    logged = str([record.__dict__ for record in caplog.records])
    for secret in (code, session, team.api_key, team.password, team.email, "canary", "standup"):
        assert secret not in logged


async def test_who_tries_what_they_may_not_is_in_the_log(
    control: ControlUnderTest, team: TenantSample, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    guest, session = await come_as_guest(control, team, "standup"), await sign_in(control, team)
    caplog.clear()
    own = {"Cookie": f"{COOKIE}={session}", "Origin": control.settings.public_url}

    await control.post("/v1/rooms", guest, {"name": "mine"})
    await control.get("/v1/api-keys", team.api_key)
    await control.post("/v1/rooms", body={"name": "forged"}, headers=own)
    await control.post("/v1/rooms", session, {"name": "'; drop table rooms; --"})
    await control.get("/v1/rooms")

    lines = [record.__dict__ for record in caplog.records if record.name == "control.middleware"]
    tried = [line for line in lines if line["route"] in ("/v1/rooms", "/v1/api-keys")]
    assert [(line["status"], line["problem"], str(line["caller"])[:5]) for line in tried] == [
        (403, "not_allowed", "sess_"),
        (403, "not_allowed", f"key_{team.api_key_id.hex[0]}"),
        (403, "stale_page", "sess_"),
        (422, "invalid_input", "sess_"),
        (401, "not_authenticated", "None"),
    ]
    assert tried[2]["caller"] == tried[3]["caller"] != tried[0]["caller"]
    assert all(len(line["request_id"]) == 32 for line in tried)


async def test_an_unexpected_error_is_a_problem_that_tells_nothing(
    control: ControlUnderTest,
    team: TenantSample,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def break_down(*_: object) -> Conversation | None:
        raise RuntimeError("canary: a row of somebody")

    monkeypatch.setattr("control.store.conversations.find_conversation", break_down)

    reply = await control.get(f"/v1/conversations/conv_{'0' * 32}", team.api_key)

    assert_problem(reply, 500, "internal")
    assert "canary" not in str(reply.body)
    assert "canary" not in str([record.__dict__ for record in caplog.records])
    assert [record.__dict__["error"] for record in caplog.records if record.levelname == "ERROR"] == [
        "RuntimeError"
    ]


async def test_the_request_id_key_names_itself() -> None:
    assert "request_id" in str(REQUEST_ID)


async def test_a_client_that_goes_away_leaves_the_server_well(control: ControlUnderTest) -> None:
    with pytest.raises(TimeoutError):
        await control.get("/readyz", timeout=aiohttp.ClientTimeout(total=0.0001))

    assert (await control.get("/readyz")).status == 200
