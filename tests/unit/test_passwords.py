"""Hashing passwords: as slow as it should be, and never more at once than there is memory for."""

import asyncio
import threading
from typing import Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters, profiles

from agent.errors import TooMany
from control.people.passwords import MAX_WAITING, NOBODY, PROFILE, THREADS, PasswordHasherPool

CHEAP = profiles.CHEAPEST


class GatedHasher(PasswordHasher):
    """Counts how many run at once, and lets none end before `gate` opens."""

    def __init__(self) -> None:
        super().__init__(CHEAP.time_cost, CHEAP.memory_cost, CHEAP.parallelism)
        self.gate = threading.Event()
        self.verified: list[str | bytes] = []
        self.most = 0
        self._running = 0
        self._lock = threading.Lock()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        with self._lock:
            self.verified.append(hash)
            self._running += 1
            self.most = max(self.most, self._running)
        try:
            self.gate.wait(10)
            return super().verify(hash, password)
        finally:
            with self._lock:
                self._running -= 1


@pytest.fixture
def cheap() -> PasswordHasher:
    return PasswordHasher.from_parameters(CHEAP)


async def test_a_password_matches_its_own_hash_and_no_other(cheap: PasswordHasher) -> None:
    pool = PasswordHasherPool(cheap)
    stored = await pool.hash("correct horse")

    assert await pool.matches("correct horse", stored)
    assert not await pool.matches("correct horses", stored)
    assert not await pool.matches("Correct horse", stored)
    assert not await pool.matches("correct horse", "not a hash")
    pool.close()


async def test_hashes_are_argon2id_of_the_second_recommended_profile() -> None:
    pool = PasswordHasherPool()
    stored = await pool.hash("correct horse battery")
    pool.close()

    assert stored.startswith("$argon2id$")
    assert extract_parameters(stored) == PROFILE
    assert (PROFILE.memory_cost, PROFILE.time_cost, PROFILE.parallelism) == (64 * 1024, 3, 4)
    assert (PROFILE.salt_len, PROFILE.hash_len) == (16, 32)


async def test_equal_passwords_cannot_be_told_from_their_hashes(cheap: PasswordHasher) -> None:
    pool = PasswordHasherPool(cheap)

    assert await pool.hash("correct horse") != await pool.hash("correct horse")
    pool.close()


async def test_no_character_is_cut_off(cheap: PasswordHasher) -> None:
    pool = PasswordHasherPool(cheap)
    stored = await pool.hash("x" * 1023 + "y")

    assert await pool.matches("x" * 1023 + "y", stored)
    assert not await pool.matches("x" * 1023 + "z", stored)
    assert not await pool.matches("x" * 72, stored)
    pool.close()


async def test_a_password_is_the_same_however_a_keyboard_composes_its_characters(
    cheap: PasswordHasher,
) -> None:
    pool = PasswordHasherPool(cheap)
    stored = await pool.hash("caf\u00e9 con leche")

    assert await pool.matches("cafe\u0301 con leche", stored)
    assert not await pool.matches("cafe con leche", stored)
    pool.close()


async def test_an_unknown_account_cannot_be_told_by_time_since_it_costs_one_verification_as_well() -> None:
    hasher = GatedHasher()
    hasher.gate.set()
    pool = PasswordHasherPool(hasher)
    stored = await pool.hash("correct horse")

    assert not await pool.matches("wrong", stored)
    assert not await pool.matches("wrong", None)

    assert hasher.verified == [stored, NOBODY]
    assert extract_parameters(NOBODY) == PROFILE
    pool.close()


async def test_a_flood_of_sign_ins_never_hashes_more_at_once_than_there_are_threads() -> None:
    hasher = GatedHasher()
    pool = PasswordHasherPool(hasher)
    stored = await pool.hash("correct horse")
    flood = [asyncio.create_task(pool.matches("wrong", stored)) for _ in range(300)]
    await asyncio.sleep(0)  # each has begun
    waiting = [task for task in flood if not task.done()]
    shed = [task.exception() for task in flood if task.done()]

    assert len(waiting) == MAX_WAITING
    assert len(shed) == 300 - MAX_WAITING
    assert all(isinstance(error, TooMany) and error.retry_after_s >= 1 for error in shed)

    hasher.gate.set()
    assert await asyncio.gather(*waiting) == [False] * MAX_WAITING
    assert hasher.most == THREADS
    assert await pool.matches("correct horse", stored)
    pool.close()


async def test_hashing_a_new_password_is_shed_in_a_flood_as_well() -> None:
    hasher = GatedHasher()
    pool = PasswordHasherPool(hasher)
    stored = await pool.hash("correct horse")
    flood = [asyncio.create_task(pool.matches("wrong", stored)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)

    with pytest.raises(TooMany):
        await pool.hash("another password")

    hasher.gate.set()
    await asyncio.gather(*flood)
    assert await pool.hash("another password")
    pool.close()


async def test_who_goes_away_makes_room_for_others() -> None:
    hasher = GatedHasher()
    pool = PasswordHasherPool(hasher)
    stored = await pool.hash("correct horse")
    flood = [asyncio.create_task(pool.matches("wrong", stored)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)
    hasher.gate.set()

    assert await pool.matches("correct horse", stored)
    assert hasher.most <= THREADS
    pool.close()


@pytest.mark.parametrize(
    "older",
    [
        pytest.param(profiles.CHEAPEST, id="cheaper"),
        pytest.param(profiles.PRE_21_2, id="the library's own of before"),
    ],
)
async def test_a_hash_of_other_parameters_is_known_as_such(older: Parameters) -> None:
    pool = PasswordHasherPool()

    assert pool.needs_rehash(PasswordHasher.from_parameters(older).hash("x"))
    assert not pool.needs_rehash(NOBODY)
    pool.close()
