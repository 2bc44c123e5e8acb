"""Rooms of a tenant, and the invitations that let a guest into one of them."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field

from agent.errors import InvalidInput, NotFound
from agent.wire import ROOM_PREFIX, format_id
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import ApiKey, Guest, Member
from control.credentials import hash_token, new_token
from control.dispatch import Dispatcher
from control.endpoints import Answer, Body, Call, Nothing
from control.media import MediaServer
from control.names import check_room_name, is_room_name, livekit_room_name
from control.store import agents, conversations, rooms
from control.store.db import Connection, Database
from control.store.rooms import Room
from control.workers import Workers

INVITATION_LIFE: Final = timedelta(hours=24)
MAX_PAGE: Final = 100


class RoomBody(Body):
    name: str


class RoomChange(Body):
    """`agent`: the name of one of the tenant's agents; null takes the default."""

    agent: Annotated[str, Field(max_length=64)] | None


class PageQuery(Body):
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 20
    cursor: Annotated[str, Field(max_length=400)] | None = None


class RoomAnswer(Answer):
    """`agent_name`: the tenant's agent that was chosen for the room; null is its default."""

    id: str
    name: str
    created_at: datetime
    agent_name: str | None


class RoomsAnswer(Answer):
    data: list[RoomAnswer]
    next_cursor: str | None


class AgentState(StrEnum):
    NO_WORKER = "no_worker"
    IDLE = "idle"
    DISPATCHED = "dispatched"
    JOINED = "joined"


class AgentAnswer(Answer):
    """`no_worker`: no worker has reported lately; `dispatched`: asked to come, not there yet."""

    state: AgentState


class RoomNowAnswer(RoomAnswer):
    agent: AgentAnswer
    humans: int


class InvitationAnswer(Answer):
    """The only time that the code is shown."""

    url: str
    code: str
    expires_at: datetime


class InvitedAnswer(Answer):
    room_name: str
    tenant_name: str
    expires_at: datetime


class Rooms:
    def __init__(
        self,
        db: Database,
        media: MediaServer,
        dispatcher: Dispatcher,
        workers: Workers,
        *,
        agent_name: str,
        public_url: str,
    ) -> None:
        self._db = db
        self._media = media
        self._dispatcher = dispatcher
        self._workers = workers
        self._agent_name = agent_name
        self._public_url = public_url

    async def list(self, call: Call[Member | ApiKey, PageQuery]) -> RoomsAnswer:
        """Lists the rooms, newest first."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            page = await rooms.list_rooms(conn, call.input.limit, call.input.cursor)
        return RoomsAnswer(data=[_answer(room) for room in page.items], next_cursor=page.next_cursor)

    async def create(self, call: Call[Member | ApiKey, RoomBody]) -> RoomAnswer:
        """Makes a room; one of that name that exists already is the answer."""
        name = check_room_name(call.input.name, "name")
        async with self._db.tenant(call.caller.tenant_id) as conn:
            known = await rooms.find_room(conn, name)
            if known is not None:
                return _answer(known)
            made = await rooms.ensure_room(conn, name)
            await _record(conn, call, AuditAction.ROOM_MADE, made)
            return _answer(made)

    async def change(self, call: Call[Member | ApiKey, RoomChange]) -> RoomAnswer:
        """Gives a room another agent, from the next time that one joins. Raises: NotFound, InvalidInput."""
        wanted = call.input.agent
        async with self._db.tenant(call.caller.tenant_id) as conn:
            room = await _find(conn, call.path("name"))
            agent = None if wanted is None else await agents.find_agent(conn, wanted)
            if agent is None and wanted is not None:
                raise InvalidInput(f"there is no agent {wanted!r}", "agent")
            await rooms.assign_agent(conn, room.id, None if agent is None else agent.id)
            changed = await _find(conn, room.name)
            await _record(conn, call, AuditAction.ROOM_CHANGED, room)
            return _answer(changed)

    async def show(self, call: Call[Member | Guest | ApiKey, Nothing]) -> RoomNowAnswer:
        """Tells about a room, who is in it, and where its agent is.

        Raises: NotFound, also for a guest who asks for a room that is not theirs.
        """
        name = call.path("name")
        if isinstance(call.caller, Guest) and name != call.caller.room_name:
            raise NotFound(f"no room {name!r}")
        async with self._db.tenant(call.caller.tenant_id) as conn:
            room = await _find(conn, name)
            newest = await conversations.list_conversations(conn, name, 1, None)
        livekit_room = livekit_room_name(call.caller.tenant_id, name)
        presence = await self._media.presence(livekit_room)
        is_awaited = any(self._dispatcher.is_awaited(livekit_room, item) for item in newest.items)
        state = await self._agent_state(presence.agents, is_awaited)
        return RoomNowAnswer(
            **_answer(room).model_dump(), agent=AgentAnswer(state=state), humans=presence.humans
        )

    async def invite(self, call: Call[Member | ApiKey, Nothing]) -> InvitationAnswer:
        """Makes an invitation that lets guests into a room. Raises: NotFound."""
        caller, code = call.caller, new_token()
        expires_at = datetime.now(UTC).replace(microsecond=0) + INVITATION_LIFE
        created_by = caller.user_id if isinstance(caller, Member) else None
        async with self._db.tenant(caller.tenant_id) as conn:
            room = await _find(conn, call.path("name"))
            await rooms.create_invitation(conn, room.id, hash_token(code), created_by, expires_at)
            await _record(conn, call, AuditAction.ROOM_GUEST_INVITED, room)
        return InvitationAnswer(url=f"{self._public_url}/join/{code}", code=code, expires_at=expires_at)

    async def invited(self, call: Call[None, Nothing]) -> InvitedAnswer:
        """Tells what a room's invitation is for, to whoever holds its code. Raises: NotFound."""
        found = await self._db.system.find_invitation(hash_token(call.path("code")))
        if found is None:
            raise NotFound("this invitation is unknown or has expired; ask for a new link")
        return InvitedAnswer(
            room_name=found.room_name, tenant_name=found.tenant_name, expires_at=found.expires_at_utc
        )

    async def _agent_state(self, agents: int, is_awaited: bool) -> AgentState:
        if agents:
            return AgentState.JOINED
        if is_awaited:
            return AgentState.DISPATCHED
        # When Redis is away nobody knows (None); only a known absence is worth an alarm.
        workers = await self._workers.present(self._agent_name)
        return AgentState.NO_WORKER if workers == [] else AgentState.IDLE


async def _record(
    conn: Connection, call: Call[Member | ApiKey, Any], action: AuditAction, room: Room
) -> None:
    await record_call(conn, call, action, {"room": format_id(ROOM_PREFIX, room.id)})


async def _find(conn: Connection, name: str) -> Room:
    room = await rooms.find_room(conn, name) if is_room_name(name) else None
    if room is None:
        raise NotFound(f"no room {name!r}")
    return room


def _answer(room: Room) -> RoomAnswer:
    return RoomAnswer(
        id=format_id(ROOM_PREFIX, room.id),
        name=room.name,
        created_at=room.created_at,
        agent_name=room.agent_name,
    )
