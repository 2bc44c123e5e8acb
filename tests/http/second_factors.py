"""People who have a second factor, made without the routes that add one."""

import time
from dataclasses import dataclass, field
from typing import Any

import pyotp

from control.people.passkeys import Passkeys
from control.people.recovery_codes import RecoveryCodes
from control.people.totp import STEP_S, Totp
from tests.fakes.authenticator import Authenticator
from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample

WRONG_PROOF = {"method": "totp", "code": "no digits"}


@dataclass(frozen=True, slots=True)
class App:
    """An authenticator app. Each code of it is accepted once, and only after the ones before."""

    secret: str = field(repr=False)

    def proof(self, steps: int = 0) -> dict[str, Any]:
        """By the code of now, or of so many steps later: the next one is accepted as well."""
        code = pyotp.TOTP(self.secret, interval=STEP_S).at(int(time.time()) + steps * STEP_S)
        return {"method": "totp", "code": code}


async def give_app(control: ControlUnderTest, team: TenantSample) -> App:
    async with control.parts.db.person(team.user_id) as conn:
        _, secret = await Totp(control.parts.ring).enrol(conn, team.user_id, "phone")
        await conn.execute("update mfa_factors set confirmed_at = now()")
    return App(secret)


async def give_recovery_codes(control: ControlUnderTest, team: TenantSample) -> list[str]:
    async with control.parts.db.person(team.user_id) as conn:
        return await RecoveryCodes(control.parts.ring).make(conn, team.user_id)


async def give_passkey(control: ControlUnderTest, team: TenantSample) -> Authenticator:
    """An authenticator that holds a passkey of theirs."""
    parts = control.parts
    passkeys = Passkeys(parts.db, parts.pending, control.settings.public_url)
    authenticator = Authenticator(control.settings.public_url)
    offered = await passkeys.creation_options(team.user_id, team.email, team.user_name, [])
    credential = authenticator.create(offered.options)
    made = await passkeys.register(team.user_id, offered.ticket, credential)
    async with parts.db.person(team.user_id) as conn:
        await made.put(conn, "key")
    return authenticator


async def answer_challenge(
    control: ControlUnderTest, authenticator: Authenticator, team: TenantSample | None
) -> dict[str, Any]:
    """`ticket` and `credential` for a challenge that is bound to that person, or to nobody yet."""
    parts = control.parts
    passkeys = Passkeys(parts.db, parts.pending, control.settings.public_url)
    offered = await passkeys.request_options(None if team is None else team.user_id)
    return {"ticket": offered.ticket, "credential": authenticator.get(offered.options)}


async def ticket_for(control: ControlUnderTest, team: TenantSample) -> str:
    """What the right password of somebody with a second factor gives."""
    reply = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    assert reply.status == 202, reply.body
    return str(reply.body["second_factor"]["ticket"])
