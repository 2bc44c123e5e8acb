"""API keys: how a tenant's programs come in. Made, rotated and revoked by people only, shown once.

A key is refused from the request after its revocation on; rotating gives a second key for the same use while
the first runs out, so that programs can be moved over one by one.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from agent.errors import Conflict, InvalidInput, NotFound
from agent.wire import API_KEY_PREFIX, USER_PREFIX, ApiKeyId, format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import Member
from control.credentials import HINT_CHARS, Peppers, new_api_key
from control.endpoints import Answer, Body, Call, Nothing
from control.keyring import KeyRing
from control.rooms import PageQuery
from control.scopes import Scope
from control.store import api_keys
from control.store.api_keys import StoredApiKey
from control.store.db import Connection, Database
from control.tokens import DisplayName

DEFAULT_OVERLAP_S: Final = 24 * 3600
MAX_OVERLAP_S: Final = 30 * 24 * 3600


class ApiKeyBody(Body):
    """`expires_at`: when it ends by itself; null is never."""

    name: DisplayName
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    expires_at: AwareDatetime | None = None


class RotationBody(Body):
    """`overlap_s`: for how many seconds the old key still holds."""

    overlap_s: Annotated[int, Field(ge=0, le=MAX_OVERLAP_S)] = DEFAULT_OVERLAP_S


class ApiKeyAnswer(Answer):
    """`hint`: its first characters. `last_used_at` is exact to a minute. `replaced_by`: what took over."""

    id: str
    name: str
    hint: str
    scopes: list[str]
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    replaced_by: str | None


class NewApiKeyAnswer(ApiKeyAnswer):
    """The only time that `key` is shown."""

    key: str = Field(repr=False)


class ApiKeysAnswer(Answer):
    data: list[ApiKeyAnswer]
    next_cursor: str | None


class ApiKeys:
    def __init__(self, db: Database, ring: KeyRing) -> None:
        self._db = db
        self._peppers = Peppers(ring)

    async def list(self, call: Call[Member, PageQuery]) -> ApiKeysAnswer:
        """Lists the API keys, newest first, the ended ones too. Raises: InvalidInput."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            page = await api_keys.list_api_keys(conn, call.input.limit, call.input.cursor)
        return ApiKeysAnswer(data=[_answer(key) for key in page.items], next_cursor=page.next_cursor)

    async def create(self, call: Call[Member, ApiKeyBody]) -> NewApiKeyAnswer:
        """Makes an API key, which is shown this once. Raises: InvalidInput."""
        body = call.input
        if body.expires_at is not None and body.expires_at <= datetime.now(UTC):
            raise InvalidInput("a key that has expired is of no use; choose a time to come", "expires_at")
        async with self._db.tenant(call.caller.tenant_id) as conn:
            key, stored = await self._make(conn, call.caller, body.name, body.scopes, body.expires_at)
            await _record(conn, call, AuditAction.API_KEY_MADE, stored, scopes=",".join(stored.scopes))
        return _new(stored, key)

    async def rotate(self, call: Call[Member, RotationBody]) -> NewApiKeyAnswer:
        """Makes a key that takes over from this one, which runs out beside it.

        Raises: NotFound, Conflict for a key that has ended or was rotated already.
        """
        overlap = timedelta(seconds=call.input.overlap_s)
        async with self._db.tenant(call.caller.tenant_id) as conn:
            old = await _find(conn, call.path("id"))
            _check_rotatable(old)
            life = None if old.expires_at is None else old.expires_at - old.created_at
            expires_at = None if life is None else datetime.now(UTC) + life
            key, stored = await self._make(conn, call.caller, old.name, old.scopes, expires_at)
            await api_keys.hand_over(conn, old.id, stored.id, overlap)
            await _record(conn, call, AuditAction.API_KEY_ROTATED, old, overlap_s=call.input.overlap_s)
        return _new(stored, key)

    async def revoke(self, call: Call[Member, Nothing]) -> web.Response:
        """Ends a key at once. Raises: NotFound."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            key = await _find(conn, call.path("id"))
            await api_keys.revoke_api_key(conn, key.id)
            await _record(conn, call, AuditAction.API_KEY_REVOKED, key)
        return web.Response(status=204)

    async def _make(
        self, conn: Connection, maker: Member, name: str, scopes: Sequence[str], expires_at: datetime | None
    ) -> tuple[str, StoredApiKey]:
        key = new_api_key()
        key_id = await api_keys.create_api_key(
            conn,
            name,
            self._peppers.digest(key),
            expires_at,
            scopes=list(dict.fromkeys(scopes)),
            hint=key[:HINT_CHARS],
            created_by=maker.user_id,
        )
        stored = await api_keys.find_api_key(conn, key_id)
        if stored is None:
            raise NotFound("the API key was removed while it was being made")
        return key, stored


def _check_rotatable(key: StoredApiKey) -> None:
    """Raises: Conflict."""
    if key.replaced_by is not None:
        raise Conflict("this key was rotated already; rotate the one that took over from it")
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= datetime.now(UTC)):
        raise Conflict("this key has ended; make a new one")


async def _find(conn: Connection, text: str) -> StoredApiKey:
    """Raises: NotFound, in the same words for another tenant's."""
    missing = NotFound(f"no API key {text!r}")
    try:
        key_id = ApiKeyId(parse_id(API_KEY_PREFIX, text))
    except InvalidInput:
        raise missing from None
    found = await api_keys.find_api_key(conn, key_id)
    if found is None:
        raise missing
    return found


async def _record(
    conn: Connection,
    call: Call[Member, ApiKeyBody] | Call[Member, RotationBody] | Call[Member, Nothing],
    action: AuditAction,
    key: StoredApiKey,
    **details: str | int,
) -> None:
    await record_call(conn, call, action, {"api_key": _id(key.id)}, details)


def _id(key_id: UUID) -> str:
    return format_id(API_KEY_PREFIX, key_id)


def _answer(key: StoredApiKey) -> ApiKeyAnswer:
    return ApiKeyAnswer(
        id=_id(key.id),
        name=key.name,
        hint=key.hint,
        scopes=key.scopes,
        created_at=key.created_at,
        created_by=None if key.created_by is None else format_id(USER_PREFIX, key.created_by),
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
        replaced_by=None if key.replaced_by is None else _id(key.replaced_by),
    )


def _new(stored: StoredApiKey, key: str) -> NewApiKeyAnswer:
    return NewApiKeyAnswer(**_answer(stored).model_dump(), key=key)
