"""The addresses of what is kept, what goes, and what is told of it: the trail, erasure, the tenant's copy."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import Field

from agent.errors import AppError, InvalidInput, NotFound
from agent.wire import CONVERSATION_PREFIX, TENANT_PREFIX, ConversationId, format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.events import AuditEvents, AuditEventsAnswer, AuditQuery
from control.audit.record import AuditEvent, actor_of, record
from control.auth import ApiKey, Authenticator, Member
from control.endpoints import Answer, Body, Call, Nothing, Route
from control.middleware import REQUEST_ID
from control.names import AGENT_IDENTITY_PREFIX
from control.records.erasure import By, Erasure
from control.records.export import export_tenant, note_export
from control.scopes import Scope
from control.store import conversations
from control.store.db import Database

logger = logging.getLogger(__name__)

EXPORT_S: Final = 15 * 60.0
"""How long a slow reader may hold the snapshot."""
PIECE_BYTES: Final = 64 * 1024


class EndAccountBody(Body):
    """`email`: one's own address, so that nobody does this by mistake."""

    email: str = Field(max_length=320)


class EndedAnswer(Answer):
    """`turns`: how many places in transcripts are left without words. `tenants_deleted`: the ones that nobody
    else belonged to.
    """

    turns: int
    tenants_deleted: list[str]


class ErasureBody(Body):
    """`identity`: of the speaker, as the transcript has it."""

    identity: Annotated[str, Field(min_length=1, max_length=256)]


class ErasedAnswer(Answer):
    turns: int


class RecordsDesk:
    def __init__(self, db: Database, auth: Authenticator, erasure: Erasure) -> None:
        self._db = db
        self._auth = auth
        self._erasure = erasure
        self._events = AuditEvents(db)

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        talk = "/v1/conversations/{id}"
        # fmt: off
        return [
            Route("GET", "/v1/audit-events", auth.team_admin, self._events.list, AuditQuery,
                  AuditEventsAnswer, scope=Scope.AUDIT_READ),
            Route("DELETE", "/v1/account", auth.recent, self.end_account, EndAccountBody, EndedAnswer,
                  action="erase"),
            Route("DELETE", talk, auth.team_admin, self.delete_conversation, Nothing, None, 204,
                  scope=Scope.CONVERSATIONS_WRITE),
            Route("POST", f"{talk}/erasure", auth.admin, self.erase_speaker, ErasureBody, ErasedAnswer,
                  action="erase"),
            Route("GET", "/v1/tenant/export", auth.recent_owner, self.export, Nothing, None, 200,
                  action="export"),
        ]
        # fmt: on

    async def end_account(self, call: Call[Member, EndAccountBody]) -> web.Response:
        """Erases your account and what you said, everywhere.

        Raises: InvalidInput (another address); Conflict (the only owner of a tenant with others).
        """
        if call.input.email.lower() != call.caller.email:
            raise InvalidInput("this is not the address of your account", "email")
        erased = await self._erasure.erase_person(call.caller.user_id, _by(call))
        answer = EndedAnswer(
            turns=erased.turns,
            tenants_deleted=[format_id(TENANT_PREFIX, tenant_id) for tenant_id in erased.tenants],
        )
        response = web.json_response(answer.model_dump())
        response.del_cookie(
            self._auth.cookie_name, path="/", secure=self._auth.cookie_is_secure, samesite="Strict"
        )
        return response

    async def erase_speaker(self, call: Call[Member, ErasureBody]) -> ErasedAnswer:
        """Erases what one person said in a conversation; their turns keep their numbers.

        Raises: NotFound; InvalidInput for an agent.
        """
        identity = call.input.identity
        if identity.startswith(AGENT_IDENTITY_PREFIX):
            raise InvalidInput("an agent is nobody who could be erased", "identity")
        conversation_id = _conversation_id(call)
        turns = await self._erasure.erase_speaker(call.caller.tenant_id, conversation_id, identity, _by(call))
        return ErasedAnswer(turns=turns)

    async def delete_conversation(self, call: Call[Member | ApiKey, Nothing]) -> web.Response:
        """Deletes a conversation with all that belongs to it. Raises: NotFound."""
        conversation_id = _conversation_id(call)
        async with self._db.tenant(call.caller.tenant_id) as conn:
            if await conversations.find_conversation(conn, conversation_id) is None:
                raise _missing(call)
            await conversations.delete_conversation(conn, conversation_id)
            event = AuditEvent(
                AuditAction.CONVERSATION_DELETED,
                actor_of(call.caller),
                request_id=call.request[REQUEST_ID],
                target={"conversation": format_id(CONVERSATION_PREFIX, conversation_id)},
            )
            await record(conn, call.caller.tenant_id, event)
        return web.Response(status=204)

    async def export(self, call: Call[Member, Nothing]) -> web.StreamResponse:
        """Gives all of the tenant as JSON lines; a copy that breaks off cannot be restored.

        One that breaks off has no end, and cannot be restored.
        """
        tenant_id, by = call.caller.tenant_id, _by(call)
        await note_export(self._db, tenant_id, by.actor, by.request_id)
        response = web.StreamResponse()
        response.content_type = "application/x-ndjson"
        name = f"{format_id(TENANT_PREFIX, tenant_id)}.jsonl"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        await response.prepare(call.request)
        try:
            async with asyncio.timeout(EXPORT_S):
                await _send(response, export_tenant(self._db, tenant_id))
        except (AppError, TimeoutError) as error:
            # Too late for an answer that says so.
            logger.warning("export broken off", extra={"error": type(error).__name__})
            if call.request.transport is not None:
                call.request.transport.abort()
        return response


async def _send(response: web.StreamResponse, lines: AsyncGenerator[bytes, None]) -> None:
    """In pieces of a size that a packet is worth."""
    piece = bytearray()
    async with aclosing(lines):
        async for line in lines:
            piece += line
            if len(piece) >= PIECE_BYTES:
                await response.write(bytes(piece))
                piece.clear()
    await response.write(bytes(piece))
    await response.write_eof()


def _by(call: Call[Member, Any]) -> By:
    return By(actor_of(call.caller), call.request[REQUEST_ID])


def _conversation_id(call: Call[Any, Any]) -> ConversationId:
    """Raises: NotFound."""
    try:
        return ConversationId(parse_id(CONVERSATION_PREFIX, call.path("id")))
    except InvalidInput:
        raise _missing(call) from None


def _missing(call: Call[Any, Any]) -> NotFound:
    return NotFound(f"no conversation {call.path('id')!r}")
