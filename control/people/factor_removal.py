"""Removing a second factor, which ends the person's other sessions.

Removing the last one makes the password stand alone again. Only the text of a password tells whether it is
long enough for that, so it is asked for then; who has no password and no provider either would have no way
in left, and is refused.
"""

from typing import Protocol

from aiohttp import web
from pydantic import Field

from agent.errors import Conflict, InvalidInput, NotAuthenticated, NotFound
from agent.wire import parse_id
from control.auth import Member
from control.endpoints import Body, Call
from control.people.factor_changes import FACTOR_PREFIX, FactorChanges
from control.people.factors import Attempts, subject_of
from control.people.password_rules import check_password
from control.store.db import Connection, Database
from control.store.factors import (
    Factor,
    WaysIn,
    delete_factor,
    delete_recovery_codes,
    list_factors,
    lock_factors,
    other_ways_in,
)
from control.store.sessions import revoke_other_sessions
from control.store.system import FactorId, SessionId


class Passwords(Protocol):
    async def matches(self, password: str, password_hash: str | None) -> bool: ...


class RemovalBody(Body):
    """`password` is needed for the last factor only."""

    password: str | None = Field(default=None, max_length=1024)


class FactorRemoval:
    def __init__(
        self, db: Database, attempts: Attempts, passwords: Passwords, changes: FactorChanges
    ) -> None:
        self._db = db
        self._attempts = attempts
        self._passwords = passwords
        self._changes = changes

    async def remove(self, call: Call[Member, RemovalBody]) -> web.Response:
        """Removes a second factor; the person's other sessions end.

        Raises: NotFound, Conflict (the last way in), InvalidInput (`password`), TooMany (wrong ones).
        """
        factor_id = FactorId(parse_id(FACTOR_PREFIX, call.path("id")))
        async with self._db.person(call.caller.user_id) as conn:
            _, is_last = await _find(conn, factor_id)
            ways = await other_ways_in(conn)
        if is_last:
            # Outside of any transaction: it takes a while.
            await self._let_stand_alone(call, ways)
        async with self._db.member(call.caller.tenant_id, call.caller.user_id) as conn:
            await lock_factors(conn)
            await self._remove(conn, call, factor_id, expected_last=is_last)
        return web.Response(status=204)

    async def _remove(
        self, conn: Connection, call: Call[Member, RemovalBody], factor_id: FactorId, *, expected_last: bool
    ) -> None:
        factor, is_last = await _find(conn, factor_id)
        if is_last and not expected_last:
            raise Conflict("your factors were changed at the same moment; try again")
        await delete_factor(conn, factor_id)
        if factor.confirmed_at is None:
            return
        if is_last:
            await delete_recovery_codes(conn)
        await revoke_other_sessions(conn, SessionId(call.caller.session_id))
        await self._changes.removed(conn, call, factor_id, factor.kind, factor.name)

    async def _let_stand_alone(self, call: Call[Member, RemovalBody], ways: WaysIn) -> None:
        caller, password = call.caller, call.input.password
        if ways.password_hash is None:
            if not ways.has_identity:
                raise Conflict("this is your last way in; set a password or link a provider first")
            return
        if password is None:
            raise InvalidInput(
                "this is your last factor: send the password that will stand alone", "password"
            )
        try:
            async with self._attempts.attempt(subject_of(caller.user_id)):
                if not await self._passwords.matches(password, ways.password_hash):
                    raise NotAuthenticated("this is not your password")
        except NotAuthenticated as error:
            raise InvalidInput(str(error), "password") from None
        words = (caller.email, caller.name, caller.tenant_name)
        check_password(password, words=words, has_second_factor=False)


async def _find(conn: Connection, factor_id: FactorId) -> tuple[Factor, bool]:
    """The factor, and whether it is the last that was confirmed. Raises: NotFound."""
    found = await list_factors(conn)
    factor = next((item for item in found if item.id == factor_id), None)
    if factor is None:
        raise NotFound("you have no such factor")
    is_last = factor.confirmed_at is not None and sum(item.confirmed_at is not None for item in found) == 1
    return factor, is_last
