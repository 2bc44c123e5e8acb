"""Recovery codes: ten words for the day on which every other factor is lost, each good once.

A code is 140 random bits in Crockford's alphabet, which has no letters that look alike; what a person reads
off paper is taken whatever its case and separators. So many bits need no slow hash: at rest there is a
digest, keyed by the ring, so that a copy of the database alone cannot even confirm a guess. Codes are shown
once, when they are made.
"""

import hmac
import secrets
from typing import Final

from agent.wire import UserId
from control.keyring import KeyRing
from control.store.db import Connection
from control.store.factors import replace_recovery_codes, use_recovery_code

CODES: Final = 10
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Source: Crockford's Base32: no I, L, O (read as 1, 1, 0) and no U."""
GROUPS: Final = 7
GROUP_CHARS: Final = 4

_READ_AS: Final = str.maketrans("OIL", "011", "- ")


class RecoveryCodes:
    def __init__(self, ring: KeyRing) -> None:
        self._keys = ring.subkeys("recovery codes")

    async def make(self, conn: Connection, user_id: UserId) -> list[str]:
        """New ones in place of all the former; in the person's context."""
        codes = [_new_code() for _ in range(CODES)]
        await replace_recovery_codes(conn, [_digest(self._keys[0], user_id, code) for code in codes])
        return codes

    async def use(self, conn: Connection, user_id: UserId, code: str) -> bool:
        """Whether it was one of the person's and unused; it is used now."""
        return await use_recovery_code(conn, [_digest(key, user_id, code) for key in self._keys])


def _new_code() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_CHARS)) for _ in range(GROUPS))
    return "-".join(groups)


def _digest(key: bytes, user_id: UserId, code: str) -> bytes:
    """The person is part of it, so that a row does not open another account when it is moved there."""
    read = code.upper().translate(_READ_AS)
    return hmac.digest(key, user_id.bytes + read.encode(), "sha256")
