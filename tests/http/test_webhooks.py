"""LiveKit's webhooks: which are believed, and what they set off."""

import asyncio
import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from livekit import api

from agent.wire import format_id, parse_id
from control.media import Presence
from control.store import rooms
from control.store.rooms import Participant
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem, eventually
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job
from tests.http.people import (
    agent_in,
    dispatches,
    epoch_of,
    let_pass,
    person_in,
    room_of,
    wait_for_presence,
)

WEBHOOK = "/internal/v1/livekit/webhook"


def event(kind: str, room: str, identity: str = "ann", person_kind: str = "STANDARD") -> dict[str, Any]:
    return {
        "event": kind,
        "id": f"EV_{uuid4().hex}",
        "createdAt": "1795557354",
        "room": {"name": room, "sid": "RM_x"},
        "participant": {"identity": identity, "name": identity.title(), "kind": person_kind, "sid": "PA_x"},
    }


def signature(control: ControlUnderTest, raw: bytes, **changes: Any) -> str:
    """As LiveKit signs; a claim that is changed to None is left out."""
    livekit = control.settings.livekit
    claims = {
        "iss": livekit.api_key,
        "exp": datetime.now(UTC) + timedelta(minutes=5),
        "sha256": base64.b64encode(hashlib.sha256(raw).digest()).decode(),
        **changes,
    }
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, livekit.api_secret, algorithm="HS256")


async def deliver(control: ControlUnderTest, raw: bytes, authorization: str) -> Reply:
    headers = {"Authorization": authorization, "Content-Type": "application/webhook+json"}
    return await control.call("POST", WEBHOOK, data=raw, headers=headers)


async def send(control: ControlUnderTest, body: dict[str, Any]) -> Reply:
    raw = json.dumps(body).encode()
    return await deliver(control, raw, signature(control, raw))


async def present(control: ControlUnderTest, team: TenantSample) -> dict[str, bool]:
    """Who is noted in the tenant's one conversation, and whether as still there."""
    async with control.parts.db.tenant(team.id) as conn:
        conversation_id = await conn.fetchval("select id from conversations")
        noted: list[Participant] = await rooms.list_participants(conn, conversation_id)
    return {person.identity: person.left_at is None for person in noted}


async def test_a_person_who_joins_is_sent_exactly_one_agent(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async with person_in(control, team):

        async def is_sent() -> bool:
            return len(await dispatches(control, team)) == 1

        await eventually(is_sent, "a dispatch")
        (sent,) = await dispatches(control, team)

    job = control.parts.jobs.verify(sent.job_token)
    assert (sent.epoch, sent.local_engines) == (1, False)
    assert sent.tenant == format_id("ten", team.id)
    assert (job.tenant_id, job.epoch, job.room_name) == (team.id, 1, "standup")
    assert job.conversation_id == parse_id("conv", sent.conversation)
    context = await control.get("/internal/v1/context", sent.job_token)
    assert context.status == 200


async def test_a_self_check_is_sent_an_agent_that_calls_no_model(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await begin_job(control.parts.db, team, "selfcheck-1")
    await let_pass(control, team)
    await control.post("/v1/token", team.api_key, {"room_name": "selfcheck-1"})

    await send(control, event("participant_joined", room_of(team, "selfcheck-1")))

    (sent,) = await dispatches(control, team, "selfcheck-1")
    assert sent.local_engines
    assert control.parts.jobs.verify(sent.job_token).local_engines


async def test_the_second_person_is_sent_no_second_agent(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})

    replies = await asyncio.gather(
        *(send(control, event("participant_joined", room_of(team), f"person-{n}")) for n in range(5))
    )

    assert {reply.status for reply in replies} == {200}
    assert len(await dispatches(control, team)) == 1
    assert await epoch_of(control, team) == 1


async def test_an_event_that_is_delivered_again_sets_off_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})
    joined = event("participant_joined", room_of(team))
    await send(control, joined)
    await let_pass(control, team)

    replay = await send(control, joined)

    assert replay.status == 200
    assert await epoch_of(control, team) == 1


async def test_an_event_that_could_not_be_handled_is_taken_when_it_comes_again(
    control: ControlUnderTest, team: TenantSample, control_without_media: ControlUnderTest
) -> None:
    # The second control shares LiveKit's key and has a Redis and a database of its own.
    joined = event("participant_joined", room_of(team))

    first = await send(control_without_media, joined)
    second = await send(control_without_media, joined)

    assert_problem(first, 503, "unavailable")
    assert_problem(second, 503, "unavailable")


async def test_an_agent_that_joins_sets_off_nothing(control: ControlUnderTest, team: TenantSample) -> None:
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})

    reply = await send(control, event("participant_joined", room_of(team), "agent_1", "AGENT"))

    assert reply.status == 200
    assert await epoch_of(control, team) == 0


@pytest.mark.parametrize(
    "kind", ["participant_joined", "participant_left", "room_finished", "track_published"]
)
@pytest.mark.parametrize(
    "room", ["somebody-elses-room", "", f"{'0' * 32}_standup", f"{'f' * 32}_no such", "x" * 5000]
)
async def test_a_room_that_is_not_ours_is_passed_over(
    control: ControlUnderTest, kind: str, room: str
) -> None:
    reply = await send(control, event(kind, room))

    assert (reply.status, reply.body) == (200, {})


async def test_who_leaves_is_noted_and_who_comes_back_is_there_again(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/token", team.api_key, {"room_name": "standup", "participant_identity": "ann"})

    await send(control, event("participant_left", room_of(team)))
    after_leaving = await present(control, team)
    await send(control, event("participant_joined", room_of(team)))

    assert after_leaving == {"ann": False}
    assert await present(control, team) == {"ann": True}


async def test_everybody_has_left_a_room_that_is_finished(
    control: ControlUnderTest, team: TenantSample
) -> None:
    for identity in ("ann", "ben"):
        body = {"room_name": "standup", "participant_identity": identity}
        await control.post("/v1/token", team.api_key, body)

    await send(control, event("room_finished", room_of(team)))

    assert await present(control, team) == {"ann": False, "ben": False}


async def test_people_whose_agent_disappears_are_sent_another(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async with person_in(control, team):
        async with agent_in(control, team):
            await wait_for_presence(control, team, Presence(humans=1, agents=1))
            await let_pass(control, team)
            epoch = await epoch_of(control, team)

        async def is_sent_again() -> bool:
            return await epoch_of(control, team) == epoch + 1

        await eventually(is_sent_again, "another dispatch")
        sent = await dispatches(control, team)

    # What was asked for earlier is withdrawn, so that no late agent comes beside the new one.
    assert [item.epoch for item in sent] == [epoch + 1]


FORGERIES = [
    pytest.param({"exp": 1}, id="expired"),
    pytest.param({"exp": None}, id="without an end"),
    pytest.param({"iss": "someone"}, id="another key"),
    pytest.param({"sha256": None}, id="without a hash"),
    pytest.param({"sha256": ""}, id="empty hash"),
    pytest.param({"sha256": 7}, id="number for a hash"),
    pytest.param({"sha256": "###"}, id="no base64"),
    pytest.param({"sha256": base64.b64encode(hashlib.sha256(b"x").digest()).decode()}, id="another body"),
]


@pytest.mark.parametrize("changes", FORGERIES)
async def test_an_event_that_is_not_signed_for_these_bytes_is_refused(
    control: ControlUnderTest, team: TenantSample, changes: dict[str, Any]
) -> None:
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})
    raw = json.dumps(event("participant_joined", room_of(team))).encode()

    reply = await deliver(control, raw, signature(control, raw, **changes))

    assert_problem(reply, 401, "not_authenticated")
    assert await epoch_of(control, team) == 0


@pytest.mark.parametrize("authorization", ["", "Bearer", "nonsense", "a.b.c", "\xff"])
async def test_an_event_without_a_token_is_refused(control: ControlUnderTest, authorization: str) -> None:
    assert_problem(await deliver(control, b"{}", authorization), 401, "not_authenticated")


async def test_an_event_under_another_secret_is_refused(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})
    raw = json.dumps(event("participant_joined", room_of(team))).encode()
    claims = jwt.decode(signature(control, raw), options={"verify_signature": False})

    reply = await deliver(control, raw, jwt.encode(claims, "another-secret-of-over-32-characters"))

    assert_problem(reply, 401, "not_authenticated")
    assert await epoch_of(control, team) == 0


async def test_a_participants_token_signs_no_event(control: ControlUnderTest, team: TenantSample) -> None:
    token = (await control.post("/v1/token", team.api_key, {"room_name": "standup"})).body[
        "participant_token"
    ]
    raw = json.dumps(event("participant_joined", room_of(team))).encode()

    assert_problem(await deliver(control, raw, token), 401, "not_authenticated")
    assert await epoch_of(control, team) == 0


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff\xfe", b'{"event": 7}', b'{"room": "x"}'])
async def test_a_signed_body_that_is_no_event_is_malformed(control: ControlUnderTest, raw: bytes) -> None:
    assert_problem(await deliver(control, raw, signature(control, raw)), 400, "malformed")


async def test_an_oversized_event_is_refused_unread(control: ControlUnderTest) -> None:
    raw = b"x" * (256 * 1024 + 1)

    assert_problem(await deliver(control, raw, signature(control, raw)), 413, "too_large")


async def test_without_redis_events_are_still_handled(
    control_without_redis: ControlUnderTest, own_team: TenantSample
) -> None:
    await control_without_redis.post("/v1/token", own_team.api_key, {"room_name": "standup"})

    reply = await send(control_without_redis, event("participant_joined", room_of(own_team)))

    assert reply.status == 200
    assert len(await dispatches(control_without_redis, own_team)) == 1


async def test_a_room_that_livekit_has_given_up_is_made_again_for_the_next_token(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})
    livekit = control.settings.livekit
    async with api.LiveKitAPI(livekit.url, livekit.api_key, livekit.api_secret) as client:
        await client.room.delete_room(api.DeleteRoomRequest(room=room_of(team)))

    await send(control, event("room_finished", room_of(team)))
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})

    assert room_of(team) in await control.parts.media.room_names()


async def test_a_room_that_is_missing_in_livekits_list_is_made_again_too(
    control_without_redis: ControlUnderTest, own_team: TenantSample
) -> None:
    # LiveKit's webhooks do not reach this one.
    other = control_without_redis
    await other.post("/v1/token", own_team.api_key, {"room_name": "standup"})
    livekit = other.settings.livekit
    async with api.LiveKitAPI(livekit.url, livekit.api_key, livekit.api_secret) as client:
        await client.room.delete_room(api.DeleteRoomRequest(room=room_of(own_team)))

    assert room_of(own_team) not in await other.parts.media.room_names()
    await other.post("/v1/token", own_team.api_key, {"room_name": "standup"})

    assert room_of(own_team) in await other.parts.media.room_names()
