"""The way of sound through a LiveKit server and back: one participant speaks, another one hears."""

import secrets
import time

import aiohttp
from livekit import api

from agent.errors import StackError
from control.local.caller import Caller, read_speech
from control.local.environment import LiveKitAccess
from control.local.selfcheck import QUESTION

HEAR_TIMEOUT_S = 10.0


async def measure_loopback(access: LiveKitAccess) -> int:
    """Milliseconds from the first sample spoken to the first one heard.

    The room is removed again. Raises: StackError when nothing is heard, or LiveKit does not answer.
    """
    name = f"doctor-{secrets.token_hex(4)}"
    try:
        async with api.LiveKitAPI(access.url, access.api_key, access.api_secret) as client:
            await client.room.create_room(api.CreateRoomRequest(name=name))
            try:
                return await _speak_and_hear(access, name)
            finally:
                await client.room.delete_room(api.DeleteRoomRequest(room=name))
    except (api.ServerError, aiohttp.ClientError, TimeoutError) as error:
        raise StackError(f"LiveKit at {access.url} does not answer: {type(error).__name__}") from error


async def _speak_and_hear(access: LiveKitAccess, room: str) -> int:
    async with (
        Caller(access.url, _token(access, room, "speaker")) as speaker,
        Caller(access.url, _token(access, room, "listener")) as listener,
    ):
        began_s = time.monotonic()
        await speaker.say(read_speech(QUESTION))
        await listener.wait(lambda: listener.has_heard, HEAR_TIMEOUT_S, "no sound came back through the room")
        return round((await listener.first_audio_after(began_s, HEAR_TIMEOUT_S) - began_s) * 1000)


def _token(access: LiveKitAccess, room: str, identity: str) -> str:
    grants = api.VideoGrants(room_join=True, room=room, can_publish=True, can_subscribe=True)
    token = api.AccessToken(access.api_key, access.api_secret).with_identity(identity)
    return token.with_grants(grants).to_jwt()
