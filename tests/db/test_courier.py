"""The courier, against an outbox in a real database and another side that is away or says no."""

from collections.abc import Sequence

import pytest

from agent.errors import InvalidInput, Unavailable
from control.courier import Courier
from control.store.db import Database
from control.store.outbox import OutboxKind
from control.store.system import Parcel


class OtherSide:
    """Keeps what arrives. `errors`: raised by the next deliveries, one each."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.arrived: list[bytes] = []

    async def __call__(self, parcels: Sequence[Parcel]) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.arrived += [parcel.payload for parcel in parcels]


async def _put(database: Database, *payloads: bytes) -> None:
    for payload in payloads:
        await database.system.put_letter(payload)


async def test_what_was_sent_is_not_sent_again(database: Database) -> None:
    await _put(database, b"first", b"second")
    side = OtherSide()
    courier = Courier(database, OutboxKind.LETTER, side)

    await courier.deliver()
    await courier.deliver()

    assert side.arrived == [b"first", b"second"]


async def test_a_batch_that_failed_comes_first_again_when_order_counts(database: Database) -> None:
    await _put(database, b"first", b"second")
    side = OtherSide(Unavailable("away"))
    courier = Courier(database, OutboxKind.LETTER, side, batch=2, in_order=True)

    assert await courier.deliver() == 0
    await _put(database, b"third")
    assert await courier.deliver() == 3

    assert side.arrived == [b"first", b"second", b"third"]


async def test_one_that_failed_does_not_hold_up_the_others(database: Database) -> None:
    await _put(database, b"first", b"second")
    side = OtherSide(ConnectionResetError())

    assert await Courier(database, OutboxKind.LETTER, side).deliver() == 1

    assert side.arrived == [b"second"]


async def test_what_can_never_arrive_is_given_up(database: Database) -> None:
    await _put(database, b"unreadable")
    side = OtherSide(InvalidInput("sealed by a key that is gone"))
    courier = Courier(database, OutboxKind.LETTER, side, in_order=True)

    await courier.deliver()
    await courier.deliver()

    assert side.arrived == []
    assert await database.system.take_outbox("letter", 10, 1) == []


async def test_two_couriers_side_by_side_send_each_parcel_once(database: Database) -> None:
    await _put(database, *(str(number).encode() for number in range(20)))
    one, other = OtherSide(), OtherSide()

    await Courier(database, OutboxKind.LETTER, one, batch=3).deliver()
    await Courier(database, OutboxKind.LETTER, other, batch=3).deliver()

    assert sorted(one.arrived + other.arrived) == sorted(str(number).encode() for number in range(20))


async def test_a_woken_courier_sends_at_once_and_leaves_when_closed(database: Database) -> None:
    side = OtherSide()
    courier = Courier(database, OutboxKind.LETTER, side)
    courier.start()

    await _put(database, b"now")
    courier.wake()
    for _ in range(200):
        if side.arrived:
            break
        await database.ping()
    await courier.aclose()

    assert side.arrived == [b"now"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("control.courier.FIRST_REST_S", 60.0)
