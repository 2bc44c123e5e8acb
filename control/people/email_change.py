"""Another address for an account: it holds once a letter that went there was read.

The former address is told when it is asked for and when it is done, so that its owner can act. Whether the
new one has an account already is told to its mailbox only.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from aiohttp import web
from pydantic import Field

from agent.errors import InvalidInput, NotFound
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent
from control.auth import Member
from control.credentials import hash_token, new_token
from control.edge.addresses import limited_address
from control.endpoints import Body, Call
from control.mail import letters
from control.mail.mailroom import Mailroom
from control.mail.message import EmailAddress
from control.middleware import REQUEST_ID
from control.people.letter_limit import LetterLimit
from control.people.sign_up import Accepted
from control.people.trail import record_everywhere
from control.store.accounts import find_own_user, set_email
from control.store.db import Database
from control.store.email_tokens import TokenPurpose, put_token, use_token, void_tokens

CONFIRMATION_LIFE: Final = timedelta(hours=24)
UNKNOWN = "this link is unknown, has expired or was used; ask for a new one"


class NewEmailBody(Body):
    email: EmailAddress


class ConfirmationBody(Body):
    code: str = Field(max_length=64)


class EmailChange:
    def __init__(self, db: Database, limit: LetterLimit, mailroom: Mailroom, public_url: str) -> None:
        self._db = db
        self._limit = limit
        self._mailroom = mailroom
        self._public_url = public_url

    async def ask(self, call: Call[Member, NewEmailBody]) -> Accepted:
        """Sends a letter with which to confirm another address.

        Raises: InvalidInput (it is the present one), TooMany, Unavailable.
        """
        caller, email = call.caller, call.input.email
        if email == caller.email:
            raise InvalidInput("this is your address already", "email")
        await self._limit.take(email, limited_address(call.request))
        is_taken = await self._db.system.find_user(email) is not None
        code = new_token()
        async with self._db.person(caller.user_id) as conn:
            if is_taken:
                letter = letters.email_taken(email, f"{self._public_url}/sign-in")
            else:
                await put_token(
                    conn,
                    TokenPurpose.CHANGE_EMAIL,
                    email,
                    hash_token(code),
                    datetime.now(UTC) + CONFIRMATION_LIFE,
                )
                letter = letters.confirm_email(email, f"{self._public_url}/confirm-email/{code}")
            await self._mailroom.to_person(conn, letter)
            await self._mailroom.to_person(conn, letters.email_change_asked(caller.email))
        return Accepted()

    async def confirm(self, call: Call[None, ConfirmationBody]) -> web.Response:
        """Gives the account that asked for the letter its new address.

        Whoever is signed in in this browser. Links to the former address stop working.

        Raises: NotFound; Conflict (the new address has an account by now).
        """
        purpose, token_hash = TokenPurpose.CHANGE_EMAIL, hash_token(call.input.code)
        found = await self._db.system.find_email_token(token_hash, purpose)
        if found is None:
            raise NotFound(UNKNOWN)
        user_id, _ = found
        async with self._db.person(user_id) as conn:
            before = await find_own_user(conn)
            email = await use_token(conn, purpose, token_hash)
            if before is None or email is None:
                raise NotFound(UNKNOWN)
            await set_email(conn, email)
            await void_tokens(conn, TokenPurpose.RESET_PASSWORD)
            await self._mailroom.to_person(conn, letters.email_changed(before.email))
            event = AuditEvent(
                AuditAction.EMAIL_CHANGED,
                AuditActor("anyone"),
                request_id=call.request[REQUEST_ID],
                subject_user_id=user_id,
            )
            await record_everywhere(conn, event)
        return web.Response(status=204)
