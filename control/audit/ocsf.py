"""How an action of the catalogue reads in the Open Cybersecurity Schema Framework, and the line it becomes.

A line is canonical: compact JSON with sorted keys and ASCII alone, so that its bytes can be computed again.
Its `attestation` (profile `record_integrity`) names the event before it and holds a SHA-256 fingerprint of
the line without that fingerprint. Where somebody called from (`src_endpoint`) is left out on purpose.
Source: OCSF 1.9.0, 2026-08-03: `events/iam`, `objects/attestation`. Its Account Change and User Access
Management gave way to User Management there.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.audit.actions import AuditAction

OCSF_VERSION: Final = "1.9.0"
IAM: Final = 3
INFORMATIONAL, LOW = 1, 2
SUCCESS, FAILURE = 1, 2
SHA256: Final = 3
OTHER: Final = 99
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class EventClass(IntEnum):
    AUTHENTICATION = 3002
    ENTITY_MANAGEMENT = 3004
    GROUP_MANAGEMENT = 3006
    USER_MANAGEMENT = 3007


_A, _E, _G, _U = EventClass

ACTIVITIES: Final[Mapping[AuditAction, tuple[EventClass, int]]] = {
    AuditAction.SIGNED_UP: (_U, 1),
    AuditAction.SIGNED_IN: (_A, 1),
    AuditAction.SIGN_IN_FAILED: (_A, 1),
    AuditAction.SIGNED_OUT: (_A, 2),
    AuditAction.SESSION_REVOKED: (_A, 2),
    AuditAction.TENANT_SWITCHED: (_A, OTHER),
    AuditAction.REAUTHENTICATED: (_A, OTHER),
    AuditAction.PASSWORD_CHANGED: (_U, 8),
    AuditAction.PASSWORD_RESET_ASKED: (_U, OTHER),
    AuditAction.PASSWORD_RESET: (_U, 9),
    AuditAction.EMAIL_CHANGED: (_U, 2),
    AuditAction.FACTOR_ADDED: (_U, 12),
    AuditAction.FACTOR_REMOVED: (_U, 13),
    AuditAction.RECOVERY_CODES_MADE: (_U, OTHER),
    AuditAction.RECOVERY_CODE_USED: (_U, OTHER),
    AuditAction.IDENTITY_LINKED: (_U, OTHER),
    AuditAction.IDENTITY_UNLINKED: (_U, OTHER),
    AuditAction.MEMBER_INVITED: (_E, 1),
    AuditAction.INVITATION_REVOKED: (_E, 4),
    AuditAction.MEMBER_JOINED: (_G, 3),
    AuditAction.MEMBER_LEFT: (_G, 4),
    AuditAction.MEMBER_REMOVED: (_G, 4),
    AuditAction.ROLE_CHANGED: (_U, 16),
    AuditAction.OWNERSHIP_TRANSFERRED: (_U, 16),
    AuditAction.TENANT_FOUNDED: (_E, 1),
    AuditAction.TENANT_CHANGED: (_E, 3),
    AuditAction.TENANT_DELETED: (_E, 4),
    AuditAction.TENANT_EXPORTED: (_E, 2),
    AuditAction.PERSON_ERASED: (_U, 3),
    AuditAction.CONVERSATIONS_EXPIRED: (_E, 4),
    AuditAction.CONVERSATION_DELETED: (_E, 4),
    AuditAction.API_KEY_MADE: (_E, 1),
    AuditAction.API_KEY_ROTATED: (_E, 3),
    AuditAction.API_KEY_REVOKED: (_E, 9),
    AuditAction.PROVIDER_KEY_SET: (_E, 3),
    AuditAction.PROVIDER_KEY_REMOVED: (_E, 4),
    AuditAction.ORIGINS_CHANGED: (_E, 3),
    AuditAction.BUDGETS_CHANGED: (_E, 3),
    AuditAction.AGENT_MADE: (_E, 1),
    AuditAction.AGENT_CHANGED: (_E, 3),
    AuditAction.AGENT_DELETED: (_E, 4),
    AuditAction.ROUTER_FITTED: (_E, 1),
    AuditAction.ROUTER_ACTIVATED: (_E, 3),
    AuditAction.TOOL_MADE: (_E, 1),
    AuditAction.TOOL_CHANGED: (_E, 3),
    AuditAction.TOOL_DELETED: (_E, 4),
    AuditAction.ROOM_MADE: (_E, 1),
    AuditAction.ROOM_GUEST_INVITED: (_E, 1),
    AuditAction.PARTICIPANT_REMOVED: (_E, 12),
    AuditAction.ROOM_CHANGED: (_E, 3),
    AuditAction.DOCUMENT_STORED: (_E, 3),
    AuditAction.DOCUMENT_DELETED: (_E, 4),
}
"""The class and `activity_id` of each action; the action itself stands in `metadata.event_code`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who an event tells of: `user` in OCSF's terms, `uid` being what the trail calls them."""

    uid: str
    type_id: int = 1

    def describe(self) -> dict[str, Any]:
        return {"uid": self.uid, "type_id": self.type_id}


NOBODY: Final = Subject("unknown", 0)


@dataclass(frozen=True, slots=True)
class Told:
    """One event with every name replaced by what the trail calls it. `actor`: OCSF's object.

    `target`: ids by kind, the first of them what the event is about.
    """

    action: AuditAction
    actor: Mapping[str, Any]
    subject: Subject
    succeeded: bool
    request_id: str | None
    target: Mapping[str, str]
    details: Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Link:
    """The place of an event in its tenant's chain. `previous_id` is None for the first event of all."""

    tenant_id: TenantId
    seq: int
    event_id: UUID
    at: datetime
    previous_id: UUID | None
    previous_hash: bytes


def write_line(told: Told, link: Link) -> tuple[str, bytes]:
    """The line of an event, and its hash."""
    event = _common(told, link) | _by_class(told, link.tenant_id)
    event["attestation"] = {"chain_uid": format_id(TENANT_PREFIX, link.tenant_id)}
    if link.previous_id is not None:
        event["attestation"]["prev_event"] = {
            "uid": str(link.previous_id),
            "fingerprint": fingerprint(link.previous_hash),
        }
    digest = hash_event(event)
    event["attestation"]["fingerprint"] = fingerprint(digest)
    return canonical(event), digest


def hash_event(event: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical event without its own fingerprint."""
    attestation = {key: value for key, value in event["attestation"].items() if key != "fingerprint"}
    return hashlib.sha256(canonical({**event, "attestation": attestation}).encode()).digest()


def canonical(event: Mapping[str, Any]) -> str:
    return json.dumps(event, separators=(",", ":"), sort_keys=True)


def fingerprint(digest: bytes) -> dict[str, Any]:
    return {"algorithm_id": SHA256, "value": digest.hex()}


def _common(told: Told, link: Link) -> dict[str, Any]:
    event_class, activity_id = ACTIVITIES[told.action]
    metadata = {
        "version": OCSF_VERSION,
        "profiles": ["record_integrity"],
        "product": {"name": "Parley", "vendor_name": "Parley"},
        "log_name": "audit",
        "uid": str(link.event_id),
        "sequence": link.seq,
        "tenant_uid": format_id(TENANT_PREFIX, link.tenant_id),
        "event_code": told.action.value,
    }
    if told.request_id is not None:
        metadata["correlation_uid"] = told.request_id
    return {
        "category_uid": IAM,
        "class_uid": event_class.value,
        "activity_id": activity_id,
        "type_uid": event_class * 100 + activity_id,
        "time": (link.at - EPOCH) // timedelta(milliseconds=1),
        "severity_id": INFORMATIONAL if told.succeeded else LOW,
        "status_id": SUCCESS if told.succeeded else FAILURE,
        "metadata": metadata,
        "actor": dict(told.actor),
        "unmapped": {"target": dict(told.target), "details": dict(told.details)},
    }


def _by_class(told: Told, tenant_id: TenantId) -> dict[str, Any]:
    """What a class requires besides."""
    tenant = format_id(TENANT_PREFIX, tenant_id)
    match ACTIVITIES[told.action][0]:
        case EventClass.AUTHENTICATION:
            return {"user": told.subject.describe(), "service": {"name": "Parley"}}
        case EventClass.USER_MANAGEMENT:
            return {"user": told.subject.describe()}
        case EventClass.GROUP_MANAGEMENT:
            return {"group": {"uid": tenant, "type": "tenant"}, "users": [told.subject.describe()]}
        case EventClass.ENTITY_MANAGEMENT:
            kind, uid = next(iter(told.target.items()), ("tenant", tenant))
            return {"entity": {"uid": uid, "type": kind}}
