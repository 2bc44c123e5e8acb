"""A tenant's keys of model providers, and every way in which one might come out, or be used by others."""

import base64
import dataclasses
import logging
from typing import Any

import pytest

from agent.wire import ContextAnswer, ProviderKey
from control.app import open_parts
from control.audit.actions import AuditAction
from control.keys.provider_keys import ProviderKeyBody, ProviderKeys
from tests.fixtures.control import ControlUnderTest, assert_problem, running_control
from tests.fixtures.database import TenantSample, make_tenant
from tests.http.callers import begin_job, come_as_guest, job_token, sign_in, someone_elses_job

CANARY = "sk-canary-0123456789abcdef"
LOOPBACK_SERVER = "http://127.0.0.1:8000/v1"


async def put(
    control: ControlUnderTest, session: str, provider: str = "openai", **body: str | None
) -> dict[str, Any]:
    reply = await control.call("PUT", f"/v1/provider-keys/{provider}", session, json=body)
    assert reply.status == 200, reply.body
    return reply.body


async def context_of(control: ControlUnderTest, team: TenantSample) -> ContextAnswer:
    token = job_token(control, await begin_job(control.parts.db, team))
    return ContextAnswer.model_validate((await control.get("/internal/v1/context", token)).body)


async def test_the_tenants_own_job_is_given_its_key(control: ControlUnderTest, team: TenantSample) -> None:
    await put(control, await sign_in(control, team), api_key=CANARY, base_url=LOOPBACK_SERVER)

    context = await context_of(control, team)

    assert context.provider_keys == [
        ProviderKey(provider="openai", api_key=CANARY, base_url=LOOPBACK_SERVER, may_be_local=True)
    ]


async def test_another_tenants_job_is_given_nothing_of_it(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await put(control, await sign_in(control, team), api_key=CANARY)
    ours = await begin_job(control.parts.db, team)
    mixed = dataclasses.replace(ours, tenant_id=other_team.id)

    theirs = await context_of(control, other_team)
    forged = await control.get("/internal/v1/context", job_token(control, mixed))
    nobodys = await control.get("/internal/v1/context", job_token(control, someone_elses_job()))

    assert theirs.provider_keys == []
    assert CANARY not in str(forged.body) + str(nobodys.body)
    assert_problem(forged, 404, "not_found")
    assert_problem(nobodys, 404, "not_found")


async def test_a_job_whose_epoch_is_over_is_given_no_key(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await put(control, await sign_in(control, team), api_key=CANARY)
    old = await begin_job(control.parts.db, team)
    await begin_job(control.parts.db, team)

    reply = await control.get("/internal/v1/context", job_token(control, old))

    assert_problem(reply, 409, "stale_epoch")
    assert CANARY not in str(reply.body)


async def test_the_self_check_never_spends_a_tenants_money(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await put(control, await sign_in(control, team), api_key=CANARY)
    job = dataclasses.replace(await begin_job(control.parts.db, team), local_engines=True)

    reply = await control.get("/internal/v1/context", job_token(control, job))

    assert (reply.status, reply.body["provider_keys"]) == (200, [])


async def test_no_answer_of_the_api_gives_the_key_back(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)
    answers = [await put(control, session, api_key=CANARY)]

    document = (await control.get("/v1/openapi.json")).body
    paths = [path for path, item in document["paths"].items() if "get" in item and "{" not in path]
    answers += [(await control.get(path, session)).body for path in paths]

    assert "/v1/provider-keys" in paths
    assert CANARY not in str(answers)
    assert CANARY[:-4] not in str(answers)
    assert answers[0]["hint"] == CANARY[-4:]


async def test_no_log_line_has_the_key(
    control: ControlUnderTest, team: TenantSample, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = await sign_in(control, team)

    await put(control, session, api_key=CANARY)
    await context_of(control, team)
    broken = {"api_key": CANARY + " and more", "base_url": f"https://u:{CANARY}@models.example/v1"}
    refused = await control.call("PUT", "/v1/provider-keys/openai", session, json=broken)
    misplaced = await control.call("PUT", f"/v1/provider-keys/{CANARY}", session, json={"api_key": CANARY})

    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert "request" in logged
    assert CANARY not in logged
    assert CANARY not in str(refused.body)
    assert (refused.status, misplaced.status) == (422, 404)


async def test_no_audit_line_has_the_key(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)
    await put(control, session, api_key=CANARY)
    await control.call("DELETE", "/v1/provider-keys/openai", session)

    async with control.parts.db.tenant(team.id) as conn:
        rows = await conn.fetch("select action, e::text as whole from audit_events e order by seq")

    actions = [row["action"] for row in rows]
    assert actions[-2:] == [AuditAction.PROVIDER_KEY_SET, AuditAction.PROVIDER_KEY_REMOVED]
    assert all(CANARY not in row["whole"] for row in rows)


def test_no_representation_has_the_key() -> None:
    body = ProviderKeyBody(api_key=CANARY)
    handed = ProviderKey(provider="openai", api_key=CANARY, base_url=None)

    assert CANARY not in repr(body) + str(body) + repr(handed) + str(handed) + repr([handed])


async def test_a_copy_of_the_database_has_no_key(control: ControlUnderTest, team: TenantSample) -> None:
    await put(control, await sign_in(control, team), api_key=CANARY)

    async with control.parts.db.tenant(team.id) as conn:
        row = await conn.fetchrow("select p::text as whole, sealed_key from provider_keys p")

    assert row is not None
    assert CANARY not in row["whole"]
    assert CANARY.encode() not in row["sealed_key"]


async def test_a_sealed_key_that_was_moved_to_another_tenant_opens_for_nobody(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await put(control, await sign_in(control, team), api_key=CANARY)
    await put(control, await sign_in(control, other_team), api_key="sk-theirs-0123456789")
    async with control.parts.db.tenant(team.id) as conn:
        sealed = await conn.fetchval("select sealed_key from provider_keys")
    async with control.parts.db.tenant(other_team.id) as conn:
        await conn.execute("update provider_keys set sealed_key = $1", sealed)

    [stolen] = (await context_of(control, other_team)).provider_keys

    assert (stolen.provider, stolen.api_key, stolen.base_url) == ("openai", None, None)


async def test_a_sealed_key_that_was_moved_to_another_provider_does_not_open(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await put(control, await sign_in(control, team), api_key=CANARY)
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update provider_keys set provider = 'google'")

    [moved] = (await context_of(control, team)).provider_keys

    assert (moved.provider, moved.api_key) == ("google", None)


async def test_a_new_address_does_not_take_the_old_key_along(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await put(control, session, api_key=CANARY)

    answer = await put(control, session, base_url="https://thief.example/v1")
    [handed] = (await context_of(control, team)).provider_keys

    assert (answer["hint"], handed.api_key) == ("", None)


async def test_another_tenants_keys_can_be_neither_seen_nor_removed(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await put(control, await sign_in(control, team), api_key=CANARY)
    thief = await sign_in(control, other_team)

    listed = await control.get("/v1/provider-keys", thief)
    removed = await control.call("DELETE", "/v1/provider-keys/openai", thief)

    assert listed.body == {"data": [], "next_cursor": None}
    assert_problem(removed, 404, "not_found")
    assert (await context_of(control, team)).provider_keys != []


async def test_a_removed_key_is_given_to_no_job_any_more(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await put(control, session, api_key=CANARY)

    removed = await control.call("DELETE", "/v1/provider-keys/openai", session)
    again = await control.call("DELETE", "/v1/provider-keys/openai", session)

    assert removed.status == 204
    assert_problem(again, 404, "not_found")
    assert (await context_of(control, team)).provider_keys == []


async def test_members_and_guests_set_no_keys(control: ControlUnderTest, team: TenantSample) -> None:
    guest, member = await come_as_guest(control, team, "standup"), await sign_in(control, team)
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update memberships set role = 'member'")

    for credential in (guest, member):
        body = {"api_key": CANARY}
        reply = await control.call("PUT", "/v1/provider-keys/openai", credential, json=body)
        assert_problem(reply, 403, "not_allowed")
        assert_problem(await control.get("/v1/provider-keys", credential), 403, "not_allowed")


async def test_a_session_that_is_old_sets_no_key(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update sessions set authenticated_at = now() - interval '1 hour'")

    reply = await control.call("PUT", "/v1/provider-keys/openai", session, json={"api_key": CANARY})

    assert_problem(reply, 403, "reauthentication_required")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, None),
        ({"api_key": "short"}, "api_key"),
        ({"api_key": "sk-with a blank in it"}, "api_key"),
        ({"api_key": "sk-0123456789\r\nX-Evil: 1"}, "api_key"),
        ({"api_key": "sk-0123456789\n"}, "api_key"),
        ({"api_key": "sk-ümlaut-0123456789"}, "api_key"),
        ({"base_url": "https://169.254.169.254/latest"}, "base_url"),
        ({"base_url": "http://models.example/v1"}, "base_url"),
        ({"base_url": "https://ada:secret@models.example/v1"}, "base_url"),
        ({"api_key": CANARY, "provider": "google"}, "provider"),
    ],
)
async def test_what_is_no_key_and_no_address_is_refused(
    control: ControlUnderTest, team: TenantSample, body: dict[str, str], field: str | None
) -> None:
    session = await sign_in(control, team)

    reply = await control.call("PUT", "/v1/provider-keys/openai", session, json=body)

    assert_problem(reply, 422, "invalid_input", field)
    assert (await control.get("/v1/provider-keys", session)).body["data"] == []


@pytest.mark.parametrize("url", [LOOPBACK_SERVER, "https://localhost/v1", "https://10.0.0.5/v1"])
async def test_off_this_machine_no_tenant_reaches_what_is_behind_us(own_settings: Any, url: str) -> None:
    hosted = dataclasses.replace(own_settings, public_url="https://parley.example")
    async with running_control(hosted) as control:
        team = await make_tenant(control.parts.db, "Harbor", "ada@harbor.example", "Ada")
        session = await sign_in(control, team)

        reply = await control.call("PUT", "/v1/provider-keys/openai", session, json={"base_url": url})
        kept = await put(control, session, base_url="https://models.harbor.example/v1")
        [handed] = (await context_of(control, team)).provider_keys

    assert_problem(reply, 422, "invalid_input", "base_url")
    assert (kept["base_url"], handed.may_be_local) == ("https://models.harbor.example/v1", False)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1",
        "https://api.openai.com.evil.example/v1",
        "https://x.api.openai.com/v1",
        "https://8.8.8.8/v1",
    ],
)
async def test_where_hosts_are_listed_no_tenant_sends_anything_elsewhere(own_settings: Any, url: str) -> None:
    async with running_control(own_settings) as control:
        team = await make_tenant(control.parts.db, "Harbor", "ada@harbor.example", "Ada")
        await put(control, await sign_in(control, team), api_key=CANARY, base_url=url)
    listing = dataclasses.replace(own_settings, model_hosts=("api.openai.com", "models.harbor.example"))
    async with running_control(listing) as control:
        session = await sign_in(control, team)
        [handed] = (await context_of(control, team)).provider_keys
        refused = await control.call("PUT", "/v1/provider-keys/openai", session, json={"base_url": url})
        await put(control, session, base_url="https://API.openai.com/v1")
        [allowed] = (await context_of(control, team)).provider_keys

    # What was kept before there was a list goes nowhere either, and the key stays here.
    assert (handed.api_key, handed.base_url) == (None, None)
    assert_problem(refused, 422, "invalid_input", "base_url")
    assert allowed.base_url == "https://API.openai.com/v1"


async def test_when_the_ring_is_rotated_keys_are_sealed_again_and_a_lost_ring_opens_none(
    own_settings: Any,
) -> None:
    one, two, three = (f"{n}:{base64.b64encode(n.encode() * 32).decode()}" for n in "123")
    rings = [one, f"{two} {one}", two, three]
    handed: list[str | None] = []

    async with open_parts(dataclasses.replace(own_settings, key_ring=one), watch=False) as parts:
        tenant = await make_tenant(parts.db, "Harbor", "ada@harbor.example", "Ada")
        sealed = parts.ring.seal(CANARY.encode(), place=f"provider_keys {tenant.id} openai")
        async with parts.db.tenant(tenant.id) as conn:
            await conn.execute(
                "insert into provider_keys (provider, sealed_key) values ('openai', $1)", sealed
            )
    for key_ring in rings:
        settings = dataclasses.replace(own_settings, key_ring=key_ring)
        async with open_parts(settings, watch=False) as parts, parts.db.tenant(tenant.id) as conn:
            keys = ProviderKeys(parts.db, parts.ring, settings.public_url)
            handed += [key.api_key for key in await keys.open_for_job(conn, tenant.id)]

    assert handed == [CANARY, CANARY, CANARY, None]
