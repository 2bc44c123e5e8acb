"""Every five seconds: is there a room with a person and without an agent? Then send one.

Webhooks are the fast path but can be lost, and an agent can die; this is what makes up for both. One
node does it at a time, by a lock in Redis. The lock only saves work: what prevents a double dispatch is
the conversation's row, so when Redis is away every node watches. A pass that fails is logged and the
next one tries again; an outage is never read as missing agents.
"""

import asyncio
import logging
import uuid
from contextlib import suppress
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import AppError
from control.dispatch import Dispatcher
from control.media import MediaServer

logger = logging.getLogger(__name__)

INTERVAL_S: Final = 5.0
ROOMS_AT_ONCE: Final = 8
LEADER_KEY: Final = "parley:watch:leader"
LEADER_TTL_MS: Final = 12_000


class Watch:
    def __init__(self, dispatcher: Dispatcher, media: MediaServer, redis: Redis) -> None:
        self._dispatcher = dispatcher
        self._media = media
        self._redis = redis
        self._node = uuid.uuid4().hex
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="watch")

    def wake(self) -> None:
        """There is a new worker: a pass begins at once, and nobody is kept waiting by past failures."""
        self._dispatcher.take_heart()
        self._woken.set()

    async def aclose(self) -> None:
        """Stops watching and lets another node lead at once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        try:
            if await self._redis.get(LEADER_KEY) == self._node:
                await self._redis.delete(LEADER_KEY)
        except RedisError:
            logger.warning("watch leadership left to expire")

    async def reconcile(self) -> int:
        """One pass over all rooms; how many agents were sent. Raises: Unavailable, ExceptionGroup."""
        rooms, at_once = await self._media.room_names(), asyncio.Semaphore(ROOMS_AT_ONCE)
        self._dispatcher.forget_others(set(rooms))
        async with asyncio.TaskGroup() as group:
            visits = [group.create_task(self._attend(room, at_once)) for room in rooms]
        return sum(visit.result() for visit in visits)

    async def attempt(self) -> None:
        """A pass if this node leads; whatever goes wrong is logged and survived."""
        try:
            if await self.leads():
                await self.reconcile()
        except AppError as error:
            logger.warning("watch pass failed", extra={"error": error.code})
        except Exception as error:
            logger.error("watch pass failed unexpectedly", extra={"error": type(error).__name__})

    async def leads(self) -> bool:
        """Takes or keeps the lead if it can be had. Every node leads while Redis does not answer."""
        try:
            if await self._redis.set(LEADER_KEY, self._node, nx=True, px=LEADER_TTL_MS):
                return True
            if await self._redis.get(LEADER_KEY) != self._node:
                return False
            await self._redis.pexpire(LEADER_KEY, LEADER_TTL_MS)
        except RedisError as error:
            logger.warning("watch leadership unknown", extra={"error": type(error).__name__})
        return True

    async def _attend(self, room: str, at_once: asyncio.Semaphore) -> bool:
        async with at_once:
            try:
                return await self._dispatcher.attend(room)
            except AppError as error:
                logger.warning("room not attended", extra={"error": error.code})
                return False

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            await self.attempt()
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_S):
                    await self._woken.wait()
