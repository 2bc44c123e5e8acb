"""`Idempotency-Key`: the same request sent again does nothing again and gets the first one's answer.

Kept for a day, for the same caller only. Routes say themselves that their answers may be kept; one that shows
a secret once (a key, an invitation's code, a token) never does, and there the header changes nothing.
Source: draft-ietf-httpapi-idempotency-key-header-07, section 2.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from aiohttp import web

from agent.errors import IdempotencyMismatch, InvalidInput, StillRunning
from agent.wire import TenantId
from control.store.db import Database
from control.store.idempotency import claim_key, give_up_key, keep_answer

HEADER: Final = "Idempotency-Key"
LIFE: Final = timedelta(hours=24)
PATIENCE: Final = timedelta(seconds=60)
"""After which a request that never came to an end, because this process died, may be sent again."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Repeats:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def once(
        self,
        request: web.Request,
        raw: bytes,
        tenant_id: TenantId,
        principal: str,
        answer: Callable[[], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """The answer, or the one that was given to the same request before.

        Raises: what `answer` raises, of which nothing is kept; InvalidInput, StillRunning.
        """
        key = _key_of(request)
        if key is None:
            return await answer()
        request_hash = _hash(request, raw)
        async with self._db.tenant(tenant_id) as conn:
            earlier = await claim_key(conn, principal, key, request_hash, PATIENCE)
        if earlier is not None:
            if earlier.request_hash != request_hash:
                raise IdempotencyMismatch(f"this {HEADER} was used for another request", HEADER)
            if earlier.status is None or earlier.answer is None:
                raise StillRunning("the first request with this key is under way; try again in a moment")
            return _replay(earlier.status, earlier.answer)
        try:
            response = await answer()
            body = response.body if isinstance(response, web.Response) else None
            async with self._db.tenant(tenant_id) as conn:
                await keep_answer(
                    conn, principal, key, response.status, body if isinstance(body, bytes) else b"", LIFE
                )
        except BaseException:
            async with self._db.tenant(tenant_id) as conn:
                await give_up_key(conn, principal, key)
            raise
        return response


def _key_of(request: web.Request) -> str | None:
    """Raises: InvalidInput."""
    given = request.headers.getall(HEADER, ())
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise InvalidInput(f"{HEADER} has 1 to 255 visible ASCII characters, and is sent once", HEADER)
    return given[0]


def _hash(request: web.Request, raw: bytes) -> bytes:
    head = f"{request.method} {request.raw_path}\n".encode()
    return hashlib.sha256(head + raw).digest()


def _replay(status: int, body: bytes) -> web.Response:
    return web.Response(
        body=body, status=status, content_type="application/json", headers={"Idempotent-Replayed": "true"}
    )
