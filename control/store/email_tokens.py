"""Links that were sent to a person's address, in the person's context.

A link works once, for one thing, and only the newest of a kind does.
"""

from datetime import datetime
from enum import StrEnum

from control.store.db import Connection


class TokenPurpose(StrEnum):
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
    CHANGE_EMAIL = "change_email"


async def put_token(
    conn: Connection, purpose: TokenPurpose, email: str, token_hash: bytes, expires_at_utc: datetime
) -> None:
    """In place of those for the same purpose that were sent before."""
    await void_tokens(conn, purpose)
    await conn.execute(
        """
        insert into email_tokens (purpose, email, token_hash, expires_at)
        values ($1, lower($2), $3, $4)
        """,
        purpose,
        email,
        token_hash,
        expires_at_utc,
    )


async def use_token(conn: Connection, purpose: TokenPurpose, token_hash: bytes) -> str | None:
    """The address that it was sent to; None when there is no such link, or it expired or was used."""
    email: str | None = await conn.fetchval(
        """
        update email_tokens set used_at = now()
        where token_hash = $1 and purpose = $2 and used_at is null and expires_at > now()
        returning email
        """,
        token_hash,
        purpose,
    )
    return email


async def void_tokens(conn: Connection, purpose: TokenPurpose) -> None:
    """None of the person's links for that purpose works any more."""
    await conn.execute(
        "update email_tokens set used_at = now() where purpose = $1 and used_at is null", purpose
    )
