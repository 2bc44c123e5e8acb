"""Which agent workers are there: each reports itself every few seconds, and is forgotten after 15.

A report is signed with the LiveKit key pair, which both sides hold anyway. Reports live in Redis only;
when Redis is away the answer is "unknown" (None), never "none".
"""

import logging
import time
from collections.abc import Callable
from typing import Final

import jwt
from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import NotAuthenticated, Unavailable
from agent.settings import LiveKitSettings
from agent.wire import WorkerReport
from control.auth import bearer_token
from control.endpoints import Call

logger = logging.getLogger(__name__)

AUDIENCE: Final = "parley-worker"
REPORT_TTL_S: Final = 15
MAX_TOKEN_LIFE_S: Final = 60
CLOCK_SKEW_S: Final = 10

_INDEX = "parley:workers"


class Workers:
    def __init__(self, redis: Redis, livekit: LiveKitSettings, on_arrival: Callable[[], None]) -> None:
        """`on_arrival` is called when a worker reports for the first time, or again after a silence."""
        self._redis = redis
        self._livekit = livekit
        self._on_arrival = on_arrival

    async def reporter(self, request: web.Request) -> None:
        """Lets in whoever holds the LiveKit key pair. Raises: NotAuthenticated."""
        try:
            claims = jwt.decode(
                bearer_token(request) or "",
                self._livekit.api_secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                issuer=self._livekit.api_key,
                leeway=CLOCK_SKEW_S,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.InvalidTokenError as error:
            raise NotAuthenticated("the worker's token is not valid, or has expired") from error
        if claims["exp"] - time.time() > MAX_TOKEN_LIFE_S + CLOCK_SKEW_S:
            raise NotAuthenticated(f"a worker's token may live {MAX_TOKEN_LIFE_S} seconds at most")

    async def report(self, call: Call[None, WorkerReport]) -> web.Response:
        """Raises: Unavailable when Redis does not answer."""
        report = call.input
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(_key(report.worker_id), report.model_dump_json(), ex=REPORT_TTL_S, get=True)
                pipe.zadd(_INDEX, {report.worker_id: time.time() + REPORT_TTL_S})
                last_report, _ = await pipe.execute()
        except RedisError as error:
            raise Unavailable("the report cannot be kept: Redis does not answer") from error
        if last_report is None:
            self._on_arrival()
        return web.Response(status=204)

    async def present(self, agent_name: str) -> list[WorkerReport] | None:
        """Every worker of that name that reported lately; None when Redis does not answer."""
        try:
            await self._redis.zremrangebyscore(_INDEX, "-inf", time.time())
            ids = await self._redis.zrange(_INDEX, 0, -1)
            found = await self._redis.mget([_key(str(worker_id)) for worker_id in ids]) if ids else []
        except RedisError as error:
            logger.warning("workers unknown", extra={"error": type(error).__name__})
            return None
        reports = [WorkerReport.model_validate_json(text) for text in found if text is not None]
        return [report for report in reports if report.agent_name == agent_name]


def _key(worker_id: str) -> str:
    return f"parley:worker:{worker_id}"
