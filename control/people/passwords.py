"""Argon2id, in a few threads of its own, so that signing in never holds up the event loop.

At most THREADS hashes run at once and a few wait; who comes later is told to come back, so a flood of
sign-ins costs a bounded amount of memory. An unknown account costs the same as a wrong password: it is
checked against a hash nobody can match, so neither the answer nor its time tells which addresses have
accounts.
"""

import asyncio
import os
import sys
import threading
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeVar

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from agent.errors import TooMany

T = TypeVar("T")

MAX_PASSWORD_CHARS: Final = 1024
THREADS: Final = 1
"""A hash takes 64 MiB and works on four lanes: a second one beside it would only slow both."""
MAX_WAITING: Final = 16
"""Hashes that run or wait: about 2 s of work on one core, longer than which nobody waits gladly."""
RETRY_AFTER_S: Final = 3
NICENESS: Final = 19
"""Whoever is talking goes before whoever signs in: Linux gives these threads what is left over."""

PROFILE: Final = profiles.RFC_9106_LOW_MEMORY
"""Source: RFC 9106, section 4, the second recommended option: 3 passes over 64 MiB, 4 lanes."""

NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$dDNkbC6vMeCVkQGCwWNk9w$dZ8/RlYioD2J9RJOx+OI8A/5iCjHxpm7nyI/cQQVUSQ"
)
"""The hash of 256 random bits that were thrown away."""


class PasswordHasherPool:
    """A password is the same however its characters were composed: it is brought into Unicode's NFC."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(PROFILE)
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2", initializer=_give_way)
        self._taken = 0

    async def hash(self, password: str) -> str:
        """The encoded hash, with a fresh salt. Raises: TooMany."""
        with self.place():
            return await self._run(lambda: self._hasher.hash(normalized(password)))

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """As `Place.matches`. Raises: TooMany when too many are waiting already."""
        with self.place() as place:
            return await place.matches(password, password_hash)

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """One of the places for those who wait. Whoever looks something up before they hash takes it first:
        then a flood is turned away before it reaches the database.

        Raises: TooMany.
        """
        if self._taken >= MAX_WAITING:
            raise TooMany("too many people are signing in at once; try again in a moment", RETRY_AFTER_S)
        self._taken += 1
        try:
            yield Place(self._verify)
        finally:
            self._taken -= 1

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _verify(self, password: str, password_hash: str) -> bool:
        def verify() -> bool:
            try:
                return self._hasher.verify(password_hash, normalized(password))
            except (VerificationError, InvalidHashError):
                return False

        return await self._run(verify)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


class Place:
    """Of somebody who waits; good until they leave it."""

    def __init__(self, verify: Callable[[str, str], Awaitable[bool]]) -> None:
        self._verify = verify

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether they belong together; `None` (no such account) takes as long and is False."""
        matched = await self._verify(password, password_hash or NOBODY)
        return matched and password_hash is not None


def normalized(password: str) -> str:
    """As it is hashed and measured. Source: NIST SP 800-63B-4, section 3.1.1.2."""
    return unicodedata.normalize("NFC", password)


def _give_way() -> None:
    """Lets the event loop run first: on Linux each thread has a niceness, which its lanes inherit."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
