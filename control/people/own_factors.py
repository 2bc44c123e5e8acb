"""How people manage their second factors: list them, add and confirm one, and make recovery codes anew.

Each change asks for a recent proof (the route's `auth.recent`), is audited, and is told to the person by a
letter. The first factor brings recovery codes, which are shown this once. Removing one is in
`factor_removal.py`.
"""

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import Field

from agent.errors import Conflict, InvalidInput, NotAuthenticated, NotFound
from agent.wire import format_id, parse_id
from control.auth import Member
from control.endpoints import Answer, Body, Call, Nothing
from control.people.factor_changes import FACTOR_PREFIX, FactorChanges
from control.people.factors import Attempts, subject_of
from control.people.passkeys import Passkeys
from control.people.qr_code import QrCode, draw
from control.people.totp import Totp, app_uri
from control.store.db import Connection, Database
from control.store.factors import (
    Factor,
    FactorKind,
    count_recovery_codes,
    find_unconfirmed,
    list_credentials,
    list_factors,
    lock_factors,
)
from control.store.system import FactorId
from control.tokens import DisplayName

MAX_FACTORS: Final = 10


class FactorAnswer(Answer):
    id: str
    kind: Literal["totp", "passkey"]
    name: str
    created_at: datetime
    last_used_at: datetime | None


class FactorsAnswer(Answer):
    data: list[FactorAnswer]
    recovery_codes_left: int


class AppBody(Body):
    name: DisplayName


class AppAnswer(Answer):
    """`secret` in Base32, for typing; `uri` and its QR code for scanning. None of it is shown again."""

    id: str
    secret: str
    uri: str
    qr: QrCode


class ConfirmBody(Body):
    code: str = Field(max_length=64)


class CodesAnswer(Answer):
    recovery_codes: list[str]


class ConfirmedAnswer(Answer):
    """`recovery_codes` come with the first factor."""

    recovery_codes: list[str] | None


class OptionsAnswer(Answer):
    """`options`: for PublicKeyCredential.parseCreationOptionsFromJSON or parseRequestOptionsFromJSON."""

    ticket: str
    options: dict[str, Any]


class NewPasskeyBody(Body):
    """`credential`: what `credential.toJSON()` gives."""

    ticket: str = Field(max_length=64)
    name: DisplayName
    credential: dict[str, Any]


class PasskeyAnswer(Answer):
    id: str
    kind: Literal["passkey"]
    name: str
    recovery_codes: list[str] | None


class OwnFactors:
    def __init__(
        self, db: Database, attempts: Attempts, totp: Totp, passkeys: Passkeys, changes: FactorChanges
    ) -> None:
        self._db = db
        self._attempts = attempts
        self._totp = totp
        self._passkeys = passkeys
        self._changes = changes

    async def show(self, call: Call[Member, Nothing]) -> FactorsAnswer:
        """Lists your second factors, and how many recovery codes are left."""
        async with self._db.person(call.caller.user_id) as conn:
            found = await list_factors(conn)
            left = await count_recovery_codes(conn)
        data = [_describe(item) for item in found if item.confirmed_at is not None]
        return FactorsAnswer(data=data, recovery_codes_left=left)

    async def add_app(self, call: Call[Member, AppBody]) -> AppAnswer:
        """Adds an authenticator app, of no worth before its first code. Raises: Conflict for too many."""
        caller = call.caller
        async with self._db.person(caller.user_id) as conn:
            await _make_room(conn)
            factor_id, secret = await self._totp.enrol(conn, caller.user_id, call.input.name)
        uri = app_uri(secret, caller.email)
        return AppAnswer(id=format_id(FACTOR_PREFIX, factor_id), secret=secret, uri=uri, qr=draw(uri))

    async def confirm_app(self, call: Call[Member, ConfirmBody]) -> ConfirmedAnswer:
        """Confirms an app by its first code. Raises: InvalidInput, NotFound, TooMany."""
        factor_id = FactorId(parse_id(FACTOR_PREFIX, call.path("id")))
        try:
            async with self._attempts.attempt(subject_of(call.caller.user_id)):
                return ConfirmedAnswer(recovery_codes=await self._confirm(call, factor_id))
        except NotAuthenticated as error:
            # They are signed in; it is the code that is wrong.
            raise InvalidInput(str(error), "code") from None

    async def passkey_options(self, call: Call[Member, Nothing]) -> OptionsAnswer:
        """Gives what a browser needs to make a passkey. Raises: Conflict for too many factors."""
        caller = call.caller
        async with self._db.person(caller.user_id) as conn:
            await _make_room(conn)
            known = await list_credentials(conn)
        offered = await self._passkeys.creation_options(caller.user_id, caller.email, caller.name, known)
        return OptionsAnswer(ticket=offered.ticket, options=offered.options)

    async def add_passkey(self, call: Call[Member, NewPasskeyBody]) -> PasskeyAnswer:
        """Registers a passkey that answers its challenge. Raises: InvalidInput; Conflict when it is known."""
        caller, body = call.caller, call.input
        new = await self._passkeys.register(caller.user_id, body.ticket, body.credential)
        async with self._db.member(caller.tenant_id, caller.user_id) as conn:
            await _make_room(conn)
            await new.put(conn, body.name)
            codes = await self._changes.added(conn, call, new.factor_id, FactorKind.PASSKEY, body.name)
        factor_id = format_id(FACTOR_PREFIX, new.factor_id)
        return PasskeyAnswer(id=factor_id, kind="passkey", name=body.name, recovery_codes=codes)

    async def make_codes(self, call: Call[Member, Nothing]) -> CodesAnswer:
        """Makes new recovery codes in place of the former.

        Raises: Conflict where there is no factor to lose.
        """
        async with self._db.member(call.caller.tenant_id, call.caller.user_id) as conn:
            await lock_factors(conn)
            if all(item.confirmed_at is None for item in await list_factors(conn)):
                raise Conflict("add a second factor first; recovery codes stand in for one")
            return CodesAnswer(recovery_codes=await self._changes.codes_made(conn, call))

    async def _confirm(self, call: Call[Member, ConfirmBody], factor_id: FactorId) -> list[str] | None:
        caller = call.caller
        async with self._db.member(caller.tenant_id, caller.user_id) as conn:
            await lock_factors(conn)
            found = await find_unconfirmed(conn, factor_id)
            if found is None:
                raise NotFound("this app was confirmed already, or another took its place; list them")
            if not await self._totp.confirm(conn, caller.user_id, found.seed, call.input.code):
                raise NotAuthenticated("this code is wrong; type the one that the app shows now")
            return await self._changes.added(conn, call, factor_id, FactorKind.TOTP, found.name)


async def _make_room(conn: Connection) -> None:
    """Locks the factors. Raises: Conflict when the person has as many as they may."""
    await lock_factors(conn)
    if sum(item.confirmed_at is not None for item in await list_factors(conn)) >= MAX_FACTORS:
        raise Conflict(f"you have {MAX_FACTORS} factors already; remove one first")


def _describe(factor: Factor) -> FactorAnswer:
    return FactorAnswer(
        id=format_id(FACTOR_PREFIX, factor.id),
        kind=factor.kind.value,
        name=factor.name,
        created_at=factor.created_at,
        last_used_at=factor.last_used_at,
    )
