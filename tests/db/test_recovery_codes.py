"""Recovery codes: for the person whom they were made for, once, and of no use to a thief of the database."""

import asyncio
import hashlib
import math

import pytest

from agent.wire import UserId
from control.keyring import KEY_BYTES, KeyRing
from control.people.recovery_codes import ALPHABET, CODES, GROUP_CHARS, GROUPS, RecoveryCodes
from control.store.db import Database
from control.store.factors import count_recovery_codes
from tests.fixtures.database import TenantSample

OLD, NEW = {"old": b"o" * KEY_BYTES}, {"new": b"n" * KEY_BYTES}


@pytest.fixture
def codes() -> RecoveryCodes:
    return RecoveryCodes(KeyRing(OLD))


async def make(db: Database, codes: RecoveryCodes, owner: TenantSample) -> list[str]:
    async with db.person(owner.user_id) as conn:
        return await codes.make(conn, owner.user_id)


async def use(db: Database, codes: RecoveryCodes, user_id: UserId, code: str) -> bool:
    async with db.person(user_id) as conn:
        return await codes.use(conn, user_id, code)


async def left(db: Database, owner: TenantSample) -> int:
    async with db.person(owner.user_id) as conn:
        return await count_recovery_codes(conn)


async def test_ten_codes_are_made_of_at_least_128_bits_each_in_groups_without_look_alikes(
    database: Database, tenant: TenantSample, codes: RecoveryCodes
) -> None:
    made = await make(database, codes, tenant)

    assert len(set(made)) == CODES == 10
    assert {len(group) for code in made for group in code.split("-")} == {GROUP_CHARS}
    assert set("".join(made)) <= {*ALPHABET, "-"}
    assert not set(ALPHABET) & set("ILOU")
    assert GROUPS * GROUP_CHARS * math.log2(len(ALPHABET)) >= 128


async def test_each_code_works_once(database: Database, tenant: TenantSample, codes: RecoveryCodes) -> None:
    made = await make(database, codes, tenant)

    first = [await use(database, codes, tenant.user_id, code) for code in made]
    again = [await use(database, codes, tenant.user_id, code) for code in made]

    assert (all(first), any(again)) == (True, False)
    assert await left(database, tenant) == 0


async def test_a_code_is_read_as_it_was_meant(
    database: Database, tenant: TenantSample, codes: RecoveryCodes
) -> None:
    first, second, third, *_ = await make(database, codes, tenant)

    assert await use(database, codes, tenant.user_id, first.lower().replace("-", ""))
    assert await use(database, codes, tenant.user_id, f" {second.replace('-', ' ')} ")
    assert await use(database, codes, tenant.user_id, third.replace("0", "o").replace("1", "l"))


@pytest.mark.parametrize("code", ["", "-", "0000-0000-0000-0000", "x" * 64, "é" * 16])
async def test_what_was_never_made_opens_nothing(
    database: Database, tenant: TenantSample, codes: RecoveryCodes, code: str
) -> None:
    await make(database, codes, tenant)

    assert not await use(database, codes, tenant.user_id, code)
    assert await left(database, tenant) == CODES


async def test_of_one_code_used_in_parallel_one_use_is_accepted(
    database: Database, tenant: TenantSample, codes: RecoveryCodes
) -> None:
    code, *_ = await make(database, codes, tenant)

    accepted = await asyncio.gather(*(use(database, codes, tenant.user_id, code) for _ in range(8)))

    assert sum(accepted) == 1
    assert await left(database, tenant) == CODES - 1


async def test_a_code_of_another_person_opens_nothing(
    database: Database, tenant: TenantSample, other_tenant: TenantSample, codes: RecoveryCodes
) -> None:
    await make(database, codes, tenant)
    attackers, *_ = await make(database, codes, other_tenant)

    assert not await use(database, codes, tenant.user_id, attackers)
    assert await use(database, codes, other_tenant.user_id, attackers)


async def test_a_digest_that_was_moved_to_another_persons_row_opens_nothing(
    database: Database, tenant: TenantSample, other_tenant: TenantSample, codes: RecoveryCodes
) -> None:
    """Somebody who can write to the database plants the digest of a code that they know."""
    attackers, *_ = await make(database, codes, other_tenant)
    async with database.person(other_tenant.user_id) as conn:
        digests = [row["code_hash"] for row in await conn.fetch("select code_hash from recovery_codes")]
    async with database.person(tenant.user_id) as conn:
        await conn.executemany(
            "insert into recovery_codes (code_hash) values ($1)", [(digest,) for digest in digests]
        )

    assert not await use(database, codes, tenant.user_id, attackers)


async def test_new_codes_make_the_former_ones_worthless(
    database: Database, tenant: TenantSample, codes: RecoveryCodes
) -> None:
    former = await make(database, codes, tenant)
    new = await make(database, codes, tenant)

    assert not any([await use(database, codes, tenant.user_id, code) for code in former])
    assert await use(database, codes, tenant.user_id, new[0])


async def test_a_copy_of_the_database_cannot_confirm_a_guess(
    database: Database, tenant: TenantSample, codes: RecoveryCodes
) -> None:
    code, *_ = await make(database, codes, tenant)
    async with database.person(tenant.user_id) as conn:
        stored = {row["code_hash"] for row in await conn.fetch("select code_hash from recovery_codes")}

    bare = code.replace("-", "").encode()
    guesses = [code.encode(), bare, tenant.user_id.bytes + bare]

    assert not stored & {hashlib.sha256(guess).digest() for guess in guesses}
    assert not stored & set(guesses)


async def test_codes_outlive_a_rotation_of_the_ring_and_end_with_their_key(
    database: Database, tenant: TenantSample, codes: RecoveryCodes
) -> None:
    first, second, *_ = await make(database, codes, tenant)

    assert await use(database, RecoveryCodes(KeyRing(NEW | OLD)), tenant.user_id, first)
    assert not await use(database, RecoveryCodes(KeyRing(NEW)), tenant.user_id, second)
