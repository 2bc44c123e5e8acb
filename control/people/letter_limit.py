"""How many letters anybody can have sent: to one mailbox, and from one network address, within an hour.

Counted in Redis for all nodes together, whether or not the mailbox has an account, so that the limit tells
nothing. Without Redis no letter is sent on anybody's word.
"""

import hashlib
import time
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import TooMany, Unavailable

WINDOW_S: Final = 3600
PER_MAILBOX: Final = 5
PER_ADDRESS: Final = 40
"""Of a network address, which may be a whole office's."""


class LetterLimit:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def take(self, mailbox: str, address: str | None) -> None:
        """One letter. Raises: TooMany; Unavailable when Redis does not answer."""
        now_s = time.time()
        window = int(now_s // WINDOW_S)
        keys = (_key("mailbox", mailbox.lower(), window), _key("address", address or "unknown", window))
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                for key in keys:
                    pipe.incr(key)
                    pipe.expire(key, WINDOW_S)
                to_mailbox, _, from_address, _ = await pipe.execute()
        except RedisError as error:
            raise Unavailable("letters cannot be asked for at the moment; try again") from error
        if to_mailbox > PER_MAILBOX or from_address > PER_ADDRESS:
            raise TooMany(
                "too many letters were asked for; look into your mailbox, or try again later",
                WINDOW_S - now_s % WINDOW_S,
            )


def _key(kind: str, subject: str, window: int) -> str:
    """A digest, so that Redis holds addresses of neither people nor machines."""
    return f"parley:letters:{hashlib.sha256(f'{kind} {subject}'.encode()).hexdigest()[:32]}:{window}"
