"""Each action as the OCSF line it becomes, held against a closed description of the classes that are used."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from agent.wire import TenantId
from control.audit.actions import AuditAction
from control.audit.ocsf import ACTIVITIES, Link, Subject, Told, hash_event, write_line

DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("ocsf_iam.json").read_text())
FREE = {"unmapped"}
"""OCSF leaves open what is in there."""

TENANT = TenantId(UUID(int=7))
AT = datetime(2026, 11, 24, 12, 0, 0, 123_456, tzinfo=UTC)


def _line(action: AuditAction, *, succeeded: bool = True, previous_id: UUID | None = None) -> str:
    told = Told(
        action=action,
        actor={"user": Subject("person_1").describe(), "session": {"uid": "sess_1"}},
        subject=Subject("person_2"),
        succeeded=succeeded,
        request_id="request-1",
        target={"room": "room_1"},
        details={"count": 3},
    )
    return write_line(told, Link(TENANT, 4, UUID(int=9), AT, previous_id, bytes(range(32))))[0]


def _breaches(event: dict[str, Any]) -> list[str]:
    """What in `event` the description does not allow, or misses."""
    base, special = DESCRIPTION["event"], DESCRIPTION["classes"][str(event["class_uid"])]
    allowed = {
        "required": base["required"] + special["required"],
        "optional": base["optional"] + special["optional"],
        "at_least_one": special["at_least_one"],
        "activity_id": special["activity_id"],
    }
    return _breaches_of(event, allowed, "event")


def _breaches_of(value: dict[str, Any], allowed: dict[str, Any], where: str) -> list[str]:
    found = [f"{where} lacks {name}" for name in allowed["required"] if name not in value]
    known = {*allowed["required"], *allowed["optional"]}
    found += [f"{where} has a strange {name}" for name in value if name not in known]
    if allowed["at_least_one"] and not any(name in value for name in allowed["at_least_one"]):
        found.append(f"{where} has none of {allowed['at_least_one']}")
    for name, item in value.items():
        if name in allowed and item not in allowed[name]:
            found.append(f"{where}.{name} is {item}")
        items = item if isinstance(item, list) else [item]
        for inner in (each for each in items if isinstance(each, dict) and name in known - FREE):
            kind = "user" if name == "users" else name
            found += _breaches_of(inner, DESCRIPTION["objects"][kind], kind)
    return found


def test_every_action_of_the_catalogue_has_a_class_and_an_activity() -> None:
    assert set(ACTIVITIES) == set(AuditAction)


@pytest.mark.parametrize("action", AuditAction)
def test_the_line_of_each_action_holds_what_ocsf_requires_and_nothing_else(action: AuditAction) -> None:
    event = json.loads(_line(action, previous_id=UUID(int=8)))

    assert _breaches(event) == []
    assert event["category_uid"] == 3
    assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
    assert event["metadata"]["event_code"] == action.value
    assert event["time"] == 1_795_521_600_123


def test_the_description_notices_a_line_that_breaks_it() -> None:
    event = json.loads(_line(AuditAction.SIGNED_IN))
    del event["user"]
    event["src_endpoint"] = {"ip": "192.0.2.1"}
    event["activity_id"] = 12

    assert _breaches(event) == [
        "event lacks user",
        "event has a strange src_endpoint",
        "event.activity_id is 12",
    ]


def test_a_refusal_reads_as_a_failure() -> None:
    event = json.loads(_line(AuditAction.SIGN_IN_FAILED, succeeded=False))

    assert (event["status_id"], event["severity_id"]) == (2, 2)


def test_a_readers_own_sum_over_the_line_without_its_fingerprint_is_the_fingerprint() -> None:
    event = json.loads(_line(AuditAction.SIGNED_IN, previous_id=UUID(int=8)))
    given = event["attestation"].pop("fingerprint")

    text = json.dumps(event, separators=(",", ":"), sort_keys=True)

    assert given == {"algorithm_id": 3, "value": hashlib.sha256(text.encode()).hexdigest()}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("metadata", "sequence"), 5),
        (("metadata", "tenant_uid"), "ten_1"),
        (("attestation", "prev_event"), {"uid": str(UUID(int=8)), "fingerprint": {}}),
        (("time",), 1),
    ],
)
def test_the_place_in_the_chain_is_part_of_what_is_hashed(place: tuple[str, ...], value: object) -> None:
    event = json.loads(_line(AuditAction.SIGNED_IN, previous_id=UUID(int=8)))
    before = hash_event(event)
    inner = event
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value

    assert hash_event(event) != before
