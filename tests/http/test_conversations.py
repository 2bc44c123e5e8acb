"""Conversations and transcripts: whose they are, and what a guest may see of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from agent.wire import Channel, Role, Speaker, TurnState, TurnWrite, format_id
from control.jobs import Job
from control.store import turns
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job, come_as_guest, sign_in


async def say(control: ControlUnderTest, job: Job, text: str, at: datetime | None = None) -> None:
    turn = TurnWrite(
        client_id=uuid4().hex,
        role=Role.USER,
        channel=Channel.VOICE,
        speaker=Speaker(identity="user_1", name="Ada"),
        text=text,
        state=TurnState.COMPLETE,
        at=at or datetime.now(UTC),
        metrics={"stt_ms": 120},
    )
    async with control.parts.db.tenant(job.tenant_id) as conn:
        await turns.append_turns(conn, job.conversation_id, job.epoch, [turn])


def path_of(job: Job, rest: str = "") -> str:
    return f"/v1/conversations/{format_id('conv', job.conversation_id)}{rest}"


async def test_a_transcript_has_every_turn_with_its_speaker_and_metrics(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)
    at = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    await say(control, job, "What is the refund period?", at)

    reply = await control.get(path_of(job, "/transcript.json"), await sign_in(control, team))

    assert reply.body["conversation"] == (await control.get(path_of(job), team.api_key)).body
    assert reply.body["turns"] == [
        {
            "seq": 1,
            "role": "user",
            "channel": "voice",
            "speaker": {"identity": "user_1", "name": "Ada"},
            "text": "What is the refund period?",
            "state": "complete",
            "at": "2026-11-24T10:00:00Z",
            "metrics": {"stt_ms": 120},
            "erased": False,
        }
    ]


async def test_conversations_are_listed_by_room_newest_first(
    control: ControlUnderTest, team: TenantSample
) -> None:
    one, two = await begin_job(control.parts.db, team, "one"), await begin_job(control.parts.db, team, "two")
    await say(control, one, "Hello")

    everything = await control.get("/v1/conversations", team.api_key)
    in_one = await control.get("/v1/conversations?room_name=one", team.api_key)
    first_page = await control.get("/v1/conversations?limit=1", team.api_key)

    assert [item["room_name"] for item in everything.body["data"]] == ["two", "one"]
    assert [(item["id"], item["turn_count"]) for item in in_one.body["data"]] == [
        (format_id("conv", one.conversation_id), 1)
    ]
    assert set(in_one.body["data"][0]) == {"id", "room_name", "created_at", "updated_at", "turn_count"}
    assert [item["id"] for item in first_page.body["data"]] == [format_id("conv", two.conversation_id)]
    assert first_page.body["next_cursor"]


async def test_a_room_nobody_spoke_in_has_no_conversations(
    control: ControlUnderTest, team: TenantSample
) -> None:
    reply = await control.get("/v1/conversations?room_name=nowhere", team.api_key)

    assert reply.body == {"data": [], "next_cursor": None}


@pytest.mark.parametrize("rest", ["", "/transcript.json", "/calls"])
async def test_a_conversation_of_another_tenant_does_not_exist(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample, rest: str
) -> None:
    theirs = await begin_job(control.parts.db, other_team, "secret-plans")
    await say(control, theirs, "our secret")
    missing = f"/v1/conversations/{format_id('conv', uuid4())}{rest}"

    for credential in (team.api_key, await sign_in(control, team)):
        foreign = await control.get(path_of(theirs, rest), credential)
        assert_problem(foreign, 404, "not_found")
        assert "secret" not in str(foreign.body)
        assert_problem(await control.get(missing, credential), 404, "not_found")
    listed = await control.get("/v1/conversations?room_name=secret-plans", team.api_key)
    assert listed.body["data"] == []


@pytest.mark.parametrize("text", ["x", "conv_", "conv_" + "g" * 32, "room_" + "0" * 32, "conv_%00", "%ff"])
async def test_what_is_no_id_is_no_conversation(
    control: ControlUnderTest, team: TenantSample, text: str
) -> None:
    for rest in ("", "/transcript.json", "/calls"):
        assert_problem(await control.get(f"/v1/conversations/{text}{rest}", team.api_key), 404, "not_found")


async def test_a_guest_sees_what_was_said_since_they_came(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team, "standup")
    await say(control, job, "Before anyone came", datetime.now(UTC) - timedelta(minutes=1))
    guest = await come_as_guest(control, team, "standup")
    await say(control, job, "Welcome, Grace")

    as_guest = await control.get(path_of(job, "/transcript.json"), guest)
    as_member = await control.get(path_of(job, "/transcript.json"), await sign_in(control, team))

    assert [turn["text"] for turn in as_guest.body["turns"]] == ["Welcome, Grace"]
    assert [turn["text"] for turn in as_member.body["turns"]] == ["Before anyone came", "Welcome, Grace"]


async def test_a_guest_finds_the_conversations_of_their_room_only(
    control: ControlUnderTest, team: TenantSample
) -> None:
    other = await begin_job(control.parts.db, team, "other")
    await say(control, other, "not for guests")
    mine = await begin_job(control.parts.db, team, "standup")
    guest = await come_as_guest(control, team, "standup")

    listed = await control.get("/v1/conversations", guest)

    assert [item["id"] for item in listed.body["data"]] == [format_id("conv", mine.conversation_id)]
    assert_problem(await control.get("/v1/conversations?room_name=other", guest), 404, "not_found")
    assert_problem(await control.get(path_of(other), guest), 404, "not_found")
    assert_problem(await control.get(path_of(other, "/transcript.json"), guest), 404, "not_found")


async def test_a_guest_sees_no_ledger(control: ControlUnderTest, team: TenantSample) -> None:
    job = await begin_job(control.parts.db, team, "standup")
    guest = await come_as_guest(control, team, "standup")

    assert_problem(await control.get(path_of(job, "/calls"), guest), 403, "not_allowed")


@pytest.mark.parametrize("path", ["/v1/conversations", "/v1/rooms", f"/v1/conversations/conv_{'0' * 32}"])
async def test_nothing_is_read_without_a_credential(control: ControlUnderTest, path: str) -> None:
    assert_problem(await control.get(path), 401, "not_authenticated")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"room_name": "a b"}, "room_name"),
        ({"limit": "0"}, "limit"),
        ({"cursor": "???"}, "cursor"),
        ({"tenant_id": "x"}, "tenant_id"),
    ],
)
async def test_a_bad_query_is_refused_by_its_field(
    control: ControlUnderTest, team: TenantSample, query: dict[str, Any], field: str
) -> None:
    reply = await control.get("/v1/conversations", team.api_key, params=query)

    assert_problem(reply, 422, "invalid_input", field)
