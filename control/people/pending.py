"""What is under way between two requests of somebody who is not signed in yet: a ticket for each, in Redis.

A ticket is 256 random bits and good for a few minutes. `take` gives what it stands for once. Redis holds a
digest of it, so that a look into Redis gives nobody a ticket. Without Redis nobody signs in.
"""

from enum import StrEnum
from typing import Final, TypeVar

from pydantic import BaseModel
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import NotAuthenticated, Unavailable
from control.credentials import hash_token, new_token

T = TypeVar("T", bound=BaseModel)

SIGN_IN_S: Final = 10 * 60


class PendingKind(StrEnum):
    SECOND_FACTOR = "second-factor"
    PASSKEY_SIGN_IN = "passkey-sign-in"
    PASSKEY_REGISTRATION = "passkey-registration"
    PROVIDER_SIGN_IN = "provider-sign-in"


class Pending:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, kind: PendingKind, what: BaseModel, ttl_s: int = SIGN_IN_S) -> str:
        """The ticket. Raises: Unavailable."""
        ticket = new_token()
        try:
            await self._redis.set(_key(kind, ticket), what.model_dump_json(), ex=ttl_s)
        except RedisError as error:
            raise Unavailable("signing in is closed for the moment; try again") from error
        return ticket

    async def take(self, kind: PendingKind, ticket: str, model: type[T]) -> T:
        """What the ticket stands for; it is used up. Raises: NotAuthenticated, Unavailable."""
        return _parsed(await self._read(kind, ticket, once=True), model)

    async def look(self, kind: PendingKind, ticket: str, model: type[T]) -> T:
        """The same, and the ticket stays good. Raises: NotAuthenticated, Unavailable."""
        return _parsed(await self._read(kind, ticket, once=False), model)

    async def attempt(self, kind: PendingKind, ticket: str, model: type[T], *, tries: int) -> T:
        """What it stands for, so many times and no more; counted before it is looked at, so that parallel
        guesses cannot slip past together. `take` it after the right one.

        Raises: NotAuthenticated, Unavailable.
        """
        key = _key(kind, ticket)
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.incr(f"{key}:tries")
                pipe.expire(f"{key}:tries", SIGN_IN_S)
                pipe.get(key)
                count, _, found = await pipe.execute()
            if count > tries:
                await self._redis.delete(key)
                found = None
        except RedisError as error:
            raise Unavailable("signing in is closed for the moment; try again") from error
        return _parsed(found, model)

    async def _read(self, kind: PendingKind, ticket: str, *, once: bool) -> str | None:
        key = _key(kind, ticket)
        try:
            found = await (self._redis.getdel(key) if once else self._redis.get(key))
        except RedisError as error:
            raise Unavailable("signing in is closed for the moment; try again") from error
        # The client decodes answers; its types cannot know.
        return None if found is None else str(found)


def _parsed(found: str | None, model: type[T]) -> T:
    if found is None:
        raise NotAuthenticated("this took too long, or was done already; start again")
    return model.model_validate_json(found)


def _key(kind: PendingKind, ticket: str) -> str:
    return f"parley:pending:{kind}:{hash_token(ticket).hex()}"
