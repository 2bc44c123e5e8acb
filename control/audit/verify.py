"""Whether a trail is whole: each event against itself and the one before, and the chain against its copy.

What the chain alone shows: an event that was changed, taken out, put in, moved or swapped. Whoever can write
to the tables can also cut off the end, or compute every hash anew from some event on; that shows only against
what has left the house, the lines of the sink, since those name what the chain ended with back then.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from agent.errors import InvalidInput
from agent.wire import TENANT_PREFIX, TenantId, format_id, parse_id
from control.audit.actions import AuditAction
from control.audit.ocsf import EPOCH, canonical, fingerprint, hash_event
from control.audit.record import FIRST
from control.store.audit import StoredEvent


@dataclass(frozen=True, slots=True)
class Flaw:
    """`seq` is None where the whole trail is meant."""

    tenant_id: TenantId
    seq: int | None
    words: str


@dataclass(slots=True)
class Chain:
    """What was read of one tenant's chain, in order. `hashes`: by seq, as computed from each line."""

    tenant_id: TenantId
    hashes: dict[int, bytes] = field(default_factory=dict)
    last: StoredEvent | None = None

    def follow(self, event: StoredEvent) -> Iterator[Flaw]:
        """What is wrong with the next event, and with its coming after the last one."""
        flaws = [*self._flaws_of_place(event), *self._flaws_of_line(event)]
        self.last = event
        yield from (Flaw(self.tenant_id, event.seq, words) for words in flaws)

    def _flaws_of_place(self, event: StoredEvent) -> Iterator[str]:
        expected_seq = 1 if self.last is None else self.last.seq + 1
        if event.seq != expected_seq:
            yield f"the events {expected_seq} to {event.seq - 1} before it are missing"
        elif event.previous_hash != (FIRST if self.last is None else self.last.hash):
            yield "it does not follow the event before it"

    def _flaws_of_line(self, event: StoredEvent) -> Iterator[str]:
        decoded = _decode(event.line)
        if decoded is None or canonical(decoded) != event.line:
            yield "its line is not what was written"
            return
        digest = self.hashes[event.seq] = hash_event(decoded)
        if digest != event.hash or decoded["attestation"].get("fingerprint") != fingerprint(digest):
            yield "its line was changed: the hash is another's"
        if not _agrees(event, decoded, self.tenant_id):
            yield "its line tells of another event, place or tenant than its row"


@dataclass(slots=True)
class Copy:
    """What a sink holds of one tenant's chain. `hashes`: by seq. `was_deleted`: the last of it says so."""

    hashes: dict[int, bytes] = field(default_factory=dict)
    deleted_at_seq: int | None = None

    @property
    def was_deleted(self) -> bool:
        return self.deleted_at_seq is not None and self.deleted_at_seq == max(self.hashes)


def read_copy(lines: Iterable[str]) -> tuple[dict[TenantId, Copy], list[Flaw], int]:
    """The chains in a sink's file, what is wrong in there, and how many lines are no events.

    A line that was cut short, by a full disk say, is no event; it was sent again after it.
    """
    copies: dict[TenantId, Copy] = {}
    flaws: list[Flaw] = []
    strange = 0
    for line in lines:
        # A syslog server may have put its own words in front.
        decoded = _decode(line[max(line.find("{"), 0) :].strip())
        tenant_id = None if decoded is None else _tenant_of(decoded)
        if decoded is None or tenant_id is None:
            strange += bool(line.strip())
            continue
        seq, digest = int(decoded["metadata"]["sequence"]), hash_event(decoded)
        copy = copies.setdefault(tenant_id, Copy())
        if decoded["attestation"].get("fingerprint") != fingerprint(digest):
            flaws.append(Flaw(tenant_id, seq, "its line in the file was changed"))
        elif copy.hashes.setdefault(seq, digest) != digest:
            flaws.append(Flaw(tenant_id, seq, "the file tells two stories of it"))
        elif decoded["metadata"]["event_code"] == AuditAction.TENANT_DELETED.value:
            copy.deleted_at_seq = seq
    return copies, flaws, strange


def compare(chain: Chain, copy: Copy) -> Iterator[Flaw]:
    """What was sent and is not in the database as it was, and what never arrived between two that did."""
    end = chain.last.seq if chain.last is not None else 0
    cut = sorted(seq for seq in copy.hashes if seq > end)
    if cut and not (end == 0 and copy.was_deleted):
        yield Flaw(chain.tenant_id, end + 1, f"the end was cut off: {cut[-1]} was sent, {end} is the last")
    for seq in sorted(copy.hashes.keys() & chain.hashes.keys()):
        if copy.hashes[seq] != chain.hashes[seq]:
            yield Flaw(chain.tenant_id, seq, "it is not what was sent")
    for before, after in pairwise(sorted(copy.hashes)):
        if after != before + 1:
            words = f"the file lacks {before + 1} to {after - 1}, and has what came before and after"
            yield Flaw(chain.tenant_id, before + 1, words)


def _decode(line: str) -> dict[str, Any] | None:
    """None for what has not the form of an event."""
    try:
        event = json.loads(line)
        well_formed = (
            isinstance(event["metadata"]["sequence"], int)
            and isinstance(event["metadata"]["event_code"], str)
            and isinstance(event["attestation"]["chain_uid"], str)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return event if well_formed else None


def _tenant_of(event: dict[str, Any]) -> TenantId | None:
    try:
        return TenantId(parse_id(TENANT_PREFIX, event["attestation"]["chain_uid"]))
    except InvalidInput:
        return None


def _agrees(event: StoredEvent, decoded: dict[str, Any], tenant_id: TenantId) -> bool:
    metadata, attestation = decoded["metadata"], decoded["attestation"]
    previous = attestation.get("prev_event")
    tenant = format_id(TENANT_PREFIX, tenant_id)
    expected = {
        "uid": str(event.id),
        "sequence": event.seq,
        "event_code": event.action,
        "tenant_uid": tenant,
    }
    return (
        expected.items() <= metadata.items()
        and attestation["chain_uid"] == tenant
        and decoded.get("time") == (event.at - EPOCH) // timedelta(milliseconds=1)
        and _previous_hash(previous) == event.previous_hash
    )


def _previous_hash(previous: Any) -> bytes | None:
    """Of the event that a line names as the one before it; all zeros for the first of all."""
    if previous is None:
        return FIRST
    try:
        UUID(previous["uid"])
        return bytes.fromhex(previous["fingerprint"]["value"])
    except (ValueError, KeyError, TypeError):
        return None
