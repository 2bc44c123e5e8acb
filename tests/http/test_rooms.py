"""Rooms, invitations, and what a room says about its agent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from livekit import api

from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job, come_as_guest, invite, sign_in
from tests.http.workers import report_worker


async def test_rooms_are_listed_newest_first_in_pages(control: ControlUnderTest, team: TenantSample) -> None:
    for name in ("one", "two", "three"):
        assert (await control.post("/v1/rooms", team.api_key, {"name": name})).status == 201

    first = await control.get("/v1/rooms?limit=2", team.api_key)
    rest = await control.get(f"/v1/rooms?limit=2&cursor={first.body['next_cursor']}", team.api_key)

    assert [room["name"] for room in first.body["data"]] == ["three", "two"]
    assert [room["name"] for room in rest.body["data"]] == ["one"]
    assert rest.body["next_cursor"] is None
    assert set(rest.body["data"][0]) == {"id", "name", "created_at", "agent_name"}


async def test_making_a_room_twice_gives_the_same_room(control: ControlUnderTest, team: TenantSample) -> None:
    first = await control.post("/v1/rooms", team.api_key, {"name": "one"})
    second = await control.post("/v1/rooms", team.api_key, {"name": "one"})

    assert first.body == second.body
    assert first.body["id"].startswith("room_")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a b"}, "name"),
        ({"name": "../up"}, "name"),
        ({"name": None}, "name"),
        ({"name": "one", "tenant_id": "x"}, "tenant_id"),
        ([], None),
        ("one", None),
    ],
)
async def test_a_room_with_a_bad_body_is_not_made(
    control: ControlUnderTest, team: TenantSample, body: Any, field: str | None
) -> None:
    reply = await control.post("/v1/rooms", team.api_key, body)

    assert_problem(reply, 422, "invalid_input", field)
    assert (await control.rows(team.id))["rooms"] == 0


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=%00", "page=2"])
async def test_a_list_refuses_a_bad_query(control: ControlUnderTest, team: TenantSample, query: str) -> None:
    reply = await control.get(f"/v1/rooms?{query}", team.api_key)

    assert (reply.status, reply.body["code"]) == (422, "invalid_input")


async def test_a_room_of_another_tenant_does_not_exist(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await control.post("/v1/rooms", other_team.api_key, {"name": "secret-plans"})

    foreign = await control.get("/v1/rooms/secret-plans", team.api_key)
    missing = await control.get("/v1/rooms/nowhere", team.api_key)
    invited = await control.post("/v1/rooms/secret-plans/invites", team.api_key)

    assert_problem(foreign, 404, "not_found")
    assert_problem(missing, 404, "not_found")
    assert_problem(invited, 404, "not_found")
    assert foreign.body["detail"].replace("secret-plans", "nowhere") == missing.body["detail"]
    assert (await control.get("/v1/rooms", team.api_key)).body["data"] == []
    assert (await control.rows(other_team.id))["invitations"] == 0


@pytest.mark.parametrize("name", ["a%20b", "%00", "..%2Fup", "%ff"])
async def test_what_is_no_room_name_is_no_room(
    control: ControlUnderTest, team: TenantSample, name: str
) -> None:
    assert_problem(await control.get(f"/v1/rooms/{name}", team.api_key), 404, "not_found")


async def test_a_room_without_a_worker_says_so(control: ControlUnderTest, team: TenantSample) -> None:
    await control.post("/v1/rooms", team.api_key, {"name": "one"})

    reply = await control.get("/v1/rooms/one", team.api_key)

    assert reply.body["agent"] == {"state": "no_worker"}
    assert reply.body["humans"] == 0


async def test_a_room_with_a_free_worker_says_idle(control: ControlUnderTest, team: TenantSample) -> None:
    await control.post("/v1/rooms", team.api_key, {"name": "one"})
    await report_worker(control)

    assert (await control.get("/v1/rooms/one", team.api_key)).body["agent"] == {"state": "idle"}


async def test_a_worker_of_another_agent_does_not_count(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/rooms", team.api_key, {"name": "one"})
    await report_worker(control, agent_name="somebody-else")

    assert (await control.get("/v1/rooms/one", team.api_key)).body["agent"] == {"state": "no_worker"}


async def test_a_room_whose_agent_was_sent_says_dispatched(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await begin_job(control.parts.db, team, "one")

    assert (await control.get("/v1/rooms/one", team.api_key)).body["agent"] == {"state": "dispatched"}


async def test_an_invitation_is_a_link_that_says_where_it_leads(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/rooms", team.api_key, {"name": "standup"})

    reply = await control.post("/v1/rooms/standup/invites", await sign_in(control, team))

    code = reply.body["code"]
    assert reply.status == 201
    assert len(code) == 43
    assert reply.body["url"] == f"{control.settings.public_url}/join/{code}"
    life = datetime.fromisoformat(reply.body["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < life <= timedelta(hours=24)
    known = await control.get(f"/v1/invites/{code}")
    assert known.body == {
        "room_name": "standup",
        "tenant_name": "Harbor",
        "expires_at": reply.body["expires_at"],
    }


async def test_an_invitation_is_stored_as_a_digest_only(
    control: ControlUnderTest, team: TenantSample
) -> None:
    code = await invite(control, team, "standup")

    async with control.parts.db.tenant(team.id) as conn:
        (row,) = await conn.fetch("select * from invitations")

    assert len(row["code_hash"]) == 32
    assert code not in str(dict(row))


async def test_an_invitation_that_has_expired_leads_nowhere(
    control: ControlUnderTest, team: TenantSample
) -> None:
    code = await invite(control, team, "standup")
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update invitations set expires_at = now() - interval '1 second'")

    expired = await control.get(f"/v1/invites/{code}")
    unknown = await control.get(f"/v1/invites/{'x' * 43}")

    assert_problem(expired, 404, "not_found")
    assert_problem(unknown, 404, "not_found")
    assert expired.body["detail"] == unknown.body["detail"]


async def test_a_guest_may_look_at_their_room_and_manage_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/rooms", team.api_key, {"name": "other"})
    guest = await come_as_guest(control, team, "standup")
    before = await control.rows(team.id)

    assert (await control.get("/v1/rooms/standup", guest)).status == 200
    assert_problem(await control.get("/v1/rooms/other", guest), 404, "not_found")
    assert_problem(await control.get("/v1/rooms", guest), 403, "not_allowed")
    assert_problem(await control.post("/v1/rooms", guest, {"name": "mine"}), 403, "not_allowed")
    assert_problem(await control.post("/v1/rooms/standup/invites", guest), 403, "not_allowed")
    assert await control.rows(team.id) == before


async def test_a_token_brings_back_a_room_that_livekit_has_dropped(
    control: ControlUnderTest, team: TenantSample
) -> None:
    livekit = control.settings.livekit
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})
    async with api.LiveKitAPI(livekit.url, livekit.api_key, livekit.api_secret) as client:
        name = f"{team.id.hex}_standup"
        await client.room.delete_room(api.DeleteRoomRequest(room=name))

        await control.post("/v1/token", team.api_key, {"room_name": "standup"})

        listed = await client.room.list_rooms(api.ListRoomsRequest(names=[name]))
    assert [(room.empty_timeout, room.departure_timeout) for room in listed.rooms] == [(900, 900)]


async def test_without_the_media_server_no_token_is_given_and_nothing_is_stored(
    control_without_media: ControlUnderTest, own_team: TenantSample
) -> None:
    reply = await control_without_media.post("/v1/token", own_team.api_key, {"room_name": "standup"})

    assert_problem(reply, 503, "unavailable")
    assert reply.body["detail"] == "the media server does not answer"
    assert (await control_without_media.rows(own_team.id))["rooms"] == 0


async def test_without_redis_tokens_are_still_given(
    control_without_redis: ControlUnderTest, own_team: TenantSample
) -> None:
    reply = await control_without_redis.post("/v1/token", own_team.api_key, {"room_name": "standup"})
    room = await control_without_redis.get("/v1/rooms/standup", own_team.api_key)

    assert reply.status == 201
    # Nobody knows whether there are workers, and that is not the same as none.
    assert room.body["agent"] == {"state": "idle"}
