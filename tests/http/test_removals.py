"""Who was shown out stays out: no new token, and with an old one only until LiveKit says that they came."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from agent.wire import format_id
from control.media import Presence
from control.removals import Removals
from tests.fixtures.control import ControlUnderTest, assert_problem, eventually
from tests.fixtures.database import TenantSample
from tests.fixtures.participant import Participant
from tests.http.callers import come_as_guest, sign_in
from tests.http.people import dispatches, epoch_of, room_of, wait_for_presence
from tests.http.test_webhooks import event, present, send

ROOM = "standup"
NOBODY = Presence(humans=0, agents=0)


async def token_for(control: ControlUnderTest, credential: str, **body: str) -> tuple[str, str]:
    """Where to join, and with what."""
    reply = await control.post("/v1/token", credential, {"room_name": ROOM, **body})
    assert reply.status == 201, reply.body
    return reply.body["server_url"], reply.body["participant_token"]


@asynccontextmanager
async def joined(url: str, token: str) -> AsyncIterator[Participant]:
    async with Participant(url, token, microphone=False) as participant:
        yield participant


async def remove(control: ControlUnderTest, credential: str, identity: str, room: str = ROOM) -> int:
    path = f"/v1/rooms/{room}/participants/{identity}"
    return (await control.call("DELETE", path, credential)).status


async def is_out(participant: Participant) -> bool:
    return not participant.room.isconnected()


async def removals_of(control: ControlUnderTest, team: TenantSample) -> list[str]:
    async with control.parts.db.tenant(team.id) as conn:
        return [row["identity"] for row in await conn.fetch("select identity from removals")]


async def test_who_was_removed_and_comes_back_with_an_old_token_is_removed_again(
    control: ControlUnderTest, team: TenantSample
) -> None:
    access = await token_for(control, team.api_key, participant_identity="mallory")
    async with joined(*access) as mallory:
        await wait_for_presence(control, team, Presence(humans=1, agents=0))
        assert await remove(control, team.api_key, "mallory") == 204
        await eventually(lambda: is_out(mallory), "mallory's removal")
    await wait_for_presence(control, team, NOBODY)
    epoch = await epoch_of(control, team)

    async with joined(*access) as again:
        await eventually(lambda: is_out(again), "mallory's second removal")

    await wait_for_presence(control, team, NOBODY)
    assert await epoch_of(control, team) == epoch
    fresh = await control.post(
        "/v1/token", team.api_key, {"room_name": ROOM, "participant_identity": "mallory"}
    )
    assert_problem(fresh, 403, "not_allowed")


async def test_all_tabs_of_a_person_are_removed_and_nobody_else_is(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session, user = await sign_in(control, team), format_id("user", team.user_id)
    first = await token_for(control, session)
    second = await token_for(control, session, participant_identity=f"{user}-2")
    other = await token_for(control, team.api_key, participant_identity="ann")
    async with joined(*first) as one, joined(*second) as two, joined(*other) as ann:
        await wait_for_presence(control, team, Presence(humans=3, agents=0))

        assert await remove(control, team.api_key, f"{user}-2") == 204

        await eventually(lambda: is_out(one), "the first tab's removal")
        await eventually(lambda: is_out(two), "the second tab's removal")
        assert not await is_out(ann)
    assert_problem(
        await control.post("/v1/token", session, {"room_name": ROOM, "participant_identity": f"{user}-3"}),
        403,
        "not_allowed",
    )
    assert (await control.post("/v1/token", session, {"room_name": "another"})).status == 201


async def test_a_name_that_looks_like_a_tab_of_another_is_somebody_else(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await token_for(control, team.api_key, participant_identity="alice")

    await remove(control, team.api_key, "alice")

    reply = await control.post(
        "/v1/token", team.api_key, {"room_name": ROOM, "participant_identity": "alice-smith"}
    )
    assert reply.status == 201


async def test_a_guest_who_is_removed_loses_the_session(
    control: ControlUnderTest, team: TenantSample
) -> None:
    guest = await come_as_guest(control, team, ROOM)
    identity = (await control.get("/v1/sessions/current", guest)).body["guest"]["id"]
    access = await token_for(control, guest)

    assert await remove(control, team.api_key, identity) == 204

    assert_problem(await control.get("/v1/sessions/current", guest), 401, "not_authenticated")
    async with joined(*access) as again:
        await eventually(lambda: is_out(again), "the guest's removal")


async def test_a_removal_from_every_room_ends_with_a_membership(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session, user = await sign_in(control, team), format_id("user", team.user_id)
    access = await token_for(control, session)
    async with joined(*access) as ada:
        await wait_for_presence(control, team, Presence(humans=1, agents=0))

        await Removals(control.parts.db, control.parts.media).show_out(team.id, user)

        await eventually(lambda: is_out(ada), "the removal")
    for room in (ROOM, "another"):
        assert_problem(await control.post("/v1/token", session, {"room_name": room}), 403, "not_allowed")


@pytest.mark.parametrize("who", ["user", "guest", "key"])
async def test_who_has_lost_what_let_them_in_is_turned_away_on_arrival(
    control: ControlUnderTest, team: TenantSample, who: str
) -> None:
    await token_for(control, team.api_key, participant_identity="ann")
    unknown = f"{who}_{uuid4().hex}" + ("_0123abcd" if who == "key" else "")
    before = await present(control, team)

    reply = await send(control, event("participant_joined", room_of(team), unknown))

    assert reply.status == 200
    assert await present(control, team) == before
    assert await dispatches(control, team) == []


async def test_a_member_who_joins_is_welcome(control: ControlUnderTest, team: TenantSample) -> None:
    user = format_id("user", team.user_id)
    await token_for(control, await sign_in(control, team))

    await send(control, event("participant_joined", room_of(team), f"{user}-tab2"))

    assert await present(control, team) == {user: True, f"{user}-tab2": True}
    assert len(await dispatches(control, team)) == 1


async def test_a_program_whose_key_was_revoked_is_turned_away(
    control: ControlUnderTest, team: TenantSample
) -> None:
    _, token = await token_for(control, team.api_key)
    own = f"key_{team.api_key_id.hex}_0123abcd"
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update api_keys set revoked_at = now()")

    await send(control, event("participant_joined", room_of(team), own))

    assert own not in await present(control, team)
    assert token


async def test_a_guest_of_one_room_is_turned_away_from_another(
    control: ControlUnderTest, team: TenantSample
) -> None:
    guest = await come_as_guest(control, team, "side-room")
    identity = (await control.get("/v1/sessions/current", guest)).body["guest"]["id"]
    await token_for(control, team.api_key)

    await send(control, event("participant_joined", room_of(team), identity))

    assert identity not in await present(control, team)


async def test_another_tenants_member_is_turned_away(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await token_for(control, team.api_key)

    await send(control, event("participant_joined", room_of(team), format_id("user", other_team.user_id)))

    assert format_id("user", other_team.user_id) not in await present(control, team)


async def test_a_removal_runs_out_after_every_token_has(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await token_for(control, team.api_key, participant_identity="ann")
    await remove(control, team.api_key, "ann")
    async with control.parts.db.tenant(team.id) as conn:
        life_s = await conn.fetchval("select extract(epoch from expires_at - now()) from removals")
        await conn.execute("update removals set expires_at = now()")

    assert life_s > 600
    await token_for(control, team.api_key, participant_identity="ann")


async def test_only_who_runs_the_tenant_may_remove_somebody(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    guest = await come_as_guest(control, team, ROOM)
    session = await sign_in(control, team)
    async with control.parts.db.member(team.id, team.user_id) as conn:
        await conn.execute("update memberships set role = 'member'")

    refused = [await remove(control, credential, "ann") for credential in (guest, session, "made-up")]

    assert refused == [403, 403, 401]
    assert await remove(control, other_team.api_key, "ann") == 404
    assert await removals_of(control, team) == []


@pytest.mark.parametrize("identity", ["agent_parley", "x" * 257])
async def test_who_is_no_person_cannot_be_removed(
    control: ControlUnderTest, team: TenantSample, identity: str
) -> None:
    await token_for(control, team.api_key)

    assert await remove(control, team.api_key, identity) == 422
    assert await removals_of(control, team) == []


async def test_a_removal_is_in_the_audit_without_the_name(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await token_for(control, team.api_key, participant_identity="canary-name")

    await remove(control, team.api_key, "canary-name")

    async with control.parts.db.tenant(team.id) as conn:
        lines = [row["line"] for row in await conn.fetch("select line from audit_events")]
    (line,) = [line for line in lines if "room.participant_removed" in line]
    assert "canary-name" not in line


async def test_a_removal_that_livekit_does_not_hear_of_is_kept(
    control_without_media: ControlUnderTest, own_team: TenantSample
) -> None:
    await control_without_media.post("/v1/rooms", own_team.api_key, {"name": ROOM})

    status = await remove(control_without_media, own_team.api_key, "ann")

    assert status == 503
    assert await removals_of(control_without_media, own_team) == ["ann"]
