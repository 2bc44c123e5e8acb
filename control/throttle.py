"""How often a thing may be tried: fixed windows of a minute, counted in Redis, shared by all nodes.

Without Redis nothing can be counted, and then nothing is let through: these limits guard passwords.
"""

import hashlib
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import NotAuthenticated, TooMany, Unavailable

logger = logging.getLogger(__name__)

WINDOW_S: Final = 60
MAX_FAILURES: Final = 10


class Throttle:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @asynccontextmanager
    async def attempt(self, *subjects: str) -> AsyncIterator[None]:
        """Around something that may be tried so often by each subject. Only NotAuthenticated counts.

        The attempt is counted before it is made, so that parallel ones cannot slip past the limit together.
        Raises: TooMany; Unavailable when Redis does not answer.
        """
        keys = _keys(subjects)
        await self._take(keys)
        try:
            yield
        except NotAuthenticated:
            raise
        except BaseException:
            await self._give_back(keys)
            raise
        await self._give_back(keys)

    async def _take(self, keys: Sequence[str]) -> None:
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                for key in keys:
                    pipe.incr(key)
                    pipe.expire(key, WINDOW_S)
                counts = (await pipe.execute())[::2]
        except RedisError as error:
            raise Unavailable("sign-in is closed for the moment: its limits cannot be checked") from error
        if max(counts) > MAX_FAILURES:
            raise TooMany("too many failed attempts; wait a minute", WINDOW_S - time.time() % WINDOW_S)

    async def _give_back(self, keys: Sequence[str]) -> None:
        """Best effort: at worst a success counts as a failure for the rest of the minute."""
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                for key in keys:
                    pipe.decr(key)
                    pipe.expire(key, WINDOW_S)
                await pipe.execute()
        except RedisError as error:
            logger.warning("a sign-in stays counted as failed", extra={"error": type(error).__name__})


def _keys(subjects: Sequence[str]) -> list[str]:
    """Digests, so that Redis holds neither addresses of people nor of machines."""
    minute = int(time.time() // WINDOW_S)
    digests = [hashlib.sha256(subject.encode()).hexdigest()[:32] for subject in subjects]
    return [f"parley:attempts:{digest}:{minute}" for digest in digests]
