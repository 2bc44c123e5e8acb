"""Writing one event of the trail, in the transaction of what it tells of.

An event is a line of JSON that names the one before it, so that the chain of a tenant breaks where somebody
changes, removes or inserts one. No event carries a name, an address, a secret or anything that was said: a
person is a pseudonym whose key goes with them, and what is no closed word is refused as a mistake of ours.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from agent.wire import TenantId, UserId, format_id
from control.audit.actions import AuditAction
from control.audit.ocsf import NOBODY, Link, Subject, Told, write_line
from control.auth import ApiKey, Guest, Member
from control.store.audit import append_event, lock_chain, pseudonym_of
from control.store.db import Connection
from control.store.outbox import put_event

FIRST: Final = bytes(32)
"""What the first event of a tenant follows."""
PERSON_PREFIX: Final = "person"

_USER_ID = re.compile(r"user_([0-9a-f]{32})")
_GUEST_ID = re.compile(r"guest_([0-9a-f]{32})")
_CLOSED_WORDS = re.compile(r"[A-Za-z0-9_.:,/+ -]{0,300}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_GUEST_TYPE_ID: Final = 99


@dataclass(frozen=True, slots=True)
class AuditActor:
    """Who did it. A person is `user_id`, a program `api_key_id`, a guest their session alone; the system and
    its operators are none of these.
    """

    kind: str
    user_id: UserId | None = None
    api_key_id: UUID | None = None
    session_id: UUID | None = None


SYSTEM: Final = AuditActor("system")
OPERATOR: Final = AuditActor("operator")
"""Somebody who runs commands on the server itself."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """`target`: prefixed ids of what it was done to, by kind. `details`: closed words and numbers only."""

    action: AuditAction
    actor: AuditActor
    succeeded: bool = True
    request_id: str | None = None
    subject_user_id: UserId | None = None
    target: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str | int | bool] = field(default_factory=dict)


def actor_of(caller: Member | Guest | ApiKey) -> AuditActor:
    match caller:
        case Member():
            return AuditActor("member", user_id=caller.user_id, session_id=caller.session_id)
        case Guest():
            return AuditActor("guest", session_id=caller.session_id)
        case ApiKey():
            return AuditActor("api_key", api_key_id=caller.api_key_id)


async def record(conn: Connection, tenant_id: TenantId, event: AuditEvent) -> None:
    """Appends to the chain of the context's tenant; its other writers wait until this transaction ends, so
    this comes last in it.

    Raises: ValueError for a target or a detail that might be somebody's words.
    """
    told = await _tell(conn, event)
    end = await lock_chain(conn, tenant_id)
    link = Link(tenant_id, end.seq + 1, uuid4(), end.now, end.event_id, end.hash or FIRST)
    line, digest = write_line(told, link)
    await append_event(conn, link.seq, link.event_id, link.at, event.action, line, link.previous_hash, digest)
    await put_event(conn, line.encode(), link.at)


def guest_pseudonym(session_id: UUID) -> str:
    """What the trail calls a guest: a digest that leads nowhere once their session and traces are gone."""
    return f"guest.{hashlib.sha256(b'parley audit guest ' + session_id.bytes).hexdigest()[:32]}"


async def _tell(conn: Connection, event: AuditEvent) -> Told:
    subject = NOBODY
    person = event.subject_user_id or event.actor.user_id
    if person is not None:
        subject = Subject(await _pseudonym(conn, person))
    elif event.actor.kind == "guest" and event.actor.session_id is not None:
        subject = Subject(guest_pseudonym(event.actor.session_id), _GUEST_TYPE_ID)
    request_id = event.request_id
    return Told(
        action=event.action,
        actor=await _describe_actor(conn, event.actor),
        subject=subject,
        succeeded=event.succeeded,
        request_id=request_id if request_id and _REQUEST_ID.fullmatch(request_id) else None,
        target={kind: _closed(await _without_person(conn, uid)) for kind, uid in event.target.items()},
        details={
            name: _closed(await _without_person(conn, value)) if isinstance(value, str) else value
            for name, value in event.details.items()
        },
    )


async def _describe_actor(conn: Connection, actor: AuditActor) -> dict[str, Any]:
    if actor.user_id is not None:
        described: dict[str, Any] = {"user": Subject(await _pseudonym(conn, actor.user_id)).describe()}
        if actor.session_id is not None:
            described["session"] = {"uid": format_id("sess", actor.session_id)}
        return described
    if actor.api_key_id is not None:
        return {"app_uid": format_id("key", actor.api_key_id)}
    if actor.session_id is not None:
        return {"user": Subject(guest_pseudonym(actor.session_id), _GUEST_TYPE_ID).describe()}
    return {"app_name": _closed(f"parley {actor.kind}")}


async def _pseudonym(conn: Connection, user_id: UserId) -> str:
    return format_id(PERSON_PREFIX, await pseudonym_of(conn, user_id))


async def _without_person(conn: Connection, text: str) -> str:
    """`text` with each id or identity of a person, or of a guest, replaced by their pseudonym."""
    for found in set(_USER_ID.findall(text)):
        text = text.replace(f"user_{found}", await _pseudonym(conn, UserId(UUID(hex=found))))
    return _GUEST_ID.sub(lambda match: guest_pseudonym(UUID(hex=match[1])), text)


def _closed(text: str) -> str:
    if not _CLOSED_WORDS.fullmatch(text):
        raise ValueError("an audit event holds ids and closed words only, never what somebody wrote")
    return text
