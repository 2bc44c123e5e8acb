"""An authenticator in software: keys of P-256, CBOR and counters, answering as a browser's `toJSON()` does.

What a test varies is an argument, so that each attack is one changed word of an honest answer. Source: W3C
Web Authentication Level 3, sections 6.1 (authenticator data) and 6.5.4 (attested credential data).
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

USER_PRESENT: Final = 0x01
USER_VERIFIED: Final = 0x04
ATTESTED: Final = 0x40
HONEST: Final = USER_PRESENT | USER_VERIFIED

Json = dict[str, Any]


@dataclass(slots=True)
class Passkey:
    """`count`: how often it signed. `user_handle`: whose it is, as the site said."""

    id: bytes
    key: ec.EllipticCurvePrivateKey
    user_handle: bytes
    count: int = 0


@dataclass(slots=True)
class Authenticator:
    """At the origin that its browser shows."""

    origin: str
    rp_id: str = "localhost"
    passkeys: list[Passkey] = field(default_factory=list)

    def create(
        self,
        options: Mapping[str, Any],
        *,
        flags: int = HONEST,
        origin: str | None = None,
        rp_id: str | None = None,
        fmt: str = "none",
        statement: Json | None = None,
        cross_origin: bool = False,
        credential_id: bytes | None = None,
        kind: str = "webauthn.create",
    ) -> Json:
        """Answers creation options with a new passkey, which it keeps."""
        handle = base64url_to_bytes(options["user"]["id"])
        passkey = Passkey(credential_id or os.urandom(32), ec.generate_private_key(ec.SECP256R1()), handle)
        self.passkeys.append(passkey)
        data = self._data(rp_id, flags | ATTESTED, passkey.count) + _attested(passkey)
        client = self._client_data(kind, options["challenge"], origin, cross_origin)
        attestation = cbor2.dumps({"fmt": fmt, "attStmt": statement or {}, "authData": data})
        return _credential(
            passkey.id,
            {
                "clientDataJSON": bytes_to_base64url(client),
                "attestationObject": bytes_to_base64url(attestation),
                "transports": ["internal"],
            },
        )

    def get(
        self,
        options: Mapping[str, Any],
        passkey: Passkey | None = None,
        *,
        flags: int = HONEST,
        origin: str | None = None,
        rp_id: str | None = None,
        key: ec.EllipticCurvePrivateKey | None = None,
        count: int | None = None,
        user_handle: bytes | None = b"",
        cross_origin: bool = False,
        kind: str = "webauthn.get",
    ) -> Json:
        """Answers request options by its last passkey. `user_handle`: empty for its own, None for none."""
        used = passkey or self.passkeys[-1]
        used.count += 1
        data = self._data(rp_id, flags, used.count if count is None else count)
        client = self._client_data(kind, options["challenge"], origin, cross_origin)
        signed = data + hashlib.sha256(client).digest()
        handle = used.user_handle if user_handle == b"" else user_handle
        return _credential(
            used.id,
            {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url((key or used.key).sign(signed, ec.ECDSA(SHA256()))),
                "userHandle": None if handle is None else bytes_to_base64url(handle),
            },
        )

    def _data(self, rp_id: str | None, flags: int, count: int) -> bytes:
        return hashlib.sha256((rp_id or self.rp_id).encode()).digest() + bytes([flags]) + count.to_bytes(4)

    def _client_data(self, kind: str, challenge: str, origin: str | None, cross_origin: bool) -> bytes:
        data = {
            "type": kind,
            "challenge": challenge,
            "origin": origin or self.origin,
            "crossOrigin": cross_origin,
        }
        return json.dumps(data).encode()


def _attested(passkey: Passkey) -> bytes:
    """AAGUID, credential id and public key."""
    return bytes(16) + len(passkey.id).to_bytes(2) + passkey.id + cbor2.dumps(_cose(passkey.key))


def _cose(key: ec.EllipticCurvePrivateKey) -> dict[int, int | bytes]:
    """Source: RFC 9053, 7.1: EC2 (2), ES256 (-7), P-256 (1)."""
    point = key.public_key().public_numbers()
    return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}


def _credential(credential_id: bytes, response: Json) -> Json:
    name = bytes_to_base64url(credential_id)
    return {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": response,
    }
