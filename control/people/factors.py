"""Second factors: what a person proves themselves by besides a password, or instead of one.

`Factors.verify` is the one way to believe a code or a passkey of a person who is known already;
`sign_in_by_passkey` finds out who it is. How people manage their factors is in `own_factors.py`.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol, Self, assert_never

from pydantic import Field, model_validator

from agent.errors import NotAuthenticated
from agent.wire import UserId
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent
from control.endpoints import Body
from control.mail.letters import recovery_code_used
from control.mail.mailroom import Mailroom
from control.people.passkeys import Passkeys
from control.people.recovery_codes import RecoveryCodes
from control.people.totp import Totp
from control.people.trail import record_everywhere
from control.store.accounts import find_own_user
from control.store.db import Database
from control.store.factors import count_recovery_codes, list_factors

Method = Literal["totp", "recovery_code", "passkey"]


class Proof(Body):
    """`code` for an app's code or a recovery code; `ticket` and `credential` for a passkey."""

    method: Method
    code: str | None = Field(default=None, max_length=64)
    ticket: str | None = Field(default=None, max_length=64)
    credential: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        given = {name for name in ("code", "ticket", "credential") if getattr(self, name) is not None}
        needed = {"ticket", "credential"} if self.method == "passkey" else {"code"}
        if given != needed:
            raise ValueError(f"a proof by {self.method} has {' and '.join(sorted(needed))}, and nothing else")
        return self


class Attempts(Protocol):
    """Counts what was tried and failed with NotAuthenticated, and ends it after a few."""

    def attempt(self, *subjects: str) -> AbstractAsyncContextManager[None]: ...


class Factors:
    def __init__(
        self,
        db: Database,
        attempts: Attempts,
        mailroom: Mailroom,
        *,
        totp: Totp,
        codes: RecoveryCodes,
        passkeys: Passkeys,
    ) -> None:
        self._db = db
        self._attempts = attempts
        self._mailroom = mailroom
        self._totp = totp
        self._codes = codes
        self._passkeys = passkeys

    async def methods(self, user_id: UserId) -> list[Method]:
        """By what the person can prove themselves; empty when they have no confirmed factor."""
        async with self._db.person(user_id) as conn:
            kinds = {item.kind.value for item in await list_factors(conn) if item.confirmed_at is not None}
            if kinds and await count_recovery_codes(conn) > 0:
                kinds.add("recovery_code")
        order: Sequence[Method] = ("passkey", "totp", "recovery_code")
        return [method for method in order if method in kinds]

    async def verify(self, user_id: UserId, proof: Proof) -> str:
        """The method by which the person proved themselves, which is used up.

        Raises: NotAuthenticated; TooMany after a few wrong ones in a minute; Unavailable.
        """
        async with self._attempts.attempt(subject_of(user_id)):
            match proof.method:
                case "totp":
                    await self._verify_totp(user_id, proof.code or "")
                case "recovery_code":
                    await self._use_recovery_code(user_id, proof.code or "")
                case "passkey":
                    await self._passkeys.verify(user_id, proof.ticket or "", proof.credential or {})
                case _:
                    assert_never(proof.method)
        return proof.method

    async def sign_in_by_passkey(self, ticket: str, credential: dict[str, Any]) -> UserId:
        """Who it is; no password is needed besides. Raises: NotAuthenticated, Unavailable."""
        return await self._passkeys.sign_in(ticket, credential)

    async def _verify_totp(self, user_id: UserId, code: str) -> None:
        async with self._db.person(user_id) as conn:
            is_right = await self._totp.verify(conn, user_id, code)
        # Outside, so that a wrong code stays counted.
        if not is_right:
            raise NotAuthenticated("this code is wrong, or was used already; wait for the next one")

    async def _use_recovery_code(self, user_id: UserId, code: str) -> None:
        async with self._db.person(user_id) as conn:
            if not await self._codes.use(conn, user_id, code):
                raise NotAuthenticated("this recovery code is unknown, or was used already")
            left = await count_recovery_codes(conn)
            user = await find_own_user(conn)
            if user is not None:
                await self._mailroom.to_person(conn, recovery_code_used(user.email, left))
            actor = AuditActor("member", user_id=user_id)
            await record_everywhere(
                conn, AuditEvent(AuditAction.RECOVERY_CODE_USED, actor, details={"left": left})
            )


def subject_of(user_id: UserId) -> str:
    """Whose wrong codes are counted together."""
    return f"factor of {user_id}"
