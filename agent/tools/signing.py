"""Who asks, told to a tool's server in a way that it can check: `Parley-User`, a JWT that lives for a minute.

It is signed with the tool's own key (HS256), and names the call it is for by its Idempotency-Key, so that it
is of no use for another. Its server decides what that person may do there; Parley has only checked that they
may have the tool called at all.
"""

import time
from typing import Any, Final

import jwt

from agent.wire import Asker, ToolSpec

USER_HEADER: Final = "Parley-User"
KEY_HEADER: Final = "Idempotency-Key"
TTL_S: Final = 60
ISSUER: Final = "parley"


def sign_asker(spec: ToolSpec, asker: Asker, key: str, conversation: str) -> str | None:
    """None for a tool without a signing key."""
    if spec.signing_key is None:
        return None
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": spec.name,
        "sub": asker.identity,
        "name": asker.name,
        "role": asker.role,
        "conversation": conversation,
        "jti": key,
        "iat": now,
        "exp": now + TTL_S + int(spec.timeout_s),
    }
    return jwt.encode(claims, spec.signing_key, algorithm="HS256")


def secrets_of(spec: ToolSpec, signed: str | None) -> set[str]:
    """What must not come back with an answer, in whole or without the word before it."""
    whole = [*spec.secret_headers.values(), spec.signing_key or "", signed or ""]
    return {piece for text in whole for piece in (text, text.rpartition(" ")[2]) if piece}
