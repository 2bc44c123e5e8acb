"""What every change of a person's factors brings with it: an audit event and a letter, in its transaction."""

from typing import Final

from agent.wire import format_id
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import Member
from control.endpoints import B, Call
from control.mail import letters
from control.mail.mailroom import Mailroom
from control.people.recovery_codes import RecoveryCodes
from control.store.db import Connection
from control.store.factors import FactorKind, count_recovery_codes
from control.store.system import FactorId

FACTOR_PREFIX: Final = "fac"


class FactorChanges:
    """Everywhere in both contexts (`Database.member`), with the factors locked."""

    def __init__(self, mailroom: Mailroom, codes: RecoveryCodes) -> None:
        self._mailroom = mailroom
        self._codes = codes

    async def added(
        self, conn: Connection, call: Call[Member, B], factor_id: FactorId, kind: FactorKind, name: str
    ) -> list[str] | None:
        """Recovery codes for somebody who has none; they are shown this once."""
        await _record(conn, call, AuditAction.FACTOR_ADDED, factor_id, kind)
        await self._mailroom.to_person(conn, letters.factor_added(call.caller.email, kind, name))
        if await count_recovery_codes(conn) > 0:
            return None
        codes = await self._codes.make(conn, call.caller.user_id)
        await _record(conn, call, AuditAction.RECOVERY_CODES_MADE)
        return codes

    async def removed(
        self, conn: Connection, call: Call[Member, B], factor_id: FactorId, kind: FactorKind, name: str
    ) -> None:
        await _record(conn, call, AuditAction.FACTOR_REMOVED, factor_id, kind)
        await self._mailroom.to_person(conn, letters.factor_removed(call.caller.email, kind, name))

    async def codes_made(self, conn: Connection, call: Call[Member, B]) -> list[str]:
        """New recovery codes in place of the former."""
        codes = await self._codes.make(conn, call.caller.user_id)
        await _record(conn, call, AuditAction.RECOVERY_CODES_MADE)
        await self._mailroom.to_person(conn, letters.recovery_codes_made(call.caller.email))
        return codes


async def _record(
    conn: Connection,
    call: Call[Member, B],
    action: AuditAction,
    factor_id: FactorId | None = None,
    kind: FactorKind | None = None,
) -> None:
    target = {} if factor_id is None else {"factor": format_id(FACTOR_PREFIX, factor_id)}
    await record_call(conn, call, action, target, {} if kind is None else {"kind": kind.value})
