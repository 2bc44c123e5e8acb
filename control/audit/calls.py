"""The event of a request: done by its caller, under its id. What is not done by a request uses `record`."""

from collections.abc import Mapping
from typing import Any, TypeVar

from control.audit.actions import AuditAction
from control.audit.record import AuditEvent, actor_of, record
from control.auth import ApiKey, Guest, Member
from control.endpoints import Call
from control.middleware import REQUEST_ID
from control.store.db import Connection

C = TypeVar("C", bound=Member | Guest | ApiKey)


async def record_call(
    conn: Connection,
    call: Call[C, Any],
    action: AuditAction,
    target: Mapping[str, str],
    details: Mapping[str, str | int | bool] | None = None,
) -> None:
    """In the caller's tenant, in the transaction of what it tells of."""
    event = AuditEvent(
        action,
        actor_of(call.caller),
        request_id=call.request[REQUEST_ID],
        target=target,
        details=details or {},
    )
    await record(conn, call.caller.tenant_id, event)
