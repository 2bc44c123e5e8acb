"""`POST /v1/token`, LiveKit's standard token endpoint: a room, an identity, and a token to join with.

The server chooses the room's real name and checks the identity; a caller can ask for neither another's
identity nor anything but the tenant's own agent. An agent that is named goes to a room that is new; a room
that is there keeps its own, and another's name is refused: a token must not change who others are talking to.
Unknown fields are ignored here, because the SDKs of others send their own; inside `room_config` they are
refused, since there they would ask for something.
"""

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from pydantic import AliasChoices, ConfigDict, Field, StringConstraints, model_validator

from agent.errors import InvalidInput, NotAllowed, NotFound
from agent.wire import USER_PREFIX, format_id
from control.auth import ApiKey, Guest, Member
from control.endpoints import Answer, Body, Call
from control.join_tokens import JoinIdentity
from control.media import MediaServer
from control.names import (
    DEFAULT_ROOM,
    GUEST_IDENTITY_PREFIX,
    base_identity,
    check_room_name,
    is_own_identity,
    is_reserved_identity,
    livekit_room_name,
)
from control.store import agents, conversations, rooms
from control.store.db import Connection, Database
from control.store.joining import Joiner, Joinings
from control.store.rooms import ParticipantKind, Room

RESERVED_ATTRIBUTE_PREFIX: Final = "lk."
"""LiveKit's own agent and transcription attributes; people must not be able to imitate an agent."""

Identity = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f]{1,128}$")]
DisplayName = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]


class _SparseBody(Body):
    """Other people's SDKs write out what is not set: null and the empty string mean the same as nothing."""

    @model_validator(mode="before")
    @classmethod
    def _drop_unset(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: item for key, item in value.items() if item is not None and item != ""}
        return value


class AgentWish(_SparseBody):
    agent_name: str = Field(validation_alias=AliasChoices("agent_name", "agentName"), max_length=64)


class RoomConfig(_SparseBody):
    agents: list[AgentWish] = Field(default_factory=list, max_length=1)


class TokenBody(_SparseBody):
    model_config = ConfigDict(extra="ignore", frozen=True)

    room_name: str = DEFAULT_ROOM
    participant_identity: Identity | None = None
    participant_name: DisplayName | None = None
    participant_metadata: str | None = Field(default=None, max_length=8_000)
    participant_attributes: dict[str, str] = Field(default_factory=dict, max_length=32)
    room_config: RoomConfig = Field(default_factory=RoomConfig)


class TokenAnswer(Answer):
    server_url: str
    participant_token: str


class TokenIssuer:
    def __init__(self, db: Database, media: MediaServer, agent_name: str) -> None:
        self._db = db
        self._joinings = Joinings(db)
        self._media = media
        self._agent_name = agent_name

    async def issue(self, call: Call[Member | Guest | ApiKey, TokenBody]) -> TokenAnswer:
        """Gives a token to join a room with, good for ten minutes.

        Raises: InvalidInput, NotAllowed, NotFound (a guest asking for another room), Unavailable.
        """
        caller, body = call.caller, call.input
        room_name = _choose_room(caller, body)
        who = JoinIdentity(
            identity=_choose_identity(caller, body.participant_identity),
            name=body.participant_name or caller.name,
            metadata=body.participant_metadata,
            attributes=_check_attributes(body.participant_attributes),
        )
        wanted = self._wanted_agent(body.room_config)
        person = base_identity(who.identity)
        joiner = Joiner(caller.tenant_id, room_name, who.identity, person, who.name)
        joining = await self._joinings.look_up(joiner)
        if joining.is_removed:
            raise NotAllowed(f"{person!r} was shown out of this room, and cannot come back yet")
        if wanted is not None:
            async with self._db.tenant(caller.tenant_id) as conn:
                await _check_agent(conn, wanted, await rooms.find_room(conn, room_name))
        room = livekit_room_name(caller.tenant_id, room_name)
        # First the part that stores nothing: when the media server is away, no row is left behind.
        await self._media.ensure_room(room)
        if wanted is not None or not joining.is_noted:
            await self._note(caller, room_name, wanted, who)
        return TokenAnswer(
            server_url=self._media.public_url, participant_token=self._media.join_token(room, who)
        )

    async def _note(
        self, caller: Member | Guest | ApiKey, room_name: str, wanted: str | None, who: JoinIdentity
    ) -> None:
        kind = ParticipantKind.GUEST if isinstance(caller, Guest) else ParticipantKind.HUMAN
        async with self._db.tenant(caller.tenant_id) as conn:
            stored = await _ensure_room(conn, room_name, wanted)
            conversation = await conversations.open_conversation(conn, stored.id)
            await rooms.record_participant(conn, conversation.id, who.identity, who.name, kind)

    def _wanted_agent(self, config: RoomConfig) -> str | None:
        """The deployment's name stands for whichever agent the room has."""
        names = [wish.agent_name for wish in config.agents if wish.agent_name != self._agent_name]
        return names[0] if names else None


async def _ensure_room(conn: Connection, name: str, wanted: str | None) -> Room:
    """Raises: InvalidInput when somebody has just made the room, for another agent."""
    if wanted is None:
        return await rooms.ensure_room(conn, name)
    agent = await agents.find_agent(conn, wanted)
    room = await rooms.ensure_room(conn, name, None if agent is None else agent.id)
    await _check_agent(conn, wanted, room)
    return room


async def _check_agent(conn: Connection, wanted: str, room: Room | None) -> None:
    """Raises: InvalidInput, in the same words whether there is such an agent or not."""
    if room is None:
        known = await agents.find_agent(conn, wanted) is not None
    else:
        serving = await agents.find_serving(conn, room.id)
        known = serving is not None and serving.name == wanted
    if not known:
        raise InvalidInput(f"{wanted!r} is no agent of this room", "room_config.agents.0.agent_name")


def own_identity(caller: Member | Guest) -> str:
    """The identity under which a person appears in rooms, before any suffix for a second tab."""
    match caller:
        case Member():
            return format_id(USER_PREFIX, caller.user_id)
        case Guest():
            return GUEST_IDENTITY_PREFIX + caller.session_id.hex


def _choose_room(caller: Member | Guest | ApiKey, body: TokenBody) -> str:
    if not isinstance(caller, Guest):
        return check_room_name(body.room_name, "room_name")
    # Whether another room exists is nothing a guest may learn.
    if "room_name" in body.model_fields_set and body.room_name != caller.room_name:
        raise NotFound(f"no room {body.room_name!r}")
    return caller.room_name


def _choose_identity(caller: Member | Guest | ApiKey, wanted: str | None) -> str:
    if isinstance(caller, ApiKey):
        return _free_identity(caller.api_key_id, wanted)
    own = own_identity(caller)
    if wanted is not None and not is_own_identity(own, wanted):
        raise NotAllowed(
            f"participant_identity {wanted!r} is not yours: use {own!r}, "
            "or add '-' and up to 16 of a-z and 0-9 for another tab"
        )
    return wanted or own


def _free_identity(api_key_id: UUID, wanted: str | None) -> str:
    if wanted is not None and is_reserved_identity(wanted):
        raise NotAllowed(f"participant_identity {wanted!r} begins like one that only the server hands out")
    return wanted or f"key_{api_key_id.hex}_{uuid4().hex[:8]}"


def _check_attributes(attributes: dict[str, str]) -> dict[str, str]:
    for key in attributes:
        if key.startswith(RESERVED_ATTRIBUTE_PREFIX):
            raise InvalidInput(
                f"attributes that begin with {RESERVED_ATTRIBUTE_PREFIX!r} belong to LiveKit and its agents",
                f"participant_attributes.{key}",
            )
    return attributes
