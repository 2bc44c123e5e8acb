"""People and agents in a LiveKit room, as far as control is concerned: present or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from livekit import api, rtc

from agent.wire import DispatchMetadata
from control.media import Presence
from tests.fixtures.control import ControlUnderTest, eventually
from tests.fixtures.database import TenantSample


def room_of(team: TenantSample, room_name: str = "standup") -> str:
    return f"{team.id.hex}_{room_name}"


@asynccontextmanager
async def person_in(
    control: ControlUnderTest, team: TenantSample, room_name: str = "standup", identity: str = "ann"
) -> AsyncIterator[rtc.Room]:
    """Someone who asked for a token and joined with it."""
    body = {"room_name": room_name, "participant_identity": identity}
    reply = await control.post("/v1/token", team.api_key, body)
    async with _connected(reply.body["server_url"], reply.body["participant_token"]) as room:
        yield room


@asynccontextmanager
async def agent_in(
    control: ControlUnderTest, team: TenantSample, room_name: str = "standup"
) -> AsyncIterator[rtc.Room]:
    """Someone whom LiveKit takes for an agent; there already when this is entered."""
    livekit = control.settings.livekit
    token = api.AccessToken(livekit.api_key, livekit.api_secret).with_identity("agent_test_1_abcd")
    grants = api.VideoGrants(room_join=True, room=room_of(team, room_name), agent=True)
    async with _connected(livekit.url, token.with_kind("agent").with_grants(grants).to_jwt()) as room:
        yield room


@asynccontextmanager
async def _connected(url: str, token: str) -> AsyncIterator[rtc.Room]:
    room = rtc.Room()
    await room.connect(url, token)
    try:
        yield room
    finally:
        await room.disconnect()


async def wait_for_presence(
    control: ControlUnderTest, team: TenantSample, expected: Presence, room_name: str = "standup"
) -> None:
    async def is_so() -> bool:
        return await control.parts.media.presence(room_of(team, room_name)) == expected

    await eventually(is_so, f"{expected} in {room_name}")


async def dispatches(
    control: ControlUnderTest, team: TenantSample, room_name: str = "standup"
) -> list[DispatchMetadata]:
    """What LiveKit was asked for in that room and still holds."""
    livekit = control.settings.livekit
    async with api.LiveKitAPI(livekit.url, livekit.api_key, livekit.api_secret) as client:
        found = await client.agent_dispatch.list_dispatch(room_of(team, room_name))
    ours = [item for item in found if item.agent_name == control.settings.agent_name]
    return [DispatchMetadata.model_validate_json(item.metadata) for item in ours]


async def epoch_of(control: ControlUnderTest, team: TenantSample) -> int:
    """The epoch of the tenant's one conversation: how often an agent was sent."""
    async with control.parts.db.tenant(team.id) as conn:
        return int(await conn.fetchval("select epoch from conversations"))


async def let_pass(control: ControlUnderTest, team: TenantSample, seconds: float = 7) -> None:
    """As if the last dispatch had been made so long ago; the first patience is 6 s."""
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute(
            "update conversations set dispatched_at = now() - make_interval(secs => $1)", seconds
        )
