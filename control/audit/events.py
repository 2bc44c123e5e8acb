"""`GET /v1/audit-events`: the trail of a tenant, as those who run it read it, newest first.

A person stands there under their pseudonym; the name beside it is looked up at each reading, for those who
are members still, and is stored nowhere.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from agent.errors import InvalidInput
from agent.wire import USER_PREFIX, UserId, format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.ocsf import SUCCESS
from control.audit.record import PERSON_PREFIX
from control.auth import ApiKey, Member
from control.endpoints import Answer, Body, Call
from control.store.audit import StoredEvent, list_events, names_of_subjects
from control.store.db import Database

Names = Mapping[UUID, tuple[UserId, str]]


class AuditQuery(Body):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    action: AuditAction | None = None


class AuditPersonAnswer(Answer):
    """`pseudonym`: what the trail says. `id` and `name`: of a member; null for a guest and for who left."""

    pseudonym: str
    id: str | None
    name: str | None


class AuditActorAnswer(Answer):
    """A person, or a program by its key; both are null for the system and its operators."""

    person: AuditPersonAnswer | None
    api_key_id: str | None


class AuditEventAnswer(Answer):
    """`details`: closed words and numbers."""

    seq: int
    id: str
    at: datetime
    action: str
    succeeded: bool
    actor: AuditActorAnswer
    subject: AuditPersonAnswer | None
    target: dict[str, str]
    details: dict[str, str | int | bool]
    request_id: str | None


class AuditEventsAnswer(Answer):
    data: list[AuditEventAnswer]
    next_cursor: str | None


class AuditEvents:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def list(self, call: Call[Member | ApiKey, AuditQuery]) -> AuditEventsAnswer:
        """Lists what was done in the tenant and by whom, newest first."""
        query = call.input
        before_seq = None if query.cursor is None else int(query.cursor)
        async with self._db.tenant(call.caller.tenant_id) as conn:
            events = await list_events(conn, query.limit + 1, before_seq, query.action)
            names = await names_of_subjects(conn)
        page, has_more = events[: query.limit], len(events) > query.limit
        return AuditEventsAnswer(
            data=[_answer(event, names) for event in page],
            next_cursor=str(page[-1].seq) if has_more else None,
        )


def _answer(event: StoredEvent, names: Names) -> AuditEventAnswer:
    told: dict[str, Any] = json.loads(event.line)
    actor = told["actor"]
    return AuditEventAnswer(
        seq=event.seq,
        id=str(event.id),
        at=event.at,
        action=event.action,
        succeeded=told["status_id"] == SUCCESS,
        actor=AuditActorAnswer(person=_person(actor.get("user"), names), api_key_id=actor.get("app_uid")),
        subject=_person(told.get("user") or next(iter(told.get("users", [])), None), names),
        target=told["unmapped"]["target"],
        details=told["unmapped"]["details"],
        request_id=told["metadata"].get("correlation_uid"),
    )


def _person(user: Mapping[str, Any] | None, names: Names) -> AuditPersonAnswer | None:
    if user is None or user["type_id"] == 0:
        return None
    try:
        found = names.get(parse_id(PERSON_PREFIX, user["uid"]))
    except InvalidInput:
        found = None
    return AuditPersonAnswer(
        pseudonym=user["uid"],
        id=None if found is None else format_id(USER_PREFIX, found[0]),
        name=None if found is None else found[1],
    )
