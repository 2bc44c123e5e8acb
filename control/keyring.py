"""Secrets at rest: sealed by AES-256-GCM under a ring of keys, the current one first.

A sealed value names the key that sealed it, and is bound to its place (table, row) by associated data, so
that it cannot be moved to another row. A ring is rotated by putting a new key in front; what an old key
sealed stays readable until that key is taken out. Subkeys for digests are derived from the same ring.
"""

import base64
import binascii
import os
import re
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from agent.errors import ConfigError, InvalidInput

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
FORM: Final = 1
DERIVED_ID: Final = "secret"

_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class KeyRing:
    """`keys`: by id, the current one first."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        if not keys:
            raise ConfigError("PARLEY_KEY_RING names no key")
        self._keys = keys
        self._current = next(iter(keys))

    @classmethod
    def from_settings(cls, key_ring: str | None, secret_key: str) -> Self:
        """Of PARLEY_KEY_RING; else of one key that PARLEY_SECRET_KEY gives. Raises: ConfigError."""
        if key_ring is None:
            return cls({DERIVED_ID: _derive(secret_key.encode(), "parley key ring")})
        keys: dict[str, bytes] = {}
        for item in key_ring.replace(",", " ").split():
            key_id, _, encoded = item.partition(":")
            try:
                key = base64.b64decode(encoded, altchars=b"-_", validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if not _ID.fullmatch(key_id) or len(key) != KEY_BYTES or key_id in keys:
                raise ConfigError(
                    f"PARLEY_KEY_RING: the key {key_id!r} is not ID:BASE64 with {KEY_BYTES} bytes, "
                    "or stands there twice; `openssl rand -base64 32` makes one"
                )
            keys[key_id] = key
        return cls(keys)

    def seal(self, secret: bytes, *, place: str) -> bytes:
        """`place`: where it is kept, such as `mfa_factors <user> <id>`; opening takes the same words."""
        nonce = os.urandom(NONCE_BYTES)
        head = bytes([FORM, len(self._current)]) + self._current.encode()
        return head + nonce + AESGCM(self._keys[self._current]).encrypt(nonce, secret, _bound(head, place))

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Raises: InvalidInput when it was sealed for another place, changed, or by a key no longer here."""
        head, nonce, body = _parts(sealed)
        key = self._keys.get(head[2:].decode("ascii", "replace"))
        if key is None:
            raise InvalidInput(f"sealed by a key that PARLEY_KEY_RING does not hold: {head[2:]!r}")
        try:
            return AESGCM(key).decrypt(nonce, body, _bound(head, place))
        except InvalidTag:
            raise InvalidInput(
                f"what is kept at {place!r} was changed, or was sealed for another place"
            ) from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the current key sealed it; what an older one did is worth sealing again."""
        return _parts(sealed)[0][2:] == self._current.encode()

    def subkeys(self, purpose: str) -> list[bytes]:
        """A key of 32 bytes for that purpose from each key of the ring, the current one first."""
        return [_derive(key, purpose) for key in self._keys.values()]


def _parts(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    if len(sealed) < 2 or sealed[0] != FORM:
        raise InvalidInput("this is not a sealed value")
    end = 2 + sealed[1]
    return sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]


def _bound(head: bytes, place: str) -> bytes:
    return head + b"\x00" + place.encode()


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(secret)
