"""Where letters are handed in: sealed, and written in the transaction of what they tell of.

A letter may carry a link that lets its reader in, so it is sealed until it leaves. `courier` sends it.
"""

from dataclasses import dataclass, field
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


_LETTERS: Final = TypeAdapter(Letter)


class Mailroom:
    def __init__(self, db: Database, ring: KeyRing) -> None:
        self._db = db
        self._ring = ring

    async def to_person(self, conn: Connection, letter: Letter) -> None:
        """In the person's context."""
        await put_for_person(conn, OutboxKind.LETTER, self._seal(letter))

    async def for_tenant(self, conn: Connection, letter: Letter) -> None:
        """In the tenant's context: to somebody whom it asks to join."""
        await put_for_tenant(conn, OutboxKind.LETTER, self._seal(letter))

    async def to_stranger(self, letter: Letter) -> None:
        """To an address that belongs to no account yet."""
        await self._db.system.put_letter(self._seal(letter))

    def open(self, sealed: bytes) -> Letter:
        """Raises: InvalidInput when it was sealed by a key that is gone."""
        return _LETTERS.validate_json(self._ring.open(sealed, place=PLACE))

    def _seal(self, letter: Letter) -> bytes:
        return self._ring.seal(_LETTERS.dump_json(letter), place=PLACE)
