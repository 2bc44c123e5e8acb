"""A tenant's own keys of model providers: sealed for their row, used by its conversations, never given back.

A put replaces key and address together: who may change the address must not be able to send a key there
that they do not have. Decided against a look-up of the address when it is put: it would be a way to probe
this side of the network, and would say nothing about the day on which it is used.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from agent.addresses import LOOPBACK_NAMES, MAX_URL_CHARS, check_base_url
from agent.errors import InvalidInput, NotFound
from agent.wire import TENANT_PREFIX, ProviderKey, TenantId, format_id
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import Member
from control.endpoints import Answer, Body, Call, Nothing
from control.keyring import KeyRing
from control.store import provider_keys
from control.store.db import Connection, Database
from control.store.provider_keys import StoredProviderKey

logger = logging.getLogger(__name__)

HINT_CHARS: Final = 4
Provider = Literal["openai", "google", "anthropic"]
_PROVIDER: Final[TypeAdapter[Provider]] = TypeAdapter(Provider)


class ProviderKeyBody(Body):
    """`api_key` may be left out for a server of one's own that wants none."""

    # No blank and no control character: it becomes part of a header.
    api_key: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{12,500}$")] | None = Field(
        default=None, repr=False
    )
    base_url: Annotated[str, StringConstraints(min_length=8, max_length=MAX_URL_CHARS)] | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.api_key is None and self.base_url is None:
            raise ValueError("send `api_key`, `base_url` or both; DELETE removes what is there")
        return self


class ProviderKeyAnswer(Answer):
    """`hint`: the last characters of the key, empty where there is none."""

    provider: str
    hint: str
    base_url: str | None
    updated_at: datetime


class ProviderKeysAnswer(Answer):
    data: list[ProviderKeyAnswer]
    next_cursor: str | None = None


class ProviderKeys:
    """`public_url` says whether this is a stack on one machine, whose tenants may name its own addresses;
    `model_hosts` which hosts alone they may name, if there are any.
    """

    def __init__(self, db: Database, ring: KeyRing, public_url: str, model_hosts: Sequence[str] = ()) -> None:
        self._db = db
        self._ring = ring
        self._model_hosts = model_hosts
        self._may_be_local = urlsplit(public_url).hostname in LOOPBACK_NAMES

    async def show(self, call: Call[Member, Nothing]) -> ProviderKeysAnswer:
        """Lists the providers that the tenant brings keys for, by their last characters."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            stored = await provider_keys.list_provider_keys(conn)
        return ProviderKeysAnswer(data=[_answer(key) for key in stored])

    async def put(self, call: Call[Member, ProviderKeyBody]) -> ProviderKeyAnswer:
        """Sets the key and address for a provider, in place of both that were there.

        Raises: NotFound for another provider, InvalidInput for an address that is refused.
        """
        provider, caller, api_key = _provider(call.path("provider")), call.caller, call.input.api_key
        base_url = call.input.base_url
        if base_url is not None:
            base_url = check_base_url(base_url, may_be_local=self._may_be_local)
            if not self._is_listed(base_url):
                raise InvalidInput(f"the host is one of {', '.join(self._model_hosts)}", "base_url")
        sealed = None
        if api_key is not None:
            sealed = self._ring.seal(api_key.encode(), place=_place(caller.tenant_id, provider))
        async with self._db.tenant(caller.tenant_id) as conn:
            stored = await provider_keys.put_provider_key(
                conn, provider, sealed, (api_key or "")[-HINT_CHARS:], base_url, caller.user_id
            )
            await _record(
                conn, call, AuditAction.PROVIDER_KEY_SET, provider, has_address=base_url is not None
            )
        return _answer(stored)

    async def remove(self, call: Call[Member, Nothing]) -> web.Response:
        """Removes the key for a provider; the deployment's own serves from the next job on.

        Raises: NotFound.
        """
        provider = _provider(call.path("provider"))
        async with self._db.tenant(call.caller.tenant_id) as conn:
            if not await provider_keys.delete_provider_key(conn, provider):
                raise NotFound(f"no key of {provider} is kept")
            await _record(conn, call, AuditAction.PROVIDER_KEY_REMOVED, provider)
        return web.Response(status=204)

    async def open_for_job(self, conn: Connection, tenant_id: TenantId) -> list[ProviderKey]:
        """In the clear, for one conversation's job; what an old key of the ring sealed is sealed again.

        What cannot be opened, or is at a host that is listed no more, closes its provider to the tenant,
        rather than have the deployment pay.
        """
        return [
            await self._hand_out(conn, tenant_id, stored)
            for stored in await provider_keys.list_provider_keys(conn)
        ]

    async def _hand_out(
        self, conn: Connection, tenant_id: TenantId, stored: StoredProviderKey
    ) -> ProviderKey:
        provider = _provider(stored.provider)
        api_key = await self._open(conn, tenant_id, stored)
        is_closed = api_key is None and stored.sealed_key is not None
        if is_closed or (stored.base_url is not None and not self._is_listed(stored.base_url)):
            return ProviderKey(
                provider=provider, api_key=None, base_url=None, may_be_local=self._may_be_local
            )
        return ProviderKey(
            provider=provider, api_key=api_key, base_url=stored.base_url, may_be_local=self._may_be_local
        )

    def _is_listed(self, base_url: str) -> bool:
        host = (urlsplit(base_url).hostname or "").removesuffix(".")
        return not self._model_hosts or host in self._model_hosts

    async def _open(self, conn: Connection, tenant_id: TenantId, stored: StoredProviderKey) -> str | None:
        if stored.sealed_key is None:
            return None
        place = _place(tenant_id, stored.provider)
        try:
            api_key = self._ring.open(stored.sealed_key, place=place)
        except InvalidInput:
            logger.error(
                "a provider key cannot be opened", extra={"tenant": format_id(TENANT_PREFIX, tenant_id)}
            )
            return None
        if not self._ring.is_current(stored.sealed_key):
            sealed = self._ring.seal(api_key, place=place)
            await provider_keys.seal_again(conn, stored.provider, stored.sealed_key, sealed)
        return api_key.decode()


def _place(tenant_id: TenantId, provider: str) -> str:
    return f"provider_keys {tenant_id} {provider}"


def _provider(text: str) -> Provider:
    """Raises: NotFound."""
    try:
        return _PROVIDER.validate_python(text)
    except ValidationError:
        raise NotFound(f"no provider {text!r}; there are openai, google and anthropic") from None


async def _record(
    conn: Connection,
    call: Call[Member, ProviderKeyBody] | Call[Member, Nothing],
    action: AuditAction,
    provider: Provider,
    **details: bool,
) -> None:
    await record_call(conn, call, action, {"provider": provider}, details)


def _answer(key: StoredProviderKey) -> ProviderKeyAnswer:
    return ProviderKeyAnswer(
        provider=key.provider, hint=key.hint, base_url=key.base_url, updated_at=key.updated_at
    )
