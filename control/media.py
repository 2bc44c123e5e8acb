"""The media server, as control uses it: rooms, who is in them, dispatches, and tokens to join.

The only module that speaks to LiveKit's API. Every failure to reach it is `Unavailable`, so callers need
not know how it is reached.
"""

import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import aiohttp
from livekit import api

from agent.errors import NotFound, Unavailable
from agent.settings import LiveKitSettings
from control.join_tokens import JoinIdentity, JoinTokens

ROOM_KNOWN_S: Final = 60.0
"""How long a room that is there is taken to be there still: LiveKit keeps an empty one 15 times as long."""
MAX_KNOWN_ROOMS: Final = 10_000
ROOM_TIMEOUT_S: Final = 15 * 60
"""How long LiveKit keeps a room nobody is in. Above a token's life, so that a token always finds its room."""
REQUEST_TIMEOUT_S: Final = 5.0

HUMAN_KINDS: Final = frozenset({api.ParticipantInfo.Kind.STANDARD, api.ParticipantInfo.Kind.SIP})


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is in a room right now."""

    humans: int
    agents: int


class MediaServer:
    def __init__(self, client: api.LiveKitAPI, settings: LiveKitSettings) -> None:
        self._client = client
        self._settings = settings
        # Until when each is taken to be there, in seconds.
        self._known_rooms: OrderedDict[str, float] = OrderedDict()
        self._tokens = JoinTokens(settings.api_key, settings.api_secret)

    @property
    def public_url(self) -> str:
        """The address that participants are given."""
        return self._settings.public_url

    def join_token(self, room: str, who: JoinIdentity) -> str:
        """A token for one room and ten minutes."""
        return self._tokens.mint(room, who)

    async def ensure_room(self, name: str) -> None:
        """Creates the room unless it is there, or was a moment ago. Raises: Unavailable."""
        now_s = time.monotonic()
        if self._known_rooms.get(name, 0.0) > now_s:
            return
        with self._reaching():
            await self._client.room.create_room(
                api.CreateRoomRequest(
                    name=name, empty_timeout=ROOM_TIMEOUT_S, departure_timeout=ROOM_TIMEOUT_S
                )
            )
        self._known_rooms[name] = now_s + ROOM_KNOWN_S
        self._known_rooms.move_to_end(name)
        if len(self._known_rooms) > MAX_KNOWN_ROOMS:
            self._known_rooms.popitem(last=False)

    def forget_room(self, name: str) -> None:
        """It is gone: whoever asks next makes it again."""
        self._known_rooms.pop(name, None)

    async def room_names(self) -> list[str]:
        """Of all rooms, empty ones too: LiveKit's own count lags behind by up to 5 s. Raises: Unavailable."""
        with self._reaching():
            answer = await self._client.room.list_rooms(api.ListRoomsRequest())
        names = [room.name for room in answer.rooms]
        for gone in self._known_rooms.keys() - names:
            self.forget_room(gone)
        return names

    async def presence(self, room: str) -> Presence:
        """A room that does not exist has nobody in it. Raises: Unavailable."""
        try:
            with self._reaching():
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
            with self._reaching():
                answer = await self._client.room.list_participants(api.ListParticipantsRequest(room=room))
        except NotFound:
            return []
        return [participant.identity for participant in answer.participants]

    async def remove(self, room: str, identity: str) -> None:
        """Ends somebody's connection to the room; nothing happens when they are not there.

        Raises: Unavailable.
        """
        with suppress(NotFound), self._reaching():
            await self._client.room.remove_participant(
                api.RoomParticipantIdentity(room=room, identity=identity)
            )

    async def dispatch(self, room: str, agent_name: str, metadata: str) -> None:
        """Asks for an agent, in place of any that was asked for before: one that is late will not come.

        Raises: Unavailable.
        """
        with self._reaching():
            for earlier in await self._client.agent_dispatch.list_dispatch(room):
                if earlier.agent_name == agent_name:
                    await self._client.agent_dispatch.delete_dispatch(earlier.id, room)
            await self._client.agent_dispatch.create_dispatch(
                api.CreateAgentDispatchRequest(agent_name=agent_name, room=room, metadata=metadata)
            )

    async def ping(self) -> None:
        """Raises: Unavailable."""
        with self._reaching():
            await self._client.room.list_rooms(api.ListRoomsRequest(names=["-"]))

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Raises: NotFound when LiveKit has no such room; Unavailable for every other failure."""
        try:
            yield
        except api.ServerError as error:
            if error.code == api.ServerErrorCode.NOT_FOUND:
                raise NotFound("the media server has no such room") from error
            raise Unavailable(f"the media server refused the request ({error.code})") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            # It may have been started again since, and know of no room.
            self._known_rooms.clear()
            raise Unavailable("the media server does not answer") from error
