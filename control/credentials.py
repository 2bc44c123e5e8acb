"""Random secrets and the digests under which they are stored; a stored digest gives no way in.

Secrets carry 256 random bits, so a fast digest is enough for them. API keys are keyed with a pepper of the
key ring on top, so that a copy of the database alone cannot even confirm a guess. Their form is public:
a scanner recognises one by `API_KEY_PATTERN` and verifies its checksum without asking anybody.
Passwords need a slow hash and live elsewhere.
"""

import hashlib
import hmac
import re
import secrets
import string
import zlib
from typing import Final

from control.keyring import KeyRing

API_KEY_PREFIX: Final = "parley_"
API_KEY_PATTERN: Final = r"parley_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}"
HINT_CHARS: Final = 12
"""Of an API key, kept to tell keys apart: the prefix and 5 of 43 characters, which leave 226 random bits."""

TOKEN_CHARS: Final = 43
SECRET_BITS: Final = 256
CHECKSUM_CHARS: Final = 6
PEPPER: Final = "api key pepper"

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_API_KEY = re.compile(API_KEY_PATTERN)


def new_token() -> str:
    """A session token or invitation code: 43 base64url characters, 256 random bits."""
    return secrets.token_urlsafe(SECRET_BITS // 8)


def new_api_key() -> str:
    """`parley_`, 43 base62 characters (256 random bits), `_`, and the checksum of what stands before it."""
    body = API_KEY_PREFIX + _base62(secrets.randbits(SECRET_BITS), TOKEN_CHARS)
    return f"{body}_{checksum(body)}"


def is_api_key(text: str) -> bool:
    """Whether it has the form of an API key of ours, the checksum included; not whether anybody has it."""
    return _API_KEY.fullmatch(text) is not None and text[-CHECKSUM_CHARS:] == checksum(
        text.rpartition("_")[0]
    )


def checksum(body: str) -> str:
    """The CRC-32 of `body` as 6 base62 digits, the most significant first."""
    return _base62(zlib.crc32(body.encode()), CHECKSUM_CHARS)


def hash_token(token: str) -> bytes:
    """SHA-256 of a session token or invitation code."""
    return hashlib.sha256(token.encode()).digest()


class Peppers:
    """HMAC-SHA256 of API keys under a subkey of each key of the ring, so that peppers rotate with it."""

    def __init__(self, ring: KeyRing) -> None:
        self._keys = ring.subkeys(PEPPER)

    def digest(self, api_key: str) -> bytes:
        """Under which a key is stored from now on."""
        return self.digests(api_key)[0]

    def digests(self, api_key: str) -> list[bytes]:
        """Under which it may be stored already; the present pepper's comes first."""
        return [hmac.digest(key, api_key.encode(), "sha256") for key in self._keys]


def _base62(number: int, width: int) -> str:
    """`number` in `width` digits, `0` to `9`, `A` to `Z`, `a` to `z`."""
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(reversed(digits))
