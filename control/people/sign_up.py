"""Signing up: an address that a letter or an identity provider proves, then an account and a tenant.

Asking for the letter has the same answer for every address, and does the same work: what becomes of it is
decided when the letter is written. Closed by PARLEY_SIGN_UP, both steps are.
"""

from uuid import uuid4

from aiohttp import web
from pydantic import Field

from agent.errors import InvalidInput, NotAllowed
from agent.wire import TENANT_PREFIX, TenantId, UserId, format_id
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, record
from control.edge.addresses import limited_address
from control.endpoints import Answer, Body, Call, Nothing
from control.mail.mailroom import Mailroom, Order, OrderKind
from control.mail.message import EmailAddress
from control.middleware import REQUEST_ID
from control.people.letter_limit import LetterLimit
from control.people.password_rules import check_password
from control.people.passwords import MAX_PASSWORD_CHARS, PasswordHasherPool
from control.people.sign_up_codes import MAX_CODE_CHARS, ProviderIdentity, SignUpClaim, SignUpCodes
from control.people.starting import SessionStarter
from control.people.vouching import Vouched
from control.store.db import Database
from control.store.identities import link_identity
from control.store.members import found
from control.tokens import DisplayName


class SignUpBody(Body):
    email: EmailAddress


class Accepted(Answer):
    """The same for every address: whether it has an account is told to nobody but its mailbox."""


class ClaimAnswer(Answer):
    """What a code is for. `name`: as the provider has it; `needs_password`: there is no other way in."""

    email: str
    name: str | None
    needs_password: bool


class NewAccountBody(Body):
    code: str = Field(max_length=MAX_CODE_CHARS)
    name: DisplayName
    tenant_name: DisplayName
    password: str | None = Field(default=None, max_length=MAX_PASSWORD_CHARS)


class SignUp:
    def __init__(
        self,
        db: Database,
        codes: SignUpCodes,
        limit: LetterLimit,
        *,
        mailroom: Mailroom,
        passwords: PasswordHasherPool,
        starter: SessionStarter,
        is_open: bool,
    ) -> None:
        self._db = db
        self._codes = codes
        self._limit = limit
        self._mailroom = mailroom
        self._passwords = passwords
        self._starter = starter
        self._is_open = is_open

    async def ask(self, call: Call[None, SignUpBody]) -> Accepted:
        """Sends a letter with which to sign up, or one that says that there is an account.

        Raises: NotAllowed (closed), TooMany, Unavailable.
        """
        self._check_open()
        email = call.input.email
        await self._limit.take(email, limited_address(call.request))
        await self._mailroom.order(Order(OrderKind.SIGN_UP, email))
        return Accepted()

    async def show(self, call: Call[None, Nothing]) -> ClaimAnswer:
        """Tells what a sign-up code is for. Raises: NotFound."""
        claim = self._codes.read(call.path("code"))
        identity = claim.identity
        return ClaimAnswer(
            email=claim.email,
            name=None if identity is None else identity.name,
            needs_password=identity is None,
        )

    def code_for(self, vouched: Vouched) -> str:
        """For somebody whom a provider vouches for. Raises: NotAllowed (closed)."""
        self._check_open()
        if vouched.email is None:
            raise NotAllowed("the identity provider did not verify an address of yours")
        identity = ProviderIdentity(issuer=vouched.issuer, subject=vouched.subject, name=vouched.name)
        return self._codes.make(vouched.email, identity)

    async def create(self, call: Call[None, NewAccountBody]) -> web.Response:
        """Makes an account and a tenant that it owns, and signs in.

        Raises: NotAllowed (closed), NotFound (the code), InvalidInput (the password), Conflict (the address
        has an account, or the provider's account belongs to somebody), TooMany.
        """
        body = call.input
        claim = self._codes.read(body.code)
        if not claim.by_operator:
            self._check_open()
        password_hash = await self._hash(claim, body)
        tenant_id, user_id = TenantId(uuid4()), UserId(uuid4())
        async with self._db.member(tenant_id, user_id) as conn:
            await found(
                conn, body.tenant_name, email=claim.email, name=body.name, password_hash=password_hash
            )
            if claim.identity is not None:
                await link_identity(conn, claim.identity.issuer, claim.identity.subject, claim.email)
            actor = AuditActor("member", user_id=user_id)
            request_id = call.request[REQUEST_ID]
            await record(
                conn,
                tenant_id,
                AuditEvent(
                    AuditAction.TENANT_FOUNDED,
                    actor,
                    request_id=request_id,
                    target={"tenant": format_id(TENANT_PREFIX, tenant_id)},
                ),
            )
            way = "email" if claim.identity is None else "oidc"
            signed_up = AuditEvent(
                AuditAction.SIGNED_UP, actor, request_id=request_id, details={"proved_by": way}
            )
            await record(conn, tenant_id, signed_up)
        methods = ("password",) if claim.identity is None else ("oidc",)
        return await self._starter.start(call.request, user_id, methods=methods, tenant_id=tenant_id)

    async def _hash(self, claim: SignUpClaim, body: NewAccountBody) -> str | None:
        if body.password is None:
            if claim.identity is None:
                raise InvalidInput("choose a password", "password")
            return None
        words = (claim.email, body.name, body.tenant_name)
        check_password(body.password, words=words, has_second_factor=False)
        return await self._passwords.hash(body.password)

    def _check_open(self) -> None:
        if not self._is_open:
            raise NotAllowed("sign-up is closed here; ask someone of your team for an invitation")
