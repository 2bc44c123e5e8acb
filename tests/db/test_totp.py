"""Codes of an authenticator app: each is good for its moment, its person and one use."""

import asyncio
from dataclasses import dataclass

import pyotp
import pytest

from control.keyring import KEY_BYTES, KeyRing
from control.people.totp import MAX_FAILURES, SEED_BYTES, STEP_S, Totp, app_uri
from control.store.db import Connection, Database
from control.store.factors import confirmed_seeds, find_unconfirmed, list_factors
from control.store.system import FactorId
from tests.fixtures.database import TenantSample

OLD, NEW = {"old": b"o" * KEY_BYTES}, {"new": b"n" * KEY_BYTES}
NOON_S = 1_796_126_400.0


@dataclass(slots=True)
class Clock:
    now_s: float = NOON_S

    def __call__(self) -> float:
        return self.now_s


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody's app, and the server that believes it."""

    db: Database
    owner: TenantSample
    totp: Totp
    clock: Clock
    factor_id: FactorId
    secret: str

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(self.clock.now_s), counter_offset=steps)

    async def verify(self, code: str, totp: Totp | None = None, owner: TenantSample | None = None) -> bool:
        who = owner or self.owner
        async with self.db.person(who.user_id) as conn:
            return await (totp or self.totp).verify(conn, who.user_id, code)

    async def column(self, name: str) -> object:
        async with self.db.person(self.owner.user_id) as conn:
            rows = await conn.fetch("select * from mfa_factors where id = $1", self.factor_id)
        return rows[0][name]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def phone(database: Database, tenant: TenantSample, clock: Clock) -> Phone:
    return await give_phone(database, tenant, clock)


async def give_phone(db: Database, owner: TenantSample, clock: Clock, ring: KeyRing | None = None) -> Phone:
    """Confirmed two steps ago."""
    totp = Totp(ring or KeyRing(OLD), clock)
    clock.now_s -= 2 * STEP_S
    async with db.person(owner.user_id) as conn:
        factor_id, secret = await totp.enrol(conn, owner.user_id, "phone")
        assert await confirm(conn, totp, owner, factor_id, pyotp.TOTP(secret).at(int(clock.now_s)))
    clock.now_s += 2 * STEP_S
    return Phone(db, owner, totp, clock, factor_id, secret)


async def confirm(conn: Connection, totp: Totp, owner: TenantSample, factor_id: FactorId, code: str) -> bool:
    found = await find_unconfirmed(conn, factor_id)
    assert found is not None
    return await totp.confirm(conn, owner.user_id, found.seed, code)


async def test_the_code_of_now_is_accepted_and_the_spaces_that_apps_show_do_not_matter(phone: Phone) -> None:
    code = phone.code()

    assert await phone.verify(f"{code[:3]} {code[3:]} ")


@pytest.mark.parametrize("steps", [-1, 1])
async def test_the_code_beside_it_is_accepted_because_clocks_differ(phone: Phone, steps: int) -> None:
    assert await phone.verify(phone.code(steps))


@pytest.mark.parametrize("steps", [-2, 2, -10, 1000])
async def test_a_code_of_an_old_or_a_far_step_is_refused(phone: Phone, steps: int) -> None:
    phone.clock.now_s += 100 * STEP_S

    assert not await phone.verify(phone.code(steps))


@pytest.mark.parametrize("code", ["", "0", "abcdef", "١٢٣٤٥٦", "1" * 64, "-12345", "12345\n"])
async def test_what_is_no_code_is_refused(phone: Phone, code: str) -> None:
    assert not await phone.verify(code)


async def test_a_code_that_was_replayed_is_refused(phone: Phone) -> None:
    code = phone.code()
    assert await phone.verify(code)

    assert not await phone.verify(code)


async def test_the_code_before_one_that_was_used_is_refused(phone: Phone) -> None:
    assert await phone.verify(phone.code())

    assert not await phone.verify(phone.code(-1))
    assert await phone.verify(phone.code(1))


async def test_of_one_code_used_in_parallel_one_use_is_accepted(phone: Phone) -> None:
    code = phone.code()

    accepted = await asyncio.gather(*(phone.verify(code) for _ in range(8)))

    assert sum(accepted) == 1


async def test_the_code_that_confirmed_an_app_does_not_sign_in_as_well(
    database: Database, tenant: TenantSample, clock: Clock
) -> None:
    totp = Totp(KeyRing(OLD), clock)
    async with database.person(tenant.user_id) as conn:
        factor_id, secret = await totp.enrol(conn, tenant.user_id, "phone")
        code = pyotp.TOTP(secret).at(int(clock.now_s))
        assert await confirm(conn, totp, tenant, factor_id, code)

        assert not await totp.verify(conn, tenant.user_id, code)


async def test_a_code_of_another_persons_app_is_refused(
    phone: Phone, other_tenant: TenantSample, clock: Clock
) -> None:
    attackers = await give_phone(phone.db, other_tenant, clock)

    assert not await phone.verify(attackers.code())
    assert await attackers.verify(attackers.code())


async def test_an_app_that_was_not_confirmed_proves_nothing(
    database: Database, tenant: TenantSample, clock: Clock
) -> None:
    totp = Totp(KeyRing(OLD), clock)
    async with database.person(tenant.user_id) as conn:
        _, secret = await totp.enrol(conn, tenant.user_id, "phone")

        assert not await totp.verify(conn, tenant.user_id, pyotp.TOTP(secret).at(int(clock.now_s)))


async def test_a_wrong_code_confirms_nothing(database: Database, tenant: TenantSample, clock: Clock) -> None:
    totp = Totp(KeyRing(OLD), clock)
    async with database.person(tenant.user_id) as conn:
        factor_id, secret = await totp.enrol(conn, tenant.user_id, "phone")
        wrong = pyotp.TOTP(secret).at(int(clock.now_s), counter_offset=5)

        assert not await confirm(conn, totp, tenant, factor_id, wrong)
        assert [item.confirmed_at for item in await list_factors(conn)] == [None]


async def test_a_new_app_takes_the_place_of_one_that_was_left_unconfirmed(
    phone: Phone, database: Database, tenant: TenantSample
) -> None:
    async with database.person(tenant.user_id) as conn:
        for name in ("first", "second", "third"):
            await phone.totp.enrol(conn, tenant.user_id, name)
        names = [item.name for item in await list_factors(conn)]

    assert names == ["phone", "third"]


async def test_each_of_a_persons_apps_is_believed(phone: Phone, clock: Clock) -> None:
    second = await give_phone(phone.db, phone.owner, clock)

    assert await second.verify(second.code())
    assert await phone.verify(phone.code())


async def test_a_seed_is_160_bits_and_not_readable_at_rest(phone: Phone) -> None:
    seed = pyotp.TOTP(phone.secret).byte_secret()
    sealed = await phone.column("sealed_seed")

    assert len(seed) == SEED_BYTES == 20
    assert isinstance(sealed, bytes)
    assert seed not in sealed
    assert phone.secret.encode() not in sealed


async def test_a_seed_that_was_moved_to_another_persons_row_opens_nothing(
    phone: Phone, other_tenant: TenantSample, clock: Clock
) -> None:
    """Somebody who can write to the database puts a seed that they know into another's row."""
    attackers = await give_phone(phone.db, other_tenant, clock)
    async with phone.db.person(phone.owner.user_id) as conn:
        await conn.execute("update mfa_factors set sealed_seed = $1", await attackers.column("sealed_seed"))

    assert not await phone.verify(attackers.code())


async def test_a_seed_that_was_moved_to_another_factor_of_the_same_person_opens_nothing(
    phone: Phone, clock: Clock
) -> None:
    second = await give_phone(phone.db, phone.owner, clock)
    async with phone.db.person(phone.owner.user_id) as conn:
        await conn.execute(
            "update mfa_factors set sealed_seed = $1 where id = $2",
            await phone.column("sealed_seed"),
            second.factor_id,
        )
        await conn.execute("delete from mfa_factors where id = $1", phone.factor_id)

    assert not await phone.verify(phone.code())


async def test_a_row_that_was_copied_to_another_person_opens_nothing(
    phone: Phone, other_tenant: TenantSample
) -> None:
    async with phone.db.person(other_tenant.user_id) as conn:
        await conn.execute(
            """
            insert into mfa_factors (id, kind, name, sealed_seed, confirmed_at)
            values ($1, 'totp', 'phone', $2, now())
            """,
            phone.factor_id,
            await phone.column("sealed_seed"),
        )

    assert not await phone.verify(phone.code(), owner=other_tenant)


async def test_an_old_key_still_opens_a_seed_which_the_new_one_seals_then(phone: Phone) -> None:
    rotated = Totp(KeyRing(NEW | OLD), phone.clock)

    assert await phone.verify(phone.code(), rotated)

    sealed = await phone.column("sealed_seed")
    assert isinstance(sealed, bytes)
    assert KeyRing(NEW).is_current(sealed)
    assert await phone.verify(phone.code(1), Totp(KeyRing(NEW), phone.clock))


async def test_a_wrong_code_does_not_seal_a_seed_again(phone: Phone) -> None:
    before = await phone.column("sealed_seed")

    assert not await phone.verify("no code", Totp(KeyRing(NEW | OLD), phone.clock))

    assert await phone.column("sealed_seed") == before


async def test_a_seed_under_a_key_that_was_taken_out_opens_nothing(phone: Phone) -> None:
    assert not await phone.verify(phone.code(), Totp(KeyRing(NEW), phone.clock))
    assert await phone.verify(phone.code())


async def test_one_seed_that_cannot_be_opened_does_not_stop_the_others(phone: Phone, clock: Clock) -> None:
    second = await give_phone(phone.db, phone.owner, clock, KeyRing(NEW))

    assert await phone.verify(second.code(), Totp(KeyRing(NEW), clock))


async def test_patience_does_not_pay_because_an_app_is_locked_after_a_hundred_wrong_codes(
    phone: Phone,
) -> None:
    async with phone.db.person(phone.owner.user_id) as conn:
        await conn.execute("update mfa_factors set failures = $1", MAX_FAILURES - 1)
    assert not await phone.verify("no code")

    assert await phone.column("failures") == MAX_FAILURES
    assert not await phone.verify(phone.code())


async def test_a_right_code_forgives_the_wrong_ones_before_it(phone: Phone) -> None:
    async with phone.db.person(phone.owner.user_id) as conn:
        await conn.execute("update mfa_factors set failures = $1", MAX_FAILURES - 1)

    assert await phone.verify(phone.code())

    assert await phone.column("failures") == 0


async def test_another_persons_apps_are_not_locked_by_it(
    phone: Phone, other_tenant: TenantSample, clock: Clock
) -> None:
    attackers = await give_phone(phone.db, other_tenant, clock)
    for _ in range(3):
        assert not await attackers.verify("no code")

    async with phone.db.person(phone.owner.user_id) as conn:
        seeds = await confirmed_seeds(conn)

    assert [seed.failures for seed in seeds] == [0]


def test_what_the_app_scans_says_site_account_and_seed() -> None:
    parsed = pyotp.parse_uri(app_uri("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "ada@harbor.example"))

    assert isinstance(parsed, pyotp.TOTP)
    assert (parsed.issuer, parsed.name) == ("Parley", "ada@harbor.example")
    assert (parsed.interval, parsed.digits) == (STEP_S, 6)
    assert parsed.secret == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
