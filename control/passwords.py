"""Argon2id, in a few threads of its own, so that signing in never holds up the event loop.

An unknown account costs the same as a wrong password: it is checked against a hash nobody can match,
so neither the answer nor its time tells which addresses have accounts.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from agent.errors import Unavailable

MAX_PASSWORD_CHARS: Final = 1024
THREADS: Final = 2
"""Each check takes 64 MiB while it runs."""
MAX_WAITING: Final = 32

PROFILE: Final = profiles.RFC_9106_LOW_MEMORY
"""Source: RFC 9106, section 4, the second recommended option: 3 passes over 64 MiB, 4 lanes."""

NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$dDNkbC6vMeCVkQGCwWNk9w$dZ8/RlYioD2J9RJOx+OI8A/5iCjHxpm7nyI/cQQVUSQ"
)
"""The hash of 256 random bits that were thrown away."""

_hasher = PasswordHasher.from_parameters(PROFILE)


def hash_password(password: str) -> str:
    """The encoded Argon2id hash. Blocks for about 50 ms."""
    return _hasher.hash(password)


class PasswordChecker:
    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="argon2")
        self._waiting = 0

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether they belong together; `None` (no such account) takes as long and is False.

        Raises: Unavailable when too many checks are waiting already.
        """
        if self._waiting >= MAX_WAITING:
            raise Unavailable("too many people are signing in at once; try again in a moment")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            matched = await loop.run_in_executor(self._executor, _verify, password, password_hash or NOBODY)
        finally:
            self._waiting -= 1
        return matched and password_hash is not None

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


def _verify(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
