"""Passkeys: key pairs in the person's authenticator, bound to this site, so that no other can ask for them.

User verification is required throughout: the authenticator asked for a finger, a face or a PIN, so a passkey
is two factors by itself and signs in without a password. A challenge is bound to the person where that is
known, is good once, and waits in Redis. Attestation is not asked for: any authenticator will do.
Source: W3C Web Authentication Level 3, sections 7.1 and 7.2.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import webauthn
from pydantic import BaseModel
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    generate_challenge,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from agent.errors import InvalidInput, NotAuthenticated
from agent.wire import UserId
from control.people.passkey_site import SITE_NAME, Site
from control.people.pending import Pending, PendingKind
from control.store.db import Connection, Database
from control.store.factors import (
    Credential,
    advance_sign_count,
    list_credentials,
    put_passkey,
)
from control.store.system import FactorId, PasskeyFound

logger = logging.getLogger(__name__)

MAX_CREDENTIAL_BYTES: Final = 1023
"""Source: Web Authentication Level 3, section 7.1, step 25."""
PLAIN_FORMATS: Final = (AttestationFormat.NONE, AttestationFormat.PACKED)
"""Packed, because a browser may leave an authenticator's self attestation in its place."""

MALFORMED: Final = (WebAuthnException, ValueError, TypeError, KeyError, OverflowError, RecursionError)
"""What the library raises for a credential that is none; found by sending it changed bytes and deep JSON."""


class Challenge(BaseModel):
    """Of one ceremony. `user_id` is None while nobody knows who is signing in."""

    challenge: str
    user_id: UUID | None

    @property
    def as_bytes(self) -> bytes:
        return base64url_to_bytes(self.challenge)


@dataclass(frozen=True, slots=True)
class Options:
    """`options`: for PublicKeyCredential.parseCreationOptionsFromJSON or parseRequestOptionsFromJSON."""

    ticket: str
    options: dict[str, Any]


class Passkeys:
    def __init__(self, db: Database, pending: Pending, public_url: str) -> None:
        self._db = db
        self._pending = pending
        self._site = Site.of(public_url)

    async def creation_options(
        self, user_id: UserId, email: str, name: str, known: Sequence[Credential]
    ) -> Options:
        """`known`: what the person has already, which their authenticators will not offer again."""
        challenge = generate_challenge()
        options = webauthn.generate_registration_options(
            rp_id=self._site.rp_id,
            rp_name=SITE_NAME,
            user_id=user_id.bytes,
            user_name=email,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(known),
        )
        kind = PendingKind.PASSKEY_REGISTRATION
        return await self._offered(kind, user_id, challenge, webauthn.options_to_json(options))

    async def register(self, user_id: UserId, ticket: str, credential: dict[str, Any]) -> "NewPasskey":
        """A passkey that answers the challenge of that ticket; `NewPasskey.put` keeps it.

        Raises: InvalidInput, Unavailable.
        """
        try:
            asked = await self._pending.take(PendingKind.PASSKEY_REGISTRATION, ticket, Challenge)
        except NotAuthenticated as error:
            raise InvalidInput(str(error), "ticket") from None
        if asked.user_id != user_id:
            raise InvalidInput("this challenge was given to somebody else; start again", "ticket")
        try:
            parsed = parse_registration_credential_json(credential)
            _refuse_frames(parsed)
            _refuse_formats(parsed)
            verified = webauthn.verify_registration_response(
                credential=parsed,
                expected_challenge=asked.as_bytes,
                expected_rp_id=self._site.rp_id,
                expected_origin=self._site.origin,
                require_user_verification=True,
            )
            if verified.credential_id != parsed.raw_id:
                raise WebAuthnException("the browser and the authenticator name different credentials")
        except MALFORMED as error:
            logger.info("a passkey was refused", extra={"reason": type(error).__name__})
            raise InvalidInput(
                "this passkey does not answer the challenge; start again", "credential"
            ) from None
        transports = sorted({transport.value for transport in parsed.response.transports or ()})
        return NewPasskey(
            FactorId(uuid4()),
            Credential(verified.credential_id, transports),
            verified.credential_public_key,
            verified.sign_count,
        )

    async def request_options(self, user_id: UserId | None) -> Options:
        """For the person's own passkeys; for any that the device has when it is None."""
        known: list[Credential] = []
        if user_id is not None:
            async with self._db.person(user_id) as conn:
                known = await list_credentials(conn)
        challenge = generate_challenge()
        options = webauthn.generate_authentication_options(
            rp_id=self._site.rp_id,
            challenge=challenge,
            allow_credentials=_descriptors(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        kind = PendingKind.PASSKEY_SIGN_IN
        return await self._offered(kind, user_id, challenge, webauthn.options_to_json(options))

    async def sign_in(self, ticket: str, credential: dict[str, Any]) -> UserId:
        """Who it is, by the passkey alone. Raises: NotAuthenticated, Unavailable."""
        asked = await self._pending.take(PendingKind.PASSKEY_SIGN_IN, ticket, Challenge)
        return await self._prove(asked, credential, by_itself=True)

    async def verify(self, user_id: UserId, ticket: str, credential: dict[str, Any]) -> None:
        """That it is this person; the challenge was given for them. Raises: NotAuthenticated, Unavailable."""
        asked = await self._pending.take(PendingKind.PASSKEY_SIGN_IN, ticket, Challenge)
        if asked.user_id != user_id:
            raise _refused("challenge of another person")
        await self._prove(asked, credential, by_itself=False)

    async def _prove(self, asked: Challenge, credential: dict[str, Any], *, by_itself: bool) -> UserId:
        """`by_itself`: the authenticator has to say whose passkey it is. Raises: NotAuthenticated."""
        try:
            parsed = parse_authentication_credential_json(credential)
            _refuse_frames(parsed)
        except MALFORMED as error:
            raise _refused(type(error).__name__) from None
        found = await self._db.system.find_passkey(parsed.raw_id)
        if found is None:
            raise _refused("unknown passkey")
        if asked.user_id not in (None, found.user_id):
            raise _refused("passkey of another person")
        handle = parsed.response.user_handle
        if handle != found.user_id.bytes and (by_itself or handle is not None):
            raise _refused("user handle of another person")
        await self._check(asked, parsed, found)
        return found.user_id

    async def _check(self, asked: Challenge, parsed: AuthenticationCredential, found: PasskeyFound) -> None:
        try:
            verified = webauthn.verify_authentication_response(
                credential=parsed,
                expected_challenge=asked.as_bytes,
                expected_rp_id=self._site.rp_id,
                expected_origin=self._site.origin,
                credential_public_key=found.public_key,
                # The count is compared below, in one statement with its advance.
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except MALFORMED as error:
            raise _refused(type(error).__name__) from None
        async with self._db.person(found.user_id) as conn:
            if await advance_sign_count(conn, found.factor_id, verified.new_sign_count):
                return
        # Either an answer that was seen before, or a copy of the authenticator: somebody should know.
        logger.warning(
            "the counter of a passkey went back",
            extra={
                "factor": str(found.factor_id),
                "was": found.sign_count,
                "came": verified.new_sign_count,
            },
        )
        raise _refused("counter went back")

    async def _offered(
        self, kind: PendingKind, user_id: UserId | None, challenge: bytes, options_json: str
    ) -> Options:
        asked = Challenge(challenge=bytes_to_base64url(challenge), user_id=user_id)
        return Options(await self._pending.put(kind, asked), json.loads(options_json))


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """One that was verified and is not kept yet."""

    factor_id: FactorId
    credential: Credential
    public_key: bytes
    sign_count: int

    async def put(self, conn: Connection, name: str) -> None:
        """In the person's context. Raises: Conflict when somebody has registered it."""
        await put_passkey(conn, self.factor_id, name, self.credential, self.public_key, self.sign_count)


def _refuse_frames(credential: RegistrationCredential | AuthenticationCredential) -> None:
    """Another site must not have shown the ceremony inside its own page. Raises: WebAuthnException."""
    if parse_client_data_json(credential.response.client_data_json).cross_origin:
        raise WebAuthnException("the ceremony ran in a page of another origin")


def _refuse_formats(credential: RegistrationCredential) -> None:
    """Statements that nobody asked for are not even read. Raises: WebAuthnException."""
    if parse_attestation_object(credential.response.attestation_object).fmt not in PLAIN_FORMATS:
        raise WebAuthnException("an attestation that was not asked for")
    if len(credential.raw_id) > MAX_CREDENTIAL_BYTES:
        raise WebAuthnException("a credential id that is too long")


def _refused(why: str) -> NotAuthenticated:
    """One answer for every reason: which passkeys there are is nobody's business."""
    logger.info("a passkey was refused", extra={"reason": why})
    return NotAuthenticated("this passkey was not accepted; start again")


def _descriptors(known: Sequence[Credential]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=item.id, transports=[AuthenticatorTransport(name) for name in item.transports]
        )
        for item in known
    ]
