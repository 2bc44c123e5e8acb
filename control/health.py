"""Whether this process lives, and whether everything it depends on answers: said in words."""

import asyncio
from collections.abc import Awaitable
from typing import Final

from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import Unavailable
from control.media import MediaServer
from control.store.db import Database

CHECK_TIMEOUT_S: Final = 2.0


class Health:
    def __init__(self, db: Database, redis: Redis, media: MediaServer) -> None:
        self._db = db
        self._redis = redis
        self._media = media

    async def alive(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def ready(self, request: web.Request) -> web.Response:
        """200 when all three answer, else 503; either way each is named with what it said."""
        names = ("postgresql", "redis", "livekit")
        verdicts = await asyncio.gather(
            _check(self._db.ping()), _check(self._ping_redis()), _check(self._media.ping())
        )
        is_ready = all(verdict == "answers" for verdict in verdicts)
        body = {"status": "ready" if is_ready else "not ready", **dict(zip(names, verdicts, strict=True))}
        return web.json_response(body, status=200 if is_ready else 503)

    async def _ping_redis(self) -> None:
        try:
            await self._redis.ping()
        except RedisError as error:
            raise Unavailable("redis does not answer") from error


async def _check(answering: Awaitable[None]) -> str:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await answering
    except (Unavailable, TimeoutError):
        return "does not answer"
    return "answers"
