"""Secrets at rest: sealed by AES-256-GCM under a ring of keys, the current one first.

A sealed value names the key that sealed it, and is bound to its place (table, row) by associated data, so
that it cannot be moved to another row. A ring is rotated by putting a new key in front; what an old key
sealed stays readable until that key is taken out. Sealing and digests have subkeys of their own, derived
from the ring. A nonce is 96 random bits, which is good for 2**32 seals under one key.
Source: NIST SP 800-38D, 8.3, for that bound; RFC 5869 for the derivation.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from agent.errors import ConfigError, InvalidInput

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
FORM: Final = 1
DERIVED_ID: Final = "secret"
"""In a ring, the word for the key that PARLEY_SECRET_KEY gives: what was sealed before there was a ring."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class KeyRing:
    """`keys`: by id, the current one first."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Raises: ConfigError."""
        if not keys:
            raise ConfigError("PARLEY_KEY_RING names no key")
        for key_id, key in keys.items():
            _check(key_id, key)
        self._current = next(iter(keys))
        self._keys = dict(keys)
        self._ciphers = {key_id: AESGCM(_derive(key, "seal")) for key_id, key in keys.items()}

    @classmethod
    def from_settings(cls, key_ring: str | None, secret_key: str) -> Self:
        """Of PARLEY_KEY_RING; else of one key that PARLEY_SECRET_KEY gives. Raises: ConfigError."""
        keys: dict[str, bytes] = {}
        for number, item in enumerate((key_ring or DERIVED_ID).replace(",", " ").split(), start=1):
            key_id, key = _parse(item, number, secret_key)
            if key_id in keys:
                raise ConfigError(f"PARLEY_KEY_RING has the key {key_id!r} twice")
            keys[key_id] = key
        return cls(keys)

    def seal(self, secret: bytes, *, place: str) -> bytes:
        """`place`: where it is kept, such as `mfa_factors <user> <id>`; opening takes the same words."""
        nonce = os.urandom(NONCE_BYTES)
        head = bytes([FORM, len(self._current)]) + self._current.encode()
        return head + nonce + self._ciphers[self._current].encrypt(nonce, secret, _bound(head, place))

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Raises: InvalidInput when it was sealed for another place, changed, or by a key no longer here."""
        head, nonce, body = _parts(sealed)
        cipher = self._ciphers.get(_key_id(head))
        if cipher is None:
            raise InvalidInput(f"sealed by the key {_key_id(head)!r}, which PARLEY_KEY_RING does not hold")
        try:
            return cipher.decrypt(nonce, body, _bound(head, place))
        except InvalidTag:
            raise InvalidInput(
                f"what is kept at {place!r} was changed, or was sealed for another place"
            ) from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the current key sealed it; what an older one did is worth sealing again.

        Raises: InvalidInput for what was never sealed.
        """
        return _key_id(_parts(sealed)[0]) == self._current

    def subkeys(self, purpose: str) -> list[bytes]:
        """A key of 32 bytes for that purpose from each key of the ring, the current one first."""
        return [_derive(key, f"digest {purpose}") for key in self._keys.values()]


def _parse(item: str, number: int, secret_key: str) -> tuple[str, bytes]:
    """One item of PARLEY_KEY_RING. Never quotes what may be the key itself. Raises: ConfigError."""
    if item == DERIVED_ID:
        return DERIVED_ID, _derive(secret_key.encode(), "parley key ring")
    key_id, colon, encoded = item.partition(":")
    if not colon or not _ID.fullmatch(key_id):
        raise ConfigError(
            f"PARLEY_KEY_RING, item {number}: write ID:BASE64 with an id of 1 to 32 letters, digits, _ or -"
        )
    if key_id == DERIVED_ID:
        raise ConfigError(f"PARLEY_KEY_RING: {DERIVED_ID!r} stands alone, for the key of PARLEY_SECRET_KEY")
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigError(
            f"PARLEY_KEY_RING: the key {key_id!r} is not Base64; `openssl rand -base64 32` makes one"
        ) from None
    return key_id, key


def _check(key_id: str, key: bytes) -> None:
    if not _ID.fullmatch(key_id):
        raise ConfigError(f"PARLEY_KEY_RING: {key_id!r} is no id of 1 to 32 letters, digits, _ or -")
    if len(key) != KEY_BYTES:
        raise ConfigError(
            f"PARLEY_KEY_RING: the key {key_id!r} has {len(key)} bytes and needs {KEY_BYTES}; "
            "`openssl rand -base64 32` makes one"
        )


def _parts(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    """Form and key id, nonce, and what is encrypted. Raises: InvalidInput."""
    if len(sealed) < 2 or sealed[0] != FORM:
        raise InvalidInput("this is not a sealed value")
    end = 2 + sealed[1]
    if len(sealed) < end + NONCE_BYTES + TAG_BYTES:
        raise InvalidInput("this sealed value was cut off")
    return sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]


def _key_id(head: bytes) -> str:
    return head[2:].decode("ascii", "replace")


def _bound(head: bytes, place: str) -> bytes:
    """The head carries its own length, so that no id and place can be read as another pair."""
    return head + b"\x00" + place.encode()


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(secret)
