"""Tokens to join a room with: one room, one identity, ten minutes, and every grant spelled out.

Signed here and not by livekit-api, whose `to_jwt` spends ten times as long, mostly copying dataclasses; and
whose defaults are six hours and every source. A test holds the claims equal to what it would write.
Source: LiveKit's "Tokens & grants", 2026-11; RFC 7515, section 3.1.
"""

import base64
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, Final

TTL_S: Final = 600
SOURCES: Final = ("microphone", "screen_share")


@dataclass(frozen=True, slots=True)
class JoinIdentity:
    """How someone appears in a room; `metadata` and `attributes` are visible to everyone in it."""

    identity: str
    name: str
    metadata: str | None = None
    attributes: dict[str, str] | None = None


class JoinTokens:
    def __init__(self, api_key: str, api_secret: str) -> None:
        self._api_key = api_key
        self._secret = api_secret.encode()
        self._head = _encode({"alg": "HS256", "typ": "JWT"}) + b"."

    def mint(self, room: str, who: JoinIdentity) -> str:
        now_s = int(time.time())
        claims: dict[str, Any] = {
            "iss": self._api_key,
            "sub": who.identity,
            "nbf": now_s,
            "exp": now_s + TTL_S,
            "video": {
                "roomJoin": True,
                "room": room,
                "canPublish": True,
                "canSubscribe": True,
                "canPublishData": True,
                "canPublishSources": SOURCES,
                "canUpdateOwnMetadata": False,
            },
        }
        if who.name:
            claims["name"] = who.name
        if who.metadata:
            claims["metadata"] = who.metadata
        if who.attributes:
            claims["attributes"] = who.attributes
        signed = self._head + _encode(claims)
        signature = base64.urlsafe_b64encode(hmac.digest(self._secret, signed, "sha256")).rstrip(b"=")
        return (signed + b"." + signature).decode("ascii")


def _encode(part: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).rstrip(b"=")
