"""A tenant's tools as its admins manage them: who may, what is refused, and what never comes out again."""

import base64
import dataclasses
import logging
from typing import Any

import pytest

from agent.settings import ControlSettings
from agent.wire import ToolSpec
from control.audit.actions import AuditAction
from control.scopes import Scope
from control.store.db import Database
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem, running_control
from tests.fixtures.database import TenantSample, make_tenant
from tests.http.callers import begin_job, come_as_guest, job_token, sign_in
from tests.http.keys import key_with
from tests.http.members import join
from tests.http.test_agents import made

SECRET = "Bearer canary-of-the-tool-0123456789"
SIGNING_KEY = "canary-signing-key-of-the-tool-0123456789"
PARAMETERS = {"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}
ORDERS: dict[str, Any] = {
    "name": "orders",
    "description": "Finds an order.",
    "url": "https://shop.example/orders/{order}",
    "http": {"method": "GET", "parameters": PARAMETERS},
}
DESK: dict[str, Any] = {
    "name": "desk",
    "description": "The front desk.",
    "url": "https://desk.example/mcp",
    "mcp": {"allowed": ["book"]},
}


@pytest.fixture
async def key(control: ControlUnderTest, team: TenantSample) -> str:
    """With every scope."""
    return await key_with(control, team)


async def make(control: ControlUnderTest, key: str, **body: Any) -> dict[str, Any]:
    reply = await control.post("/v1/tools", key, {**ORDERS, **body})
    assert reply.status == 201, reply.body
    return reply.body


async def change(control: ControlUnderTest, key: str, name: str = "orders", **body: Any) -> Reply:
    return await control.call("PATCH", f"/v1/tools/{name}", key, json=body)


async def next_job(control: ControlUnderTest, team: TenantSample) -> str:
    """The token of a job of whichever agent and version the room has now."""
    return job_token(control, await begin_job(control.parts.db, team, serving=True))


async def specs_of(control: ControlUnderTest, token: str) -> list[ToolSpec]:
    reply = await control.get("/internal/v1/tools", token)
    assert reply.status == 200, reply.body
    return [ToolSpec.model_validate(tool) for tool in reply.body["tools"]]


async def test_a_tool_is_what_was_asked_for_and_for_the_rest_what_is_careful(
    control: ControlUnderTest, key: str
) -> None:
    tool = await make(control, key)
    desk = await control.post("/v1/tools", key, DESK)

    assert (await control.get("/v1/tools/orders", key)).body == tool
    assert (tool["kind"], tool["is_repeatable"], tool["audience"]) == ("http", True, "members")
    assert (tool["secret_headers"], tool["is_signed"], tool["timeout_s"]) == ([], False, 10.0)
    assert (desk.body["kind"], desk.body["is_repeatable"]) == ("mcp", False)
    listed = await control.get("/v1/tools", key)
    assert [item["name"] for item in listed.body["data"]] == ["desk", "orders"]


async def test_secrets_go_in_and_never_come_out(
    control: ControlUnderTest, key: str, team: TenantSample, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made_tool = await make(control, key, secret_headers={"Authorization": SECRET}, signing_key=SIGNING_KEY)
    shown = await control.get("/v1/tools/orders", key)
    renamed = await change(control, key, description="Finds any order.")
    async with control.parts.db.tenant(team.id) as conn:
        row = str(await conn.fetchrow("select * from tools"))
        trail = str(await conn.fetch("select line from audit_events"))

    assert (made_tool["secret_headers"], made_tool["is_signed"]) == (["Authorization"], True)
    assert (renamed.body["secret_headers"], renamed.body["is_signed"]) == (["Authorization"], True)
    for text in (str(made_tool), str(shown.body), str(renamed.body), row, trail, caplog.text):
        assert "canary" not in text


async def test_a_refused_body_does_not_repeat_its_secrets(
    control: ControlUnderTest, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    replies = [
        await control.post("/v1/tools", key, {**ORDERS, "secret_headers": {"Authorization": f"{SECRET}\n"}}),
        await control.post("/v1/tools", key, {**ORDERS, "signing_key": "canary short"}),
        await control.post("/v1/tools", key, {**ORDERS, "url": "https://canary:canary@shop.example/"}),
    ]

    assert [reply.status for reply in replies] == [422, 422, 422]
    assert "canary" not in str([reply.body for reply in replies]) + caplog.text


async def test_the_job_of_an_agent_that_has_the_tool_gets_it_with_its_secrets_and_no_other_does(
    control: ControlUnderTest, key: str, team: TenantSample, other_team: TenantSample
) -> None:
    await make(control, key, secret_headers={"Authorization": SECRET}, signing_key=SIGNING_KEY)
    await control.post("/v1/tools", key, DESK)
    agent = await made(control, key, tools=["orders"])

    (spec,) = await specs_of(control, await next_job(control, team))
    elsewhere = await specs_of(control, await next_job(control, other_team))
    forged = dataclasses.replace(await begin_job(control.parts.db, team), tenant_id=other_team.id)
    refused = await control.get("/internal/v1/tools", job_token(control, forged))

    assert agent["tools"] == ["orders"]
    assert (spec.name, spec.secret_headers, spec.signing_key) == (
        "orders",
        {"Authorization": SECRET},
        SIGNING_KEY,
    )
    assert elsewhere == []
    assert_problem(refused, 404, "not_found")


async def test_the_self_check_and_a_job_that_is_over_get_no_tools(
    control: ControlUnderTest, key: str, team: TenantSample
) -> None:
    await make(control, key, secret_headers={"Authorization": SECRET})
    await made(control, key, tools=["orders"])
    old = await next_job(control, team)
    newest = await begin_job(control.parts.db, team)
    checking = job_token(control, dataclasses.replace(newest, local_engines=True))

    over = await control.get("/internal/v1/tools", old)

    assert_problem(over, 409, "stale_epoch")
    assert await specs_of(control, checking) == []


async def test_an_agent_can_only_be_given_tools_that_there_are(
    control: ControlUnderTest, key: str, other_team: TenantSample
) -> None:
    theirs = await key_with(control, other_team)
    await make(control, theirs)

    reply = await control.post("/v1/agents", key, {"name": "pilot", "tools": ["orders"]})

    assert_problem(reply, 422, "invalid_input", "tools")


async def test_a_version_keeps_its_tools_when_another_is_written_and_loses_one_that_is_deleted(
    control: ControlUnderTest, key: str, team: TenantSample
) -> None:
    await make(control, key)
    await made(control, key, tools=["orders"])
    changed = await control.call("PATCH", "/v1/agents/pilot", key, json={"tools": []})
    without = await specs_of(control, await next_job(control, team))
    await control.post("/v1/agents/pilot/versions/1/activation", key)
    again = await specs_of(control, await next_job(control, team))

    gone = await control.call("DELETE", "/v1/tools/orders", key)

    assert (changed.body["version"], changed.body["tools"], without) == (2, [], [])
    assert [spec.name for spec in again] == ["orders"]
    assert gone.status == 204
    assert await specs_of(control, await next_job(control, team)) == []


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://shop.example/{order}"},
        {"url": "https://169.254.169.254/{order}"},
        {"url": "https://user:pw@shop.example/{order}"},
        {"url": "https://shop.example/{order}/{other}"},
        {"url": "https://{order}.shop.example/"},
        {"mcp": {"allowed": ["x"]}},
        {"http": None},
        {"name": "Orders"},
        {"name": "drop table"},
        {"timeout_s": 0},
        {"timeout_s": 61},
        {"description": "  "},
        {"audience": "everybody"},
        {"secret_headers": {"Host": "evil.example"}},
        {"secret_headers": {"Idempotency-Key": "mine"}},
        {"secret_headers": {"parley-user": "me"}},
        {"secret_headers": {"Content-Length": "7"}},
        {"secret_headers": {"X-A": "b\r\nX-C: d"}},
        {"signing_key": "short"},
        {"http": {"method": "TRACE", "parameters": PARAMETERS}},
        {"http": {"method": "GET", "parameters": {"type": "string"}}},
        {"http": {"method": "GET", "parameters": {**PARAMETERS, "$ref": "https://evil.example"}}},
        {"http": {"method": "GET", "parameters": PARAMETERS, "headers": {"Transfer-Encoding": "chunked"}}},
        {"http": {"method": "GET", "parameters": PARAMETERS, "headers": {"X-A": "b\n"}}},
        {"surprise": True},
    ],
)
async def test_a_tool_that_could_do_harm_is_refused(
    control: ControlUnderTest, key: str, body: dict[str, Any]
) -> None:
    reply = await control.post("/v1/tools", key, {**ORDERS, **body})

    assert_problem(reply, 422, "invalid_input", reply.body.get("field"))
    assert (await control.get("/v1/tools", key)).body["data"] == []


async def test_a_secret_does_not_go_along_to_another_host(
    control: ControlUnderTest, key: str, team: TenantSample
) -> None:
    await make(control, key, secret_headers={"Authorization": SECRET}, signing_key=SIGNING_KEY)
    await made(control, key, tools=["orders"])

    same = await change(control, key, url="https://shop.example/v2/orders/{order}")
    other = await change(control, key, url="https://evil.example/orders/{order}")

    (spec,) = await specs_of(control, await next_job(control, team))
    assert (same.body["secret_headers"], same.body["is_signed"]) == (["Authorization"], True)
    assert (other.body["secret_headers"], other.body["is_signed"]) == ([], False)
    assert (spec.url, spec.secret_headers, spec.signing_key) == (
        "https://evil.example/orders/{order}",
        {},
        None,
    )


async def test_a_change_leaves_what_it_does_not_name(control: ControlUnderTest, key: str) -> None:
    await make(control, key, secret_headers={"Authorization": SECRET, "X-Team": "harbor"})

    fewer = await change(control, key, secret_headers={"X-Team": "harbor"}, audience="room")
    signed = await change(control, key, signing_key=SIGNING_KEY)
    unsigned = await change(control, key, signing_key=None)
    other_kind = await change(control, key, mcp={"allowed": ["x"]})

    assert (fewer.body["secret_headers"], fewer.body["audience"]) == (["X-Team"], "room")
    assert (signed.body["secret_headers"], signed.body["is_signed"]) == (["X-Team"], True)
    assert (unsigned.body["is_signed"], unsigned.body["http"]) == (False, fewer.body["http"])
    assert_problem(other_kind, 422, "invalid_input")


async def test_a_name_is_taken_once_and_what_is_not_there_is_not_found(
    control: ControlUnderTest, key: str
) -> None:
    await make(control, key)

    assert_problem(await control.post("/v1/tools", key, ORDERS), 409, "conflict")
    assert_problem(await control.get("/v1/tools/nothing", key), 404, "not_found")
    assert_problem(await change(control, key, "nothing", audience="room"), 404, "not_found")
    assert_problem(await control.call("DELETE", "/v1/tools/nothing", key), 404, "not_found")


async def test_only_admins_change_tools_and_guests_do_not_even_see_them(
    control: ControlUnderTest, key: str, team: TenantSample
) -> None:
    await make(control, key)
    member = await join(control, team, "member")
    guest = await come_as_guest(control, team, "standup")
    reader = await key_with(control, team, [Scope.TOOLS_READ])

    assert (await control.get("/v1/tools", member.session)).status == 200
    for credential in (member.session, guest, reader):
        assert_problem(await control.post("/v1/tools", credential, DESK), 403, "not_allowed")
        assert_problem(await change(control, credential, audience="room"), 403, "not_allowed")
        assert_problem(await control.call("DELETE", "/v1/tools/orders", credential), 403, "not_allowed")
    assert_problem(await control.get("/v1/tools", guest), 403, "not_allowed")


async def test_what_is_done_to_tools_is_in_the_trail_without_their_names(
    control: ControlUnderTest, key: str, team: TenantSample
) -> None:
    await make(control, key)
    await change(control, key, audience="room")
    await control.call("DELETE", "/v1/tools/orders", key)

    async with control.parts.db.tenant(team.id) as conn:
        rows = await conn.fetch(
            "select action, line from audit_events where action like 'tool.%' order by seq"
        )
    assert [row["action"] for row in rows] == [
        AuditAction.TOOL_MADE,
        AuditAction.TOOL_CHANGED,
        AuditAction.TOOL_DELETED,
    ]
    assert "orders" not in str(rows)


async def test_hosts_that_an_operator_did_not_list_are_refused_and_closed(
    own_settings: ControlSettings, database: Database
) -> None:
    own_team = await make_tenant(database, "Harbor", "ada@harbor.example", "Ada")
    async with running_control(own_settings) as control:
        session = await sign_in(control, own_team)
        await make(control, session)
        await made(control, session, tools=["orders"])
    listing = dataclasses.replace(own_settings, tool_hosts=("desk.example",))

    async with running_control(listing) as control:
        session = await sign_in(control, own_team)
        elsewhere = await control.post("/v1/tools", session, {**ORDERS, "name": "more"})
        listed = await control.post("/v1/tools", session, DESK)
        handed_out = await specs_of(control, await next_job(control, own_team))

    assert_problem(elsewhere, 422, "invalid_input", "url")
    assert "desk.example" in elsewhere.body["detail"]
    assert listed.status == 201
    assert handed_out == []


async def test_secrets_that_cannot_be_opened_close_the_tool(
    control: ControlUnderTest, key: str, team: TenantSample
) -> None:
    await make(control, key, secret_headers={"Authorization": SECRET})
    await made(control, key, tools=["orders"])
    async with control.parts.db.tenant(team.id) as conn:
        before = await conn.fetchval("select sealed_secrets from tools")
        await conn.execute("update tools set sealed_secrets = $1", before[:-1] + bytes([before[-1] ^ 1]))

    assert await specs_of(control, await next_job(control, team)) == []


async def test_what_an_old_key_of_the_ring_sealed_is_sealed_again_by_the_newest(
    own_settings: ControlSettings, database: Database
) -> None:
    own_team = await make_tenant(database, "Harbor", "ada@harbor.example", "Ada")
    newest = base64.b64encode(bytes(range(32))).decode()
    async with running_control(own_settings) as control:
        session = await sign_in(control, own_team)
        await make(control, session, secret_headers={"Authorization": SECRET})
        await made(control, session, tools=["orders"])
    turned = dataclasses.replace(own_settings, key_ring=f"newest:{newest} secret")
    async with running_control(turned) as control:
        (spec,) = await specs_of(control, await next_job(control, own_team))
    alone = dataclasses.replace(own_settings, key_ring=f"newest:{newest}")

    async with running_control(alone) as control:
        (again,) = await specs_of(control, await next_job(control, own_team))

    assert spec.secret_headers == again.secret_headers == {"Authorization": SECRET}
