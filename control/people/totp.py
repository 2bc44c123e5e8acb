"""TOTP: six digits of an authenticator app, new every 30 seconds.

A seed is 160 random bits, sealed for the one row that it stands in, and sealed again under the current key
when an older one of the ring still holds it. A code is good for its own time step and the ones beside it,
and each step is accepted once. After `MAX_FAILURES` wrong codes in a row an app is believed no more, so that
patience does not open an account whose password is known.
Source: RFC 6238; SHA-1, because apps ignore what else a QR code asks for.
"""

import base64
import hmac
import logging
import os
import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

import pyotp

from agent.errors import InvalidInput
from agent.wire import UserId
from control.keyring import KeyRing
from control.store import factors
from control.store.db import Connection
from control.store.factors import Seed
from control.store.system import FactorId

logger = logging.getLogger(__name__)

SEED_BYTES: Final = 20
STEP_S: Final = 30
WINDOW_STEPS: Final = 1
MAX_FAILURES: Final = 100
"""Source: NIST SP 800-63B-4, 3.2.2: no more than 100 consecutive failed attempts."""
ISSUER: Final = "Parley"


class Totp:
    """Everywhere in the person's context."""

    def __init__(self, ring: KeyRing, now_s: Callable[[], float] = time.time) -> None:
        self._ring = ring
        self._now_s = now_s

    async def enrol(self, conn: Connection, user_id: UserId, name: str) -> tuple[FactorId, str]:
        """The factor, still to be confirmed, and its seed in Base32 as apps take it."""
        factor_id, seed = FactorId(uuid4()), os.urandom(SEED_BYTES)
        sealed = self._ring.seal(seed, place=_place(user_id, factor_id))
        await factors.put_totp(conn, factor_id, name, sealed)
        return factor_id, base64.b32encode(seed).decode()

    async def confirm(self, conn: Connection, user_id: UserId, seed: Seed, code: str) -> bool:
        """Whether `code` is one of that app; the factor is confirmed then."""
        return await self._accept(conn, user_id, seed, code)

    async def verify(self, conn: Connection, user_id: UserId, code: str) -> bool:
        """Whether `code` is one of the person's confirmed apps and was not used; wrong ones are counted."""
        for seed in await factors.confirmed_seeds(conn):
            if seed.failures >= MAX_FAILURES:
                logger.warning("an app is locked after too many wrong codes", extra=_fields(seed))
            elif await self._accept(conn, user_id, seed, code):
                return True
        await factors.count_wrong_code(conn)
        return False

    async def _accept(self, conn: Connection, user_id: UserId, seed: Seed, code: str) -> bool:
        place = _place(user_id, seed.factor_id)
        try:
            secret = self._ring.open(seed.sealed, place=place)
        except InvalidInput:
            logger.error("the seed of a factor cannot be opened", extra=_fields(seed))
            return False
        step = self._matching_step(secret, code)
        if step is None or not await factors.accept_step(conn, seed.factor_id, step):
            return False
        if not self._ring.is_current(seed.sealed):
            await factors.reseal(conn, seed, self._ring.seal(secret, place=place))
        return True

    def _matching_step(self, seed: bytes, code: str) -> int | None:
        """The time step that `code` belongs to. Each is compared, so that the time tells nothing."""
        otp, given = pyotp.TOTP(base64.b32encode(seed).decode(), interval=STEP_S), _digits(code)
        now = int(self._now_s() // STEP_S)
        steps = range(now - WINDOW_STEPS, now + WINDOW_STEPS + 1)
        matching = [step for step in steps if hmac.compare_digest(otp.generate_otp(step).encode(), given)]
        return matching[-1] if matching else None


def app_uri(secret: str, account: str) -> str:
    """The otpauth:// address that a QR code shows to an app."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=account, issuer_name=ISSUER)


def _place(user_id: UserId, factor_id: FactorId) -> str:
    return f"mfa_factors {user_id} {factor_id}"


def _digits(code: str) -> bytes:
    """As it was meant: apps show the digits in two groups."""
    return code.replace(" ", "").encode()


def _fields(seed: Seed) -> dict[str, str]:
    return {"factor": str(seed.factor_id)}
