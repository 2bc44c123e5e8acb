"""The media server, as control uses it: rooms, who is in them, dispatches, and tokens to join.

The only module that speaks to LiveKit's API. Every failure to reach it is `Unavailable`, so callers need
not know how it is reached.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp
from livekit import api

from agent.errors import NotFound, Unavailable
from agent.settings import LiveKitSettings

TOKEN_TTL: Final = timedelta(minutes=10)
ROOM_TIMEOUT_S: Final = 15 * 60
"""How long LiveKit keeps a room nobody is in. Above a token's life, so that a token always finds its room."""
REQUEST_TIMEOUT_S: Final = 5.0

HUMAN_KINDS: Final = frozenset({api.ParticipantInfo.Kind.STANDARD, api.ParticipantInfo.Kind.SIP})


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is in a room right now."""

    humans: int
    agents: int


@dataclass(frozen=True, slots=True)
class JoinIdentity:
    """How someone appears in a room; `metadata` and `attributes` are visible to everyone in it."""

    identity: str
    name: str
    metadata: str | None = None
    attributes: dict[str, str] | None = None


class MediaServer:
    def __init__(self, client: api.LiveKitAPI, settings: LiveKitSettings) -> None:
        self._client = client
        self._settings = settings

    @property
    def public_url(self) -> str:
        """The address that participants are given."""
        return self._settings.public_url

    def join_token(self, room: str, who: JoinIdentity) -> str:
        """A token for one room and ten minutes, with every grant spelled out.

        livekit-api's defaults are six hours and every source; nothing here is left to them.
        """
        token = api.AccessToken(self._settings.api_key, self._settings.api_secret)
        token = token.with_identity(who.identity).with_name(who.name).with_ttl(TOKEN_TTL)
        if who.metadata is not None:
            token = token.with_metadata(who.metadata)
        if who.attributes:
            token = token.with_attributes(who.attributes)
        grants = api.VideoGrants(
            room_join=True,
            room=room,
            can_publish=True,
            can_subscribe=True,
            can_publish_data=True,
            can_publish_sources=["microphone", "screen_share"],
            can_update_own_metadata=False,
        )
        return token.with_grants(grants).to_jwt()

    async def ensure_room(self, name: str) -> None:
        """Creates the room unless it is there. Raises: Unavailable."""
        with _reaching():
            await self._client.room.create_room(
                api.CreateRoomRequest(
                    name=name, empty_timeout=ROOM_TIMEOUT_S, departure_timeout=ROOM_TIMEOUT_S
                )
            )

    async def room_names(self) -> list[str]:
        """Of all rooms, empty ones too: LiveKit's own count lags behind by up to 5 s. Raises: Unavailable."""
        with _reaching():
            answer = await self._client.room.list_rooms(api.ListRoomsRequest())
        return [room.name for room in answer.rooms]

    async def presence(self, room: str) -> Presence:
        """A room that does not exist has nobody in it. Raises: Unavailable."""
        try:
            with _reaching():
                answer = await self._client.room.list_participants(api.ListParticipantsRequest(room=room))
        except NotFound:
            return Presence(humans=0, agents=0)
        kinds = [participant.kind for participant in answer.participants]
        return Presence(
            humans=sum(kind in HUMAN_KINDS for kind in kinds),
            agents=sum(kind == api.ParticipantInfo.Kind.AGENT for kind in kinds),
        )

    async def identities(self, room: str) -> list[str]:
        """Of everybody in the room; none when there is no such room. Raises: Unavailable."""
        try:
            with _reaching():
                answer = await self._client.room.list_participants(api.ListParticipantsRequest(room=room))
        except NotFound:
            return []
        return [participant.identity for participant in answer.participants]

    async def remove(self, room: str, identity: str) -> None:
        """Ends somebody's connection to the room; nothing happens when they are not there.

        Raises: Unavailable.
        """
        with suppress(NotFound), _reaching():
            await self._client.room.remove_participant(
                api.RoomParticipantIdentity(room=room, identity=identity)
            )

    async def dispatch(self, room: str, agent_name: str, metadata: str) -> None:
        """Asks for an agent, in place of any that was asked for before: one that is late will not come.

        Raises: Unavailable.
        """
        with _reaching():
            for earlier in await self._client.agent_dispatch.list_dispatch(room):
                if earlier.agent_name == agent_name:
                    await self._client.agent_dispatch.delete_dispatch(earlier.id, room)
            await self._client.agent_dispatch.create_dispatch(
                api.CreateAgentDispatchRequest(agent_name=agent_name, room=room, metadata=metadata)
            )

    async def ping(self) -> None:
        """Raises: Unavailable."""
        with _reaching():
            await self._client.room.list_rooms(api.ListRoomsRequest(names=["-"]))


@contextmanager
def _reaching() -> Iterator[None]:
    """Raises: NotFound when LiveKit has no such room; Unavailable for every other failure."""
    try:
        yield
    except api.ServerError as error:
        if error.code == api.ServerErrorCode.NOT_FOUND:
            raise NotFound("the media server has no such room") from error
        raise Unavailable(f"the media server refused the request ({error.code})") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable("the media server does not answer") from error
