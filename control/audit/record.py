"""Writing one event of the trail, in the transaction of what it tells of.

An event is a line of JSON; its hash covers the line and the hash before it, so that the chain of a tenant
breaks where somebody changes, removes or inserts one. No event carries a name, an address, a secret or
anything that was said: a person is a pseudonym.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from agent.wire import TenantId, UserId
from control.audit.actions import AuditAction
from control.store.audit import append_event, lock_chain, pseudonym_of
from control.store.db import Connection

FIRST: Final = bytes(32)
"""What the first event of a tenant follows."""


@dataclass(frozen=True, slots=True)
class AuditActor:
    """Who did it. A person is `user_id`, a program `api_key_id`; neither: the system itself, or a guest."""

    kind: str
    user_id: UserId | None = None
    api_key_id: UUID | None = None
    session_id: UUID | None = None


SYSTEM: Final = AuditActor("system")


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


async def record(conn: Connection, tenant_id: TenantId, event: AuditEvent) -> None:
    """Appends to the chain of the context's tenant; its other writers wait until this transaction ends."""
    seq, previous = await lock_chain(conn, tenant_id)
    line = json.dumps(await _describe(conn, event), separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256((previous or FIRST) + line.encode()).digest()
    await append_event(
        conn, seq + 1, uuid4(), datetime.now(UTC), event.action, line, previous or FIRST, digest
    )


async def _describe(conn: Connection, event: AuditEvent) -> dict[str, object]:
    return {
        "action": event.action.value,
        "actor": {"kind": event.actor.kind, "pseudonym": await _pseudonym(conn, event.actor.user_id)},
        "subject": await _pseudonym(conn, event.subject_user_id),
        "succeeded": event.succeeded,
        "target": dict(event.target),
        "details": dict(event.details),
        "request_id": event.request_id,
    }


async def _pseudonym(conn: Connection, user_id: UserId | None) -> str | None:
    return None if user_id is None else str(await pseudonym_of(conn, user_id))
