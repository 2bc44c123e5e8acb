"""Ending an account, erasing a speaker, deleting a conversation and copying a tenant, over HTTP."""

import json

import pytest

from agent.wire import CONVERSATION_PREFIX, format_id
from control.media import Presence
from control.records.restore import restore_tenant
from control.scopes import Scope
from control.store.db import Database
from tests.fixtures.control import ControlUnderTest, assert_problem, eventually
from tests.fixtures.database import TenantSample
from tests.http.callers import COOKIE, begin_job, come_as_guest, job_token, page_of
from tests.http.keys import key_with
from tests.http.members import Person, actions_of, join, let_time_pass, owner_of
from tests.http.people import _connected, wait_for_presence
from tests.http.test_internal import turn


async def say(control: ControlUnderTest, team: TenantSample, who: Person, text: str) -> str:
    """One turn in the standup; the conversation's id."""
    job = await begin_job(control.parts.db, team)
    said = turn("turn-1", text=text, speaker={"identity": who.id, "name": who.name})
    body = {"epoch": job.epoch, "turns": [said]}
    reply = await control.post("/internal/v1/turns", job_token(control, job), body)
    assert reply.status == 200, reply.body
    return format_id(CONVERSATION_PREFIX, job.conversation_id)


async def end(control: ControlUnderTest, person: Person, email: str | None = None) -> object:
    body = {"email": email or person.email}
    return await control.call("DELETE", "/v1/account", person.session, json=body)


async def test_ending_an_account_leaves_a_tombstone_and_no_session(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")
    talk = await say(control, team, lin, "I would rather not be remembered.")

    reply = await control.call("DELETE", "/v1/account", lin.session, json={"email": lin.email})

    assert (reply.status, reply.body) == (200, {"turns": 1, "tenants_deleted": []})
    transcript = await control.get(f"/v1/conversations/{talk}/transcript.json", ada.session)
    (said,) = transcript.body["turns"]
    assert (said["seq"], said["text"], said["erased"]) == (1, "", True)
    assert said["speaker"] == {"identity": "erased", "name": ""}
    assert_problem(await control.get("/v1/account", lin.session), 401, "not_authenticated")
    assert "person.erased" in await actions_of(control, team.id)


async def test_an_agent_that_comes_anew_does_not_get_the_tombstone_to_read(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "member")
    await say(control, team, lin, "I would rather not be remembered.")
    await end(control, lin)

    job = await begin_job(control.parts.db, team)
    context = await control.get("/internal/v1/context", job_token(control, job))

    assert context.body["turns"] == []


async def test_the_page_that_ends_an_account_loses_its_cookie(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "member")

    headers = await page_of(control, lin.session)
    reply = await control.call("DELETE", "/v1/account", headers=headers, json={"email": lin.email})

    assert reply.status == 200
    assert reply.cookies[COOKIE].value == ""


async def test_another_sites_page_cannot_end_an_account(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "member")
    headers = await page_of(control, lin.session)

    for change in ({"Origin": "https://evil.example"}, {"X-CSRF-Token": "0" * 64}):
        forged = {**headers, **change}
        reply = await control.call("DELETE", "/v1/account", headers=forged, json={"email": lin.email})
        assert reply.status == 403

    assert (await control.get("/v1/account", lin.session)).status == 200


async def test_a_session_that_was_left_open_cannot_end_the_account(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "member")
    await let_time_pass(control, lin)

    reply = await control.call("DELETE", "/v1/account", lin.session, json={"email": lin.email})

    assert_problem(reply, 403, "reauthentication_required")


async def test_an_account_does_not_end_by_mistake(control: ControlUnderTest, team: TenantSample) -> None:
    lin = await join(control, team, "member")

    reply = await control.call("DELETE", "/v1/account", lin.session, json={"email": team.email})

    assert_problem(reply, 422, "invalid_input", "email")


async def test_the_only_owner_must_transfer_first(control: ControlUnderTest, team: TenantSample) -> None:
    ada = await owner_of(control, team)
    await join(control, team, "admin")

    reply = await control.call("DELETE", "/v1/account", ada.session, json={"email": ada.email})

    assert_problem(reply, 409, "conflict")
    assert (await control.get("/v1/account", ada.session)).status == 200


async def test_a_tenant_of_one_goes_with_its_owner_and_the_answer_says_so(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada = await owner_of(control, team)

    reply = await control.call("DELETE", "/v1/account", ada.session, json={"email": ada.email})

    assert reply.body["tenants_deleted"] == [format_id("ten", team.id)]
    assert_problem(await control.get("/v1/rooms", team.api_key), 401, "not_authenticated")


async def test_who_was_erased_is_shown_out_of_the_room_and_cannot_come_back_with_the_same_token(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "member")
    ticket = (await control.post("/v1/token", lin.session, {"room_name": "standup"})).body
    async with _connected(ticket["server_url"], ticket["participant_token"]):
        await wait_for_presence(control, team, Presence(humans=1, agents=0))

        await end(control, lin)

        await wait_for_presence(control, team, Presence(humans=0, agents=0))
    async with _connected(ticket["server_url"], ticket["participant_token"]):
        await wait_for_presence(control, team, Presence(humans=0, agents=0))

        async def nothing_is_noted() -> bool:
            async with control.parts.db.tenant(team.id) as conn:
                traces = await conn.fetchval("select count(*) from participants where name <> ''")
            return bool(traces == 0)

        await eventually(nothing_is_noted, "no trace of them")


async def test_a_conversation_is_deleted_by_an_admin_and_the_trail_says_so(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada = await owner_of(control, team)
    talk = await say(control, team, ada, "Delete this.")

    reply = await control.call("DELETE", f"/v1/conversations/{talk}", ada.session)

    assert reply.status == 204
    assert_problem(await control.get(f"/v1/conversations/{talk}", ada.session), 404, "not_found")
    rows = await control.rows(team.id)
    assert (rows["conversations"], rows["turns"], rows["model_calls"]) == (0, 0, 0)
    assert (await actions_of(control, team.id))[-1] == "conversation.deleted"


async def test_a_key_deletes_a_conversation_only_with_the_scope(
    control: ControlUnderTest, team: TenantSample
) -> None:
    talk = await say(control, team, await owner_of(control, team), "Delete this.")
    reader = await key_with(control, team, [Scope.CONVERSATIONS_READ])
    writer = await key_with(control, team, [Scope.CONVERSATIONS_WRITE])

    assert_problem(await control.call("DELETE", f"/v1/conversations/{talk}", reader), 403, "not_allowed")
    assert (await control.call("DELETE", f"/v1/conversations/{talk}", writer)).status == 204


async def test_one_guests_words_are_erased_by_an_admin(control: ControlUnderTest, team: TenantSample) -> None:
    ada = await owner_of(control, team)
    guest = await come_as_guest(control, team, "standup")
    identity = (await control.get("/v1/sessions/current", guest)).body["guest"]["id"]
    job = await begin_job(control.parts.db, team)
    said = turn("turn-1", text="My number is 5.", speaker={"identity": identity, "name": "Grace"})
    await control.post("/internal/v1/turns", job_token(control, job), {"epoch": job.epoch, "turns": [said]})
    talk = format_id(CONVERSATION_PREFIX, job.conversation_id)

    reply = await control.post(f"/v1/conversations/{talk}/erasure", ada.session, {"identity": identity})

    assert (reply.status, reply.body) == (200, {"turns": 1})
    assert_problem(await control.get("/v1/sessions/current", guest), 401, "not_authenticated")
    transcript = await control.get(f"/v1/conversations/{talk}/transcript.json", ada.session)
    assert [one["text"] for one in transcript.body["turns"]] == [""]


@pytest.mark.parametrize(
    ("identity", "status", "code", "field"),
    [("agent_1", 422, "invalid_input", "identity"), ("nobody", 404, "not_found", None)],
)
async def test_neither_an_agent_nor_somebody_who_was_not_there_is_erased(
    control: ControlUnderTest, team: TenantSample, identity: str, status: int, code: str, field: str | None
) -> None:
    ada = await owner_of(control, team)
    talk = await say(control, team, ada, "Hello.")

    reply = await control.post(f"/v1/conversations/{talk}/erasure", ada.session, {"identity": identity})

    assert_problem(reply, status, code, field)


ROUTES = [
    ("DELETE", "/v1/conversations/{talk}", None),
    ("POST", "/v1/conversations/{talk}/erasure", {"identity": "user_1"}),
    ("GET", "/v1/tenant/export", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_a_member_and_a_guest_get_nowhere(
    control: ControlUnderTest, team: TenantSample, method: str, path: str, body: object
) -> None:
    talk = await say(control, team, await owner_of(control, team), "Hello.")
    lin, guest = await join(control, team, "member"), await come_as_guest(control, team, "standup")

    for session in (lin.session, guest):
        reply = await control.call(method, path.format(talk=talk), session, json=body)
        assert_problem(reply, 403, "not_allowed")


@pytest.mark.parametrize(("method", "path", "body"), ROUTES[:2])
async def test_another_tenants_owner_finds_no_such_conversation(
    control: ControlUnderTest,
    team: TenantSample,
    other_team: TenantSample,
    method: str,
    path: str,
    body: object,
) -> None:
    talk = await say(control, team, await owner_of(control, team), "Hello.")
    grace = await owner_of(control, other_team)

    reply = await control.call(method, path.format(talk=talk), grace.session, json=body)

    assert_problem(reply, 404, "not_found")
    assert (await control.rows(team.id))["turns"] == 1


async def test_an_export_is_streamed_to_the_owner_and_restores(
    control: ControlUnderTest, team: TenantSample, database: Database
) -> None:
    ada = await owner_of(control, team)
    await say(control, team, ada, "Keep a copy of this.")

    async with control.http.get(
        "/v1/tenant/export", headers={"Authorization": f"Bearer {ada.session}"}
    ) as answer:
        assert answer.content_type == "application/x-ndjson"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="ten_{team.id.hex}.jsonl"'
        lines = (await answer.read()).splitlines(keepends=True)

    assert json.loads(lines[0])["counts"]["turns"] == 1
    restored = await restore_tenant(database, lines)
    assert restored.tenant_id == team.id
    assert (await actions_of(control, team.id))[-1] == "tenant.exported"


async def test_an_admin_and_an_owner_of_yesterday_get_no_copy(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, gus = await owner_of(control, team), await join(control, team, "admin")
    await let_time_pass(control, ada)

    assert_problem(await control.get("/v1/tenant/export", gus.session), 403, "not_allowed")
    assert_problem(await control.get("/v1/tenant/export", ada.session), 403, "reauthentication_required")
    assert "tenant.exported" not in await actions_of(control, team.id)
