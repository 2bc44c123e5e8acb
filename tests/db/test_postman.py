"""Letters on their way from the outbox: once, later, or never, and never in the clear at rest."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from agent.errors import InvalidInput, Unavailable
from control.keyring import KeyRing
from control.mail.mailroom import Letter, Mailroom, Order, OrderKind
from control.mail.postman import Postman, letter_courier
from control.store.db import Database
from tests.fixtures.control import eventually
from tests.fixtures.database import TenantSample

RING = KeyRing({"one": bytes(range(32))})
LETTER = Letter("ada@harbor.example", "Hello", "https://parley.example/reset/secret-link\n")


class Desk:
    """Writes what is ordered, and delivers. `errors`: raised by the next deliveries, one each."""

    def __init__(self, *errors: Exception, answer: Letter | None = LETTER) -> None:
        self.errors = list(errors)
        self.answer = answer
        self.orders: list[tuple[str, bool]] = []
        self.delivered: list[Letter] = []

    async def write(self, order: Order, *, is_first: bool) -> Letter | None:
        self.orders.append((order.email, is_first))
        return self.answer

    async def deliver(self, letter: Letter, letter_id: UUID) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.delivered.append(letter)

    def close(self) -> None:
        """Nothing is open."""


async def hand_in(database: Database, tenant: TenantSample, ring: KeyRing = RING) -> None:
    async with database.person(tenant.user_id) as conn:
        await Mailroom(database, ring).to_person(conn, LETTER)


async def deliver(database: Database, desk: Desk, ring: KeyRing = RING) -> None:
    await letter_courier(database, Postman(ring, desk, desk)).deliver()


async def waiting(database: Database, tenant: TenantSample) -> dict[str, Any]:
    """The one letter of the person that has not left; `rest`: until it is due."""
    async with database.person(tenant.user_id) as conn:
        row = await conn.fetchrow("select attempts, due_at - now() as rest, last_error from outbox")
    assert row is not None
    return dict(row)


async def change(database: Database, tenant: TenantSample, statement: str) -> None:
    async with database.person(tenant.user_id) as conn:
        await conn.execute(statement)


async def count(database: Database, tenant: TenantSample) -> int:
    async with database.person(tenant.user_id) as conn:
        return int(await conn.fetchval("select count(*) from outbox"))


async def test_a_letter_is_delivered_once(database: Database, tenant: TenantSample) -> None:
    desk = Desk()
    await hand_in(database, tenant)

    await deliver(database, desk)
    await deliver(database, desk)

    assert desk.delivered == [LETTER]
    assert await count(database, tenant) == 0


async def test_a_letter_of_a_transaction_that_fails_is_never_sent(
    database: Database, tenant: TenantSample
) -> None:
    desk = Desk()
    try:
        async with database.person(tenant.user_id) as conn:
            await Mailroom(database, RING).to_person(conn, LETTER)
            raise InvalidInput("changed their mind")
    except InvalidInput:
        pass

    await deliver(database, desk)

    assert desk.delivered == []


async def test_the_database_holds_no_word_of_a_letter(
    database: Database, tenant: TenantSample, owner_connection: asyncpg.Connection
) -> None:
    await hand_in(database, tenant)
    await Mailroom(database, RING).order(Order(OrderKind.RESET_PASSWORD, "ada@harbor.example"))

    payloads = [bytes(row["payload"]) for row in await owner_connection.fetch("select payload from outbox")]

    assert len(payloads) == 2
    for word in (b"secret-link", b"ada@harbor.example", b"Hello", b"reset_password"):
        assert not any(word in payload for payload in payloads)


async def test_a_letter_rests_a_minute_and_twice_as_long_each_time(
    database: Database, tenant: TenantSample
) -> None:
    desk = Desk(*(Unavailable("away") for _ in range(9)))
    await hand_in(database, tenant)
    rests = []
    for _ in range(9):
        await deliver(database, desk)
        rests.append((await waiting(database, tenant))["rest"] / timedelta(minutes=1))
        await change(database, tenant, "update outbox set due_at = now()")

    most = [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert all(0.7 * most_min <= rest <= most_min for rest, most_min in zip(rests, most, strict=True)), rests
    await deliver(database, desk)
    assert desk.delivered == [LETTER]


async def test_a_letter_that_rests_is_left_alone(database: Database, tenant: TenantSample) -> None:
    desk = Desk(Unavailable("away"))
    await hand_in(database, tenant)
    await deliver(database, desk)
    await deliver(database, desk)

    assert (await waiting(database, tenant))["attempts"] == 1
    assert (await waiting(database, tenant))["last_error"] == "unavailable"


async def test_a_letter_that_can_never_arrive_is_given_up(database: Database, tenant: TenantSample) -> None:
    await hand_in(database, tenant)

    await deliver(database, Desk(InvalidInput("no such mailbox")))

    assert await count(database, tenant) == 0


async def test_a_letter_is_given_up_after_three_days(database: Database, tenant: TenantSample) -> None:
    await hand_in(database, tenant)
    await change(database, tenant, "update outbox set created_at = now() - interval '71 hours'")
    await deliver(database, Desk(Unavailable("away")))
    assert await count(database, tenant) == 1

    await change(
        database, tenant, "update outbox set due_at = now(), created_at = now() - interval '73 hours'"
    )
    await deliver(database, Desk(Unavailable("away")))
    assert await count(database, tenant) == 0


async def test_a_letter_by_a_key_that_is_gone_waits_for_the_key(
    database: Database, tenant: TenantSample
) -> None:
    desk = Desk()
    await hand_in(database, tenant)
    await deliver(database, desk, KeyRing({"two": bytes(32)}))
    assert (desk.delivered, await count(database, tenant)) == ([], 1)

    await change(database, tenant, "update outbox set due_at = now()")
    await deliver(database, desk, KeyRing({"two": bytes(32), "one": bytes(range(32))}))
    assert desk.delivered == [LETTER]


async def test_what_was_sealed_for_another_place_is_no_letter(
    database: Database, tenant: TenantSample
) -> None:
    desk = Desk()
    await database.system.put_letter(RING.seal(b'{"to": "a@b.example"}', place="sign-up"))

    await deliver(database, desk)

    assert desk.delivered == []


async def test_an_order_is_written_when_it_leaves_and_again_when_it_did_not(
    database: Database, tenant: TenantSample, owner_connection: asyncpg.Connection
) -> None:
    desk = Desk(Unavailable("away"))
    await Mailroom(database, RING).order(Order(OrderKind.SIGN_UP, "lin@harbor.example"))

    await deliver(database, desk)
    await owner_connection.execute("update outbox set due_at = now()")
    await deliver(database, desk)

    assert desk.orders == [("lin@harbor.example", True), ("lin@harbor.example", False)]
    assert desk.delivered == [LETTER]


async def test_an_order_that_nobody_is_to_get_is_settled(
    database: Database, owner_connection: asyncpg.Connection
) -> None:
    desk = Desk(answer=None)
    await Mailroom(database, RING).order(Order(OrderKind.RESET_PASSWORD, "nobody@harbor.example"))

    await deliver(database, desk)

    assert desk.delivered == []
    assert await owner_connection.fetchval("select count(*) from outbox") == 0


async def test_an_order_takes_as_much_room_for_a_known_address_as_for_an_unknown_one(
    database: Database, tenant: TenantSample, owner_connection: asyncpg.Connection
) -> None:
    mailroom = Mailroom(database, RING)
    await mailroom.order(Order(OrderKind.RESET_PASSWORD, tenant.email))
    await mailroom.order(Order(OrderKind.RESET_PASSWORD, "x" * (len(tenant.email) - 10) + "@b.example"))

    rows = await owner_connection.fetch(
        "select tenant_id, user_id, kind, octet_length(payload) as size from outbox"
    )

    assert len(rows) == 2
    assert len({tuple(row.values()) for row in rows}) == 1


async def test_a_database_that_is_away_is_waited_for(
    database_url: str, tenant: TenantSample, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("control.courier.FIRST_REST_S", 0.05)
    monkeypatch.setattr("control.store.pool.ACQUIRE_TIMEOUT_S", 0.05)
    busy, desk = await Database.open(database_url, max_connections=1), Desk()
    await hand_in(busy, tenant)
    courier = letter_courier(busy, Postman(RING, desk, desk))

    async def was_noticed() -> bool:
        return any(record.message == "outbox not read" for record in caplog.records)

    async def has_arrived() -> bool:
        return desk.delivered == [LETTER]

    async with busy.tenant(tenant.id):
        courier.start()
        await eventually(was_noticed, "an outage")
    await eventually(has_arrived, "the letter")
    await courier.aclose()
    await busy.aclose()
