"""Random secrets and the digests under which they are stored; a stored digest gives no way in.

Secrets carry 256 random bits, so a fast digest is enough for them. API keys are keyed with
PARLEY_SECRET_KEY on top, so that a copy of the database alone cannot even confirm a guess.
Passwords need a slow hash and live in `passwords.py`.
"""

import hashlib
import hmac
import secrets

API_KEY_PREFIX = "parley_"
TOKEN_CHARS = 43


def new_token() -> str:
    """A session token or invitation code: 43 base64url characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def new_api_key() -> str:
    return API_KEY_PREFIX + secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """SHA-256 of a session token or invitation code."""
    return hashlib.sha256(token.encode()).digest()


def hash_api_key(api_key: str, secret_key: str) -> bytes:
    """HMAC-SHA256 of an API key, keyed by PARLEY_SECRET_KEY."""
    return hmac.digest(secret_key.encode(), api_key.encode(), "sha256")
