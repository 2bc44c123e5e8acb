"""The claim before each call: what runs once, for whom, and what a retry, a crash, an interruption find."""

import asyncio
import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

import pytest

from agent.wire import format_id
from control.jobs import Job
from control.store import rooms
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job, come_as_guest, job_token
from tests.http.keys import key_with
from tests.http.members import join
from tests.http.test_agents import job_in, made

BOOK: dict[str, Any] = {
    "name": "book",
    "description": "Books a table.",
    "url": "https://shop.example/book",
    "http": {"method": "POST"},
    "audience": "room",
}
LOOK = {**BOOK, "name": "look", "http": {"method": "GET"}}


@dataclass
class Room:
    """A room whose agent can book (which changes something) and look (which does not)."""

    control: ControlUnderTest
    team: TenantSample
    key: str
    token: str

    @property
    def job(self) -> Job:
        return self.control.parts.jobs.verify(self.token)

    async def claim(self, **changes: Any) -> Reply:
        """`speaker`: Gus, of whom nothing is known, unless somebody else is named."""
        body = {
            "epoch": self.job.epoch,
            "claim": secrets.token_hex(8),
            "turn": "turn-1",
            "tool": "book",
            "function": "book",
            "speaker": "gus",
            "arguments": '{"people":2}',
            **changes,
        }
        return await self.control.post("/internal/v1/tool-calls", self.token, body)

    async def granted(self, **changes: Any) -> dict[str, Any]:
        claim = changes.pop("claim", secrets.token_hex(8))
        reply = await self.claim(claim=claim, **changes)
        assert (reply.status, reply.body.get("verdict")) == (200, "run"), reply.body
        return {"key": reply.body["key"], "claim": claim}

    async def settle(self, held: dict[str, Any], state: str = "done", **changes: Any) -> Reply:
        body = {
            "epoch": self.job.epoch,
            "state": state,
            "latency_ms": 12,
            "status": 200,
            "result": "Table T-1.",
            **held,
            **changes,
        }
        return await self.control.post("/internal/v1/tool-calls/outcomes", self.token, body)

    async def tell(self, *keys: str) -> Reply:
        body = {"epoch": self.job.epoch, "keys": list(keys)}
        return await self.control.post("/internal/v1/tool-calls/told", self.token, body)

    async def replace_job(self) -> "Room":
        """Another job serves the conversation now, as after kill -9."""
        job = await begin_job(self.control.parts.db, self.team, serving=True)
        return replace(self, token=job_token(self.control, job))

    async def rows(self) -> list[dict[str, Any]]:
        conversation = format_id("conv", self.job.conversation_id)
        reply = await self.control.get(f"/v1/conversations/{conversation}/tool-calls", self.key)
        assert reply.status == 200, reply.body
        data: list[dict[str, Any]] = reply.body["data"]
        return data


@pytest.fixture
async def room(control: ControlUnderTest, team: TenantSample) -> Room:
    key = await key_with(control, team)
    for tool in (BOOK, LOOK):
        assert (await control.post("/v1/tools", key, tool)).status == 201
    await made(control, key, tools=["book", "look"])
    return Room(control, team, key, await job_in(control, team))


async def test_a_call_runs_once_and_its_result_answers_every_retry_of_the_turn(room: Room) -> None:
    held = await room.granted()
    assert (await room.settle(held)).status == 204

    again = await room.claim()

    assert (again.body["verdict"], again.body["result"]) == ("done", "Table T-1.")
    assert again.body["key"] == held["key"]
    (row,) = await room.rows()
    assert (row["state"], row["status"], row["latency_ms"], row["attempts"]) == ("done", 200, 12, 1)
    assert (row["arguments"], row["result"], row["speaker"]) == ('{"people":2}', "Table T-1.", "gus")


async def test_one_claim_that_was_sent_twice_is_one_claim(room: Room) -> None:
    held = await room.granted(claim="the-same")

    again = await room.claim(claim="the-same")

    assert (again.body["verdict"], again.body["key"]) == ("run", held["key"])
    assert len(await room.rows()) == 1


async def test_of_many_claims_at_once_one_runs(room: Room) -> None:
    replies = await asyncio.gather(*(room.claim() for _ in range(20)))

    verdicts = sorted(reply.body["verdict"] for reply in replies)
    assert verdicts == ["run", *["under_way"] * 19]


@pytest.mark.parametrize(
    "change",
    [{"turn": "turn-2"}, {"arguments": '{"people":3}'}, {"place": 1}, {"tool": "look", "function": "look"}],
)
async def test_another_call_has_another_key(room: Room, change: dict[str, Any]) -> None:
    held = await room.granted()
    await room.settle(held)
    await room.tell(held["key"])

    other = await room.granted(**change)

    assert other["key"] != held["key"]


async def test_a_job_that_was_killed_in_the_midst_leaves_its_call_unknown_and_it_never_runs_again(
    room: Room,
) -> None:
    await room.granted()
    after = await room.replace_job()
    (row,) = await after.rows()
    assert row["state"] == "unknown"

    same_turn = await after.claim()
    asked_again = await after.claim(turn="turn-2")

    assert (same_turn.body["verdict"], asked_again.body["verdict"]) == ("unknown", "unknown")
    assert {row["state"] for row in await after.rows()} == {"unknown"}


async def test_a_job_that_was_killed_after_its_call_leaves_the_result_for_the_next(room: Room) -> None:
    held = await room.granted()
    await room.settle(held)
    after = await room.replace_job()

    same_turn = await after.claim()
    asked_again = await after.claim(turn="turn-2")

    assert (same_turn.body["verdict"], same_turn.body["result"]) == ("done", "Table T-1.")
    assert (asked_again.body["verdict"], asked_again.body["result"]) == ("done", "Table T-1.")
    assert held["key"] in asked_again.body["keys"]


async def test_what_only_reads_runs_again_after_a_job_was_killed(room: Room) -> None:
    await room.granted(tool="look", function="look")
    after = await room.replace_job()

    again = await after.claim(tool="look", function="look")

    assert again.body["verdict"] == "run"
    (row,) = await after.rows()
    assert (row["state"], row["attempts"]) == ("claimed", 2)


async def test_a_job_that_is_over_neither_claims_nor_settles(room: Room) -> None:
    held = await room.granted()
    await room.replace_job()

    assert_problem(await room.claim(turn="turn-2"), 409, "stale_epoch")
    assert_problem(await room.settle(held), 409, "stale_epoch")
    assert_problem(await room.tell(held["key"]), 409, "stale_epoch")


async def test_an_interrupted_turn_and_its_retry_are_one_call_until_somebody_was_told(room: Room) -> None:
    held = await room.granted()
    await room.settle(held)

    retried = await room.claim(turn="turn-2")
    await room.tell(*retried.body["keys"])
    on_purpose = await room.claim(turn="turn-3")

    assert (retried.body["verdict"], retried.body["result"]) == ("done", "Table T-1.")
    assert on_purpose.body["verdict"] == "run"
    assert [row["turn_client_id"] for row in await room.rows()] == ["turn-3", "turn-2", "turn-1"]
    assert "stands for it" in str((await room.rows())[1]["error"])


async def test_a_result_that_was_told_stands_for_no_later_turn(room: Room) -> None:
    held = await room.granted()
    await room.settle(held)
    await room.tell(held["key"])

    assert (await room.claim(turn="turn-2")).body["verdict"] == "run"


async def test_a_call_that_is_still_under_way_is_not_made_again_by_the_next_turn(room: Room) -> None:
    held = await room.granted()

    meanwhile = await room.claim(turn="turn-2")
    await room.settle(held)
    afterwards = await room.claim(turn="turn-2")

    assert meanwhile.body["verdict"] == "under_way"
    assert (afterwards.body["verdict"], afterwards.body["result"]) == ("done", "Table T-1.")


async def test_a_call_of_unknown_end_is_not_made_again_in_the_turn_that_made_it(room: Room) -> None:
    held = await room.granted()
    await room.settle(held, "unknown", error="the connection broke", status=None, result="not known")

    once_more = await room.claim(place=1)

    assert once_more.body["verdict"] == "unknown"


async def test_a_call_of_unknown_end_is_made_again_when_somebody_who_was_told_wants_it(room: Room) -> None:
    held = await room.granted()
    await room.settle(held, "unknown", result="not known")
    await room.tell(held["key"])

    assert (await room.claim(turn="turn-2")).body["verdict"] == "run"


async def test_what_was_certainly_not_done_may_be_tried_again(room: Room) -> None:
    held = await room.granted()
    await room.settle(held, "failed", error="its server cannot be reached", status=None, result="")

    again = await room.granted()

    assert again["key"] == held["key"]
    (row,) = await room.rows()
    assert (row["state"], row["attempts"], row["error"]) == ("claimed", 2, None)


async def test_two_of_the_same_in_one_turn_are_two_and_each_stands_for_its_own_retry(room: Room) -> None:
    first = await room.granted()
    await room.settle(first, result="Table T-1.")
    second = await room.granted(place=1)
    await room.settle(second, result="Table T-2.")

    retried = [await room.claim(turn="turn-2", place=place) for place in (0, 1)]

    assert [reply.body["result"] for reply in retried] == ["Table T-1.", "Table T-2."]


async def test_how_a_call_ended_is_written_once(room: Room) -> None:
    held = await room.granted()
    await room.settle(held)

    again = await room.settle(held, "failed", error="no")
    stranger = await room.settle({**held, "claim": "another"})

    assert again.status == 204
    assert (await room.rows())[0]["state"] == "done"
    assert_problem(stranger, 404, "not_found")


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
