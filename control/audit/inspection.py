"""What an operator asks of the trail on the command line: is it whole, and what does it say?"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from agent.errors import ConfigError, NotFound
from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.audit.verify import Chain, Copy, Flaw, compare, read_copy
from control.store.audit import list_events, read_chain
from control.store.db import Database

PAGE: Final = 1_000
FLAWS_SHOWN: Final = 20
"""Of one tenant: one change of a whole chain is many flaws."""


async def verify(db: Database, tenant_id: TenantId | None, against: Path | None) -> tuple[bool, list[str]]:
    """Whether the trail is whole, and what there is to say about it.

    Raises: NotFound for an unknown tenant, ConfigError for a file that cannot be read.
    """
    copies: Mapping[TenantId, Copy] = {}
    flaws: list[Flaw] = []
    said: list[str] = []
    if against is not None:
        copies, flaws, strange = await asyncio.to_thread(_read, against)
        if strange:
            said.append(f"{strange} lines of {against} are no events")
    known = [tenant.id for tenant in await db.system.list_tenants()]
    if tenant_id is not None and tenant_id not in known and tenant_id not in copies:
        raise NotFound(f"no tenant {format_id(TENANT_PREFIX, tenant_id)}")
    chosen = [tenant_id] if tenant_id is not None else [*known, *(copies.keys() - set(known))]
    flaws = [flaw for flaw in flaws if flaw.tenant_id in chosen]
    count = 0
    for each in chosen:
        chain, found = await _verify_chain(db, each)
        count += len(chain.hashes)
        flaws += found
        if each in copies:
            flaws += compare(chain, copies[each])
    if not flaws:
        return True, [*said, f"the trail is whole: {count} events of {len(chosen)} tenants"]
    return False, [*said, *_say(flaws)]


async def show(db: Database, tenant_id: TenantId, limit: int) -> list[str]:
    """The newest events of a tenant, oldest first, as they were written."""
    async with db.tenant(tenant_id) as conn:
        events = await list_events(conn, limit, None)
    return [event.line for event in reversed(events)]


async def _verify_chain(db: Database, tenant_id: TenantId) -> tuple[Chain, list[Flaw]]:
    chain, flaws = Chain(tenant_id), list[Flaw]()
    after_seq = 0
    while True:
        async with db.tenant(tenant_id) as conn:
            events = await read_chain(conn, after_seq, PAGE)
        if not events:
            return chain, flaws
        for event in events:
            flaws += chain.follow(event)
        after_seq = events[-1].seq


def _read(path: Path) -> tuple[dict[TenantId, Copy], list[Flaw], int]:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            return read_copy(lines)
    except OSError as error:
        raise ConfigError(f"{str(path)!r} cannot be read: {error.strerror}") from error


def _say(flaws: Sequence[Flaw]) -> list[str]:
    by_tenant: dict[TenantId, list[Flaw]] = {}
    for flaw in flaws:
        by_tenant.setdefault(flaw.tenant_id, []).append(flaw)
    said = []
    for tenant_id, found in by_tenant.items():
        tenant = format_id(TENANT_PREFIX, tenant_id)
        said += [f"tenant {tenant}, event {flaw.seq}: {flaw.words}" for flaw in found[:FLAWS_SHOWN]]
        if len(found) > FLAWS_SHOWN:
            said.append(f"tenant {tenant}: and {len(found) - FLAWS_SHOWN} more flaws")
    return said
