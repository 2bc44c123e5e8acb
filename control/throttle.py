"""How often a thing may be tried: fixed windows of a minute, counted in Redis, shared by all nodes.

Without Redis nothing can be counted, and then nothing is let through: these limits guard passwords.
"""

import hashlib
import time
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import TooMany, Unavailable

WINDOW_S: Final = 60
MAX_FAILURES: Final = 10


class Throttle:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def take(self, *subjects: str) -> list[str]:
        """Counts a failure for each subject in advance; what it returns goes to `give_back` after a success.

        Counting first means that parallel attempts cannot slip past the limit together.
        Raises: TooMany; Unavailable when Redis does not answer.
        """
        keys = _keys(subjects)
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
        return keys

    async def give_back(self, keys: list[str]) -> None:
        """Best effort: at worst a success counts as a failure for the rest of the minute."""
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                for key in keys:
                    pipe.decr(key)
                    pipe.expire(key, WINDOW_S)
                await pipe.execute()
        except RedisError:
            return


def _keys(subjects: tuple[str, ...]) -> list[str]:
    """Digests, so that Redis holds neither addresses of people nor of machines."""
    minute = int(time.time() // WINDOW_S)
    digests = [hashlib.sha256(subject.encode()).hexdigest()[:32] for subject in subjects]
    return [f"parley:attempts:{digest}:{minute}" for digest in digests]
