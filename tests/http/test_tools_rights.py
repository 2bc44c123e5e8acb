"""Whose rights a call of a tool has, what a job may claim, and who reads what was called."""

import json
from dataclasses import replace
from typing import Any

import pytest

from agent.wire import format_id
from control.store import rooms
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import come_as_guest, job_token
from tests.http.keys import key_with
from tests.http.members import join
from tests.http.tool_rooms import BOOK, Room, open_room


@pytest.fixture
async def room(control: ControlUnderTest, team: TenantSample) -> Room:
    return await open_room(control, team)


@pytest.mark.parametrize(
    ("audience", "role", "verdict"),
    [
        ("room", "guest", "run"),
        ("members", "guest", "refused"),
        ("members", "member", "run"),
        ("admins", "member", "refused"),
        ("admins", "admin", "run"),
        ("admins", "guest", "refused"),
    ],
)
async def test_a_tool_is_called_for_those_who_may_have_it_called(
    room: Room, audience: str, role: str, verdict: str
) -> None:
    await room.control.call("PATCH", "/v1/tools/book", room.key, json={"audience": audience})
    if role == "guest":
        session = await come_as_guest(room.control, room.team, "standup")
    else:
        session = (await join(room.control, room.team, role)).session
    joined = await room.control.post("/v1/token", session, {"room_name": "standup"})
    assert joined.status == 201, joined.body
    async with room.control.parts.db.tenant(room.team.id) as conn:
        identity = await conn.fetchval(
            "select identity from participants where conversation_id = $1", room.job.conversation_id
        )

    reply = await room.claim(speaker=identity)

    assert reply.body["verdict"] == verdict
    assert reply.body["asker"]["role"] == role
    if verdict == "refused":
        (row,) = await room.rows()
        assert row["state"] == "failed"
        assert "may have this tool called" in row["error"]


async def test_who_never_came_into_the_room_is_nobody_there_whatever_a_job_says(room: Room) -> None:
    await room.control.call("PATCH", "/v1/tools/book", room.key, json={"audience": "admins"})

    reply = await room.claim(speaker=format_id("user", room.team.user_id))

    assert (reply.body["verdict"], reply.body["asker"]["role"]) == ("refused", "guest")


async def test_who_left_the_team_has_nothing_called_any_more(room: Room) -> None:
    await room.control.call("PATCH", "/v1/tools/book", room.key, json={"audience": "members"})
    member = await join(room.control, room.team, "member")
    identity = format_id("user", member.user_id)
    async with room.control.parts.db.tenant(room.team.id) as conn:
        await rooms.record_participant(conn, room.job.conversation_id, identity, "Mia", "human")
    before = await room.claim(speaker=identity)
    async with room.control.parts.db.tenant(room.team.id) as conn:
        await conn.execute("delete from memberships where user_id = $1", member.user_id)

    after = await room.claim(speaker=identity, turn="turn-2", arguments='{"people":4}')

    assert (before.body["verdict"], after.body["verdict"]) == ("run", "refused")


async def test_a_tool_that_the_agent_was_not_given_is_not_there(room: Room) -> None:
    await room.control.post("/v1/tools", room.key, {**BOOK, "name": "other"})

    assert_problem(await room.claim(tool="other", function="other"), 404, "not_found")


@pytest.mark.parametrize(
    "change",
    [
        {"arguments": "[1]"},
        {"arguments": "{"},
        {"arguments": '{"a":"\\u0000"}'},
        {"arguments": "x" * 9_000},
        {"turn": ""},
        {"place": -1},
        {"function": "a b"},
        {"epoch": 99},
        {"surprise": 1},
    ],
)
async def test_a_claim_that_makes_no_sense_is_refused(room: Room, change: dict[str, Any]) -> None:
    reply = await room.claim(**change)

    assert_problem(reply, 422, "invalid_input", reply.body.get("field"))
    assert await room.rows() == []


async def test_calls_are_read_in_pages_by_the_team_alone(room: Room, other_team: TenantSample) -> None:
    for people in range(5):
        await room.granted(arguments=json.dumps({"people": people}))
    conversation = format_id("conv", room.job.conversation_id)
    path = f"/v1/conversations/{conversation}/tool-calls"

    first = await room.control.get(f"{path}?limit=3", room.key)
    rest = await room.control.get(f"{path}?limit=3&cursor={first.body['next_cursor']}", room.key)
    guest = await room.control.get(path, await come_as_guest(room.control, room.team, "standup"))
    stranger = await room.control.get(path, await key_with(room.control, other_team))

    read = [json.loads(row["arguments"])["people"] for row in first.body["data"] + rest.body["data"]]
    assert read == [4, 3, 2, 1, 0]
    assert rest.body["next_cursor"] is None
    assert_problem(guest, 403, "not_allowed")
    assert_problem(stranger, 404, "not_found")


async def test_erasing_a_speaker_leaves_the_call_and_takes_their_words(room: Room) -> None:
    async with room.control.parts.db.tenant(room.team.id) as conn:
        await rooms.record_participant(conn, room.job.conversation_id, "gus", "Gus", "guest")
    held = await room.granted(arguments='{"note":"xylophone"}')
    await room.settle(held, result="A table for xylophone.")
    conversation = format_id("conv", room.job.conversation_id)

    erased = await room.control.post(
        f"/v1/conversations/{conversation}/erasure", await _admin(room), {"identity": "gus"}
    )

    assert erased.status == 200, erased.body
    (row,) = await room.rows()
    assert (row["speaker"], row["arguments"], row["result"]) == ("erased", None, None)
    assert (row["state"], row["tool"]) == ("done", "book")


async def _admin(room: Room) -> str:
    reply = await room.control.post(
        "/v1/sessions", body={"email": room.team.email, "password": room.team.password}
    )
    return str(reply.body["session_token"])


async def test_a_key_without_the_scope_and_a_job_of_nobody_get_nothing(room: Room) -> None:
    nobody = replace(room.job, epoch=room.job.epoch + 5)

    reply = await room.control.get("/internal/v1/tools", job_token(room.control, nobody))

    assert_problem(reply, 409, "stale_epoch")
