"""Codes with which somebody makes an account: what was proved about them, sealed, for a day.

Nothing is stored for somebody who may never come back. A code is good for one address and so for one account;
whoever holds one has read that address's mail, or was vouched for by an identity provider.
"""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import InvalidInput, NotFound
from control.keyring import KeyRing

LIFE: Final = timedelta(hours=24)
PLACE: Final = "sign-up"
MAX_CODE_CHARS: Final = 1000
"""It stands in a path, which has an end."""


class ProviderIdentity(BaseModel):
    """An account at an identity provider, which is connected to the account that is made."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    subject: str
    name: str | None = None


class SignUpClaim(BaseModel):
    """`email`: proved to be theirs, in lower case. `by_operator`: good where sign-up is closed as well."""

    model_config = ConfigDict(frozen=True)

    email: str
    expires_at: datetime
    identity: ProviderIdentity | None = None
    by_operator: bool = False


class SignUpCodes:
    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def make(
        self,
        email: str,
        identity: ProviderIdentity | None = None,
        *,
        life: timedelta = LIFE,
        by_operator: bool = False,
    ) -> str:
        """Characters that can stand in a path. A provider's name that is too long for it is left out.

        Raises: InvalidInput when even that is too long.
        """
        claim = SignUpClaim(
            email=email.lower(),
            expires_at=datetime.now(UTC) + life,
            identity=identity,
            by_operator=by_operator,
        )
        sealed = self._ring.seal(claim.model_dump_json(exclude_none=True).encode(), place=PLACE)
        code = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
        if len(code) <= MAX_CODE_CHARS:
            return code
        if identity is None or identity.name is None:
            raise InvalidInput("the address, or what the identity provider calls this person, is too long")
        return self.make(email, identity.model_copy(update={"name": None}), life=life)

    def read(self, code: str) -> SignUpClaim:
        """Raises: NotFound when it is none of ours, was changed, or has expired."""
        try:
            if len(code) > MAX_CODE_CHARS:
                raise InvalidInput("no code is so long")
            sealed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
            claim = SignUpClaim.model_validate_json(self._ring.open(sealed, place=PLACE))
        except (binascii.Error, ValueError, ValidationError, InvalidInput):
            raise NotFound("this link is unknown or has expired; begin your sign-up again") from None
        if claim.expires_at <= datetime.now(UTC):
            raise NotFound("this link is unknown or has expired; begin your sign-up again")
        return claim
