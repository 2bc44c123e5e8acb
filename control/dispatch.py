"""Sending an agent into a room that has a person and no agent, exactly once.

LiveKit sends nobody by itself. Both the webhook of a join and the watch come here, so they are serialised
per room: by a lock within this process, and across processes by the row of the conversation, in which
the moment of the last dispatch stands. An epoch begins with each dispatch; an agent of an earlier one
can store nothing any more.
"""

import asyncio
import logging
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from agent.wire import CONVERSATION_PREFIX, TENANT_PREFIX, DispatchMetadata, TenantId, format_id
from control.jobs import Job, JobTokens
from control.media import MediaServer
from control.names import SELFCHECK_ROOM_PREFIX, parse_livekit_room_name
from control.store import agents, conversations, rooms
from control.store.agents import Serving
from control.store.budgets import is_budget_spent
from control.store.conversations import Conversation
from control.store.db import Database

logger = logging.getLogger(__name__)

PATIENCE: Final = timedelta(seconds=6)
"""How long a dispatched agent may take to appear before another is sent in its place."""
MAX_DOUBLINGS: Final = 3
"""Each further agent gets twice the time, up to 48 s: on a slow machine none would ever arrive otherwise."""


Begun = tuple[Job, Serving | None]
"""A job and the tenant's agent that it is; None where the tenant has none of its own."""


class _Overtaken(Exception):
    """Another process has begun an epoch since the conversation was read."""


class Dispatcher:
    def __init__(self, db: Database, media: MediaServer, jobs: JobTokens, agent_name: str) -> None:
        self._db = db
        self._media = media
        self._jobs = jobs
        self._agent_name = agent_name
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        # Agents sent to a room since it last had one, or was empty.
        self._attempts: dict[str, int] = {}

    async def attend(self, livekit_room: str, *, human_joined: bool = False) -> bool:
        """Sends an agent if the room needs one; whether it did.

        `human_joined`: someone is known to be there, even if LiveKit does not list them yet.
        Raises: Unavailable when the database or the media server does not answer.
        """
        parsed = parse_livekit_room_name(livekit_room)
        if parsed is None:
            return False
        lock = self._locks.setdefault(livekit_room, asyncio.Lock())
        async with lock:
            presence = await self._media.presence(livekit_room)
            if presence.agents or not (presence.humans or human_joined):
                self._attempts.pop(livekit_room, None)
                return False
            begun = await self.begin_job(livekit_room, *parsed)
            if begun is None:
                return False
            job, agent = begun
            self._attempts[livekit_room] = self._attempts.get(livekit_room, 0) + 1
            await self._media.dispatch(livekit_room, self._agent_name, self._metadata(job, agent))
        logger.info(
            "agent dispatched",
            extra={
                "conversation": format_id(CONVERSATION_PREFIX, job.conversation_id),
                "tenant": format_id(TENANT_PREFIX, job.tenant_id),
                "epoch": job.epoch,
            },
        )
        return True

    def is_awaited(self, livekit_room: str, conversation: Conversation) -> bool:
        """Whether an agent was sent so lately that it may still be on its way."""
        at = conversation.dispatched_at_utc
        doublings = min(max(self._attempts.get(livekit_room, 0) - 1, 0), MAX_DOUBLINGS)
        return at is not None and datetime.now(UTC) - at < PATIENCE * 2**doublings

    def take_heart(self) -> None:
        """Goes back to the first patience everywhere: there is a new worker."""
        self._attempts.clear()

    def forget_others(self, livekit_rooms: Collection[str]) -> None:
        """Keeps nothing in mind of rooms that LiveKit no longer has."""
        self._attempts = {room: count for room, count in self._attempts.items() if room in livekit_rooms}

    async def begin_job(self, livekit_room: str, tenant_id: TenantId, room_name: str) -> Begun | None:
        """The next epoch of the room's conversation.

        None for an unknown room, when one began just now, and when the budget is spent.
        """
        try:
            return await self._begin_epoch(livekit_room, tenant_id, room_name)
        except _Overtaken:
            return None

    async def _begin_epoch(self, livekit_room: str, tenant_id: TenantId, room_name: str) -> Begun | None:
        """Raises: _Overtaken, which rolls the transaction back."""
        is_selfcheck = room_name.startswith(SELFCHECK_ROOM_PREFIX)
        async with self._db.tenant(tenant_id) as conn:
            room = await rooms.find_room(conn, room_name)
            if room is None:
                return None
            conversation = await conversations.open_conversation(conn, room.id)
            if self.is_awaited(livekit_room, conversation):
                return None
            if await is_budget_spent(conn):
                logger.warning(
                    "no agent: the budget is spent", extra={"tenant": format_id(TENANT_PREFIX, tenant_id)}
                )
                return None
            agent = None if is_selfcheck else await agents.find_serving(conn, room.id)
            epoch = await conversations.begin_epoch(
                conn, conversation.id, None if agent is None else agent.ref
            )
            if epoch != conversation.epoch + 1:
                raise _Overtaken
        job = Job(
            tenant_id=tenant_id,
            conversation_id=conversation.id,
            epoch=epoch,
            room_name=room_name,
            local_engines=is_selfcheck,
        )
        return job, agent

    def _metadata(self, job: Job, agent: Serving | None) -> str:
        token, _ = self._jobs.issue(job)
        return DispatchMetadata(
            conversation=format_id(CONVERSATION_PREFIX, job.conversation_id),
            tenant=format_id(TENANT_PREFIX, job.tenant_id),
            epoch=job.epoch,
            job_token=token,
            local_engines=job.local_engines,
            display_name=None if agent is None else agent.display_name,
        ).model_dump_json()
