"""Who asks, told to a tool's server in a way that it can check: `Parley-User`, a JWT that lives for a minute.

It is signed with the tool's own key (HS256), and names the call it is for by its Idempotency-Key, so that it
is of no use for another. Its server decides what that person may do there; Parley has only checked that they
may have the tool called at all.
"""

import base64
import html
import json
import time
from typing import Any, Final
from urllib.parse import quote

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
    """What must not come back with an answer, whole or without the word before it, however written."""
    whole = [*spec.secret_headers.values(), spec.signing_key or "", signed or ""]
    pieces = {piece for text in whole for piece in (text, text.rpartition(" ")[2], _password(text)) if piece}
    return pieces.union(*map(_written, pieces))


def _password(header: str) -> str:
    """Of `Basic …` (RFC 7617), or nothing."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given).decode().partition(":")[2]
    except ValueError:
        return ""


def _written(secret: str) -> set[str]:
    """In JSON, with and without escaped slashes, in an address, and in HTML."""
    in_json = json.dumps(secret)[1:-1]
    return {in_json, in_json.replace("/", "\\/"), quote(secret, safe=""), html.escape(secret)}
