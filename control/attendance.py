"""Who is in a conversation, noted as LiveKit reports it. Rooms that are not ours are passed over."""

from typing import Final

from livekit import api

from agent.wire import ConversationId
from control.names import GUEST_IDENTITY_PREFIX, parse_livekit_room_name
from control.store import conversations, rooms
from control.store.db import Connection, Database
from control.store.rooms import ParticipantKind

MAX_NAME_CHARS: Final = 200


class Attendance:
    """Raises everywhere: DatabaseUnavailable."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def note_arrival(self, livekit_room: str, person: api.ParticipantInfo) -> None:
        """Who comes back is there again."""
        parsed = parse_livekit_room_name(livekit_room)
        if parsed is None:
            return
        tenant_id, room_name = parsed
        async with self._db.tenant(tenant_id) as conn:
            conversation_id = await _conversation_in(conn, room_name)
            if conversation_id is not None:
                name, kind = person.name[:MAX_NAME_CHARS], _kind_of(person)
                await rooms.record_participant(conn, conversation_id, person.identity, name, kind)

    async def note_leaving(self, livekit_room: str, identity: str | None) -> None:
        """`identity` None: everybody."""
        parsed = parse_livekit_room_name(livekit_room)
        if parsed is None:
            return
        tenant_id, room_name = parsed
        async with self._db.tenant(tenant_id) as conn:
            conversation_id = await _conversation_in(conn, room_name)
            if conversation_id is not None:
                await rooms.mark_participant_left(conn, conversation_id, identity)


async def _conversation_in(conn: Connection, room_name: str) -> ConversationId | None:
    newest = await conversations.list_conversations(conn, room_name, 1, None)
    return newest.items[0].id if newest.items else None


def _kind_of(person: api.ParticipantInfo) -> ParticipantKind:
    if person.kind == api.ParticipantInfo.Kind.AGENT:
        return ParticipantKind.AGENT
    return (
        ParticipantKind.GUEST if person.identity.startswith(GUEST_IDENTITY_PREFIX) else ParticipantKind.HUMAN
    )
