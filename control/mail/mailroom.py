"""Where letters are handed in: sealed, and written in the transaction of what they tell of.

A letter may carry a link that lets its reader in, so it is sealed until it leaves. What somebody who is not
signed in asks for goes in as an order, whatever the address: the letter is written when it leaves, so that
neither the answer nor its time tells who has an account. `postman` writes and sends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pydantic import TypeAdapter

from control.keyring import KeyRing
from control.store.db import Connection, Database
from control.store.outbox import OutboxKind, put_for_person, put_for_tenant

PLACE: Final = "outbox letter"


@dataclass(frozen=True, slots=True)
class Letter:
    """`text`: plain, in lines of at most 72 characters; a link stands on a line of its own."""

    to: str
    subject: str
    text: str = field(repr=False)


class OrderKind(StrEnum):
    SIGN_UP = "sign_up"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a kind


@dataclass(frozen=True, slots=True)
class Order:
    """A letter that somebody asked for who said whose address it is, and may have been wrong."""

    order: OrderKind
    email: str


_CONTENTS: Final[TypeAdapter[Letter | Order]] = TypeAdapter(Letter | Order)


class Mailroom:
    """`on_letter` is called for each, before its transaction has ended."""

    def __init__(self, db: Database, ring: KeyRing, on_letter: Callable[[], None] = lambda: None) -> None:
        self._db = db
        self._ring = ring
        self._on_letter = on_letter

    async def to_person(self, conn: Connection, letter: Letter) -> None:
        """In the person's context."""
        await put_for_person(conn, OutboxKind.LETTER, self._seal(letter))

    async def for_tenant(self, conn: Connection, letter: Letter) -> None:
        """In the tenant's context: to somebody whom it asks to join."""
        await put_for_tenant(conn, OutboxKind.LETTER, self._seal(letter))

    async def order(self, order: Order) -> None:
        """Raises: DatabaseUnavailable."""
        await self._db.system.put_letter(self._seal(order))

    def _seal(self, content: Letter | Order) -> bytes:
        self._on_letter()
        return self._ring.seal(_CONTENTS.dump_json(content), place=PLACE)


def unseal(ring: KeyRing, sealed: bytes) -> Letter | Order:
    """Raises: InvalidInput when it was sealed by a key that is gone."""
    return _CONTENTS.validate_json(ring.open(sealed, place=PLACE))
