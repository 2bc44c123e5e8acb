"""The letters that were ordered by somebody who is not signed in, written when they leave.

What the letter says depends on whether the address has an account; what the page said does not.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent
from control.credentials import hash_token, new_token
from control.mail import letters
from control.mail.mailroom import Letter, Order, OrderKind
from control.people.sign_up_codes import SignUpCodes
from control.people.trail import record_everywhere
from control.store.db import Database
from control.store.email_tokens import TokenPurpose, put_token

RESET_LIFE: Final = timedelta(hours=1)


class Correspondence:
    """Every link begins with `public_url`: what a request says of its host is nobody's word."""

    def __init__(self, db: Database, codes: SignUpCodes, public_url: str) -> None:
        self._db = db
        self._codes = codes
        self._public_url = public_url

    async def write(self, order: Order, *, is_first: bool) -> Letter | None:
        """Raises: DatabaseUnavailable."""
        match order.order:
            case OrderKind.SIGN_UP:
                return await self._sign_up(order.email)
            case OrderKind.RESET_PASSWORD:
                return await self._reset(order.email, is_first)
            case _:
                assert_never(order.order)

    async def _sign_up(self, email: str) -> Letter:
        if await self._db.system.find_user(email) is not None:
            return letters.sign_up_known(email, f"{self._public_url}/sign-in", f"{self._public_url}/reset")
        return letters.sign_up(email, f"{self._public_url}/sign-up/{self._codes.make(email)}")

    async def _reset(self, email: str, is_first: bool) -> Letter | None:
        found = await self._db.system.find_user(email)
        if found is None:
            return None
        code = new_token()
        async with self._db.person(found.user_id) as conn:
            await put_token(
                conn, TokenPurpose.RESET_PASSWORD, email, hash_token(code), datetime.now(UTC) + RESET_LIFE
            )
            if is_first:
                await record_everywhere(
                    conn,
                    AuditEvent(
                        AuditAction.PASSWORD_RESET_ASKED,
                        AuditActor("anyone"),
                        subject_user_id=found.user_id,
                    ),
                )
        return letters.reset_password(email, f"{self._public_url}/reset/{code}")
