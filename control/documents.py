"""A tenant's documents: what its agents quote. A list gives titles; a text is replaced, never given back."""

from datetime import datetime
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import Field, StringConstraints

from agent.errors import InvalidInput, NotFound
from agent.wire import DOCUMENT_PREFIX, DocumentId, format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import ApiKey, Member
from control.endpoints import Answer, Body, Call, Nothing
from control.rooms import PageQuery
from control.store import documents
from control.store.db import Connection, Database
from control.store.documents import MAX_TITLE_CHARS, StoredDocument

MAX_TEXT_CHARS: Final = 500_000
DOCUMENT_BODY_BYTES: Final = 2 * 1024 * 1024

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=rf"^[^\x00-\x1f\x7f]{{1,{MAX_TITLE_CHARS}}}$"),
]


class DocumentBody(Body):
    """Markdown or plain text; its headings become those of the passages."""

    title: Title
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)]


class DocumentAnswer(Answer):
    """`passages`: the pieces that are searched and quoted."""

    id: str
    title: str
    passages: int
    created_at: datetime
    updated_at: datetime


class DocumentsAnswer(Answer):
    data: list[DocumentAnswer]
    next_cursor: str | None


class Documents:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def list(self, call: Call[Member | ApiKey, PageQuery]) -> DocumentsAnswer:
        """Lists the documents, newest first. Raises: InvalidInput."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            page = await documents.list_documents(conn, call.input.limit, call.input.cursor)
        return DocumentsAnswer(data=[_answer(item) for item in page.items], next_cursor=page.next_cursor)

    async def put(self, call: Call[Member | ApiKey, DocumentBody]) -> DocumentAnswer:
        """Stores a document under its title, in place of one that was there. Raises: InvalidInput."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            document_id = await documents.put_document(conn, call.input.title, call.input.text)
            stored = await documents.find_document(conn, document_id)
            await _record(conn, call, AuditAction.DOCUMENT_STORED, document_id)
        if stored is None:
            raise NotFound("the document was removed while it was being written")
        return _answer(stored)

    async def remove(self, call: Call[Member | ApiKey, Nothing]) -> web.Response:
        """Deletes a document, and every agent's leave to quote it. Raises: NotFound."""
        text = call.path("id")
        try:
            document_id = parse_document_id(text)
        except InvalidInput:
            raise NotFound(f"no document {text!r}") from None
        async with self._db.tenant(call.caller.tenant_id) as conn:
            await documents.delete_document(conn, document_id)
            await _record(conn, call, AuditAction.DOCUMENT_DELETED, document_id)
        return web.Response(status=204)


async def _record(
    conn: Connection, call: Call[Member | ApiKey, Any], action: AuditAction, document_id: DocumentId
) -> None:
    await record_call(conn, call, action, {"document": format_id(DOCUMENT_PREFIX, document_id)})


def parse_document_id(text: str) -> DocumentId:
    """Raises: InvalidInput."""
    return DocumentId(parse_id(DOCUMENT_PREFIX, text))


def _answer(document: StoredDocument) -> DocumentAnswer:
    return DocumentAnswer(
        id=format_id(DOCUMENT_PREFIX, document.id),
        title=document.title,
        passages=document.passages,
        created_at=document.created_at,
        updated_at=document.updated_at,
    )
