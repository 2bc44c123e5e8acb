"""Which requests were answered already, and with what."""

from dataclasses import dataclass
from datetime import timedelta

from control.store.db import Connection


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier request with the same key. `status` and `answer` are None while it is under way."""

    request_hash: bytes
    status: int | None
    answer: bytes | None


async def claim_key(
    conn: Connection, principal: str, key: str, request_hash: bytes, life: timedelta
) -> Earlier | None:
    """None: the key is this request's now. What has expired is taken over."""
    claimed = await conn.fetchval(
        """
        insert into idempotency_keys as k (principal, key, request_hash, expires_at)
        values ($1, $2, $3, now() + $4)
        on conflict (tenant_id, principal, key) do update
            set request_hash = excluded.request_hash, expires_at = excluded.expires_at, status = null,
                answer = null, created_at = now()
            where k.expires_at <= now()
        returning true
        """,
        principal,
        key,
        request_hash,
        life,
    )
    if claimed:
        return None
    row = await conn.fetchrow(
        "select request_hash, status, answer from idempotency_keys where principal = $1 and key = $2",
        principal,
        key,
    )
    # Given up in between: whoever comes again finds it free.
    return Earlier(request_hash, None, None) if row is None else Earlier(**row)


async def keep_answer(
    conn: Connection, principal: str, key: str, status: int, answer: bytes, life: timedelta
) -> None:
    await conn.execute(
        """
        update idempotency_keys set status = $3, answer = $4, expires_at = now() + $5
        where principal = $1 and key = $2
        """,
        principal,
        key,
        status,
        answer,
        life,
    )


async def give_up_key(conn: Connection, principal: str, key: str) -> None:
    """The request was not answered: it may be sent again."""
    await conn.execute(
        "delete from idempotency_keys where principal = $1 and key = $2 and status is null", principal, key
    )
